// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.cardatabridge.highmobility.UnusableCertificateException.Fault;
import org.cardatabridge.testing.Programs;
import org.cardatabridge.testing.TestAuthority;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that High Mobility hands out, in every form that they reach us in. */
class CertificateFilesTest {

  private static final String APP_ID = "00112233445566778899AABB";
  private static final String CLIENT_ID = "0f1e2d3c-4b5a-4697-8877-665544332211";
  private static final Clock CLOCK = Clock.fixed(TestAuthority.day(0), ZoneOffset.UTC);

  private static TestAuthority authority;
  private static TestAuthority other;
  private static KeyPair rsa;
  private static KeyPair ec;
  private static X509Certificate rsaCertificate;
  private static X509Certificate ecCertificate;

  @TempDir Path dir;

  @BeforeAll
  static void keys() {
    authority = TestAuthority.named("CN=Test MQTT CA");
    other = TestAuthority.named("CN=Other CA");
    rsa = TestAuthority.rsa();
    ec = TestAuthority.ec();
    rsaCertificate = authority.issue("C=DE,CN=" + APP_ID, rsa);
    ecCertificate = authority.issue("C=DE,CN=" + APP_ID, ec);
  }

  private CertificateFiles files(String ca, String certificate, String key) {
    return new CertificateFiles(
        TestAuthority.file(dir, CLIENT_ID + "-ca_certificates.pem", ca),
        TestAuthority.file(dir, CLIENT_ID + "-certificate.pem.crt", certificate),
        TestAuthority.file(dir, CLIENT_ID + "-private.pem.key", key));
  }

  private CertificateFiles good() {
    return files(
        TestAuthority.pem(other.certificate()),
        TestAuthority.pem(rsaCertificate),
        TestAuthority.pkcs1(rsa.getPrivate()));
  }

  private static UnusableCertificateException refused(CertificateFiles files) {
    return refused(files, CLOCK);
  }

  private static UnusableCertificateException refused(CertificateFiles files, Clock clock) {
    UnusableCertificateException e =
        catchThrowableOfType(UnusableCertificateException.class, () -> files.read(clock));
    assertThat(e).as("these files cannot be used").isNotNull();
    assertThat(e.getMessage()).matches("Reading the [^:]+: [^—]+ — [^—]+");
    assertThat(e.getCause()).isNull();
    return e;
  }

  @Test
  void theFilesTellIdsAndTimesAndMakeTls() throws Exception {
    ClientIdentity identity = good().read(CLOCK);
    assertThat(identity.appId()).isEqualTo(APP_ID);
    assertThat(identity.clientId()).isEqualTo(CLIENT_ID);
    assertThat(identity.notBefore()).isEqualTo(TestAuthority.day(-1));
    assertThat(identity.notAfter()).isEqualTo(TestAuthority.day(30));
    assertThat(identity.sslContext().getProtocol()).isEqualTo("TLS");
    assertThat(identity.toString()).doesNotContain(APP_ID).doesNotContain(CLIENT_ID);
  }

  @Test
  void withoutACaFileJavasAuthoritiesAreTrusted() throws Exception {
    CertificateFiles good = good();
    assertThat(new CertificateFiles(null, good.certificate(), good.key()).read(CLOCK)).isNotNull();
  }

