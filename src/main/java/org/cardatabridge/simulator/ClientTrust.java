// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Lets a TLS server take the clients of one CA and tells who was turned away. One thread. */
final class ClientTrust extends X509ExtendedTrustManager {

  /** Hears of clients that are turned away. */
  interface Refusals {
    /** A client behind this port showed a certificate that is not taken. */
    void refused(int peerPort, ClientObjection why);
  }

  private final ClientCa ca;
  private final Refusals refusals;

  ClientTrust(ClientCa ca, Refusals refusals) {
    this.ca = ca;
    this.refusals = refusals;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    Optional<ClientObjection> objection = ca.objection(chain[0]);
    if (objection.isPresent()) {
      refusals.refused(engine.getPeerPort(), objection.get());
      throw new CertificateException(objection.get().text());
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    // Java's clients show no certificate of a CA that is not in this list, if there is one.
    return new X509Certificate[0];
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("only for the engine of a server");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("only for clients");
  }
}
