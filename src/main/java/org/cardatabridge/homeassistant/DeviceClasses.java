// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Home Assistant takes together: device classes, their units and their state classes. Facts of
 * version 2026.9. Stateless and safe for many threads.
 */
final class DeviceClasses {

  /** State classes that any class of its kind takes. */
  private static final Set<String> STATES =
      Set.of("measurement", "measurement_angle", "total", "total_increasing");

  private static final Set<String> WORDS = Set.of("date", "enum", "timestamp");

  private static final Set<String> BINARY =
      words(
          "battery battery_charging carbon_monoxide cold connectivity door garage_door gas heat"
              + " light lock moisture motion moving occupancy opening plug power presence problem"
              + " running safety smoke sound tamper update vibration window");

  private static final Map<String, Set<String>> UNITS = units();
  private static final Map<String, Set<String>> STATES_OF =
      Map.of(
          "energy", Set.of("total", "total_increasing"),
          "volume", Set.of("total", "total_increasing"),
          "water", Set.of("total", "total_increasing"),
          "gas", Set.of("total", "total_increasing"),
          "distance", STATES,
          "duration", STATES,
          "precipitation", STATES,
          "wind_direction", Set.of("measurement_angle"),
          "monetary", Set.of("total"));

  private DeviceClasses() {}

  private static Map<String, Set<String>> units() {
    String energy = "cal Gcal GJ GWh J kcal kJ kWh Mcal MJ MWh mWh TWh Wh";
    String volume = "CCF ft³ gal L MCF mL m³";
    String pressure = "bar cbar hPa inHg inH₂O kPa mbar mmHg mPa Pa psi";
    String[][] rows = {
      {"apparent_power", "kVA mVA VA"},
      {"atmospheric_pressure", pressure},
      {"battery", "%"},
      {"carbon_dioxide", "ppm"},
      {"current", "A mA μA"},
      {"distance", "cm ft in km m mi mm nmi yd"},
      {"duration", "d h min ms s μs"},
      {"energy", energy},
      {"energy_distance", "km/kWh kWh/100km mi/kWh Wh/km"},
      {"energy_storage", energy},
      {"frequency", "GHz Hz kHz MHz mHz"},
      {"gas", "CCF ft³ L MCF m³"},
      {"humidity", "%"},
      {"illuminance", "lx"},
      {"moisture", "%"},
      {"power", "GW kW MW mW TW W"},
      {"precipitation", "cm in mm"},
      {"pressure", pressure},
      {"signal_strength", "dB dBm"},
      {"sound_pressure", "dB dBA"},
      {"speed", "Beaufort ft/s in/s km/h kn m/min m/s mm/s mph in/d in/h mm/d mm/h"},
      {"temperature", "K °C °F"},
      {"temperature_delta", "K °C °F"},
      {"voltage", "kV MV mV V μV"},
      {"volume", volume},
      {"volume_flow_rate", "ft³/min gal/d gal/h gal/min L/h L/min L/s mL/s m³/h m³/min m³/s"},
      {"volume_storage", volume},
      {"water", "CCF ft³ gal L MCF m³"},
      {"weight", "g kg lb mg oz st μg"},
      {"wind_direction", "°"},
      {"wind_speed", "Beaufort ft/s in/s km/h kn m/min m/s mm/s mph"}
    };
    Map<String, Set<String>> units = new HashMap<>();
    for (String[] row : rows) {
      units.put(row[0], words(row[1]));
    }
    return Map.copyOf(units);
  }

  private static Set<String> words(String text) {
    return Set.of(text.split(" "));
  }

  /** Whether its states are numbers. */
  static boolean isNumeric(String deviceClass) {
    return UNITS.containsKey(deviceClass);
  }

  /** Whether a sensor of this class may have this unit, which may be null for none. */
  static boolean takesUnit(String deviceClass, String unit) {
    Set<String> units = UNITS.get(deviceClass);
    return units == null ? unit == null : units.contains(unit);
  }

  /** Whether a sensor of this class, null for none, may have this state class. */
  static boolean takesState(String deviceClass, String state) {
    if (deviceClass == null) {
      return STATES.contains(state);
    }
    if (WORDS.contains(deviceClass)) {
      return false;
    }
    return STATES_OF.getOrDefault(deviceClass, Set.of("measurement")).contains(state);
  }

  /** The state classes there are. */
  static Set<String> states() {
    return new TreeSet<>(STATES);
  }

  /** The device classes of a platform that a table can name. */
  static Set<String> of(Platform platform) {
    Set<String> all = new TreeSet<>();
    switch (platform) {
      case BINARY_SENSOR -> all.addAll(BINARY);
      case SENSOR -> {
        all.addAll(UNITS.keySet());
        all.addAll(WORDS);
      }
      default -> {
        // A device tracker has no class, nor has a picture.
      }
    }
    return all;
  }
}