  static List<UnaryOperator<String>> shapes() {
    return List.of(
        pem -> pem.replace("\n", "\r\n"),
        pem -> pem.replace("\n", "\r"),
        pem -> pem.indent(12),
        pem -> pem.replace("\n", "\n\n"),
        pem -> "\uFEFF" + pem,
        pem -> "Bag Attributes\n  localKeyID: 01\nsubject=CN = x\n\n" + pem + "\nthat was it",
        pem -> "some text " + pem.strip() + " more text",
        pem -> pem.replace("\n", " "),
        pem -> pem.replace("\n", "\\n"),
        pem -> pem.replace("\n", "\t\n \t"),
        String::strip);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void pemIsReadHoweverItWasCopied(UnaryOperator<String> shape) throws Exception {
    List<String> keys =
        List.of(TestAuthority.pkcs1(rsa.getPrivate()), TestAuthority.pkcs8(rsa.getPrivate()));
    for (String key : keys) {
      CertificateFiles files =
          files(
              shape.apply(TestAuthority.pem(authority.certificate(), other.certificate())),
              shape.apply(TestAuthority.pem(rsaCertificate)),
              shape.apply(key));
      assertThat(files.read(CLOCK).appId()).isEqualTo(APP_ID);
    }
  }

  @Test
  void utf16OfWindowsIsRead() throws Exception {
    CertificateFiles files = good();
    Files.write(
        files.certificate(),
        ("\uFEFF" + TestAuthority.pem(rsaCertificate)).getBytes(StandardCharsets.UTF_16LE));
    assertThat(files.read(CLOCK).appId()).isEqualTo(APP_ID);
  }

  @Test
  void everyFormOfAKeyIsRead() throws Exception {
    String ca = TestAuthority.pem(authority.certificate());
    String certificate = TestAuthority.pem(ecCertificate);
    List<String> keys =
        List.of(
            TestAuthority.pkcs8(ec.getPrivate()),
            TestAuthority.sec1(ec, true),
            TestAuthority.curve() + TestAuthority.sec1(ec, true),
            TestAuthority.curve() + TestAuthority.sec1(ec, false));
    for (String key : keys) {
      assertThat(files(ca, certificate, key).read(CLOCK).appId()).isEqualTo(APP_ID);
    }
    assertThat(refused(files(ca, certificate, TestAuthority.sec1(ec, false))))
        .hasMessageContaining("of a kind that Java does not know");
  }

  @Test
  void whatOpensslWritesIsRead() throws Exception {
    Programs.need("openssl");
    openssl("genrsa", "-traditional", "-out", "rsa1.key", "2048");
    openssl("genrsa", "-out", "rsa8.key", "2048");
    openssl("ecparam", "-name", "secp384r1", "-genkey", "-out", "ec1.key");
    openssl(
        "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "ec8.key");
    for (String key : List.of("rsa1.key", "rsa8.key", "ec1.key", "ec8.key")) {
      openssl("req", "-x509", "-new", "-key", key, "-subj", "/CN=device", "-out", "own.crt");
      CertificateFiles files =
          new CertificateFiles(dir.resolve("own.crt"), dir.resolve("own.crt"), dir.resolve(key));
      assertThat(files.read(Clock.systemUTC()).clientId()).as(key).isEqualTo("device");
    }
    openssl("pkey", "-in", "rsa8.key", "-aes256", "-passout", "pass:x", "-out", "locked8.key");
    openssl(
        "rsa",
        "-in",
        "rsa8.key",
        "-traditional",
        "-aes128",
        "-passout",
        "pass:x",
        "-out",
        "locked1.key");
    for (String key : List.of("locked8.key", "locked1.key")) {
      CertificateFiles files = new CertificateFiles(null, dir.resolve("own.crt"), dir.resolve(key));
      assertThat(refused(files, Clock.systemUTC()))
          .hasMessageContaining("encrypted with a password")
          .hasMessageContaining("openssl pkey -in");
    }
    openssl(
        "pkcs12",
        "-export",
        "-inkey",
        "ec8.key",
        "-in",
        "own.crt",
        "-passout",
        "pass:x",
        "-out",
        "all.p12");
    assertThat(refused(new CertificateFiles(null, dir.resolve("all.p12"), dir.resolve("ec8.key"))))
        .hasMessageContaining("PKCS#12")
        .hasMessageContaining("openssl pkcs12 -in");
  }

  private void openssl(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of(arguments));
    command.add(0, Programs.need("openssl").toString());
    Process process =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("openssl.log").toFile())
            .start();
    int code = process.waitFor();
    assertThat(code).as(Files.readString(dir.resolve("openssl.log"))).isZero();
  }

  @Test
  void aChainIsShownInItsOrderWhateverTheFilesIs() throws Exception {
    TestAuthority between = authority.under("CN=Between");
    KeyPair own = TestAuthority.ec();
    X509Certificate leaf = between.issue("CN=" + CLIENT_ID, own);
    String mixed =
        TestAuthority.pem(
            other.certificate(), authority.certificate(), between.certificate(), leaf);
    List<X509Certificate> all =
        Certificates.in(PemFile.certificate(TestAuthority.file(dir, "mixed", mixed)));
    assertThat(Certificates.chain(all, own.getPrivate()).orElseThrow())
        .containsExactly(leaf, between.certificate(), authority.certificate());
    assertThat(files(mixed, mixed, TestAuthority.pkcs8(own.getPrivate())).read(CLOCK).clientId())
        .isEqualTo(CLIENT_ID);
  }

  @Test
  void oneFileMayHoldEverything() throws Exception {
    String all =
        TestAuthority.pkcs8(rsa.getPrivate())
            + TestAuthority.pem(rsaCertificate, authority.certificate());
    assertThat(files(all, all, all).read(CLOCK).appId()).isEqualTo(APP_ID);
  }

