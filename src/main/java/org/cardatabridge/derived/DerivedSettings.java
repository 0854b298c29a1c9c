// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Reading;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;

/**
 * What values are worked out with. Immutable and safe for use by many threads.
 *
 * @param loss the part of what a wall box gives that never reaches the battery
 * @param silence after so long without news of a charge nothing is extrapolated
 * @param pause a stop that is shorter belongs to the trip
 * @param capacities usable energy of the battery in kWh, by VIN or alias, where it is set
 * @param tariff null where none is set
 * @param home null where there is none
 */
record DerivedSettings(
    double loss,
    Duration silence,
    Duration pause,
    Map<String, Double> capacities,
    Tariff tariff,
    Home home) {

  private static final String PREFIX = "cardata.derived.";
  private static final String EVERY_CAR = "";
  private static final int MOST_LOSS = 50;

  DerivedSettings {
    capacities = Map.copyOf(capacities);
  }

  /**
   * Reads them.
   *
   * @param zone where the tariff's times of day are meant
   * @throws BadSettingException for one that cannot be used
   */
  static DerivedSettings of(Settings settings, ZoneId zone) {
    int loss = settings.integer(PREFIX + "loss");
    if (loss < 0 || loss > MOST_LOSS) {
      throw new BadSettingException(PREFIX + "loss", Integer.toString(loss), "0 to 50");
    }
    Tariff tariff = null;
    Optional<String> text = settings.find(PREFIX + "tariff");
    if (text.isPresent()) {
      tariff =
          Tariff.parse(text.get(), zone)
              .orElseThrow(
                  () -> new BadSettingException(PREFIX + "tariff", text.get(), Tariff.TAKES));
    }
    return new DerivedSettings(
        loss / 100.0,
        settings.duration(PREFIX + "silence"),
        settings.duration(PREFIX + "trip-pause"),
        capacities(settings),
        tariff,
        Home.of(settings).orElse(null));
  }

  private static Map<String, Double> capacities(Settings settings) {
    Map<String, Double> found = new HashMap<>();
    for (String item : settings.list(PREFIX + "battery")) {
      int equals = item.lastIndexOf('=');
      try {
        double capacity = Double.parseDouble(item.substring(equals + 1));
        if (!(capacity > 0)) {
          throw new NumberFormatException("nothing");
        }
        found.put(equals < 0 ? EVERY_CAR : item.substring(0, equals).trim(), capacity);
      } catch (NumberFormatException e) {
        // The cause would show a VIN.
        throw new BadSettingException(
            PREFIX + "battery: takes kWh such as 80.7, or with names: 80.7,ix=105.2");
      }
    }
    return found;
  }

  /**
   * Usable energy of a car's battery in kWh; null where neither a setting nor the car says it.
   *
   * @param vehicle its alias, or its VIN
   */
  Double capacity(String vin, String vehicle, CarState car) {
    Double set = capacities.getOrDefault(vin, capacities.get(vehicle));
    if (set == null) {
      set = capacities.get(EVERY_CAR);
    }
    return set != null
        ? set
        : car.number(Meaning.BATTERY_CAPACITY).map(Reading::value).orElse(null);
  }
}
