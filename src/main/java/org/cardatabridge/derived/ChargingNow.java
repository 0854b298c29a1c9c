// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Reading;

/**
 * What a charge is at: the state of charge between two reports, and the smoothed power. Immutable;
 * a function of what came in and of time.
 *
 * @param estimate null while nothing is charged, or no state of charge is known
 * @param startSoc the state of charge at which this charge began; null where not known
 * @param heard when the last news of the charge was received
 * @param told the time of the last state of charge that was given out; time passes by the bridge's
 *     clock, so it may be later than what the car measures next
 */
record ChargingNow(
    Extrapolation estimate, ChargingPower power, Double startSoc, Instant heard, Instant told) {

  static final ChargingNow NOTHING =
      new ChargingNow(null, ChargingPower.NONE, null, Instant.MIN, null);

  /** A report that is no older than this at the end of a charge takes the estimate's place. */
  private static final Duration REPORTED = Duration.ofMinutes(2);

  private static final double LEAST_RISE = 1.5;

  /**
   * After an event; what it gives is added to the list.
   *
   * @param capacity usable energy of the battery in kWh; null where not known
   */
  ChargingNow then(News news, Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    ChargingNow next = this;
    if (isEnd(news)) {
      return ended(news, out);
    }
    if (news.flag(Meaning.CHARGING).isPresent() && news.car().isCharging()) {
      next = next.heardOf(news).begun(news);
    }
    Optional<Double> soc = news.number(Meaning.SOC);
    if (soc.isPresent()) {
      next = next.told(soc.get(), news, out);
    }
    if (next.estimate == null && !news.car().isCharging()) {
      return next;
    }
    Double flows = ChargingPower.told(news);
    if (flows != null) {
      next = next.flowing(flows, news, capacity, terms, out);
    } else if (news.number(Meaning.CHARGING_TIME_REMAINING).isPresent()) {
      next = next.heardOf(news).left(news);
    }
    return next;
  }

  private static boolean isEnd(News news) {
    return news.flag(Meaning.CHARGING).filter(charging -> !charging).isPresent()
        || news.flag(Meaning.PLUGGED).filter(plugged -> !plugged).isPresent()
        || news.flag(Meaning.MOVING).filter(moving -> moving).isPresent();
  }

  private ChargingNow heardOf(News news) {
    return new ChargingNow(estimate, power, startSoc, news.event().received(), told);
  }

  private ChargingNow ended(News news, List<DerivedValue> out) {
    ChargingNow end = new ChargingNow(null, ChargingPower.NONE, null, Instant.MIN, told);
    if (power.kilowatts() > 0) {
      out.add(DerivedValue.number(DerivedValue.POWER, 0, "kW", news.at()));
    }
    Optional<Reading<Double>> last = news.car().number(Meaning.SOC);
    if (last.isEmpty()) {
      return end;
    }
    boolean isTold = news.number(Meaning.SOC).isPresent();
    boolean isFresh =
        estimate != null
            && !news.car().isCharging()
            && !isRepeated(last.get().value())
            && Duration.between(last.get().timestamp(), news.at()).compareTo(REPORTED) <= 0;
    return isTold || isFresh ? end.told(last.get().value(), news, out) : end;
  }

  private ChargingNow begun(News news) {
    if (estimate != null) {
      return this;
    }
    return news.car()
        .number(Meaning.SOC)
        .map(
            soc ->
                new ChargingNow(
                    Extrapolation.from(soc.value(), news.at()), power, soc.value(), heard, told))
        .orElse(this);
  }

  private ChargingNow told(double soc, News news, List<DerivedValue> out) {
    Double target = target(news.car());
    Instant time = later(news.at());
    if (!news.car().isCharging()) {
      out.add(DerivedValue.number(DerivedValue.STATE_OF_CHARGE, soc, "%", time));
      out.add(DerivedValue.number(DerivedValue.ERROR, Extrapolation.RESOLUTION, "%", time));
      return told(time);
    }
    if (isRepeated(soc)) {
      return this;
    }
    Extrapolation next =
        estimate == null
            ? Extrapolation.from(soc, news.at())
            : estimate.corrected(soc, news.at(), target);
    add(next, time, target, out);
    return new ChargingNow(
        next, power, startSoc == null ? (Double) soc : startSoc, news.event().received(), time);
  }

  /** A time that is after all that was given out. */
  private Instant later(Instant time) {
    return told == null || time.isAfter(told) ? time : told.plusSeconds(1);
  }

  private ChargingNow told(Instant time) {
    return new ChargingNow(estimate, power, startSoc, heard, time);
  }

  /** BMW repeats the state of charge of the beginning beside newer ones, with a new time. */
  private boolean isRepeated(double soc) {
    return estimate != null
        && startSoc != null
        && soc == startSoc
        && estimate.real() > soc + LEAST_RISE;
  }

  private ChargingNow flowing(
      double flows, News news, Double capacity, DerivedSettings terms, List<DerivedValue> out) {
    ChargingPower smoothed = power.then(flows, news.at());
    if (!smoothed.equals(power)) {
      out.add(
          new DerivedValue(
              DerivedValue.POWER,
              DerivedValue.rounded(smoothed.kilowatts(), 100),
              "kW",
              news.at()));
    }
    Extrapolation next = estimate;
    if (estimate != null && capacity != null) {
      boolean direct = ChargingPower.isDirect(news.car(), flows);
      double reaches = direct ? flows : flows * (1 - terms.loss());
      next =
          estimate.paced(
              Pace.Source.POWER, reaches / capacity * 100, direct, news.at(), target(news.car()));
    }
    return new ChargingNow(next, smoothed, startSoc, news.event().received(), told);
  }

  private ChargingNow left(News news) {
    Double target = target(news.car());
    double minutes = news.number(Meaning.CHARGING_TIME_REMAINING).orElse(0.0);
    if (estimate == null || target == null || minutes <= 0) {
      return this;
    }
    double soc = estimate.at(news.at(), target);
    if (soc >= target) {
      return this;
    }
    double hourly = Pace.reaching(target, soc, minutes);
    boolean direct = Pace.isFast((target - soc) / minutes * 60);
    return new ChargingNow(
        estimate.paced(Pace.Source.TIME_LEFT, hourly, direct, news.at(), target),
        power,
        startSoc,
        heard,
        told);
  }

  /** At a time at which nothing came in. */
  ChargingNow tick(Instant time, CarState car, DerivedSettings terms, List<DerivedValue> out) {
    if (estimate == null || estimate.pace() == null || !car.isCharging()) {
      return this;
    }
    boolean isSilent = Duration.between(heard, time).compareTo(terms.silence()) > 0;
    boolean isOld = Duration.between(estimate.at(), time).compareTo(terms.silence()) > 0;
    if (isSilent || isOld || !time.isAfter(estimate.at())) {
      return this;
    }
    add(estimate, time, target(car), out);
    return told(told == null || time.isAfter(told) ? time : told);
  }

  /** Whether time alone can give something. */
  boolean isUnderWay() {
    return estimate != null;
  }

  private static void add(
      Extrapolation estimate, Instant time, Double target, List<DerivedValue> out) {
    out.add(
        DerivedValue.number(DerivedValue.STATE_OF_CHARGE, estimate.at(time, target), "%", time));
    out.add(DerivedValue.number(DerivedValue.ERROR, estimate.error(time, target), "%", time));
  }

  private static Double target(CarState car) {
    return car.number(Meaning.TARGET_SOC).map(Reading::value).orElse(null);
  }
}
