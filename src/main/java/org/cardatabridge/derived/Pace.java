// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

/**
 * How fast a battery fills, and how that changes as it fills. Immutable.
 *
 * <p>Alternating current keeps its pace until the battery is nearly full. Direct current slows down
 * from a third on; how steeply is half the usual curve, half what the car showed last.
 *
 * @param source what tells the pace
 * @param perHour percent of the battery in an hour, at {@code atSoc}
 * @param atSoc state of charge in percent at which that was so
 * @param isDirect whether direct current flows
 * @param slope how much {@code perHour} changed with each percent lately; null where not known
 */
record Pace(Source source, double perHour, double atSoc, boolean isDirect, Double slope) {

  /** What tells a pace; the later ones are trusted more. */
  enum Source {
    /** Two states of charge and the time between them. */
    OBSERVED,
    /** The time that the car says is left. */
    TIME_LEFT,
    /** The power that flows. */
    POWER
  }

  /** State of charge and what is left of the first pace there, of direct current. */
  private static final double[][] DIRECT = {{0, 1}, {35, 1}, {80, 0.35}, {100, 0.08}};

  private static final double[][] ALTERNATING = {{0, 1}, {96, 1}, {100, 0.3}};

  private static final double FASTEST_ALTERNATING = 45;
  private static final double STEEPEST = -7;
  private static final double MOST_RISE = 1.25;
  private static final double FIRST_TAPER = 60;
  private static final double LEAST_CHANGE = 1.5;

  /** The pace after this one, measured at a higher state of charge. */
  Pace then(Source by, double hourly, double soc, boolean direct) {
    Double now = slope;
    if (!direct || by != source || by == Source.TIME_LEFT) {
      now = null;
    } else if (soc - atSoc > LEAST_CHANGE) {
      double change = (hourly - perHour) / (soc - atSoc);
      // What rises now will not rise for long.
      now = change < 0 ? Math.max(STEEPEST, change) : Math.min(hourly * 0.03, change) / 2;
    }
    return new Pace(by, hourly, soc, direct, now);
  }

  /**
   * The pace at a state of charge with which a target is reached in that time, along the usual
   * curve.
   *
   * @param minutes above 0
   */
  static double reaching(double target, double soc, double minutes) {
    double hourly = (target - soc) / minutes * 60;
    double[][] curve = isFast(hourly) ? DIRECT : ALTERNATING;
    double here = share(curve, soc);
    double sum = 0;
    int steps = 50;
    for (int i = 0; i < steps; i++) {
      sum += here / share(curve, soc + (target - soc) * (i + 0.5) / steps);
    }
    return hourly * sum / steps;
  }

  /** Whether only direct current is so fast, in percent in an hour. */
  static boolean isFast(double hourly) {
    return hourly > FASTEST_ALTERNATING;
  }

  /** Percent in an hour at this state of charge. */
  double at(double soc) {
    double[][] curve = isDirect ? DIRECT : ALTERNATING;
    double usual = perHour * share(curve, soc) / share(curve, atSoc);
    if (slope == null) {
      return usual;
    }
    double straight = Math.max(perHour / 4, perHour + slope * (soc - atSoc));
    if (slope >= 0 && soc < FIRST_TAPER) {
      return Math.min(straight, perHour * MOST_RISE);
    }
    return (straight + usual) / 2;
  }

  private static double share(double[][] curve, double soc) {
    for (int i = 1; i < curve.length; i++) {
      if (soc <= curve[i][0]) {
        double part = (soc - curve[i - 1][0]) / (curve[i][0] - curve[i - 1][0]);
        return curve[i - 1][1] + part * (curve[i][1] - curve[i - 1][1]);
      }
    }
    return curve[curve.length - 1][1];
  }
}
