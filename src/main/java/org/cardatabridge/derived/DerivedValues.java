// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.cardatabridge.CarEvent;
import org.cardatabridge.meaning.Carrier;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Meanings;
import org.cardatabridge.settings.Settings;

/**
 * Works values out from values, for the steps of {@code routes/derive.camel.yaml}. Safe for use by
 * many threads.
 *
 * <p>It keeps nothing of its own on disk. Where a bridge starts again, what was under way is worked
 * out from the last {@value #LOOK_BACK_HOURS} hours that the journal has before the route's
 * position; trips and charges that ended in the last day before it are given out once more, in case
 * they were not kept. What could not be published comes again with the next call.
 */
public final class DerivedValues {

  static final int LOOK_BACK_HOURS = 72;

  private static final Duration LOOK_BACK = Duration.ofHours(LOOK_BACK_HOURS);
  private static final Duration GIVEN_AGAIN = Duration.ofHours(24);

  /** A value of the moment that comes later than this says nothing any more. */
  private static final Duration STALE = Duration.ofHours(24);

  private static final Duration STALE_BETWEEN_REPORTS = Duration.ofMinutes(15);

  /** What was received is here by then. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(10);

  private static final Duration BEHIND = Duration.ofMinutes(5);

  private static final Set<Meaning> USED =
      EnumSet.of(
          Meaning.SOC,
          Meaning.TARGET_SOC,
          Meaning.ODOMETER,
          Meaning.POSITION,
          Meaning.MOVING,
          Meaning.CHARGING,
          Meaning.CHARGING_STATE,
          Meaning.PLUGGED,
          Meaning.DIRECT_CURRENT,
          Meaning.CHARGING_POWER,
          Meaning.AC_VOLTAGE,
          Meaning.AC_CURRENT,
          Meaning.PHASES,
          Meaning.CHARGING_TIME_REMAINING,
          Meaning.BATTERY_CAPACITY);

  /** What was there before. Called by one thread at a time. */
  interface Past {

    /** Up to which time of receipt events were taken; null where the route has no position. */
    Instant takenUpTo();

    /** When the oldest event that was not taken was received; null where all were. */
    Instant waitingSince();

    /** Tells those that were taken and received from a time on, in their order. */
    void taken(Instant since, java.util.function.Consumer<CarEvent> to);

    /** The newest value of each of these keys of each car that was measured before a time. */
    List<CarEvent> newestBefore(Instant time, Set<String> keys);
  }

  private final DerivedSettings terms;
  private final Past past;
  private final Clock clock;
  private final Set<String> keys;
  private final Map<String, CarHistory> cars = new HashMap<>();
  private final Map<String, CarEvent> latest = new HashMap<>();
  private final Map<String, List<CarEvent>> unpublished = new LinkedHashMap<>();
  private final Set<CarEvent> underWay = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean isReady;
  private CarEvent taken;

  /**
   * With what is set below {@code cardata.derived.} and {@code cardata.home.}.
   *
   * @throws org.cardatabridge.settings.BadSettingException for a setting that cannot be used
   */
  public DerivedValues(Settings settings, org.cardatabridge.journal.Journal journal, Clock clock) {
    this(DerivedSettings.of(settings, ZoneId.systemDefault()), new JournalPast(journal), clock);
  }

  DerivedValues(DerivedSettings terms, Past past, Clock clock) {
    this.terms = terms;
    this.past = past;
    this.clock = clock;
    Set<String> used = new HashSet<>();
    for (Meaning meaning : USED) {
      for (Carrier carrier : Meanings.standard().carriers(meaning)) {
        used.add(carrier.key());
      }
    }
    this.keys = Set.copyOf(used);
  }

  /** Whether anything is worked out from such an event; never from one of its own. */
  public boolean uses(Exchange exchange) {
    CarEvent event = exchange.getMessage().getBody(CarEvent.class);
    return keys.contains(event.key());
  }

  /**
   * What the event in the body gives, and what could not be published before.
   *
   * @return a new list, often empty
   */
  public synchronized List<CarEvent> work(Exchange exchange) {
    CarEvent event = exchange.getMessage().getBody(CarEvent.class);
    getReady();
    Instant now = clock.instant();
    // One whose values could not be published comes again.
    if (event != taken) {
      take(event, now);
      taken = event;
    }
    List<CarEvent> all = List.copyOf(unpublished.getOrDefault(event.vin(), List.of()));
    forgetWhenPublished(exchange, all);
    return all;
  }

