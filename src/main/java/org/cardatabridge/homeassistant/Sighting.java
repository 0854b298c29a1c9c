// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.cardatabridge.CarEvent;

/**
 * How a descriptor of a car showed itself when it had a value. Immutable.
 *
 * @param unit the unit that came with it last; null where none ever came
 * @param kind what its first value was
 */
record Sighting(String unit, Kind kind) {

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
    return new Sighting(event.unit(), Kind.of(event.value()));
  }

  /** The same after another data point: its unit counts, where it has one. */
  Sighting then(CarEvent event) {
    return event.unit() == null || Objects.equals(event.unit(), unit)
        ? this
        : new Sighting(event.unit(), kind);
  }
}
