// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;

/**
 * What the decoder found in one message. Immutable.
 *
 * @param vin the car the message is about; null where that is not known
 * @param points the data points in the order of the message, values and units as they were sent;
 *     empty where there are none
 * @param otherwiseTimed descriptors whose entry had no time of its own, with the clock that stands
 *     in; usually empty
 * @param skipped how many entries were left out because no topic can have their name
 * @param unreadable why the message could not be read; null where it could
 * @param id what the message calls itself, by which it is known when it comes again; null for most
 */
public record Decoded(
    String vin,
    List<CarEvent> points,
    Map<String, TimeOrigin> otherwiseTimed,
    int skipped,
    Unreadable unreadable,
    String id) {

  /** Keeps its own unmodifiable copies. */
  public Decoded {
    points = List.copyOf(points);
    otherwiseTimed = Map.copyOf(otherwiseTimed);
  }

  static Decoded unreadable(Unreadable why) {
    return new Decoded(null, List.of(), Map.of(), 0, why, null);
  }

  /** Says how much was found, never what. */
  @Override
  public String toString() {
    return "Decoded["
        + points.size()
        + " points, "
        + (unreadable == null ? "read" : unreadable)
        + "]";
  }
}
