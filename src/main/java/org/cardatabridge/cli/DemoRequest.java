// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cardatabridge.Lasting;
import org.cardatabridge.settings.BadSettingException;

/**
 * What a demo is told. Immutable.
 *
 * @param length how long it goes on once it is ready; empty: until it is told to stop
 * @param sinks names of the sinks that get the demo's values beside the embedded broker
 * @param variables those of the environment's variables that the demo takes
 */
public record DemoRequest(
    Optional<Duration> length, List<String> sinks, Map<String, String> variables) {

  private static final String HTTP_HOST = "CARDATA_HTTP_HOST";
  private static final String DERIVED = "CARDATA_DERIVED_";

  /** Copies what could be changed from outside. */
  public DemoRequest {
    sinks = List.copyOf(sinks);
    variables = Map.copyOf(variables);
  }

  /**
   * Of the environment it takes where the page listens and, of sinks that are named, their settings
   * and those of worked-out values: simulated cars must not end up in a real database because its
   * address happens to be set.
   *
   * @param routes the folder with the shipped route files
   * @throws BadSettingException for a name that is no sink's, or the embedded broker's
   */
  static DemoRequest of(
      Optional<Duration> length, List<String> sinks, Map<String, String> environment, Path routes) {
    Map<String, String> taken = new TreeMap<>();
    for (String sink : sinks) {
      if (sink.equals("mqtt")
          || !sink.matches("[a-z0-9-]+")
          || !Files.exists(routes.resolve("sink-" + sink + ".camel.yaml"))) {
        throw new BadSettingException(
            "--sinks", sink, "sinks such as influxdb,sql; mqtt goes to the demo's own broker");
      }
      String prefix = "CARDATA_SINK_" + sink.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
      taken.putAll(beginningWith(prefix, environment));
      taken.put(prefix + "ENABLED", "true");
    }
    if (!sinks.isEmpty()) {
      taken.putAll(beginningWith(DERIVED, environment));
    }
    if (environment.containsKey(HTTP_HOST)) {
      taken.put(HTTP_HOST, environment.get(HTTP_HOST));
    }
    return new DemoRequest(length, sinks, taken);
  }

  private static Map<String, String> beginningWith(String prefix, Map<String, String> environment) {
    Map<String, String> found = new HashMap<>(environment);
    found.keySet().removeIf(name -> !name.startsWith(prefix));
    return found;
  }

  /** Names variables only, as their values may be secrets. */
  @Override
  public String toString() {
    return "demo "
        + length.map(Lasting::text).orElse("for ever")
        + (sinks.isEmpty() ? "" : " to " + String.join(", ", sinks))
        + (variables.isEmpty() ? "" : " with " + new TreeMap<>(variables).keySet());
  }
}
