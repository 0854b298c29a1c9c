// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.time.Instant;

/**
 * What a car told of one meaning. Immutable.
 *
 * @param <T> {@code Double}, {@code Boolean}, {@code String} or {@link Place}
 * @param value the value; never null
 * @param unit the unit of a number; null where there is none
 * @param timestamp when the car measured it
 * @param key the descriptor that told it
 */
public record Reading<T>(T value, String unit, Instant timestamp, String key) {

  /** Names the descriptor and the time only, so that it may stand in a log. */
  @Override
  public String toString() {
    return "Reading[" + key + " at " + timestamp + "]";
  }
}
