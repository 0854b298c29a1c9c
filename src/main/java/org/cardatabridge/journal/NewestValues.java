// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * The newest data point of each key of each vehicle, by the car's time. Safe for use by many
 * threads.
 *
 * <p>Of two with the same car time the one that arrived later (by the number of its message) wins.
 * One of unknown age ({@link CarEvent#isOfUnknownAge}) gives its place to any that has a time. One
 * that is more than 24 hours in the future when it arrives never becomes the newest. A sentinel
 * (value null) takes the place of an older value like any other. Bounded: beyond {@value
 * #MAX_VEHICLES} vehicles or {@value #MAX_KEYS} keys of one vehicle, the one not heard of for
 * longest goes.
 */
public final class NewestValues {

  static final int MAX_VEHICLES = 256;
  static final int MAX_KEYS = 2_048;

  /** A time further ahead of its receipt never becomes the newest. */
  static final Duration FUTURE_LIMIT = Duration.ofHours(24);

  /**
   * A vehicle as last heard of. Immutable.
   *
   * @param vin the VIN
   * @param alias the alias; null where it has none
   * @param account the account's name
   * @param lastMessageAt when the last data point of it was received; of a vehicle that sends,
   *     those that were worked out or asked for do not count
   * @param values newest data point of each key, sorted by key
   */
  public record Vehicle(
      String vin,
      String alias,
      String account,
      Instant lastMessageAt,
      Map<String, CarEvent> values) {

    /** Keeps the values from changing. */
    public Vehicle {
      values = java.util.Collections.unmodifiableMap(values);
    }
  }

  /**
   * A vehicle without its values, which costs next to nothing to ask for. Immutable.
   *
   * @param vin the VIN
   * @param alias the alias; null where it has none
   * @param account the account's name
   * @param descriptors how many descriptors have a newest value
   * @param lastMessageAt as {@link Vehicle#lastMessageAt}
   * @param messages how many messages of it were taken since the bridge started; what was worked
   *     out or replayed does not count
   * @param lastEventAt the car's time of what it measured last; null where it told none
   */
  public record Sighting(
      String vin,
      String alias,
      String account,
      int descriptors,
      Instant lastMessageAt,
      long messages,
      Instant lastEventAt) {}

  /**
   * A newest value.
   *
   * @param undatedAt time of receipt of the value of unknown age that was known before; null where
   *     there was none
   */
  private record Value(CarEvent event, long number, Instant undatedAt) {}

  private static final class Known {
    private CarEvent latest;
    private long messages;
    private Instant lastEventAt;
    private final Map<String, Value> values = bounded(MAX_KEYS);

    String alias() {
      return latest.vehicle().equals(latest.vin()) ? null : latest.vehicle();
    }

    Sighting sighting() {
      return new Sighting(
          latest.vin(),
          alias(),
          latest.account(),
          values.size(),
          latest.received(),
          messages,
          lastEventAt);
    }

    Vehicle snapshot() {
      Map<String, CarEvent> events = new TreeMap<>();
      values.forEach((key, value) -> events.put(key, value.event()));
      return new Vehicle(latest.vin(), alias(), latest.account(), latest.received(), events);
    }
  }

  private final Clock clock;
  private final Map<String, Known> vehicles = bounded(MAX_VEHICLES);

  /** Empty; the clock says what lies in the future. */
  public NewestValues(Clock clock) {
    this.clock = clock;
  }

  private static <K, V> Map<K, V> bounded(int limit) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > limit;
      }
    };
  }

  /** Notes that a vehicle was heard of, by a duplicate too. */
  synchronized void heard(CarEvent event) {
    Known known = vehicles.computeIfAbsent(event.vin(), vin -> new Known());
    if (known.latest == null || isLater(event, known.latest)) {
      known.latest = event;
    }
  }

  /** Notes that the vehicles of a message were heard of. */
  synchronized void heard(CarMessage message) {
    List<CarEvent> points = message.points();
    int last = points.size() - 1;
    for (int i = 0; i <= last; i++) {
      // Of those of a vehicle that came together the last says it all.
      if (i == last || !isAlike(points.get(i), points.get(i + 1))) {
        heard(points.get(i));
      }
    }
  }

  private static boolean isAlike(CarEvent one, CarEvent other) {
    return one.vin().equals(other.vin())
        && one.received().equals(other.received())
        && one.source().equals(other.source());
  }

  /** Counts a message for each of its vehicles. */
  synchronized void counted(CarMessage message) {
    if (message.source().equals("derived") || message.source().equals("replay")) {
      return;
    }
    String before = null;
    Set<String> others = null;
    for (CarEvent event : message.points()) {
      if (event.vin().equals(before) || others != null && !others.add(event.vin())) {
        continue;
      }
      if (before == null) {
        before = event.vin();
      } else if (others == null) {
        others = new HashSet<>(Set.of(before, event.vin()));
      }
      Known known = vehicles.get(event.vin());
      if (known != null) {
        known.messages++;
      }
    }
  }

  /**
   * What was worked out, or asked for, is no message of the car, and says nothing of when one came.
   */
  private static boolean isLater(CarEvent event, CarEvent latest) {
    int rank = rank(event.source());
    int before = rank(latest.source());
    return rank == before ? !event.received().isBefore(latest.received()) : rank > before;
  }

  private static int rank(String source) {
    return switch (source) {
      case "derived" -> 0;
      case "rest" -> 1;
      default -> 2;
    };
  }

  /**
   * Takes a data point; true where it is the newest of its key now.
   *
   * @param number of its message in the journal: of two with the same car time, the higher wins
   */
  synchronized boolean take(CarEvent event, long number) {
    heard(event);
    if (isTooFarAhead(event)) {
      return false;
    }
    Known known = vehicles.get(event.vin());
    boolean isMeasured = !event.source().equals("derived") && !event.isOfUnknownAge();
    if (isMeasured && (known.lastEventAt == null || event.timestamp().isAfter(known.lastEventAt))) {
      known.lastEventAt = event.timestamp();
    }
    Map<String, Value> values = known.values;
    Value before = values.get(event.key());
    if (before != null) {
      boolean isLate = number < before.number();
      if (isLate ? before.event().replaces(event) : !event.replaces(before.event())) {
        return false;
      }
    }
    values.put(event.key(), new Value(event, number, undated(event, before)));
    return true;
  }

  private boolean isTooFarAhead(CarEvent event) {
    Instant time = event.timestamp();
    // Seconds tell nearly always, and make nothing.
    long ahead = time.getEpochSecond() - Math.floorDiv(clock.millis(), 1_000L);
    return ahead >= FUTURE_LIMIT.toSeconds() && time.isAfter(clock.instant().plus(FUTURE_LIMIT));
  }

  private static Instant undated(CarEvent event, Value before) {
    if (before == null) {
      return null;
    }
    boolean wasUndated = before.event().isOfUnknownAge() && !event.isOfUnknownAge();
    return wasUndated ? before.event().timestamp() : before.undatedAt();
  }

  /** All newest values with the numbers of their messages. */
  synchronized List<StoredLog.Newest> all() {
    return vehicles.values().stream()
        .flatMap(known -> known.values.values().stream())
        .map(value -> new StoredLog.Newest(value.event(), value.number()))
        .toList();
  }

  /** The newest data point of a key; empty where none is known. */
  public synchronized Optional<CarEvent> newest(String vin, String key) {
    return Optional.ofNullable(vehicles.get(vin))
        .map(known -> known.values.get(key))
        .map(Value::event);
  }

  /**
   * Time of receipt of a value of unknown age whose place the newest one has taken, as far as this
   * process saw it; empty where there was none.
   */
  public synchronized Optional<Instant> undatedBefore(String vin, String key) {
    return Optional.ofNullable(vehicles.get(vin))
        .map(known -> known.values.get(key))
        .map(Value::undatedAt);
  }

  /** A vehicle with its newest values; empty for an unknown VIN. */
  public synchronized Optional<Vehicle> vehicle(String vin) {
    return Optional.ofNullable(vehicles.get(vin)).map(Known::snapshot);
  }

  /** The VIN of the vehicle with this VIN or alias; empty for one not heard of. */
  public synchronized Optional<String> find(String vinOrAlias) {
    return vehicles.values().stream()
        .map(known -> known.latest)
        .filter(event -> event.vin().equals(vinOrAlias) || event.vehicle().equals(vinOrAlias))
        .map(CarEvent::vin)
        .findFirst();
  }

  /** All vehicles without their values, sorted by VIN. */
  public synchronized List<Sighting> sightings() {
    return vehicles.values().stream()
        .map(Known::sighting)
        .sorted(java.util.Comparator.comparing(Sighting::vin))
        .toList();
  }

  /** All vehicles, sorted by VIN. */
  public synchronized List<Vehicle> vehicles() {
    return vehicles.values().stream()
        .map(Known::snapshot)
        .sorted(java.util.Comparator.comparing(Vehicle::vin))
        .toList();
  }
}
