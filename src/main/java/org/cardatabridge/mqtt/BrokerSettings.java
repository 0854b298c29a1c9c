// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * How to reach the local broker. Immutable.
 *
 * @param scheme {@code tcp}, {@code ssl}, {@code ws} or {@code wss}
 * @param host host name or address, an IPv6 address without brackets
 * @param port 1 to 65535
 * @param path path of the WebSocket, with its leading slash; not used without WebSocket
 * @param clientId the id to log in with; never empty
 * @param username null to log in without one
 * @param password null to log in without one
 * @param caFile PEM file with the only CAs to trust; null for those of the JVM
 * @param certFile PEM file with our certificate chain; null for none
 * @param keyFile PEM file with our private key, not encrypted; null for none
 * @param keepAlive how long the broker may hear nothing of us
 */
public record BrokerSettings(
    String scheme,
    String host,
    int port,
    String path,
    String clientId,
    String username,
    String password,
    Path caFile,
    Path certFile,
    Path keyFile,
    Duration keepAlive) {

  /** The value of {@code url} that asks for the broker inside the bridge. */
  public static final String EMBEDDED = "embedded";

  /** How long the broker may hear nothing of us. */
  public static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

  // Not java.net.URI: it finds no host in tcp://mqtt_broker:1883, which Compose users write.
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>[A-Za-z]+)://"
              + "(\\[(?<bracketed>[^\\]/?#\\s]+)]|(?<name>[^:/?#@\\[\\]\\s]+))(:(?<port>\\d{1,5}))?"
              + "(?<path>/[^?#\\s]*|)([?#]\\S*)?");

  private static final Set<String> SCHEMES = Set.of("tcp", "ssl", "ws", "wss");

  /** Refuses a missing part by its name. */
  public BrokerSettings {
    Objects.requireNonNull(scheme, "scheme");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(keepAlive, "keepAlive");
  }

  /** A plain connection without a password; for tests and for the embedded broker. */
  public static BrokerSettings tcp(String host, int port, String clientId) {
    return new BrokerSettings(
        "tcp", host, port, "", clientId, null, null, null, null, null, KEEP_ALIVE);
  }

  /**
   * What the settings below a prefix such as {@code cardata.sink.mqtt.} say.
   *
   * @param url where the broker is; {@code embedded} has been replaced by its address
   * @throws BadSettingException with the setting's name where one cannot be used
   */
  public static BrokerSettings from(Settings settings, String prefix, String url, String clientId) {
    String key = prefix + "url";
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw badUrl(key, url);
    }
    String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
    int port = parts.group("port") == null ? 0 : Integer.parseInt(parts.group("port"));
    if (!SCHEMES.contains(scheme) || port > 65535) {
      throw badUrl(key, url);
    }
    String host = parts.group(parts.group("name") == null ? "bracketed" : "name");
    Path certFile = file(settings, prefix + "client-cert-file");
    Path keyFile = file(settings, prefix + "client-key-file");
    if ((certFile == null) != (keyFile == null)) {
      throw new BadSettingException(
          prefix + "client-cert-file and " + prefix + "client-key-file: need each other");
    }
    String path = parts.group("path");
    return new BrokerSettings(
        scheme,
        host,
        port > 0 ? port : defaultPort(scheme),
        path.isEmpty() || path.equals("/") ? "/mqtt" : path,
        clientId,
        settings.find(prefix + "username").orElse(null),
        settings.find(prefix + "password").orElse(null),
        file(settings, prefix + "ca-file"),
        certFile,
        keyFile,
        KEEP_ALIVE);
  }

  /** Whether the connection is inside TLS. */
  public boolean isTls() {
    return scheme.equals("ssl") || scheme.equals("wss");
  }

  /** Whether MQTT is inside a WebSocket. */
  public boolean isWebSocket() {
    return scheme.startsWith("ws");
  }

  /** The broker's address for logs and messages; holds no secret. */
  public String url() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return scheme + "://" + name + ":" + port + (isWebSocket() ? path : "");
  }

  private static BadSettingException badUrl(String key, String url) {
    // A URL can carry a password, which has no business in an error text.
    String shown = url.replaceFirst("//\\S*@", "//…@");
    return new BadSettingException(
        key,
        shown,
        "tcp://host:1883, ssl://host:8883, ws://host:port/mqtt, wss://… or embedded; user name and"
            + " password have settings of their own");
  }

  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "tcp" -> 1883;
      case "ssl" -> 8883;
      case "ws" -> 80;
      default -> 443;
    };
  }

  private static Path file(Settings settings, String key) {
    Optional<Path> file = settings.find(key).map(Path::of);
    if (file.isPresent() && !Files.isReadable(file.get())) {
      throw new BadSettingException(key, file.get().toString(), "a PEM file that can be read");
    }
    return file.orElse(null);
  }

  /** The address only: the rest holds secrets. */
  @Override
  public String toString() {
    return "BrokerSettings[" + url() + "]";
  }
}
