// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The variables of the older bridges, read as ours, so that their users switch without editing.
 * Blank ones count as absent. Pure functions.
 */
final class OlderBridges {

  private static final List<String> TRUE = List.of("true", "1", "yes", "on");
  private static final Map<String, String> LEVELS =
      Map.of(
          "trace",
          "trace",
          "debug",
          "debug",
          "info",
          "info",
          "warning",
          "warn",
          "warn",
          "warn",
          "error",
          "error",
          "critical",
          "error",
          "fatal",
          "error",
          "off",
          "off");
  private static final Map<String, String> SAME =
      Map.of(
          "CLIENT_ID", "cardata.client-id",
          "MQTT_USERNAME", "cardata.stream.username",
          "LOCAL_MQTT_USER", "cardata.sink.mqtt.username",
          "LOCAL_MQTT_PASS", "cardata.sink.mqtt.password",
          "LOCAL_MQTT_BASETOPIC", "cardata.sink.mqtt.base-topic");

  private OlderBridges() {}

  /** A text for one of our keys, and the variable it came from. */
  record Mapped(String value, String variable) {}

  /**
   * Reads the variables of one place.
   *
   * @param here the variables of this place
   * @param below the variables of the next lower place, which complete a URL that is given in parts
   * @param warn gets a sentence for a value that cannot be used and is left out
   */
  static Map<String, Mapped> read(
      Map<String, String> here, Map<String, String> below, Consumer<String> warn) {
    Map<String, Mapped> found = new LinkedHashMap<>();
    SAME.forEach(
        (variable, key) ->
            text(here, variable).ifPresent(value -> found.put(key, new Mapped(value, variable))));
    text(here, "LOCAL_MQTT_APPEND_VIN")
        .map(value -> String.valueOf(TRUE.contains(value.toLowerCase(Locale.ROOT))))
        .ifPresent(
            value ->
                found.put(
                    "cardata.sink.mqtt.append-vin", new Mapped(value, "LOCAL_MQTT_APPEND_VIN")));
    text(here, "LOG_LEVEL").ifPresent(value -> level(value, found, warn));
    Optional<String> host = text(here, "LOCAL_MQTT_URL");
    Optional<String> port = text(here, "LOCAL_MQTT_PORT");
    if (host.isPresent() || port.isPresent()) {
      String url =
          brokerUrl(
              host.or(() -> text(below, "LOCAL_MQTT_URL")).orElse("localhost"),
              port.or(() -> text(below, "LOCAL_MQTT_PORT")));
      String variable = host.isPresent() ? "LOCAL_MQTT_URL" : "LOCAL_MQTT_PORT";
      found.put("cardata.sink.mqtt.url", new Mapped(url, variable));
    }
    return found;
  }

  /** Whether these variables ask for the topics of the older bridge. */
  static boolean askForTheirLayout(Map<String, String> variables) {
    return text(variables, "LOCAL_MQTT_URL").isPresent()
        || text(variables, "LOCAL_MQTT_BASETOPIC").isPresent();
  }

  private static void level(String value, Map<String, Mapped> found, Consumer<String> warn) {
    String ours = LEVELS.get(value.toLowerCase(Locale.ROOT));
    if (ours == null) {
      warn.accept("LOG_LEVEL: got '" + value + "', which is no level; it is left out");
    } else {
      found.put("cardata.log.level", new Mapped(ours, "LOG_LEVEL"));
    }
  }

  private static String brokerUrl(String hostOrUrl, Optional<String> port) {
    String text = hostOrUrl.replaceFirst("^mqtt://", "tcp://").replaceFirst("^mqtts://", "ssl://");
    if (text.equalsIgnoreCase("embedded")) {
      return text;
    }
    int scheme = text.indexOf("://");
    String rest = scheme < 0 ? text : text.substring(scheme + "://".length());
    String start = scheme < 0 ? "tcp://" : text.substring(0, scheme + "://".length());
    int slash = rest.indexOf('/');
    String authority = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash);
    boolean bareIpv6 =
        !authority.startsWith("[") && authority.indexOf(':') != authority.lastIndexOf(':');
    if (bareIpv6) {
      authority = "[" + authority + "]";
    }
    boolean hasPort = authority.lastIndexOf(':') > authority.lastIndexOf(']');
    String end = hasPort ? "" : port.map(number -> ":" + number).orElse("");
    return start + authority + end + path;
  }

  private static Optional<String> text(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name))
        .map(SettingsLoader::clean)
        .filter(value -> !value.isEmpty());
  }
}
