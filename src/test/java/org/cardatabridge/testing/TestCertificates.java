// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A throw-away CA with a server and a client certificate, and another CA that signed neither. */
public record TestCertificates(
    Path ca, Path otherCa, Path serverCert, Path serverKey, Path clientCert, Path clientKey) {

  /** Makes new ones in a directory; the server is localhost. */
  public static TestCertificates in(Path dir) throws Exception {
    KeyPair caKey = keyPair();
    KeyPair server = keyPair();
    KeyPair client = keyPair();
    X509CertificateHolder ca = certificate("CN=ca", caKey, "CN=ca", caKey, true);
    KeyPair otherKey = keyPair();
    return new TestCertificates(
        pem(dir, "ca.pem", ca),
        pem(dir, "other-ca.pem", certificate("CN=other", otherKey, "CN=other", otherKey, true)),
        pem(dir, "server.pem", certificate("CN=localhost", server, "CN=ca", caKey, false)),
        pem(dir, "server.key", new JcaPKCS8Generator(server.getPrivate(), null)),
        pem(dir, "client.pem", certificate("CN=bridge", client, "CN=ca", caKey, false)),
        pem(dir, "client.key", new JcaPKCS8Generator(client.getPrivate(), null)));
  }

  /** TLS for a server in this JVM, with the certificate of localhost. */
  public SSLContext serverContext() throws Exception {
    String pem = Files.readString(serverKey).replaceAll("-----[^-]+-----|\\s", "");
    Certificate certificate;
    try (var in = Files.newInputStream(serverCert)) {
      certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server",
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
        new char[0],
        new Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** A password file of mosquitto with one user. */
  public static Path passwordFile(Path dir, String user, String password) throws Exception {
    Path file = dir.resolve("passwords");
    Files.writeString(file, user + ":" + password + "\n");
    new ProcessBuilder(Programs.need("mosquitto_passwd").toString(), "-U", file.toString())
        .inheritIO()
        .start()
        .waitFor();
    return file;
  }

  private static KeyPair keyPair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static X509CertificateHolder certificate(
      String subject, KeyPair key, String issuer, KeyPair signer, boolean isCa) throws Exception {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name(issuer),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(now.minus(1, ChronoUnit.DAYS)),
            Date.from(now.plus(1, ChronoUnit.DAYS)),
            new X500Name(subject),
            key.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isCa));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()));
  }

  private static Path pem(Path dir, String name, Object object) throws IOException {
    Path file = dir.resolve(name);
    try (Writer writer = Files.newBufferedWriter(file);
        JcaPEMWriter pem = new JcaPEMWriter(writer)) {
      for (Object item : List.of(object)) {
        pem.writeObject(item);
      }
    }
    return file;
  }
}
