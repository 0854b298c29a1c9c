// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.Locale;

/** What a simulated car can be told to do; it goes on doing that until told otherwise. */
public enum CarAction {
  /** Somebody unlocks it: it reports all it knows. */
  WAKE,
  /** It drives along its route: position, mileage and charge change. */
  DRIVE,
  /** It stops and is locked: the trip's end and all it knows. */
  PARK,
  /** It is plugged in and charges until it is full. */
  CHARGE,
  /** It says nothing at all, for days if need be. */
  SLEEP;

  /** Its name in the control API. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static CarAction of(String word) {
    for (CarAction a : values()) {
      if (a.word().equals(word)) {
        return a;
      }
    }
    throw new IllegalArgumentException(
        "telling a car: unknown action '" + word + "' — take wake, drive, park, charge or sleep");
  }
}
