// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.util.Map;

/** Numbers in the unit that a meaning has, whatever unit they came in. */
final class Conversions {

  /** What one of the left unit is in the right one. */
  private static final Map<String, Map<String, Double>> FACTORS =
      Map.of(
          "km", Map.of("mi", 1.609344, "m", 0.001),
          "km/h", Map.of("mph", 1.609344, "mi/h", 1.609344),
          // A bare w may mean weeks elsewhere, but not where a power is due.
          "kW", Map.of("W", 0.001, "w", 0.001),
          "kWh", Map.of("Wh", 0.001),
          "L", Map.of("gal", 3.785411784),
          "m", Map.of("ft", 0.3048),
          "min", Map.of("s", 1 / 60.0, "h", 60.0),
          "kPa", Map.of("bar", 100.0, "psi", 6.894757293));

  private Conversions() {}

  /**
   * The number in another unit.
   *
   * @param from its unit; null counts as the wanted one
   * @param to the wanted unit; null takes the number as it is
   * @return null where the one cannot become the other
   */
  static Double convert(double number, String from, String to) {
    if (from == null || to == null || from.equals(to)) {
      return number;
    }
    if (to.equals("°C") && from.equals("°F")) {
      return (number - 32) / 1.8;
    }
    Double factor = FACTORS.getOrDefault(to, Map.of()).get(from);
    return factor == null ? null : (Double) (number * factor);
  }
}
