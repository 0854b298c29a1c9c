// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import org.cardatabridge.CarEvent;

/**
 * One descriptor that carries a meaning. Immutable.
 *
 * @param meaning what it carries
 * @param element which door, window or wheel; empty where there is one for the whole car
 * @param part the descriptor, or the part of its value that carries it
 * @param trust 0 for the most trusted descriptor of a meaning's element, then 1, 2, …
 * @param last whether it counts only where nothing better was ever known
 * @param reads how its values are read
 */
public record Carrier(
    Meaning meaning, String element, ValuePart part, int trust, boolean last, Reads reads) {

  /** What BMW's own descriptors begin with. */
  private static final String BMW = "vehicle.";

  /** The descriptor with dots. */
  public String key() {
    return part.key();
  }

  /**
   * Whether it is one of BMW's own descriptors; all others are of another source, which has an
   * order of trust of its own.
   */
  boolean isOfBmw() {
    return key().startsWith(BMW);
  }

  /**
   * What an event of its descriptor tells.
   *
   * @return as {@link Reads#value}
   */
  Object value(CarEvent event) {
    ValuePart.Found found = part.in(event.value(), event.unit());
    return reads.value(found.value(), found.unit());
  }
}