  @Test
  void theClientIdIsTheFirstUuidElseTheCommonName() throws Exception {
    String inName = "ffffffff-0000-4000-8000-000000000001";
    GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, "urn:uuid:" + inName);
    assertThat(ids("CN=" + inName, "x.crt").clientId()).isEqualTo(inName);
    assertThat(ids("CN=" + APP_ID, "x.crt", uri).clientId()).isEqualTo(inName);
    assertThat(ids("CN=" + APP_ID, CLIENT_ID + ".crt", uri).clientId()).isEqualTo(inName);
    assertThat(ids("CN=" + APP_ID, CLIENT_ID + ".crt").clientId()).isEqualTo(CLIENT_ID);
    assertThat(ids("CN=My device", CLIENT_ID + ".crt").clientId()).isEqualTo(CLIENT_ID);
    assertThat(ids("CN=My device,O=We", "x.crt").clientId()).isEqualTo("My device");
    assertThat(ids("O=We", "x.crt").clientId()).isNull();
    assertThat(ids("CN=" + APP_ID, "x.crt").clientId()).isNull();
    assertThat(ids("CN=" + APP_ID, "x.crt").appId()).isEqualTo(APP_ID);
    assertThat(ids("CN=" + APP_ID + "0", "x.crt").appId()).isNull();
    assertThat(ids("CN=" + inName, "x.crt").appId()).isNull();
    assertThat(ids("O=We", "x.crt").appId()).isNull();
  }

  private ClientIdentity ids(String subject, String name, GeneralName... others)
      throws UnusableCertificateException {
    Path file =
        TestAuthority.file(dir, name, TestAuthority.pem(authority.issue(subject, ec, others)));
    Path key = TestAuthority.file(dir, "x.key", TestAuthority.pkcs8(ec.getPrivate()));
    return new CertificateFiles(null, file, key).read(CLOCK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca-file", "client-cert-file", "client-key-file"})
  void whatCanBeWrongWithAnyFileIsToldOfThatFile(String setting) throws Exception {
    CertificateFiles files = good();
    Path file =
        switch (setting) {
          case "ca-file" -> files.ca();
          case "client-cert-file" -> files.certificate();
          default -> files.key();
        };
    Files.delete(file);
    assertThat(said(files, file, setting)).contains(": it is not there — ");
    Files.createDirectory(file);
    assertThat(said(files, file, setting)).contains("it is a folder").contains("Docker");
    Files.delete(file);
    Files.writeString(file, "");
    assertThat(said(files, file, setting)).contains("it is empty");
    Files.writeString(file, " \r\n\t\n");
    assertThat(said(files, file, setting)).contains("it is empty");
    Files.write(file, new byte[PemFile.MOST_BYTES + 1]);
    assertThat(said(files, file, setting)).contains("larger than 1 MB");
    Files.writeString(file, "<html>please log in</html>");
    assertThat(said(files, file, setting)).contains("no block that begins with -----BEGIN");
    Files.writeString(file, "-----BEGIN CERTIFICATE-----\nAAAA\n");
    assertThat(said(files, file, setting)).contains("cut off or damaged");
    Files.writeString(file, "-----BEGIN CERTIFICATE-----\nA*A\n-----END CERTIFICATE-----\n");
    assertThat(said(files, file, setting)).contains("cut off or damaged");
    Files.write(file, rsaCertificate.getEncoded());
    assertThat(said(files, file, setting)).contains("it is DER, not PEM").contains("-inform der");
  }

  private static String said(CertificateFiles files, Path file, String setting) {
    String message = refused(files).getMessage();
    String name = file.getFileName().toString();
    assertThat(message)
        .contains(name.substring(0, 4) + "…" + name.substring(CLIENT_ID.length()))
        .contains("—");
    assertThat(message.contains("cardata.highmobility." + setting) || message.contains("chmod"))
        .as(message)
        .isTrue();
    return message;
  }

  @Test
  void aFileThatThisUserMayNotReadIsTold() throws Exception {
    CertificateFiles files = good();
    Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("---------"));
    org.junit.jupiter.api.Assumptions.assumeFalse(
        Files.isReadable(files.key()), "root reads everything");
    assertThat(refused(files)).hasMessageContaining("this user may not read it");
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = dir.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CertificateFiles good = good();
    assertThat(refused(new CertificateFiles(good.ca(), pipe, good.key())))
        .hasMessageContaining("it is no regular file");
  }

  @Test
  void filesInEachOthersPlaceAreTold() {
    String certificate = TestAuthority.pem(rsaCertificate);
    String key = TestAuthority.pkcs1(rsa.getPrivate());
    String ca = TestAuthority.pem(authority.certificate());
    assertThat(refused(files(ca, key, key)))
        .hasMessageContaining("it holds a private key where a certificate is expected")
        .hasMessageContaining(
            "ends in certificate.pem.crt in cardata.highmobility.client-cert-file");
    assertThat(refused(files(ca, certificate, certificate)))
        .hasMessageContaining("it holds a certificate where the private key is expected")
        .hasMessageContaining("ends in private.pem.key in cardata.highmobility.client-key-file");
    assertThat(refused(files(key, certificate, key)))
        .hasMessageContaining("it holds a private key where a certificate is expected")
        .hasMessageContaining("ends in ca_certificates.pem in cardata.highmobility.ca-file");
    assertThat(refused(files(certificate, certificate, key))).hasMessageContaining("none of a CA");
    assertThat(refused(files(ca, TestAuthority.pem("CERTIFICATE REQUEST", new byte[9]), key)))
        .hasMessageContaining("the request for a certificate");
    assertThat(refused(files(ca, certificate, TestAuthority.pem("PUBLIC KEY", new byte[9]))))
        .hasMessageContaining("no private key");
    assertThat(refused(files(ca, TestAuthority.pem("CERTIFICATE", new byte[9]), key)))
        .hasMessageContaining("a certificate in it is damaged");
    assertThat(
            refused(files(ca, certificate, TestAuthority.pem("OPENSSH PRIVATE KEY", new byte[9]))))
        .hasMessageContaining("of a kind that Java does not know");
  }

  @Test
  void aKeyOfAnotherCertificateIsTold() {
    String ca = TestAuthority.pem(authority.certificate());
    KeyPair another = TestAuthority.rsa();
    for (String key :
        List.of(TestAuthority.pkcs1(another.getPrivate()), TestAuthority.pkcs8(ec.getPrivate()))) {
      assertThat(refused(files(ca, TestAuthority.pem(rsaCertificate), key)))
          .hasMessageContaining("the key does not fit the certificate")
          .hasMessageContaining("the same download");
    }
  }

  @Test
  void aCertificateOfAnotherTimeIsToldWithItsDate() {
    CertificateFiles files = good();
    Instant end = TestAuthority.day(30);
    UnusableCertificateException late =
        refused(files, Clock.fixed(end.plusSeconds(1), ZoneOffset.UTC));
    assertThat(late).hasMessageContaining("has expired on " + end);
    assertThat(late.fault()).isEqualTo(Fault.EXPIRED);
    assertThat(late.expiresAt()).isEqualTo(end);
    Instant begin = TestAuthority.day(-1);
    UnusableCertificateException early =
        refused(files, Clock.fixed(begin.minusSeconds(1), ZoneOffset.UTC));
    assertThat(early)
        .hasMessageContaining("not valid before " + begin)
        .hasMessageContaining("clock, which says " + begin.minusSeconds(1));
    assertThat(early.fault()).isEqualTo(Fault.NOT_YET_VALID);
    assertThat(early.expiresAt()).isEqualTo(end);
  }

  @Test
  void theFaultOfAFileHasNoEnd() throws IOException {
    CertificateFiles files = good();
    Files.delete(files.key());
    UnusableCertificateException e = refused(files);
    assertThat(e.fault()).isEqualTo(Fault.UNUSABLE);
    assertThat(e.expiresAt()).isNull();
  }

  @Test
  void theStampChangesWithTheFilesAndOnlyThen() throws IOException {
    CertificateFiles files = good();
    String first = files.stamp();
    assertThat(files.stamp()).isEqualTo(first);
    for (Path file : List.of(files.ca(), files.certificate(), files.key())) {
      String before = files.stamp();
      Files.setLastModifiedTime(file, FileTime.from(TestAuthority.day(-3)));
      assertThat(files.stamp()).isNotEqualTo(before);
      before = files.stamp();
      Files.delete(file);
      String gone = files.stamp();
      assertThat(gone).isNotEqualTo(before);
      Files.writeString(file, "x");
      assertThat(files.stamp()).isNotEqualTo(gone);
    }
    assertThat(new CertificateFiles(null, dir, dir.resolve("a/b/c")).stamp()).isNotEmpty();
  }

  @Test
  void aKeyThatOthersMayReadIsWarnedOf() throws IOException {
    CertificateFiles files = good();
    Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r-----"));
    assertThat(files.warning()).get().asString().contains("chmod 600").doesNotContain(CLIENT_ID);
    Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-------"));
    assertThat(files.warning()).isEmpty();
    Files.delete(files.key());
    assertThat(files.warning()).isEmpty();
    Files.createDirectory(files.key());
    assertThat(files.warning()).as("a folder is said to be one, no more").isEmpty();
  }

  @Test
  void noSentenceHasIdsOrContent() {
    String secret = Base64.getEncoder().encodeToString(rsa.getPrivate().getEncoded());
    CertificateFiles files =
        files(
            TestAuthority.pem(authority.certificate()),
            TestAuthority.pem(rsaCertificate),
            "-----BEGIN PRIVATE KEY-----\n"
                + secret.substring(0, 200)
                + "\n-----END PRIVATE KEY-----");
    assertThat(refused(files).getMessage())
        .doesNotContain(secret.substring(0, 16))
        .doesNotContain(CLIENT_ID);
    assertThat(files.toString()).doesNotContain(CLIENT_ID);
  }
}
