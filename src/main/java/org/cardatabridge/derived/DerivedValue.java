// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Instant;
import org.cardatabridge.CarEvent;

/**
 * A value that was worked out. Immutable.
 *
 * @param key one of the constants here
 * @param value a number, or a map of the fields of a trip or charge session
 * @param unit null where there is none
 * @param at the car's time, or the time it was worked out for
 */
record DerivedValue(String key, Object value, String unit, Instant at) {

  /** What all keys begin with, and nothing else does. */
  static final String PREFIX = "derived.";

  static final String STATE_OF_CHARGE = PREFIX + "stateOfCharge";
  static final String ERROR = PREFIX + "stateOfCharge.error";
  static final String POWER = PREFIX + "chargingPower";
  static final String TRIP = PREFIX + "trip.last";
  static final String SESSION = PREFIX + "charging.session";

  private static final String SOURCE = "derived";

  static DerivedValue number(String key, double value, String unit, Instant at) {
    return new DerivedValue(key, rounded(value, 10), unit, at);
  }

  /** To so many parts of one. */
  static double rounded(double value, int parts) {
    return Math.round(value * parts) / (double) parts;
  }

  /** Whether it is about a trip or charge session, and not about the moment. */
  boolean isRow() {
    return key.equals(TRIP) || key.equals(SESSION);
  }

  /** As an event of the car that another event is of. */
  CarEvent event(CarEvent of, Instant now) {
    return new CarEvent(of.account(), of.vin(), of.vehicle(), key, value, unit, at, now, SOURCE);
  }
}
