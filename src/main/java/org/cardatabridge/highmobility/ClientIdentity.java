// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import java.time.Instant;
import javax.net.ssl.SSLContext;

/**
 * Who we are to High Mobility, read from the files it handed out. Immutable.
 *
 * @param clientId MQTT client id that the certificate or its file name tells; null where neither
 *     does
 * @param appId the application's id that the certificate tells; null where it tells none
 * @param notBefore when the certificate's time begins
 * @param notAfter when it ends
 * @param sslContext TLS with our certificate, which trusts the given authorities; whoever uses it
 *     must also check the host name
 */
public record ClientIdentity(
    String clientId, String appId, Instant notBefore, Instant notAfter, SSLContext sslContext) {

  /** The times only: the ids are not for logs. */
  @Override
  public String toString() {
    return "ClientIdentity[notBefore=" + notBefore + ", notAfter=" + notAfter + "]";
  }
}
