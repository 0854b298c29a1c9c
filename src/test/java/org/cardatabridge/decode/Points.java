// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.Settings;

/** Data points and messages as the tests of this package need them. */
final class Points {

  static final String VIN = "WBY00TEST00000012";
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private Points() {}

  static CarEvent point(String key, Object value, String unit) {
    return point(VIN, key, value, unit, NOW, NOW);
  }

  static CarEvent point(
      String vin, String key, Object value, String unit, Instant timestamp, Instant received) {
    return new CarEvent("main", vin, vin, key, value, unit, timestamp, received, "stream");
  }

  static byte[] payload(String name) {
    try (InputStream in = Points.class.getResourceAsStream("/payloads/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Settings settings(String... keysAndValues) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return Settings.of(map);
  }

  /** The steps of the route after decoding, without Camel. */
  static List<CarEvent> flatten(List<CarEvent> decoded, Settings settings) {
    Catalogue catalogue = new Catalogue();
    List<CarEvent> typed = catalogue.type(new Vehicles(settings).choose(decoded));
    return new Positions().pair(new Units(settings, catalogue).convert(typed));
  }
}
