// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of a test's own that signs what the test wants signed, for any time, and
 * the PEM forms of keys that people have.
 */
public final class TestAuthority {

  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  private final X500Name name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private TestAuthority(X500Name name, KeyPair keys, X509Certificate certificate) {
    this.name = name;
    this.keys = keys;
    this.certificate = certificate;
  }

  /** A new one that signed itself. */
  public static TestAuthority named(String name) {
    KeyPair keys = ec();
    X500Name subject = new X500Name(name);
    X509Certificate own =
        sign(subject, keys, subject, keys, day(-1), day(30), true, new GeneralName[0]);
    return new TestAuthority(subject, keys, own);
  }

  /** Another that this one vouches for. */
  public TestAuthority under(String subject) {
    KeyPair theirs = ec();
    X500Name their = new X500Name(subject);
    return new TestAuthority(
        their, theirs, sign(their, theirs, name, keys, day(-1), day(30), true, new GeneralName[0]));
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** A certificate of today. */
  public X509Certificate issue(String subject, KeyPair of, GeneralName... others) {
    return issue(subject, of, day(-1), day(30), others);
  }

  /** A certificate of any time. */
  public X509Certificate issue(
      String subject, KeyPair of, Instant from, Instant until, GeneralName... others) {
    return sign(new X500Name(subject), of, name, keys, from, until, false, others);
  }

  /** TLS for a server of this JVM that is called localhost and asks for certificates of ours. */
  public SSLContext server(String... names) {
    try {
      KeyPair own = ec();
      GeneralName[] all =
          List.of(names).stream()
              .map(each -> new GeneralName(GeneralName.dNSName, each))
              .toArray(GeneralName[]::new);
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "server",
          own.getPrivate(),
          new char[0],
          new Certificate[] {issue("CN=server", own, all)});
      KeyManagerFactory mine = KeyManagerFactory.getInstance("PKIX");
      mine.init(store, new char[0]);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", certificate);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(mine.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A list of the certificates that are taken back, as PEM. */
  public String revoking(X509Certificate... taken) {
    try {
      JcaX509v2CRLBuilder list = new JcaX509v2CRLBuilder(certificate, Date.from(day(-1)));
      list.setNextUpdate(Date.from(day(30)));
      for (X509Certificate each : taken) {
        list.addCRLEntry(each.getSerialNumber(), Date.from(day(-1)), 0);
      }
      return pem(
          "X509 CRL",
          list.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
              .getEncoded());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** So many days from when this JVM began. */
  public static Instant day(int days) {
    return NOW.plus(days, ChronoUnit.DAYS);
  }

  /** A key of the curve P-256. */
  public static KeyPair ec() {
    return keys("EC", 256);
  }

  /** A key of RSA, 2048 bits. */
  public static KeyPair rsa() {
    return keys("RSA", 2048);
  }

  private static KeyPair keys(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Certificates as PEM, one after the other. */
  public static String pem(X509Certificate... certificates) {
    StringBuilder all = new StringBuilder();
    for (X509Certificate each : certificates) {
      try {
        all.append(pem("CERTIFICATE", each.getEncoded()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
    return all.toString();
  }

  /** The key as PKCS#8: {@code PRIVATE KEY}. */
  public static String pkcs8(PrivateKey key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** The key as PKCS#1: {@code RSA PRIVATE KEY}. */
  public static String pkcs1(PrivateKey rsa) {
    try {
      return pem(
          "RSA PRIVATE KEY",
          PrivateKeyInfo.getInstance(rsa.getEncoded())
              .parsePrivateKey()
              .toASN1Primitive()
              .getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The key as SEC 1: {@code EC PRIVATE KEY}, with or without the name of its curve inside. */
  public static String sec1(KeyPair p256, boolean withCurve) {
    BigInteger secret = ((java.security.interfaces.ECPrivateKey) p256.getPrivate()).getS();
    DERBitString point =
        new DERBitString(
            SubjectPublicKeyInfo.getInstance(p256.getPublic().getEncoded())
                .getPublicKeyData()
                .getBytes());
    ECPrivateKey key =
        withCurve
            ? new ECPrivateKey(256, secret, point, SECObjectIdentifiers.secp256r1)
            : new ECPrivateKey(256, secret);
    try {
      return pem("EC PRIVATE KEY", key.getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Which curve a key is of, as a block of its own. */
  public static String curve() {
    try {
      return pem("EC PARAMETERS", SECObjectIdentifiers.secp256r1.getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A block of PEM. */
  public static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /** Writes a text into a file of a directory. */
  public static Path file(Path directory, String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static X509Certificate sign(
      X500Name subject,
      KeyPair of,
      X500Name issuer,
      KeyPair signer,
      Instant from,
      Instant until,
      boolean isCa,
      GeneralName[] others) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(System.nanoTime()),
              Date.from(from),
              Date.from(until),
              subject,
              of.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isCa));
      if (others.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(others));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
