// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.cardatabridge.settings.BadSettingException;

/**
 * Whom we trust at BMW's endpoints: the JVM's authorities and those of {@code cardata.tls.ca-file}.
 * Immutable and safe for use by many threads.
 */
public final class BmwTrust {

  private static final String SETTING = "cardata.tls.ca-file";

  private final TrustManager[] managers;
  private final SSLContext context;

  /**
   * Reads the file once.
   *
   * @param caFile PEM with one or more certificates; null to trust the JVM's authorities only
   * @throws BadSettingException where the file cannot be read or holds no certificate
   */
  public BmwTrust(Path caFile) {
    this(SETTING, caFile);
  }

  /** The same for the endpoints of another setting, which is named where its file is no good. */
  public BmwTrust(String setting, Path caFile) {
    try {
      managers = caFile == null ? managers(null) : trust(setting, caFile);
      context = SSLContext.getInstance("TLS");
      context.init(null, managers, null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform must have TLS", e);
    }
  }

  /** A TLS context without a client certificate; peers must also check the host name. */
  public SSLContext sslContext() {
    return context;
  }

  /** The same trust for a client that makes its own context. */
  public TrustManager[] trustManagers() {
    return managers.clone();
  }

  private static TrustManager[] trust(String setting, Path caFile) throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store needs no input", e);
    }
    int n = 0;
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager jvm) {
        for (X509Certificate certificate : jvm.getAcceptedIssuers()) {
          store.setCertificateEntry("jvm-" + n++, certificate);
        }
      }
    }
    for (Certificate certificate : certificates(setting, caFile)) {
      store.setCertificateEntry("file-" + n++, certificate);
    }
    return managers(store);
  }

  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static Collection<? extends Certificate> certificates(String setting, Path caFile)
      throws GeneralSecurityException {
    Collection<? extends Certificate> certificates;
    try (InputStream in = Files.newInputStream(caFile)) {
      certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (IOException e) {
      throw new BadSettingException(setting, caFile.toString(), "a readable PEM file");
    } catch (java.security.cert.CertificateException e) {
      throw new BadSettingException(setting, caFile.toString(), "a PEM file with certificates");
    }
    if (certificates.isEmpty()) {
      throw new BadSettingException(setting, caFile.toString(), "a PEM file with certificates");
    }
    return certificates;
  }
}
