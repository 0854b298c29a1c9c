// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.cardatabridge.CarEvent;

/**
 * How a descriptor of a car showed itself when it had a value. Immutable.
 *
 * @param unit the unit that came with its newest value that had one; null where none ever came
 * @param kind what its first value was; a text where a number was followed by a word
 * @param at when the car measured the value with that unit; null where that is not known
 */
record Sighting(String unit, Kind kind, Instant at) {

  /** What a value is. */
  enum Kind {
    NUMBER,
    BOOLEAN,
    TEXT,
    STRUCTURE;

    static Kind of(Object value) {
      if (value instanceof Number) {
        return NUMBER;
      } else if (value instanceof Boolean) {
        return BOOLEAN;
      }
      return value instanceof Map || value instanceof Collection ? STRUCTURE : TEXT;
    }
  }

  /** Of a data point that has a value. */
  static Sighting of(CarEvent event) {
    return new Sighting(
        event.unit(), Kind.of(event.value()), event.unit() == null ? null : time(event));
  }

  /** The same after another data point: its unit counts, where it has one and is not older. */
  Sighting then(CarEvent event) {
    boolean word = kind == Kind.NUMBER && Kind.of(event.value()) == Kind.TEXT;
    boolean newer = event.unit() != null && (at == null || !time(event).isBefore(at));
    return new Sighting(
        newer ? event.unit() : unit, word ? Kind.TEXT : kind, newer ? time(event) : at);
  }

  /** Whether it makes the same entity as another one. */
  boolean looksLike(Sighting other) {
    return other != null && kind == other.kind && Objects.equals(unit, other.unit);
  }

  /** A time that is ahead of its receipt would keep all later units away. */
  private static Instant time(CarEvent event) {
    return event.timestamp().isAfter(event.received()) ? event.received() : event.timestamp();
  }
}
