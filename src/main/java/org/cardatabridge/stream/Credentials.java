// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Instant;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;

/** What one login at a broker takes. Immutable; two that are equal are the same to the broker. */
public sealed interface Credentials permits BmwCredentials, CertificateCredentials {

  /** When they die; never null. */
  Instant expiresAt();

  /** A client id or a filter with the names of this login in place of the placeholders. */
  String filledIn(String text);

  /** The same as others may see it: without what names the account. */
  String shown(String text);

  /** Puts into the CONNECT what says who we are. */
  void logIn(MqttConnectionOptions options);

  /**
   * Where TLS sockets come from.
   *
   * @param common those of a login that has none of its own; may be null
   */
  SSLSocketFactory sockets(SSLSocketFactory common);
}
