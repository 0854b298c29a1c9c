// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Reading;

/**
 * What the newest values of a car mean, as {@code /api/summary} tells it: each meaning by its name
 * in {@code meanings.csv}, but {@code doors}, {@code windows} and {@code locked} for the whole car.
 * Stateless.
 */
final class SummaryMeanings {

  private static final Set<Meaning> OWN_WAY =
      EnumSet.of(
          Meaning.DOOR_OPEN,
          Meaning.WINDOW_OPEN,
          Meaning.LOCKED,
          Meaning.CHARGING,
          Meaning.PLUGGED,
          Meaning.POSITION);

  private SummaryMeanings() {}

  /**
   * What is meant. Immutable.
   *
   * @param value a number, true or false, a word, a position, or such by element ({@code
   *     front-left}, …)
   * @param unit of numbers; null where there is none
   * @param timestamp when the car measured it; of several elements the newest
   * @param open of {@code doors} and {@code windows}: which are open; null for others
   */
  record Meant(Object value, String unit, Instant timestamp, List<String> open) {}

  static Map<String, Meant> of(Collection<CarEvent> newest) {
    CarState car = CarState.empty().with(newest);
    Map<String, Meant> all = new LinkedHashMap<>();
    for (Meaning meaning : Meaning.values()) {
      if (!OWN_WAY.contains(meaning)) {
        meant(car, meaning).ifPresent(meant -> all.put(meaning.id(), meant));
      }
    }
    car.position().map(SummaryMeanings::one).ifPresent(meant -> all.put("position", meant));
    car.charging().map(SummaryMeanings::one).ifPresent(meant -> all.put("charging", meant));
    car.plugged().map(SummaryMeanings::one).ifPresent(meant -> all.put("plugged", meant));
    car.flag(Meaning.LOCKED, "doors")
        .or(() -> car.flag(Meaning.LOCKED))
        .map(SummaryMeanings::one)
        .ifPresent(meant -> all.put("locked", meant));
    opened(car.flags(Meaning.DOOR_OPEN)).ifPresent(meant -> all.put("doors", meant));
    opened(car.flags(Meaning.WINDOW_OPEN)).ifPresent(meant -> all.put("windows", meant));
    return all;
  }

  private static Optional<Meant> meant(CarState car, Meaning meaning) {
    return switch (meaning.kind()) {
      case NUMBER -> one(car.number(meaning), car.numbers(meaning));
      case FLAG -> one(car.flag(meaning), car.flags(meaning));
      case WORD -> car.word(meaning).map(SummaryMeanings::one);
      case PLACE -> Optional.empty();
    };
  }

  private static <T> Optional<Meant> one(
      Optional<Reading<T>> whole, Map<String, Reading<T>> elements) {
    return whole.map(SummaryMeanings::one).or(() -> byElement(elements));
  }

  private static Meant one(Reading<?> reading) {
    return new Meant(plain(reading.value()), reading.unit(), reading.timestamp(), null);
  }

  private static <T> Optional<Meant> byElement(Map<String, Reading<T>> elements) {
    Map<String, Object> values = new LinkedHashMap<>();
    elements.forEach((element, reading) -> values.put(element, plain(reading.value())));
    return newest(elements).map(last -> new Meant(values, last.unit(), last.timestamp(), null));
  }

  private static Optional<Meant> opened(Map<String, Reading<Boolean>> elements) {
    List<String> open =
        elements.entrySet().stream()
            .filter(element -> element.getValue().value())
            .map(Map.Entry::getKey)
            .toList();
    return newest(elements)
        .map(last -> new Meant(open.isEmpty() ? "closed" : "open", null, last.timestamp(), open));
  }

  private static <T> Optional<Reading<T>> newest(Map<String, Reading<T>> elements) {
    return elements.values().stream()
        .reduce((a, b) -> b.timestamp().isAfter(a.timestamp()) ? b : a);
  }

  /** A whole number without a decimal point, as the car sent it. */
  private static Object plain(Object value) {
    return value instanceof Double number
            && number == Math.rint(number)
            && Math.abs(number) < Long.MAX_VALUE
        ? (Object) number.longValue()
        : value;
  }
}
