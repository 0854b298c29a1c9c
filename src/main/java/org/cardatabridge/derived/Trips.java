// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Place;
import org.cardatabridge.meaning.Reading;

/**
 * The trip under way and the one before it. Immutable; a function of what came in, in the order of
 * the car's time, and of time.
 *
 * @param open null while the car is parked
 * @param last null where there was none
 */
record Trips(Trip open, Trip last) {

  static final Trips NONE = new Trips(null, null);

  private static final double LEAST_METRES = 500;
  private static final Duration SILENT = Duration.ofMinutes(30);
  private static final Duration SILENT_THOUGH_MOVING = Duration.ofHours(3);
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration AMENDED_WITHIN = Duration.ofHours(1);
  private static final double AMENDED_BY_KM = 2;

  /** After an event; a trip that is over by it is added to the list. */
  Trips then(News news, Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    Trips next = elapsed(news.at(), news.before(), capacity, terms, out);
    Optional<Boolean> moving = news.flag(Meaning.MOVING);
    if (moving.isPresent()) {
      return moving.get() ? next.driving(news) : next.standing(news);
    }
    boolean isPlugged =
        news.flag(Meaning.PLUGGED).orElse(false) || news.flag(Meaning.CHARGING).orElse(false);
    if (isPlugged && next.open != null) {
      return next.closed(capacity, terms, out);
    }
    Optional<Double> odometer = news.number(Meaning.ODOMETER);
    if (odometer.isPresent()) {
      return next.counted(odometer.get(), news, capacity, terms, out);
    }
    Optional<Place> place = news.position();
    if (place.isPresent()) {
      return next.seen(place.get(), news);
    }
    Optional<Double> soc = news.number(Meaning.SOC);
    return soc.isPresent() && next.open != null
        ? new Trips(next.open.to(next.open.to().withSoc(soc.get())), next.last)
        : next;
  }

  private Trips driving(News news) {
    Trip trip = open == null ? begin(news) : open;
    return new Trips(trip.driven(news.at(), news.event().received()), last);
  }

  private static Trip begin(News news) {
    Mark mark = Mark.of(news.before());
    Instant time = news.at();
    return new Trip(time, time, news.event().received(), null, mark, mark, 0);
  }

  private Trips standing(News news) {
    return open == null || open.stopped() != null
        ? this
        : new Trips(open.stopped(news.at(), news.event().received()), last);
  }

  private Trips counted(
      double odometer, News news, Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    double before = news.before().number(Meaning.ODOMETER).map(Reading::value).orElse(odometer);
    if (open == null && odometer > before) {
      if (isLateOf(last, odometer - before, news)) {
        Trip more = last.to(last.to().withOdometer(odometer));
        publish(more, capacity, terms, out);
        return new Trips(null, more);
      }
      Trip trip = begin(news);
      return new Trips(trip.to(trip.to().withOdometer(odometer)), last);
    }
    if (open == null) {
      return this;
    }
    Trip trip = open.to(open.to().withOdometer(odometer));
    if (trip.from().odometer() == null) {
      trip =
          new Trip(
              trip.start(),
              trip.last(),
              trip.received(),
              trip.stopped(),
              trip.from().withOdometer(odometer),
              trip.to(),
              trip.metres());
    }
    boolean isSign = odometer > before && trip.stopped() == null;
    return new Trips(isSign ? trip.driven(news.at(), news.event().received()) : trip, last);
  }

  /** Whether an odometer that rose while parked tells the rest of the trip before. */
  private static boolean isLateOf(Trip trip, double more, News news) {
    return trip != null
        && more <= AMENDED_BY_KM
        && Duration.between(trip.end(), news.at()).compareTo(AMENDED_WITHIN) <= 0;
  }

  private Trips seen(Place place, News news) {
    Place before = news.before().position().map(Reading::value).orElse(null);
    double metres = before == null ? 0 : Home.metresBetween(before, place);
    if (open != null) {
      Trip trip = open.moved(metres).to(open.to().withPlace(place));
      boolean isSign = metres > LEAST_METRES && trip.stopped() == null;
      return new Trips(isSign ? trip.driven(news.at(), news.event().received()) : trip, last);
    }
    boolean isParked = news.car().flag(Meaning.MOVING).map(moving -> !moving.value()).orElse(false);
    if (metres <= LEAST_METRES || isParked) {
      return this;
    }
    Trip trip = begin(news).moved(metres);
    return new Trips(trip.to(trip.to().withPlace(place)), last);
  }

  /** At a time at which nothing came in. */
  Trips tick(
      Instant time, CarState car, Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    // What was measured long ago and comes only now is given time to come.
    boolean isFresh =
        open != null && Duration.between(open.received(), time).compareTo(terms.pause()) < 0;
    return isFresh ? this : elapsed(time, car, capacity, terms, out);
  }

  private Trips elapsed(
      Instant time, CarState car, Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    return open != null && isOver(time, car, terms) ? closed(capacity, terms, out) : this;
  }

  private boolean isOver(Instant time, CarState car, DerivedSettings terms) {
    if (Duration.between(open.start(), time).compareTo(LONGEST) > 0) {
      return true;
    }
    if (open.stopped() != null) {
      return Duration.between(open.stopped(), time).compareTo(terms.pause()) >= 0;
    }
    Duration limit = car.is(Meaning.MOVING) ? SILENT_THOUGH_MOVING : SILENT;
    return Duration.between(open.last(), time).compareTo(limit) > 0;
  }

  private Trips closed(Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    if (!open.counts()) {
      return new Trips(null, last);
    }
    publish(open, capacity, terms, out);
    return new Trips(null, open);
  }

  private static void publish(
      Trip trip, Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    out.add(new DerivedValue(DerivedValue.TRIP, trip.row(capacity, terms), null, trip.end()));
  }
}
