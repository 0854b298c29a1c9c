// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * The two ways to name a side of a car: driver's and passenger's, or left and right. Which is which
 * depends on where the steering wheel is, which is not known of each car; so neither is made of the
 * other. Stateless.
 */
final class Sides {

  private Sides() {}

  /** Of a car whose two sources name its sides in both ways, keeps the way that was newer. */
  static void keepNewer(Map<String, ? extends Reading<?>> elements) {
    Optional<Instant> byDriver = newest(elements, false);
    Optional<Instant> byHand = newest(elements, true);
    if (byDriver.isPresent() && byHand.isPresent()) {
      boolean isHandOld = byDriver.get().isAfter(byHand.get());
      elements.keySet().removeIf(element -> isHandOld ? isByHand(element) : isByDriver(element));
    }
  }

  private static Optional<Instant> newest(
      Map<String, ? extends Reading<?>> elements, boolean byHand) {
    return elements.entrySet().stream()
        .filter(entry -> byHand ? isByHand(entry.getKey()) : isByDriver(entry.getKey()))
        .<Instant>map(entry -> entry.getValue().timestamp())
        .max(Comparator.naturalOrder());
  }

  private static boolean isByHand(String element) {
    return element.endsWith("-left") || element.endsWith("-right");
  }

  private static boolean isByDriver(String element) {
    return element.endsWith("-driver") || element.endsWith("-passenger");
  }
}
