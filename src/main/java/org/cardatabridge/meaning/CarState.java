// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cardatabridge.CarEvent;

/**
 * What is known of one car: the newest value of each descriptor that has a meaning, by the car's
 * own time. Immutable, so safe for use by many threads.
 *
 * <p>A meaning is told by its most trusted descriptor that says something; one that was measured
 * more than an hour after it takes its place, unless the table keeps it for the last. A descriptor
 * whose newest value is "not available now" says nothing. Of a car that two sources tell of, BMW's
 * own descriptors and those of another, the order of trust is that within each, and of what the two
 * say the newer counts. It does not look at the VIN: hand it the events of one car.
 */
public final class CarState {

  /** A value this much older gives way to a less trusted one. */
  static final Duration OUTDATED = Duration.ofHours(1);

  /** A time further ahead of its receipt never becomes the newest. */
  static final Duration FUTURE_LIMIT = Duration.ofHours(24);

  private final Meanings meanings;
  private final Map<String, CarEvent> newest;

  private CarState(Meanings meanings, Map<String, CarEvent> newest) {
    this.meanings = meanings;
    this.newest = newest;
  }

  /** Nothing known yet; read by the standard table. */
  public static CarState empty() {
    return empty(Meanings.standard());
  }

  /** Nothing known yet; read by that table. */
  public static CarState empty(Meanings meanings) {
    return new CarState(meanings, Map.of());
  }

  /**
   * This and one event more. Of two values with the same time the one that is added later wins; one
   * that lies more than 24 hours in the future is left out.
   *
   * @return the same object where the event changes nothing
   */
  public CarState with(CarEvent event) {
    if (!isNews(event)) {
      return this;
    }
    Map<String, CarEvent> more = new HashMap<>(newest);
    more.put(event.key(), event);
    return new CarState(meanings, more);
  }

  /** This and some events more, in their order. */
  public CarState with(Iterable<CarEvent> events) {
    Map<String, CarEvent> more = null;
    CarState all = this;
    for (CarEvent event : events) {
      if (all.isNews(event)) {
        if (more == null) {
          more = new HashMap<>(newest);
          all = new CarState(meanings, more);
        }
        more.put(event.key(), event);
      }
    }
    return all;
  }

  private boolean isNews(CarEvent event) {
    if (!meanings.knows(event.key())
        || event.timestamp().isAfter(event.received().plus(FUTURE_LIMIT))) {
      return false;
    }
    CarEvent before = newest.get(event.key());
    return before == null || event.replaces(before);
  }

  /** The newest event of a descriptor; empty where none is known or it has no meaning. */
  public Optional<CarEvent> event(String key) {
    return Optional.ofNullable(newest.get(key));
  }

  /** When the newest of all values was measured; empty where nothing is known. */
  public Optional<Instant> newest() {
    return newest.values().stream().map(CarEvent::timestamp).max(Instant::compareTo);
  }

  /** A number of the whole car, in the meaning's unit; empty where it is not known. */
  public Optional<Reading<Double>> number(Meaning meaning) {
    return number(meaning, "");
  }

  /** A number of one element, in the meaning's unit; empty where it is not known. */
  public Optional<Reading<Double>> number(Meaning meaning, String element) {
    return read(meaning, element, Meaning.Kind.NUMBER, Double.class);
  }

  /** The numbers of all elements that are known, by element in the order of the table. */
  public Map<String, Reading<Double>> numbers(Meaning meaning) {
    return all(meaning, Meaning.Kind.NUMBER, Double.class);
  }

  /** A flag of the whole car; empty where it is not known. */
  public Optional<Reading<Boolean>> flag(Meaning meaning) {
    return flag(meaning, "");
  }

  /** A flag of one element; empty where it is not known. */
  public Optional<Reading<Boolean>> flag(Meaning meaning, String element) {
    return read(meaning, element, Meaning.Kind.FLAG, Boolean.class);
  }

  /** The flags of all elements that are known, by element in the order of the table. */
  public Map<String, Reading<Boolean>> flags(Meaning meaning) {
    return all(meaning, Meaning.Kind.FLAG, Boolean.class);
  }

