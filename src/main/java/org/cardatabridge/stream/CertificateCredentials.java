// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Instant;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;

/**
 * A client certificate that a broker knows us by; CONNECT holds no user name and no password then.
 * Immutable.
 *
 * @param clientId the MQTT client id; never null, opaque
 * @param appId what {@code {app-id}} means in a filter; null where no filter needs it
 * @param tls connects with that certificate; never null
 * @param expiresAt when the certificate ends; never null
 */
public record CertificateCredentials(
    String clientId, String appId, SSLContext tls, Instant expiresAt) implements Credentials {

  /** Stands for the client id in {@link StreamSettings#clientId()}. */
  public static final String CLIENT_ID = "{client-id}";

  /** Stands for the application in a filter. */
  public static final String APP_ID = "{app-id}";

  private static final int APP_LEVEL = 2;

  /** Refuses a missing part by its name. */
  public CertificateCredentials {
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }

  @Override
  public String filledIn(String text) {
    String named = text.replace(CLIENT_ID, clientId);
    return appId == null ? named : named.replace(APP_ID, appId);
  }

  /** An application id stands on the third level, also where it was written into the filter. */
  @Override
  public String shown(String text) {
    String rest = text.replace(clientId, "…");
    if (appId != null) {
      rest = rest.replace(appId, "…");
    }
    String[] levels = rest.split("/", -1);
    if (levels.length > APP_LEVEL && !levels[APP_LEVEL].matches("[+#]")) {
      levels[APP_LEVEL] = "…";
    }
    return String.join("/", levels);
  }

  @Override
  public void logIn(MqttConnectionOptions options) {
    // The certificate says it all.
  }

  @Override
  public SSLSocketFactory sockets(SSLSocketFactory common) {
    return tls.getSocketFactory();
  }

  /** Says when it ends, never whose it is. */
  @Override
  public String toString() {
    return "CertificateCredentials[expiresAt=" + expiresAt + "]";
  }
}
