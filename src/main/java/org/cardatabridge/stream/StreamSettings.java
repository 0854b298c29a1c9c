// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Duration;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * The settings of one account's session. Immutable.
 *
 * @param serverUri {@code ssl://host:port}; tests also use {@code tcp://}
 * @param clientId MQTT client id, in which {@code {gcid}} stands for the user name and {@code
 *     {client-id}} for the certificate's id
 * @param keepAlive MQTT keep-alive, whole seconds
 * @param sessionExpiry how long the broker keeps our session; zero asks for a clean start
 * @param refreshBefore how long before its end the id token is refreshed
 * @param quietAfter silence after which the session shows as quiet
 * @param disconnectedFor how long no attempt may be under way before it is a stall
 * @param silentWhileActive silence of an active car that earns one orderly reconnect; null for off
 * @param protocol the version of MQTT that is spoken
 * @param peer the other side
 */
public record StreamSettings(
    String serverUri,
    String clientId,
    Duration keepAlive,
    Duration sessionExpiry,
    Duration refreshBefore,
    Duration quietAfter,
    Duration disconnectedFor,
    Duration silentWhileActive,
    MqttProtocol protocol,
    Peer peer) {

  /** The same for a session with BMW. */
  public StreamSettings(
      String serverUri,
      String clientId,
      Duration keepAlive,
      Duration sessionExpiry,
      Duration refreshBefore,
      Duration quietAfter,
      Duration disconnectedFor,
      Duration silentWhileActive,
      MqttProtocol protocol) {
    this(
        serverUri,
        clientId,
        keepAlive,
        sessionExpiry,
        refreshBefore,
        quietAfter,
        disconnectedFor,
        silentWhileActive,
        protocol,
        Peer.BMW);
  }

  /**
   * Reads one account's settings; {@code settings} are seen through {@link Settings#forAccount}.
   *
   * @throws BadSettingException with a sentence for the user
   */
  public static StreamSettings of(Settings settings) {
    return of(
        settings,
        "cardata.stream.",
        settings.get("cardata.stream.client-id"),
        settings.duration("cardata.auth.refresh-before"),
        MqttProtocol.MQTT_5,
        Peer.BMW);
  }

  /**
   * The same for a certificate of High Mobility.
   *
   * @throws BadSettingException with a sentence for the user
   */
  public static StreamSettings ofCertificate(Settings settings) {
    return of(
        settings,
        "cardata.highmobility.",
        CertificateCredentials.CLIENT_ID,
        Duration.ZERO,
        MqttProtocol.of(settings.get("cardata.highmobility.protocol")).orElseThrow(),
        Peer.HIGH_MOBILITY);
  }

  private static StreamSettings of(
      Settings settings,
      String own,
      String clientId,
      Duration refreshBefore,
      MqttProtocol protocol,
      Peer peer) {
    String host = settings.get(own + "host");
    int port = settings.integer(own + "port");
    if (port < 1 || port > 65535) {
      throw new BadSettingException(
          own + "port", String.valueOf(port), "a port between 1 and 65535");
    }
    Duration keepAlive = settings.duration("cardata.stream.keep-alive");
    if (keepAlive.toSeconds() < 1 || keepAlive.toSeconds() > 65535) {
      throw new BadSettingException(
          "cardata.stream.keep-alive",
          settings.get("cardata.stream.keep-alive"),
          "a duration between 1s and 65535s");
    }
    return new StreamSettings(
        "ssl://" + host + ":" + port,
        clientId,
        keepAlive,
        settings.duration(own + "session-expiry"),
        refreshBefore,
        settings.duration("cardata.stream.quiet-after"),
        settings.duration("cardata.watchdog.disconnected-for"),
        settings
            .find("cardata.watchdog.silent-while-active")
            .map(s -> settings.duration("cardata.watchdog.silent-while-active"))
            .orElse(null),
        protocol,
        peer);
  }
}
