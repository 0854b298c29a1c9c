// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.io.ByteArrayInputStream;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Certificates out of PEM blocks: those we trust, and the chain we show. */
final class Certificates {

  private Certificates() {}

  /**
   * The certificate that the key is for and those that lead from it to its issuer, as far as they
   * are among them; empty where the key is for none.
   */
  static Optional<X509Certificate[]> chain(List<X509Certificate> certificates, PrivateKey key) {
    List<X509Certificate> all = new ArrayList<>(certificates);
    Optional<X509Certificate> own =
        all.stream().filter(each -> PrivateKeys.fit(key, each.getPublicKey())).findFirst();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(own.get());
    all.remove(own.get());
    for (Optional<X509Certificate> issuer = own; issuer.isPresent(); ) {
      X509Certificate last = chain.get(chain.size() - 1);
      issuer =
          all.stream()
              .filter(each -> each.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
              .findFirst();
      issuer.ifPresent(chain::add);
      issuer.ifPresent(all::remove);
    }
    return Optional.of(chain.toArray(X509Certificate[]::new));
  }

  /** The authorities in a file; at least one. */
  static List<X509Certificate> authorities(PemFile file) throws UnusableCertificateException {
    List<X509Certificate> all = in(file);
    // A certificate of X.509 v1, or one that signed itself, is trusted by being named.
    boolean some =
        all.stream()
            .anyMatch(
                each ->
                    each.getBasicConstraints() >= 0
                        || each.getSubjectX500Principal().equals(each.getIssuerX500Principal()));
    if (!some) {
      throw file.holds("certificates, but none of a CA", file.named());
    }
    return all;
  }

  /** The certificates in a file; at least one. */
  static List<X509Certificate> in(PemFile file) throws UnusableCertificateException {
    List<PemBlock> blocks = file.blocks();
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemBlock block : blocks) {
        if (block.isCertificate()) {
          certificates.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
        }
      }
    } catch (CertificateException | RuntimeException e) {
      // Java's parser is not free of unchecked exceptions, and its texts quote what it read.
      throw file.unusable(
          "a certificate in it is damaged",
          "copy it anew from what High Mobility handed out, or check " + file.setting());
    }
    if (certificates.isEmpty()) {
      throw noCertificate(file, blocks);
    }
    return certificates;
  }

  private static UnusableCertificateException noCertificate(PemFile file, List<PemBlock> blocks) {
    String remedy = file.named();
    if (blocks.stream().anyMatch(PemBlock::isPrivateKey)) {
      return file.holds("a private key where a certificate is expected", remedy);
    }
    if (blocks.stream().anyMatch(block -> block.label().endsWith("REQUEST"))) {
      return file.holds("the request for a certificate, not the certificate", remedy);
    }
    return file.holds("no certificate", remedy);
  }
}
