// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * State kept for each car of each account. Bounded: the car that was quiet longest is forgotten
 * first. Safe for use by many threads; what it holds must be so by itself.
 */
final class PerVehicle<T> {

  private record Car(String account, String vin) {}

  private final Supplier<T> first;
  private final Map<Car, T> states;

  /**
   * Made for at most so many cars.
   *
   * @param first makes the state of a car that is not known yet
   */
  PerVehicle(int most, Supplier<T> first) {
    this.first = first;
    this.states =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Car, T> eldest) {
            return size() > most;
          }
        };
  }

  /** The state of this car of this account. */
  synchronized T of(String account, String vin) {
    return states.computeIfAbsent(new Car(account, vin), car -> first.get());
  }

  /** How many cars are known. */
  synchronized int size() {
    return states.size();
  }
}
