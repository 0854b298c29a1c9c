// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Spelling and metric conversion of units, as tables. Stateless and safe for many threads. */
final class UnitTable {

  /**
   * How a number in one unit becomes one in another.
   *
   * @param unit the outward spelling of the unit it becomes
   * @param decimals to how many decimals the result is rounded
   */
  record Conversion(String unit, DoubleUnaryOperator formula, int decimals) {

    private static final double EXACT_UP_TO = 1e12;

    /** The number in the other unit, rounded half up. */
    double apply(double number) {
      double converted = formula.applyAsDouble(number);
      double factor = Math.pow(10, decimals);
      return Math.abs(converted) < EXACT_UP_TO
          ? Math.round(converted * factor) / factor
          : converted;
    }
  }

  /** Outward spelling first, then what else the wire has, compared without case. */
  private static final String[][] SPELLINGS = {
    {"%", "percent"},
    {"km", "kilometers", "kilometres", "kilometer", "kilometre"},
    {"mi", "miles", "mile"},
    {"kPa"},
    {"°C", "celsius"},
    {"°F", "fahrenheit"},
    {"L", "liters", "litres", "liter", "litre"},
    {"gal", "gallons", "gallon"},
    {"°", "degrees"},
    {"kWh"},
    {"kWh/100km", "kwh/100 km"},
    {"kW"},
    {"V"},
    {"A"},
    {"km/h"},
    {"min"},
    {"h"},
    {"s"},
    {"m"},
    {"ft"},
    {"weeks"},
    {"months"},
    {"stars"},
  };

  private static final Map<String, String> OUTWARD = new HashMap<>();

  /** US gallons: BMW's catalogue gives 100 L as 26.5 gal. */
  private static final Map<String, Conversion> METRIC =
      Map.of(
          "mi", new Conversion("km", mi -> mi * 1.609344, 3),
          "°F", new Conversion("°C", f -> (f - 32) / 1.8, 2),
          "gal", new Conversion("L", gal -> gal * 3.785411784, 3));

  static {
    for (String[] row : SPELLINGS) {
      for (String spelling : row) {
        OUTWARD.put(spelling, row[0]);
        OUTWARD.put(spelling.toLowerCase(Locale.ROOT), row[0]);
      }
    }
    // Only the capital is a watt: a bare w may mean weeks.
    OUTWARD.put("W", "W");
  }

  private UnitTable() {}

  /**
   * The one outward spelling; an unknown unit as it is, trimmed; null for null, blank and "null".
   */
  static String outward(String wire) {
    if (wire == null) {
      return null;
    }
    String known = OUTWARD.get(wire);
    return known != null ? known : unusual(wire.trim());
  }

  private static String unusual(String unit) {
    if (unit.isEmpty() || unit.equalsIgnoreCase("null")) {
      return null;
    }
    String exact = OUTWARD.get(unit);
    return exact != null ? exact : OUTWARD.getOrDefault(unit.toLowerCase(Locale.ROOT), unit);
  }

  /** How to make this outward unit metric; null where it stays as it is. */
  static Conversion toMetric(String outward) {
    return outward == null ? null : METRIC.get(outward);
  }
}
