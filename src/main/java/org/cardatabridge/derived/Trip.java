// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A trip, under way or over. Immutable.
 *
 * @param start when the first sign of driving was measured
 * @param last when the last one was
 * @param received when that was received
 * @param stopped since when the car stands; null while it does not, or does not say so
 * @param from what the car showed before it
 * @param to what it showed last
 * @param metres the way between its positions
 */
record Trip(
    Instant start,
    Instant last,
    Instant received,
    Instant stopped,
    Mark from,
    Mark to,
    double metres) {

  private static final double LEAST_METRES = 500;
  private static final Duration LEAST_TIME = Duration.ofMinutes(2);

  Trip driven(Instant time, Instant receipt) {
    Instant later = time.isAfter(last) ? time : last;
    return new Trip(start, later, receipt, null, from, to, metres);
  }

  Trip stopped(Instant time, Instant receipt) {
    return new Trip(start, last, receipt, time, from, to, metres);
  }

  Trip to(Mark mark) {
    return new Trip(start, last, received, stopped, from, mark, metres);
  }

  Trip moved(double more) {
    return new Trip(start, last, received, stopped, from, to, metres + more);
  }

  Instant end() {
    return stopped != null && stopped.isAfter(start) ? stopped : last;
  }

  /** In km, by the odometer, else by its positions; null where neither says anything. */
  Double distance() {
    if (from.odometer() != null && to.odometer() != null && to.odometer() > from.odometer()) {
      return to.odometer() - from.odometer();
    }
    return metres >= LEAST_METRES ? (Double) (metres / 1_000) : null;
  }

  /** Whether the car got anywhere, as far as can be known. */
  boolean counts() {
    boolean isUnknown = from.odometer() == null && from.place() == null;
    return distance() != null
        || isUnknown && Duration.between(start, end()).compareTo(LEAST_TIME) >= 0;
  }

  /**
   * Its fields, in the order of the docs; what is not known is left out.
   *
   * @param capacity usable energy of the battery in kWh; null where not known
   */
  Map<String, Object> row(Double capacity, DerivedSettings terms) {
    Map<String, Object> row = new LinkedHashMap<>();
    // One sign alone says when it was noticed, not when it began.
    boolean isBeginKnown = end().isAfter(start);
    row.put("id", Mark.id("trip", start));
    if (isBeginKnown) {
      row.put("start", start.toString());
    }
    row.put("end", end().toString());
    if (isBeginKnown) {
      Mark.put(row, "minutes", Duration.between(start, end()).toSeconds() / 60.0, 1);
    }
    Mark.put(row, "distance", distance(), 10);
    Mark.put(row, "startOdometer", from.odometer(), 10);
    Mark.put(row, "endOdometer", to.odometer(), 10);
    Mark.put(row, "startStateOfCharge", from.soc(), 10);
    Mark.put(row, "endStateOfCharge", to.soc(), 10);
    if (capacity != null && from.soc() != null && to.soc() != null) {
      double energy = (from.soc() - to.soc()) / 100 * capacity;
      if (energy >= 0) {
        Mark.put(row, "energy", energy, 100);
      }
      if (distance() != null && distance() >= 1 && energy > 0) {
        Mark.put(row, "consumption", energy / distance() * 100, 10);
      }
      if (terms.tariff() != null && energy > 0) {
        Mark.put(row, "cost", energy / (1 - terms.loss()) * terms.tariff().usual(), 100);
      }
    }
    from.putPlace(row, "startPosition", "startAtHome", terms.home());
    to.putPlace(row, "endPosition", "endAtHome", terms.home());
    return row;
  }
}
