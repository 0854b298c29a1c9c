// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.util.Map;

/** Numbers in the unit that a meaning has, whatever unit they came in. */
final class Conversions {

  /** What one of the left unit is in the right one. */
  private static final Map<String, Map<String, Double>> FACTORS =
      Map.ofEntries(
          Map.entry("km", Map.of("mi", 1.609344, "m", 0.001)),
          Map.entry("km/h", Map.of("mph", 1.609344, "mi/h", 1.609344, "m/s", 3.6, "kn", 1.852)),
          // A bare w may mean weeks elsewhere, but not where a power is due.
          Map.entry("kW", Map.of("W", 0.001, "w", 0.001, "MW", 1000.0)),
          Map.entry("kWh", Map.of("Wh", 0.001, "kJ", 1 / 3600.0, "J", 1 / 3_600_000.0)),
          Map.entry("L", Map.of("gal", 3.785411784, "mL", 0.001, "m³", 1000.0)),
          Map.entry("m", Map.of("ft", 0.3048, "km", 1000.0)),
          Map.entry("min", Map.of("s", 1 / 60.0, "h", 60.0, "d", 1440.0)),
          Map.entry("V", Map.of("mV", 0.001, "kV", 1000.0)),
          Map.entry("A", Map.of("mA", 0.001, "kA", 1000.0)),
          Map.entry(
              "kPa",
              Map.of(
                  "bar",
                  100.0,
                  "psi",
                  6.894757293,
                  "Pa",
                  0.001,
                  "mbar",
                  0.1,
                  "hPa",
                  0.1,
                  "inHg",
                  3.386389,
                  "mmHg",
                  0.133322)));

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
    if (to.equals("°C") && from.equals("K")) {
      return number - 273.15;
    }
    Double factor = FACTORS.getOrDefault(to, Map.of()).get(from);
    return factor == null ? null : (Double) (number * factor);
  }
}
