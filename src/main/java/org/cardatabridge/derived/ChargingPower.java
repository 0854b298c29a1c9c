// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Reading;

/**
 * The power that flows while charging, and the same without its jumps. Immutable.
 *
 * @param kilowatts smoothed; 0 while nothing flows
 * @param at when the car measured the last one; null where none was
 */
record ChargingPower(double kilowatts, Instant at) {

  /** More than this flows only as direct current, in kW. */
  static final double STRONGEST_ALTERNATING = 23;

  private static final double SMOOTHED_OVER_MINUTES = 5;

  /** A car that said its power will say it again. */
  private static final Duration SAID = Duration.ofHours(1);

  static final ChargingPower NONE = new ChargingPower(0, null);

  /** After a value of the car; an older one than the last changes nothing. */
  ChargingPower then(double power, Instant time) {
    if (at == null || kilowatts == 0 || power == 0) {
      return new ChargingPower(power, time);
    }
    double minutes = Duration.between(at, time).toMillis() / 60_000.0;
    if (minutes <= 0) {
      return this;
    }
    double weight = 1 - Math.exp(-minutes / SMOOTHED_OVER_MINUTES);
    return new ChargingPower(kilowatts + weight * (power - kilowatts), time);
  }

  /**
   * What an event says flows, in kW: the power itself, or, of a car that does not say it, current
   * times voltage times phases.
   *
   * @return null where it says neither
   */
  static Double told(News news) {
    Optional<Double> power = news.number(Meaning.CHARGING_POWER);
    if (power.isPresent()) {
      return power.get() < 0 ? null : power.get();
    }
    CarState car = news.car();
    boolean isSaid =
        car.number(Meaning.CHARGING_POWER)
            .filter(said -> Duration.between(said.timestamp(), news.at()).compareTo(SAID) < 0)
            .isPresent();
    boolean isPart =
        news.number(Meaning.AC_CURRENT).isPresent()
            || news.number(Meaning.AC_VOLTAGE).isPresent()
            || news.number(Meaning.PHASES).isPresent();
    Double volts = value(car, Meaning.AC_VOLTAGE);
    Double amperes = value(car, Meaning.AC_CURRENT);
    Double phases = value(car, Meaning.PHASES);
    boolean isWhole = volts != null && amperes != null && phases != null;
    return isSaid || !isPart || !isWhole ? null : (Double) (volts * amperes * phases / 1000);
  }

  /** Whether direct current flows. */
  static boolean isDirect(CarState car, double kilowatts) {
    return kilowatts > STRONGEST_ALTERNATING || car.is(Meaning.DIRECT_CURRENT);
  }

  private static Double value(CarState car, Meaning meaning) {
    return car.number(meaning).map(Reading::value).orElse(null);
  }
}
