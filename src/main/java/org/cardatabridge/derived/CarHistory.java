// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.cardatabridge.CarEvent;
import org.cardatabridge.meaning.CarState;

/**
 * What is worked out for one car, as far as it got. Immutable: each event and each minute gives the
 * next one, and always the same, so that what happened can be worked out again.
 *
 * <p>Time passes in whole minutes, by the time of receipt. The state of charge follows each event
 * at once; trips and charges get the events {@value #HELD_MINUTES} minutes after their receipt, in
 * the order of the car's own time, as messages overtake each other.
 *
 * @param vin the car
 * @param vehicle its alias, or its VIN
 * @param car what is known now
 * @param charging what the charge is at now
 * @param waiting events that trips and charges get later, in the order received
 * @param held what was known with the last event that they got
 * @param clock the last minute that passed; null before the first event
 */
record CarHistory(
    String vin,
    String vehicle,
    CarState car,
    ChargingNow charging,
    List<CarEvent> waiting,
    CarState held,
    Trips trips,
    ChargeSessions sessions,
    Instant clock) {

  /** How long trips and charges wait for what was measured before. */
  static final int HELD_MINUTES = 2;

  private static final Duration HELD = Duration.ofMinutes(HELD_MINUTES);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Nothing known yet. */
  static CarHistory of(String vin, String vehicle) {
    return new CarHistory(
        vin,
        vehicle,
        CarState.empty(),
        ChargingNow.NOTHING,
        List.of(),
        CarState.empty(),
        Trips.NONE,
        ChargeSessions.NONE,
        null);
  }

  /** This where these values, of long ago, are known from the beginning. */
  CarHistory knowing(List<CarEvent> values) {
    return new CarHistory(
        vin,
        vehicle,
        car.with(values),
        charging,
        waiting,
        held.with(values),
        trips,
        sessions,
        clock);
  }

  /**
   * After an event, and the minutes up to its receipt.
   *
   * @param out gets what was worked out
   */
  CarHistory then(CarEvent event, DerivedSettings terms, List<DerivedValue> out) {
    CarHistory now = at(event.received(), terms, out);
    CarState known = isKnown(now.car, event) ? now.car : now.car.with(event);
    ChargingNow next = now.charging;
    if (known != now.car) {
      Double capacity = terms.capacity(vin, vehicle, known);
      next = next.then(new News(now.car, known, event), capacity, terms, out);
    }
    return new CarHistory(
        vin,
        vehicle,
        known,
        next,
        now.waitingWith(event),
        now.held,
        now.trips,
        now.sessions,
        now.clock);
  }

  /** Without what would change nothing when its turn comes, as in a replay. */
  private List<CarEvent> waitingWith(CarEvent event) {
    if (isKnown(held, event) || held.with(event) == held) {
      return waiting;
    }
    List<CarEvent> more = new ArrayList<>(waiting);
    more.add(event);
    return List.copyOf(more);
  }

  /**
   * The same where its time is at most a minute ahead of the bridge's, whose clock was set back.
   */
  CarHistory notAheadOf(Instant time) {
    Instant minute = time.truncatedTo(ChronoUnit.MINUTES);
    return clock != null && clock.isAfter(minute.plus(MINUTE)) ? withClock(minute) : this;
  }

  /**
   * After the minutes up to a time, of which those that passed before are left out.
   *
   * @param out gets what was worked out
   */
  CarHistory at(Instant time, DerivedSettings terms, List<DerivedValue> out) {
    Instant minute = time.truncatedTo(ChronoUnit.MINUTES);
    if (clock == null) {
      return withClock(minute);
    }
    CarHistory now = this;
    while (now.clock.isBefore(minute) && now.isUnderWay()) {
      now = now.minute(now.clock.plus(MINUTE), terms, out);
    }
    return now.clock.isBefore(minute) ? now.withClock(minute) : now;
  }

  /** Whether time alone can give something. */
  boolean isUnderWay() {
    return charging.isUnderWay()
        || !waiting.isEmpty()
        || trips.open() != null
        || sessions.open() != null;
  }

  private CarHistory withClock(Instant minute) {
    return new CarHistory(vin, vehicle, car, charging, waiting, held, trips, sessions, minute);
  }

  private CarHistory minute(Instant minute, DerivedSettings terms, List<DerivedValue> out) {
    ChargingNow ticked = charging.tick(minute, car, terms, out);
    Instant due = minute.minus(HELD);
    CarHistory now = withClock(minute).released(due, terms, out);
    Double capacity = terms.capacity(vin, vehicle, now.held);
    return new CarHistory(
        vin,
        vehicle,
        car,
        ticked,
        now.waiting,
        now.held,
        now.trips.tick(due, now.held, capacity, terms, out),
        now.sessions.tick(due, capacity, terms, out),
        minute);
  }

  /** Whether that is what was said last, as in a replay. */
  private static boolean isKnown(CarState car, CarEvent event) {
    return car.event(event.key())
        .filter(
            known ->
                known.timestamp().equals(event.timestamp())
                    && Objects.equals(known.value(), event.value()))
        .isPresent();
  }

  /** Hands on what was received up to a time, and what was measured before that. */
  private CarHistory released(Instant due, DerivedSettings terms, List<DerivedValue> out) {
    Instant upTo = null;
    for (CarEvent event : waiting) {
      // What claims to be of tomorrow must not take with it what is still to come.
      Instant measured =
          event.timestamp().isAfter(event.received()) ? event.received() : event.timestamp();
      boolean isLater = upTo == null || measured.isAfter(upTo);
      if (!event.received().isAfter(due) && isLater) {
        upTo = measured;
      }
    }
    if (upTo == null) {
      return this;
    }
    List<CarEvent> ready = new ArrayList<>();
    List<CarEvent> rest = new ArrayList<>();
    for (CarEvent event : waiting) {
      boolean isDue = !event.received().isAfter(due) || !event.timestamp().isAfter(upTo);
      (isDue ? ready : rest).add(event);
    }
    ready.sort(Comparator.comparing(CarEvent::timestamp).thenComparing(CarEvent::key));
    CarState known = held;
    Trips nextTrips = trips;
    ChargeSessions nextSessions = sessions;
    for (CarEvent event : ready) {
      CarState after = isKnown(known, event) ? known : known.with(event);
      if (after != known) {
        News news = new News(known, after, event);
        Double capacity = terms.capacity(vin, vehicle, after);
        nextTrips = nextTrips.then(news, capacity, terms, out);
        nextSessions = nextSessions.then(news, capacity, terms, out);
        known = after;
      }
    }
    return new CarHistory(
        vin, vehicle, car, charging, List.copyOf(rest), known, nextTrips, nextSessions, clock);
  }
}
