// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Place;
import org.cardatabridge.meaning.Reading;

/**
 * What A Better Routeplanner is told of a car. Immutable.
 *
 * @param vin of the car
 * @param vehicle its alias, or its VIN
 * @param utc the newest car time of what it holds
 * @param fields by ABRP's names, without {@code utc}
 */
public record Telemetry(String vin, String vehicle, Instant utc, Map<String, Object> fields) {

  /** What tells of a moment says nothing a while later. */
  private static final Duration MOMENT = Duration.ofMinutes(10);

  /** What a car tells when it changes holds until then; but not for ever. */
  private static final Duration STATE = Duration.ofHours(12);

  private static final Map<String, String> WHEELS =
      Map.of("front-left", "fl", "front-right", "fr", "rear-left", "rl", "rear-right", "rr");

  private record Field(String name, Object value, Instant timestamp, Duration lasts) {}

  /** Keeps its own unmodifiable copy. */
  public Telemetry {
    fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** Names no VIN and no place, so that it may stand in a log. */
  @Override
  public String toString() {
    return "Telemetry[" + fields.size() + " fields at " + utc + "]";
  }

  /** Everything that is known and not old; empty where nothing is. */
  static Optional<Telemetry> of(String vin, String vehicle, CarState car) {
    List<Field> known = known(car);
    Optional<Instant> utc = known.stream().map(Field::timestamp).max(Instant::compareTo);
    return utc.map(
        newest -> {
          Map<String, Object> fields = new LinkedHashMap<>();
          known.stream()
              .filter(field -> !field.timestamp().isBefore(newest.minus(field.lasts())))
              .forEach(field -> fields.put(field.name(), field.value()));
          return new Telemetry(vin, vehicle, newest, fields);
        });
  }

  private static List<Field> known(CarState car) {
    List<Field> known = new ArrayList<>();
    number(known, "soc", car.number(Meaning.SOC), STATE);
    Optional<Reading<Boolean>> charging = car.charging();
    flag(known, "is_charging", charging);
    if (car.isCharging()) {
      // ABRP counts what flows out of the battery.
      car.number(Meaning.CHARGING_POWER)
          .ifPresent(
              r -> known.add(new Field("power", rounded(-r.value()), r.timestamp(), MOMENT)));
      flag(known, "is_dcfc", car.flag(Meaning.DIRECT_CURRENT));
    } else {
      charging.ifPresent(r -> known.add(new Field("is_dcfc", false, r.timestamp(), STATE)));
    }
    flag(known, "is_plugged_in", plugged(car));
    parked(car).ifPresent(r -> flag(known, "is_parked", Optional.of(r)));
    speed(known, car);
    place(known, car);
    number(known, "odometer", car.number(Meaning.ODOMETER), STATE);
    number(known, "est_battery_range", car.number(Meaning.RANGE), STATE);
    number(known, "capacity", car.number(Meaning.BATTERY_CAPACITY), STATE);
    number(known, "soh", car.number(Meaning.SOH), STATE);
    number(known, "ext_temp", car.number(Meaning.OUTSIDE_TEMPERATURE), MOMENT);
    number(known, "batt_temp", car.number(Meaning.BATTERY_TEMPERATURE), MOMENT);
    car.numbers(Meaning.TYRE_PRESSURE)
        .forEach(
            (wheel, r) ->
                number(known, "tire_pressure_" + WHEELS.get(wheel), Optional.of(r), STATE));
    return known;
  }

  /** Whoever charges is plugged in, whatever an older word of the port says. */
  private static Optional<Reading<Boolean>> plugged(CarState car) {
    return car.isCharging() ? car.charging() : car.plugged();
  }

  /** A car that stands at a light moves not, but is not parked: its ignition is on. */
  private static Optional<Reading<Boolean>> parked(CarState car) {
    Optional<Reading<Boolean>> plugged = plugged(car).filter(Reading::value);
    Optional<Reading<Boolean>> moving = car.flag(Meaning.MOVING);
    if (plugged.isPresent()) {
      return plugged;
    }
    if (moving.isPresent() && moving.get().value()) {
      return moving.map(Telemetry::opposite);
    }
    Optional<Reading<Boolean>> ignition = car.flag(Meaning.IGNITION);
    return (ignition.isPresent() ? ignition : moving).map(Telemetry::opposite);
  }

  private static Reading<Boolean> opposite(Reading<Boolean> reading) {
    return new Reading<>(!reading.value(), null, reading.timestamp(), reading.key());
  }

  /** 0 where it stands, also of a car that never tells its speed. */
  private static void speed(List<Field> known, CarState car) {
    Optional<Reading<Boolean>> stands = car.flag(Meaning.MOVING).filter(r -> !r.value());
    if (stands.isPresent()) {
      known.add(new Field("speed", 0, stands.get().timestamp(), STATE));
    } else {
      number(known, "speed", car.number(Meaning.SPEED), MOMENT);
    }
  }

  private static void place(List<Field> known, CarState car) {
    Optional<Reading<Place>> position = car.position();
    if (position.isEmpty()) {
      return;
    }
    Place place = position.get().value();
    Instant at = position.get().timestamp();
    // Where it is parked it still is.
    Duration lasts = car.is(Meaning.MOVING) ? MOMENT : STATE;
    known.add(new Field("lat", place.latitude(), at, lasts));
    known.add(new Field("lon", place.longitude(), at, lasts));
    if (place.altitude() != null) {
      known.add(new Field("elevation", rounded(place.altitude()), at, MOMENT));
    }
    if (place.heading() != null) {
      known.add(new Field("heading", rounded(place.heading()), at, MOMENT));
    }
  }

  private static void number(
      List<Field> known, String name, Optional<Reading<Double>> reading, Duration lasts) {
    reading.ifPresent(r -> known.add(new Field(name, rounded(r.value()), r.timestamp(), lasts)));
  }

  private static void flag(List<Field> known, String name, Optional<Reading<Boolean>> reading) {
    reading.ifPresent(r -> known.add(new Field(name, r.value(), r.timestamp(), STATE)));
  }

  private static BigDecimal rounded(double number) {
    BigDecimal three = BigDecimal.valueOf(number).setScale(3, RoundingMode.HALF_UP);
    return three.signum() == 0
        ? BigDecimal.ZERO
        : new BigDecimal(three.stripTrailingZeros().toPlainString());
  }
}
