// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * State kept for each car of each account. Bounded: the car that was quiet longest is forgotten
 * first. Safe for use by many threads; what it holds must be so by itself.
 */
final class PerVehicle<T> {

  /** A record's own methods are linked when first used, which a start would wait for. */
  private record Car(String account, String vin) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Car same
          && Objects.equals(vin, same.vin)
          && Objects.equals(account, same.account);
    }

    @Override
    public int hashCode() {
      return 31 * Objects.hashCode(account) + Objects.hashCode(vin);
    }
  }

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