  private void take(CarEvent event, Instant now) {
    List<DerivedValue> between = new ArrayList<>();
    List<DerivedValue> values = new ArrayList<>();
    CarHistory car = car(event).at(event.received(), terms, between).then(event, terms, values);
    cars.put(event.vin(), car);
    latest.put(event.vin(), event);
    boolean isNew = !event.received().isBefore(now.minus(STALE));
    between.stream().filter(value -> isWanted(value, now)).forEach(v -> add(v, event, now));
    values.stream().filter(value -> value.isRow() || isNew).forEach(v -> add(v, event, now));
  }

  private CarHistory car(CarEvent event) {
    CarHistory known = cars.get(event.vin());
    return known == null ? CarHistory.of(event.vin(), event.vehicle()) : known;
  }

  private static boolean isWanted(DerivedValue value, Instant now) {
    return value.isRow() || !value.at().isBefore(now.minus(STALE_BETWEEN_REPORTS));
  }

  private void add(DerivedValue value, CarEvent of, Instant now) {
    unpublished.computeIfAbsent(of.vin(), vin -> new ArrayList<>()).add(value.event(of, now));
  }

  /**
   * What time alone gives: a list for each car, of what is to be published and not under way.
   *
   * @return a new list, empty where nothing is under way
   */
  public synchronized List<List<CarEvent>> tick(Exchange exchange) {
    Instant now = clock.instant();
    if (isCatchingUp(now)) {
      return List.of();
    }
    getReady();
    for (Map.Entry<String, CarHistory> entry : cars.entrySet()) {
      CarEvent event = latest.get(entry.getKey());
      // A recording that is played may bring a sleeping car what was received hours ago.
      if (entry.getValue().isUnderWay()) {
        List<DerivedValue> values = new ArrayList<>();
        Instant time = now.minus(UNDER_WAY);
        entry.setValue(entry.getValue().notAheadOf(time).at(time, terms, values));
        values.stream().filter(value -> isWanted(value, now)).forEach(v -> add(v, event, now));
      }
    }
    List<List<CarEvent>> all =
        unpublished.values().stream()
            .map(list -> list.stream().filter(event -> !underWay.contains(event)).toList())
            .filter(list -> !list.isEmpty())
            .toList();
    forgetWhenPublished(exchange, all.stream().flatMap(List::stream).toList());
    return all;
  }

  /** While older events come in, as after a night or from a recording, the time is theirs. */
  private boolean isCatchingUp(Instant now) {
    Instant waiting = past.waitingSince();
    return waiting != null && waiting.isBefore(now.minus(BEHIND));
  }

  private void forgetWhenPublished(Exchange exchange, List<CarEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    underWay.addAll(events);
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onComplete(Exchange done) {
                ended(events, true);
              }

              @Override
              public void onFailure(Exchange failed) {
                ended(events, false);
              }
            });
  }

  private synchronized void ended(List<CarEvent> events, boolean isPublished) {
    events.forEach(underWay::remove);
    if (!isPublished) {
      return;
    }
    Set<CarEvent> done = Collections.newSetFromMap(new IdentityHashMap<>());
    done.addAll(events);
    unpublished.values().forEach(list -> list.removeIf(done::contains));
    unpublished.values().removeIf(List::isEmpty);
  }

  /** Works out what was under way when the bridge ended. */
  private void getReady() {
    if (isReady) {
      return;
    }
    Instant upTo = past.takenUpTo();
    if (upTo == null) {
      return;
    }
    cars.clear();
    latest.clear();
    unpublished.clear();
    Instant since = upTo.minus(LOOK_BACK);
    Map<String, List<CarEvent>> before = new LinkedHashMap<>();
    for (CarEvent value : past.newestBefore(since, keys)) {
      before.computeIfAbsent(value.vin(), vin -> new ArrayList<>()).add(value);
    }
    before.forEach(
        (vin, values) -> {
          cars.put(vin, car(values.get(0)).knowing(values));
          latest.put(vin, values.get(0));
        });
    Instant now = clock.instant();
    past.taken(since, event -> again(event, upTo, now));
    isReady = true;
  }

  private void again(CarEvent event, Instant upTo, Instant now) {
    if (!keys.contains(event.key())) {
      return;
    }
    List<DerivedValue> values = new ArrayList<>();
    cars.put(event.vin(), car(event).then(event, terms, values));
    latest.put(event.vin(), event);
    values.stream()
        .filter(value -> value.isRow() && value.at().isAfter(upTo.minus(GIVEN_AGAIN)))
        .forEach(value -> add(value, event, now));
  }
}
