// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.Instant;

/**
 * The state of charge of a battery that is being charged, between what the car says of it.
 * Immutable; a function of what it was told.
 *
 * @param soc percent at {@code at}; what is extrapolated begins there
 * @param at when that was
 * @param real what the car said last, in percent
 * @param realAt when the car measured it
 * @param movedFrom the estimate when the car said it: how far it has come since is what may be
 *     wrong
 * @param pace how fast it fills; null where nothing tells that yet
 * @param scale by how much the battery filled faster than the pace says, as learnt in this charge
 * @param misfit mean part of what was extrapolated that turned out wrong, as learnt in this charge
 */
record Extrapolation(
    double soc,
    Instant at,
    double real,
    Instant realAt,
    double movedFrom,
    Pace pace,
    double scale,
    double misfit) {

  private static final long STEP_SECONDS = 30;
  private static final double FULL = 100;

  /** So far a car charges past its target, in percent points. */
  private static final double PASSED = 2;

  /** A whole percent may be cut off or rounded. */
  private static final double BELOW = 0.5;

  private static final double ABOVE = 1;
  private static final double LEAST_TO_LEARN = 2;
  private static final double LEAST_SCALE = 0.5;
  private static final double MOST_SCALE = 1.3;
  private static final double FIRST_MISFIT = 0.15;
  private static final double LEAST_MISFIT = 0.08;

  /** What a whole percent may hide, in percent points. */
  static final double RESOLUTION = 0.5;

  /** Begins where the car says it is. */
  static Extrapolation from(double soc, Instant at) {
    return new Extrapolation(soc, at, soc, at, soc, null, 1, FIRST_MISFIT);
  }

  /** The state of charge at a time, in percent; never past the target, never back. */
  double at(Instant time, Double target) {
    double limit = limit(target);
    double now = soc;
    if (pace == null) {
      return Math.min(now, Math.max(limit, real));
    }
    long left = Duration.between(at, time).toSeconds();
    while (left > 0 && now < limit) {
      long step = Math.min(STEP_SECONDS, left);
      now += Math.max(0, pace.at(now)) * scale * step / 3600;
      left -= step;
    }
    return Math.min(now, Math.max(limit, real));
  }

  /** One that was passed by more is not what this charge ends at. */
  private double limit(Double target) {
    if (target == null || real > target + PASSED) {
      return FULL;
    }
    return Math.min(FULL, Math.max(target, real));
  }

  /** How far the estimate of a time may be off, in percent points. */
  double error(Instant time, Double target) {
    return RESOLUTION + misfit * Math.abs(at(time, target) - movedFrom);
  }

  /**
   * What the car says now. A whole percent leaves an estimate as it is that fits it.
   *
   * @param value in percent
   */
  Extrapolation corrected(double value, Instant time, Double target) {
    double predicted = at(time, target);
    double learnt = scale;
    double wrong = misfit;
    double realChange = value - real;
    double expected = predicted - movedFrom;
    if (realChange >= LEAST_TO_LEARN && expected > RESOLUTION) {
      double weight = Math.min(1, realChange / 6) / 2;
      double ratio = Math.max(0.7, Math.min(1.4, realChange / expected));
      learnt = Math.max(LEAST_SCALE, Math.min(MOST_SCALE, scale * Math.pow(ratio, weight)));
      double part = Math.abs(realChange - expected) / realChange;
      wrong = Math.max(LEAST_MISFIT, (misfit + Math.min(1, part)) / 2);
    }
    double corrected = value;
    if (value == Math.rint(value)) {
      if (predicted >= value - BELOW && predicted < value + ABOVE) {
        corrected = predicted;
      } else if (predicted > value) {
        corrected = value + BELOW;
      }
    }
    Pace next = pace;
    double hours = Duration.between(realAt, time).toMillis() / 3_600_000.0;
    boolean isBetterKnown = pace != null && pace.source() != Pace.Source.OBSERVED;
    if (!isBetterKnown && realChange >= 1 && hours > 0) {
      double observed = realChange / hours;
      boolean direct = Pace.isFast(observed);
      next =
          pace == null
              ? new Pace(Pace.Source.OBSERVED, observed, corrected, direct, null)
              : pace.then(Pace.Source.OBSERVED, observed, corrected, direct);
      learnt = 1;
    }
    return new Extrapolation(corrected, time, value, time, corrected, next, learnt, wrong);
  }

  /** A pace that holds from a time on; a less trusted one than is known changes nothing. */
  Extrapolation paced(
      Pace.Source source, double perHour, boolean isDirect, Instant time, Double target) {
    if (pace != null && pace.source().compareTo(source) > 0) {
      return this;
    }
    // One that was measured earlier than the estimate begins does not take it back.
    Instant begin = time.isAfter(at) ? time : at;
    double here = at(begin, target);
    Pace next =
        pace == null
            ? new Pace(source, perHour, here, isDirect, null)
            : pace.then(source, perHour, here, isDirect);
    return new Extrapolation(here, begin, real, realAt, movedFrom, next, scale, misfit);
  }
}
