// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority that lives as long as one simulator: it signs one server certificate, and
 * its private key never leaves the memory. Immutable.
 */
final class ThrowAwayCa {

  private final Path file;
  private final PemKeyCertOptions server;

  private ThrowAwayCa(Path file, PemKeyCertOptions server) {
    this.file = file;
    this.server = server;
  }

  /** Makes keys and certificates and writes {@code ca.pem} into the directory. */
  static ThrowAwayCa make(Path directory, String host) throws IOException {
    try {
      KeyPair caKeys = keys();
      X500Name caName = new X500Name("CN=cardata-bridge simulator CA (throw-away)");
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      JcaX509v3CertificateBuilder ca = builder(caName, caName, caKeys);
      ca.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      ca.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      ca.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          ids.createSubjectKeyIdentifier(caKeys.getPublic()));

      KeyPair serverKeys = keys();
      JcaX509v3CertificateBuilder leaf = builder(caName, new X500Name("CN=" + host), serverKeys);
      leaf.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      leaf.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      leaf.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      leaf.addExtension(Extension.subjectAlternativeName, false, names(host));
      leaf.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          ids.createAuthorityKeyIdentifier(caKeys.getPublic()));

      Files.createDirectories(directory);
      Path file = directory.resolve("ca.pem").toAbsolutePath();
      Files.writeString(file, pem("CERTIFICATE", sign(ca, caKeys).getEncoded()));
      PemKeyCertOptions server =
          new PemKeyCertOptions()
              .addCertValue(Buffer.buffer(pem("CERTIFICATE", sign(leaf, caKeys).getEncoded())))
              .addKeyValue(Buffer.buffer(pem("PRIVATE KEY", serverKeys.getPrivate().getEncoded())));
      return new ThrowAwayCa(file, server);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(
          "making the simulator's certificates: " + e.getMessage() + " — check the JDK", e);
    }
  }

  /** The CA certificate as PEM; an absolute path. */
  Path file() {
    return file;
  }

  /** Key and certificate for a server of Vert.x. */
  PemKeyCertOptions server() {
    return server.copy();
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair k)
      throws CertIOException {
    // Clients look at the real time, whatever the simulated one is.
    Instant now = Clock.systemUTC().instant();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, new SecureRandom()).add(BigInteger.ONE),
        Date.from(now.minus(1, ChronoUnit.DAYS)),
        Date.from(now.plus(365, ChronoUnit.DAYS)),
        subject,
        k.getPublic());
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair ca)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(ca.getPrivate())));
  }

  private static GeneralNames names(String host) {
    Set<String> names = new LinkedHashSet<>(List.of(host, "localhost", "127.0.0.1", "::1"));
    return new GeneralNames(
        names.stream()
            .map(
                n ->
                    new GeneralName(
                        n.contains(":") || n.matches("[0-9.]+")
                            ? GeneralName.iPAddress
                            : GeneralName.dNSName,
                        n))
            .toArray(GeneralName[]::new));
  }

  static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }
}
