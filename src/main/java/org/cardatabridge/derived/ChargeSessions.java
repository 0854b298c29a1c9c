// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Place;
import org.cardatabridge.meaning.Reading;

/**
 * The charge under way. Immutable; a function of what came in, in the order of the car's time, and
 * of time.
 *
 * @param open null while there is none
 */
record ChargeSessions(ChargeSession open) {

  static final ChargeSessions NONE = new ChargeSessions(null);

  private static final Set<String> PAUSED = Set.of("starting", "waiting", "paused");
  private static final Duration SETTLING = Duration.ofMinutes(5);
  private static final Duration SILENT = Duration.ofHours(12);
  private static final Duration LONGEST = Duration.ofHours(48);
  private static final double LEAST_RISE = 1.5;

  /** After an event; a charge that is over by it is added to the list. */
  ChargeSessions then(News news, Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    ChargeSessions next = elapsed(news.at(), capacity, terms, out);
    Optional<Boolean> charging = news.flag(Meaning.CHARGING);
    if (charging.isPresent()) {
      next = charging.get() ? next.flowing(news) : next.standing(news);
    }
    if (next.open == null) {
      return next;
    }
    boolean isGone =
        news.flag(Meaning.PLUGGED).filter(plugged -> !plugged).isPresent()
            || news.flag(Meaning.MOVING).orElse(false);
    if (isGone) {
      return next.over(news.at()).closed(capacity, terms, out);
    }
    return new ChargeSessions(told(next.open, news, capacity, terms));
  }

  private ChargeSessions flowing(News news) {
    ChargeSession session = open == null ? ChargeSession.begin(news) : open.ended(null);
    return new ChargeSessions(
        session.flow(session.flow().begun(news.at())).heard(news.at(), news.event().received()));
  }

  private ChargeSessions standing(News news) {
    if (open == null) {
      return this;
    }
    ChargeSession session =
        open.flow(open.flow().paused(news.at())).heard(news.at(), news.event().received());
    boolean isPause =
        news.car()
            .word(Meaning.CHARGING_STATE)
            .map(Reading::value)
            .filter(PAUSED::contains)
            .isPresent();
    return new ChargeSessions(session).ending(isPause ? null : news.at());
  }

  /** With an end, unless it had one. */
  private ChargeSessions ending(Instant time) {
    return time == null || open.ended() != null ? this : new ChargeSessions(open.ended(time));
  }

  private ChargeSessions over(Instant time) {
    return new ChargeSessions(open.flow(open.flow().paused(time))).ending(time);
  }

  private static ChargeSession told(
      ChargeSession session, News news, Double capacity, DerivedSettings terms) {
    Optional<Double> soc = news.number(Meaning.SOC);
    if (soc.isPresent()) {
      return isRepeated(session, soc.get())
          ? session
          : session
              .charged(soc.get(), news.at(), capacity, terms)
              .heard(news.at(), news.event().received());
    }
    Double power = ChargingPower.told(news);
    if (power != null) {
      boolean direct = ChargingPower.isDirect(news.car(), power);
      return session
          .flow(session.flow().flowing(power, news.at(), direct))
          .heard(news.at(), news.event().received());
    }
    Optional<Place> place = news.position();
    if (place.isPresent()) {
      return session.at(session.from(), session.to().withPlace(place.get()));
    }
    Optional<Double> odometer = news.number(Meaning.ODOMETER);
    return odometer.isPresent()
        ? session.at(session.from(), session.to().withOdometer(odometer.get()))
        : session;
  }

  /** BMW repeats the state of charge of the beginning beside newer ones, with a new time. */
  private static boolean isRepeated(ChargeSession session, double soc) {
    return session.from().soc() != null
        && soc == session.from().soc()
        && session.to().soc() > soc + LEAST_RISE;
  }

  /** At a time at which nothing came in. */
  ChargeSessions tick(
      Instant time, Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    // What was measured long ago and comes only now is given time to come.
    boolean isFresh =
        open != null && Duration.between(open.received(), time).compareTo(SETTLING) < 0;
    return isFresh ? this : elapsed(time, capacity, terms, out);
  }

  private ChargeSessions elapsed(
      Instant time, Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    if (open == null) {
      return this;
    }
    if (open.ended() != null) {
      return Duration.between(open.ended(), time).compareTo(SETTLING) >= 0
          ? closed(capacity, terms, out)
          : this;
    }
    if (Duration.between(open.start(), time).compareTo(LONGEST) > 0
        || Duration.between(open.heard(), time).compareTo(SILENT) > 0) {
      return over(open.heard()).closed(capacity, terms, out);
    }
    return this;
  }

  private ChargeSessions closed(Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    if (open.counts()) {
      out.add(new DerivedValue(DerivedValue.SESSION, open.row(capacity, terms), null, open.end()));
    }
    return NONE;
  }
}
