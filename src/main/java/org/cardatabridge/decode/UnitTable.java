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

  /** High Mobility's words, each behind its outward spelling. */
  private static final String[] WORDS = {
    "% percentage",
    "kPa kilopascals",
    "Pa pascals",
    "bar bars",
    "mbar millibars",
    "psi pounds_force_per_square_inch",
    "inHg inches_of_mercury",
    "mmHg millimeters_of_mercury",
    "km/h kilometers_per_hour",
    "mi/h miles_per_hour",
    "m/s meters_per_second",
    "kn knots",
    "kWh kilowatt_hours",
    "Wh watt_hours",
    "J joules",
    "kJ kilojoules",
    "Ah ampere_hours",
    "kWh/100km kwh_per_100_kilometers",
    "km/kWh kilometers_per_kwh",
    "mi/kWh miles_per_kwh",
    "L/100km liters_per_100_kilometers",
    "km/L kilometers_per_liter",
    "mpg miles_per_gallon",
    "mpg(imp) miles_per_imperial_gallon",
    "W watts",
    "mW milliwatts",
    "kW kilowatts",
    "MW megawatts",
    "hp horsepower",
    "V volts",
    "mV millivolts",
    "kV kilovolts",
    "A amperes",
    "mA milliamperes",
    "kA kiloamperes",
    "Hz hertz",
    "kHz kilohertz",
    "MHz megahertz",
    "1/min times_per_minute",
    "1/h times_per_hour",
    "1/d times_per_day",
    "ms milliseconds",
    "s seconds",
    "min minutes",
    "h hours",
    "d days",
    "m meters",
    "mm millimeters",
    "cm centimeters",
    "dm decimeters",
    "in inches",
    "ft feet",
    "yd yards",
    "smi scandinavian_miles",
    "nmi nautical_miles",
    "K kelvin",
    "Nm newton_meters",
    "lbft pound_feet",
    "rpm revolutions_per_minute",
    "°/s degrees_per_second",
    "rad radians",
    "rad/s radians_per_second",
    "m/s² meters_per_second_squared",
    "g gravity",
    "lx lux",
    "kg kilograms",
    "t metric_tons",
    "lb pounds",
    "mL milliliters",
    "cL centiliters",
    "dL deciliters",
    "mm³ cubic_millimeters",
    "cm³ cubic_centimeters",
    "m³ cubic_meters",
    "gal(imp) imperial_gallons",
  };

  private static final Map<String, String> OUTWARD = new HashMap<>();

  /** US gallons: BMW's catalogue gives 100 L as 26.5 gal. */
  private static final Map<String, Conversion> METRIC =
      Map.ofEntries(
          Map.entry("mi", new Conversion("km", mi -> mi * 1.609344, 3)),
          Map.entry("nmi", new Conversion("km", nmi -> nmi * 1.852, 3)),
          Map.entry("smi", new Conversion("km", smi -> smi * 10, 3)),
          Map.entry("mi/h", new Conversion("km/h", mih -> mih * 1.609344, 3)),
          Map.entry("kn", new Conversion("km/h", kn -> kn * 1.852, 3)),
          Map.entry("°F", new Conversion("°C", f -> (f - 32) / 1.8, 2)),
          Map.entry("K", new Conversion("°C", k -> k - 273.15, 2)),
          Map.entry("gal", new Conversion("L", gal -> gal * 3.785411784, 3)),
          Map.entry("gal(imp)", new Conversion("L", gal -> gal * 4.54609, 3)),
          Map.entry("mpg", new Conversion("L/100km", mpg -> 235.214583 / mpg, 3)),
          Map.entry("mpg(imp)", new Conversion("L/100km", mpg -> 282.480936 / mpg, 3)),
          Map.entry("mi/kWh", new Conversion("kWh/100km", way -> 62.137119 / way, 3)),
          Map.entry("bar", new Conversion("kPa", bar -> bar * 100, 2)),
          Map.entry("mbar", new Conversion("kPa", mbar -> mbar / 10, 2)),
          Map.entry("Pa", new Conversion("kPa", pa -> pa / 1000, 2)),
          Map.entry("psi", new Conversion("kPa", psi -> psi * 6.894757, 2)),
          Map.entry("inHg", new Conversion("kPa", inches -> inches * 3.386389, 2)),
          Map.entry("mmHg", new Conversion("kPa", mm -> mm * 0.1333224, 2)),
          Map.entry("lbft", new Conversion("Nm", lbft -> lbft * 1.355818, 2)));

  static {
    for (String[] row : SPELLINGS) {
      for (String spelling : row) {
        OUTWARD.put(spelling, row[0]);
        OUTWARD.put(spelling.toLowerCase(Locale.ROOT), row[0]);
      }
    }
    for (String words : WORDS) {
      int blank = words.indexOf(' ');
      OUTWARD.put(words.substring(blank + 1), words.substring(0, blank));
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
