// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;

/**
 * What one login at BMW's broker takes. Immutable.
 *
 * @param username the account's GCID, or the name set in its place; never null, opaque
 * @param idToken the id token, which is the MQTT password; never null, a secret
 * @param expiresAt when the id token dies and BMW closes the session; never null
 */
public record BmwCredentials(String username, String idToken, Instant expiresAt)
    implements Credentials {

  private static final String NAME = "{gcid}";

  /** Refuses a missing part by its name. */
  public BmwCredentials {
    Objects.requireNonNull(username, "username");
    Objects.requireNonNull(idToken, "idToken");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }

  @Override
  public String filledIn(String text) {
    return text.replace(NAME, username);
  }

  @Override
  public String shown(String text) {
    return username.isEmpty() ? text : text.replace(username, "…");
  }

  @Override
  public void logIn(MqttConnectionOptions options) {
    options.setUserName(username);
    options.setPassword(idToken.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public SSLSocketFactory sockets(SSLSocketFactory common) {
    return common;
  }

  /** Says when they die, never what they are. */
  @Override
  public String toString() {
    return "BmwCredentials[expiresAt=" + expiresAt + "]";
  }
}
