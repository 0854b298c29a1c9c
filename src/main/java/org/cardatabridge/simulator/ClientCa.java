// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs the certificates of one broker's clients, writes their files and knows what each is worth.
 * Lives as long as one simulator; its own key never leaves the memory. Used on one thread.
 */
final class ClientCa {

  /** A certificate that was made; its standing can change later. */
  private static final class Issued {
    private final String clientId;
    private ClientObjection standing;

    private Issued(String clientId) {
      this.clientId = clientId;
    }
  }

  // Clients look at the real time, whatever the simulated one is.
  private final Clock clock = Clock.systemUTC();
  private final X500Name name = new X500Name("CN=cardata-bridge simulator client CA (throw-away)");
  private final X500Name stranger = new X500Name("CN=somebody else's CA");
  private final KeyPair keys = keys(false);
  private final Path serverCa;
  private final Map<BigInteger, Issued> issued = new HashMap<>();

  /**
   * Makes its key.
   *
   * @param serverCa file with the CA of the broker's own certificate, which clients get a copy of
   */
  ClientCa(Path serverCa) {
    this.serverCa = serverCa;
  }

  /** Makes a certificate as ordered and writes its files, over those that are there. */
  void write(CertificateOrder order, String commonName, ClientFiles files) throws IOException {
    KeyPair own = keys(order.keyForm().isRsa());
    boolean foreign = order.kind() == CertificateOrder.Kind.FOREIGN;
    PrivateKey signer = foreign ? keys(false).getPrivate() : keys.getPrivate();
    X509Certificate made =
        certificate(foreign ? stranger : name, signer, commonName, own.getPublic(), order);
    Issued entry = new Issued(files.clientId());
    if (order.kind() == CertificateOrder.Kind.REVOKED) {
      entry.standing = ClientObjection.REVOKED;
    }
    issued.put(made.getSerialNumber(), entry);
    boolean another = order.kind() == CertificateOrder.Kind.OTHER_KEY;
    PrivateKey key = (another ? keys(order.keyForm().isRsa()) : own).getPrivate();
    Files.createDirectories(files.certificate().getParent());
    replace(files.ca(), shape(Files.readString(serverCa), order.indented()));
    try {
      String text = ThrowAwayCa.pem("CERTIFICATE", made.getEncoded());
      replace(files.certificate(), shape(text, order.indented()));
    } catch (GeneralSecurityException e) {
      throw trouble(e);
    }
    replace(files.key(), shape(pem(key, order.keyForm()), order.indented()));
  }

  /** Never half a file for who looks at the wrong time; nobody else reads a key. */
  private static void replace(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(next, text);
    if (Files.getFileStore(next).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
    }
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String shape(String pem, boolean indented) {
    return indented
        ? pem.lines().map(l -> "    " + l).collect(Collectors.joining("\n", "\n\n", "\n\n"))
        : pem;
  }

  private static String pem(PrivateKey key, KeyForm form) throws IOException {
    byte[] der = key.getEncoded();
    if (form == KeyForm.PKCS8 || form == KeyForm.EC) {
      return ThrowAwayCa.pem("PRIVATE KEY", der);
    }
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
    ASN1Encodable inner = info.parsePrivateKey();
    if (form == KeyForm.PKCS1) {
      return ThrowAwayCa.pem("RSA PRIVATE KEY", inner.toASN1Primitive().getEncoded("DER"));
    }
    // Standing alone it has to name its curve.
    ASN1Encodable curve = info.getPrivateKeyAlgorithm().getParameters();
    BigInteger number = ECPrivateKey.getInstance(inner).getKey();
    return ThrowAwayCa.pem(
        "EC PRIVATE KEY", new ECPrivateKey(256, number, curve).getEncoded("DER"));
  }

  /** Lets every certificate of a client made so far be worth nothing from now on. */
  void condemn(String clientId, ClientObjection why) {
    issued.values().stream()
        .filter(i -> i.clientId.equals(clientId))
        .forEach(i -> i.standing = why);
  }

  /** Why a certificate is not taken now; empty for a good one. */
  Optional<ClientObjection> objection(X509Certificate shown) {
    Issued entry = issued.get(shown.getSerialNumber());
    if (entry == null || !isOurs(shown)) {
      return Optional.of(ClientObjection.UNKNOWN_CA);
    }
    Instant now = clock.instant();
    if (entry.standing != null) {
      return Optional.of(entry.standing);
    }
    if (now.isBefore(shown.getNotBefore().toInstant())) {
      return Optional.of(ClientObjection.NOT_YET_VALID);
    }
    return now.isAfter(shown.getNotAfter().toInstant())
        ? Optional.of(ClientObjection.EXPIRED)
        : Optional.empty();
  }

  /** The id of a certificate of ours. */
  String clientId(X509Certificate shown) {
    return issued.get(shown.getSerialNumber()).clientId;
  }

  private boolean isOurs(X509Certificate shown) {
    try {
      shown.verify(keys.getPublic());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private X509Certificate certificate(
      X500Name issuer,
      PrivateKey signer,
      String commonName,
      PublicKey key,
      CertificateOrder order) {
    try {
      Instant now = clock.instant();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(127, new SecureRandom()).add(BigInteger.ONE),
              Date.from(order.from(now)),
              Date.from(order.until(now)),
              new X500Name("C=DE,CN=" + commonName),
              key);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw trouble(e);
    }
  }

  private static KeyPair keys(boolean rsa) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(rsa ? "RSA" : "EC");
      if (rsa) {
        generator.initialize(2048);
      } else {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw trouble(e);
    }
  }

  private static IllegalStateException trouble(Exception e) {
    return new IllegalStateException(
        "making a client certificate: " + e.getMessage() + " — check the JDK", e);
  }
}