  /** Whether a flag of the whole car is known and true. */
  public boolean is(Meaning meaning) {
    return flag(meaning).map(Reading::value).orElse(false);
  }

  /**
   * Whether energy flows into the drive battery. A state that the car never took back counts no
   * more once the cable is out or the car moves.
   */
  public Optional<Reading<Boolean>> charging() {
    Optional<Reading<Boolean>> unplugged =
        over(Meaning.CHARGING, flag(Meaning.PLUGGED).filter(plugged -> !plugged.value()));
    return unplugged
        .or(() -> over(Meaning.CHARGING, flag(Meaning.MOVING).filter(Reading::value)))
        .or(() -> flag(Meaning.CHARGING));
  }

  /** Whether a cable is plugged in; not where the car moves since. */
  public Optional<Reading<Boolean>> plugged() {
    return over(Meaning.PLUGGED, flag(Meaning.MOVING).filter(Reading::value))
        .or(() -> flag(Meaning.PLUGGED));
  }

  /** That a flag is over, where it was true before what says so; else empty. */
  private Optional<Reading<Boolean>> over(Meaning flag, Optional<Reading<Boolean>> fact) {
    return fact.filter(
            later ->
                flag(flag)
                    .filter(Reading::value)
                    .filter(before -> before.timestamp().isBefore(later.timestamp()))
                    .isPresent())
        .map(later -> new Reading<>(false, null, later.timestamp(), later.key()));
  }

  /** Whether {@link #charging} is known and true. */
  public boolean isCharging() {
    return charging().map(Reading::value).orElse(false);
  }

  /** A word in lower case; empty where it is not known. */
  public Optional<Reading<String>> word(Meaning meaning) {
    return read(meaning, "", Meaning.Kind.WORD, String.class);
  }

  /** Where the car is; empty where that is not known. */
  public Optional<Reading<Place>> position() {
    return read(Meaning.POSITION, "", Meaning.Kind.PLACE, Place.class);
  }

  private <T> Map<String, Reading<T>> all(Meaning meaning, Meaning.Kind kind, Class<T> type) {
    Map<String, Reading<T>> all = new LinkedHashMap<>();
    for (String element : meanings.elements(meaning)) {
      read(meaning, element, kind, type).ifPresent(reading -> all.put(element, reading));
    }
    Sides.keepNewer(all);
    return Collections.unmodifiableMap(all);
  }

  private <T> Optional<Reading<T>> read(
      Meaning meaning, String element, Meaning.Kind kind, Class<T> type) {
    if (meaning.kind() != kind) {
      throw new IllegalArgumentException(
          "reading " + meaning.id() + ": it is a " + meaning.kind() + " — ask for that");
    }
    List<Carrier> carriers = meanings.carriers(meaning, element);
    Told<T> bmws = best(carriers, true, type);
    Told<T> others = best(carriers, false, type);
    boolean isOther = bmws == null || others != null && others.isBetterThan(bmws);
    return Optional.ofNullable(isOther ? others : bmws).map(Told::reading);
  }

  /** What one source says of a meaning, and whether it does so for want of anything better. */
  private record Told<T>(Reading<T> reading, boolean last) {

    boolean isBetterThan(Told<T> other) {
      return last == other.last
          ? reading.timestamp().isAfter(other.reading.timestamp())
          : other.last;
    }
  }

  /** What the most trusted descriptor of a source says; null where none says anything. */
  private <T> Told<T> best(List<Carrier> carriers, boolean ofBmw, Class<T> type) {
    Told<T> best = null;
    for (Carrier carrier : carriers) {
      CarEvent event = carrier.isOfBmw() == ofBmw ? newest.get(carrier.key()) : null;
      if (event == null || best != null && !outdates(carrier, event, best.reading())) {
        continue;
      }
      Object value = carrier.value(event);
      if (value != null) {
        String unit = carrier.meaning().unit();
        Reading<T> reading =
            new Reading<>(type.cast(value), unit, event.timestamp(), carrier.key());
        best = new Told<>(reading, carrier.last());
      }
    }
    return best;
  }

  private static boolean outdates(Carrier carrier, CarEvent event, Reading<?> better) {
    return !carrier.last() && event.timestamp().isAfter(better.timestamp().plus(OUTDATED));
  }
}
