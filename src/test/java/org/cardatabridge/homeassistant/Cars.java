// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Descriptor;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.settings.Settings;

/** Cars, their data points, and settings, as these tests need them. */
final class Cars {

  static final String VIN = "WBY00TEST00000001";
  static final String OTHER_VIN = "WBY00TEST00000002";
  static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  static final String MILEAGE = "vehicle.vehicle.travelledDistance";

  private Cars() {}

  static CarEvent event(String key, Object value, String unit) {
    return event(VIN, VIN, key, value, unit);
  }

  static CarEvent event(String vin, String vehicle, String key, Object value, String unit) {
    return new CarEvent("main", vin, vehicle, key, value, unit, NOON, NOON, "stream");
  }

  static CarEvent position(String vin, String vehicle) {
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("latitude", 50.25);
    place.put("longitude", 10.96);
    return event(vin, vehicle, CarEvent.LOCATION, place, null);
  }

  static Settings settings(String... keysAndValues) {
    Map<String, String> values = new TreeMap<>(Settings.defaults().asMap());
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return Settings.of(values);
  }

  static Topics topics(Settings settings) {
    return new Topics(settings, Clock.systemUTC());
  }

  /** One data point of each descriptor there is, with a value of its type, and a position. */
  static List<CarEvent> wholeCatalogue(String vin, String vehicle) {
    List<CarEvent> all = new ArrayList<>();
    for (Descriptor descriptor : new Catalogue().all()) {
      all.add(event(vin, vehicle, descriptor.key(), value(descriptor), descriptor.unit()));
    }
    all.add(position(vin, vehicle));
    return all;
  }

  private static Object value(Descriptor descriptor) {
    return switch (descriptor.type()) {
      case INTEGER -> 7L;
      case DECIMAL -> 7.5;
      case BOOLEAN -> true;
      case OBJECT -> List.of(Map.of("id", "a"));
      case TIME -> "31.01.2026 12:00:00 UTC";
      default -> descriptor.tokens().isEmpty() ? "WORD" : descriptor.tokens().get(0);
    };
  }
}
