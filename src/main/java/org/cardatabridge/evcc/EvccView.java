// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.evcc;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Reading;

/** What evcc asks of a vehicle, read from the state of a car. Pure; holds nothing. */
final class EvccView {

  /** A cable is in, but nothing flows. */
  private static final Set<String> CONNECTED =
      Set.of("starting", "waiting", "paused", "ended", "full");

  private static final int DECIMALS = 3;

  /** A text for evcc, when the car measured what it tells, and whether it is a plain number. */
  record Answer(String text, Instant timestamp, boolean isNumber) {
    Answer(String text, Instant timestamp) {
      this(text, timestamp, false);
    }
  }

  private EvccView() {}

  /** Everything that is known, by the names that evcc has for it, in a fixed order. */
  static Map<String, Answer> of(CarState car) {
    Map<String, Answer> view = new LinkedHashMap<>();
    put(view, "soc", number(car, Meaning.SOC));
    put(view, "range", number(car, Meaning.RANGE));
    put(view, "odometer", number(car, Meaning.ODOMETER));
    put(view, "status", status(car));
    put(view, "limitSoc", number(car, Meaning.TARGET_SOC));
    put(
        view,
        "climater",
        car.flag(Meaning.CLIMATE).map(r -> new Answer(r.value().toString(), r.timestamp())));
    put(view, "finishTime", finishTime(car));
    return view;
  }

  private static void put(Map<String, Answer> view, String name, Optional<Answer> answer) {
    answer.ifPresent(a -> view.put(name, a));
  }

  private static Optional<Answer> number(CarState car, Meaning meaning) {
    return car.number(meaning).map(r -> new Answer(plain(r.value()), r.timestamp(), true));
  }

  private static String plain(double number) {
    BigDecimal rounded = BigDecimal.valueOf(number).setScale(DECIMALS, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** C while charging, B with a cable in, A without one, also one that was pulled out since. */
  private static Optional<Answer> status(CarState car) {
    Optional<Reading<String>> charging = car.word(Meaning.CHARGING_STATE);
    Optional<Reading<Boolean>> plugged = car.flag(Meaning.PLUGGED);
    if (charging.isPresent()
        && plugged.isPresent()
        && !plugged.get().value()
        && plugged.get().timestamp().isAfter(charging.get().timestamp())) {
      return plugged.map(r -> new Answer("A", r.timestamp()));
    }
    String state = charging.map(Reading::value).orElse("");
    if (state.equals("active") || CONNECTED.contains(state)) {
      return charging.map(r -> new Answer(state.equals("active") ? "C" : "B", r.timestamp()));
    }
    Optional<Answer> byPort = plugged.map(r -> new Answer(r.value() ? "B" : "A", r.timestamp()));
    return byPort.isPresent() ? byPort : charging.map(r -> new Answer("A", r.timestamp()));
  }

  /**
   * Known while the car charges: when it measured the time that remains, and that time. One that it
   * measured before it said so is of another charge.
   */
  private static Optional<Answer> finishTime(CarState car) {
    Optional<Reading<Boolean>> charging = car.flag(Meaning.CHARGING).filter(Reading::value);
    if (charging.isEmpty()) {
      return Optional.empty();
    }
    return car.number(Meaning.CHARGING_TIME_REMAINING)
        .filter(r -> !r.timestamp().isBefore(charging.get().timestamp()))
        .map(
            r -> {
              Duration left = Duration.ofSeconds(Math.round(r.value() * 60));
              Instant end = r.timestamp().plus(left).truncatedTo(ChronoUnit.SECONDS);
              return new Answer(end.toString(), r.timestamp());
            });
  }

  /** The moment at which a charge ended before the time that was told for it. */
  static Optional<Answer> endedEarly(CarState before, CarState after) {
    Optional<Instant> stopped =
        after.flag(Meaning.CHARGING).filter(r -> !r.value()).map(Reading::timestamp);
    return finishTime(before)
        .filter(told -> stopped.isPresent())
        .filter(told -> Instant.parse(told.text()).isAfter(stopped.get()))
        .map(
            told ->
                new Answer(
                    stopped.get().truncatedTo(ChronoUnit.SECONDS).toString(), stopped.get()));
  }
}
