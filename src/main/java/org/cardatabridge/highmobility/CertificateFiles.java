// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The three PEM files that High Mobility hands out for one certificate. Immutable; each call looks
 * at the files anew, so that new ones can take their place at any time.
 *
 * @param ca the authorities its server is known by; null for those that Java trusts
 * @param certificate our certificate, with those it stands on where it needs them
 * @param key its private key, not encrypted
 */
public record CertificateFiles(Path ca, Path certificate, Path key) {

  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /** Names the files; none of them has to be there yet. */
  public CertificateFiles {
    Objects.requireNonNull(certificate, "certificate");
    Objects.requireNonNull(key, "key");
  }

  /**
   * Reads the files and makes of them what a connection needs. A certificate that none of the
   * authorities signed is fine: they are those of the server.
   *
   * @param clock says whether the certificate is of this time
   * @throws UnusableCertificateException with a sentence, where no connection can be made with them
   */
  public ClientIdentity read(Clock clock) throws UnusableCertificateException {
    PemFile certificateFile = PemFile.certificate(certificate);
    PemFile keyFile = PemFile.key(key);
    List<X509Certificate> certificates = Certificates.in(certificateFile);
    PrivateKey privateKey = PrivateKeys.in(keyFile);
    X509Certificate[] chain =
        Certificates.chain(certificates, privateKey)
            .orElseThrow(
                () ->
                    keyFile.unusable(
                        "the key does not fit the certificate " + certificateFile.shown(),
                        "take both files from the same download; check "
                            + certificateFile.setting()
                            + " and "
                            + keyFile.setting()));
    Instant notBefore = chain[0].getNotBefore().toInstant();
    Instant notAfter = chain[0].getNotAfter().toInstant();
    checkTime(certificateFile, clock.instant(), notBefore, notAfter);
    SSLContext context =
        context(
            new OneIdentity(chain, privateKey),
            ca == null ? null : Certificates.authorities(PemFile.authorities(ca)));
    CertificateNames names = CertificateNames.of(chain[0]);
    return new ClientIdentity(
        names.clientId(certificate, key), names.appId(), notBefore, notAfter, context);
  }

  private static void checkTime(PemFile file, Instant now, Instant notBefore, Instant notAfter)
      throws UnusableCertificateException {
    if (now.isAfter(notAfter)) {
      throw new UnusableCertificateException(
          file.sentence(
              "the certificate has expired on " + notAfter,
              "download a new one from High Mobility and put its files in place of these"),
          UnusableCertificateException.Fault.EXPIRED,
          notAfter);
    }
    if (now.isBefore(notBefore)) {
      throw new UnusableCertificateException(
          file.sentence(
              "the certificate is not valid before " + notBefore,
              "look at this machine's clock, which says " + now.truncatedTo(ChronoUnit.SECONDS)),
          UnusableCertificateException.Fault.NOT_YET_VALID,
          notAfter);
    }
  }

  private static SSLContext context(OneIdentity identity, List<X509Certificate> authorities) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities == null ? null : store(authorities));
      TrustManager[] trusted = trust.getTrustManagers();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {identity}, trusted, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform must have TLS", e);
    }
  }

  private static KeyStore store(List<X509Certificate> authorities) throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store needs no input", e);
    }
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("ca-" + i, authorities.get(i));
    }
    return store;
  }

  /** A text that changes when one of the files does, comes or goes; never throws. */
  public String stamp() {
    return (ca == null ? "" : stamp(ca)) + "|" + stamp(certificate) + "|" + stamp(key);
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return is.lastModifiedTime()
          + " "
          + is.size()
          + " "
          + is.fileKey()
          + " "
          + Files.isReadable(file);
    } catch (IOException | RuntimeException e) {
      return e.getClass().getSimpleName();
    }
  }

  /** Where the files lie, as sentences name them. */
  List<String> shown() {
    return Stream.of(PemFile.certificate(certificate), PemFile.key(key), authorities())
        .filter(Objects::nonNull)
        .map(PemFile::shown)
        .toList();
  }

  private PemFile authorities() {
    return ca == null ? null : PemFile.authorities(ca);
  }

  /** What should be mended about the files although they can be used; never throws. */
  public Optional<String> warning() {
    try {
      boolean open =
          Files.isRegularFile(key)
              && Files.getPosixFilePermissions(key).stream().anyMatch(OTHERS::contains);
      PemFile file = PemFile.key(key);
      return open
          ? Optional.of(
              file.sentence("others than its owner may read or change it", "chmod 600 that file"))
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      // Not there, or no such rights on this system: nothing to warn of.
      return Optional.empty();
    }
  }

  /** The names of the files with ids in them shortened. */
  @Override
  public String toString() {
    return "CertificateFiles[" + PemFile.certificate(certificate).shown() + "]";
  }
}
