// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import java.util.List;
import org.cardatabridge.CarEvent;

/** What cars said before this process, or before a car is asked for. Safe for many threads. */
public interface Past {

  /** Whether the others can tell: before, an empty list does not mean that there is nothing. */
  boolean isKnown();

  /**
   * The newest values among those that the sink was handed, the oldest first.
   *
   * @param vin null for all cars
   */
  List<CarEvent> handed(String vin);

  /** The newest values of all cars, with those that the sink is still to be handed. */
  List<CarEvent> all();
}
