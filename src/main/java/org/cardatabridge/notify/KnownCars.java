// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.NewestValues;

/** What is known of the cars from before. Safe for use by many threads. */
interface KnownCars {

  /** The VINs of all. */
  Set<String> vins();

  /** The newest value of each descriptor; empty for an unknown VIN. */
  List<CarEvent> values(String vin);

  /** Those of the journal. */
  static KnownCars of(NewestValues newest) {
    return new KnownCars() {
      @Override
      public Set<String> vins() {
        return newest.vehicles().stream()
            .map(NewestValues.Vehicle::vin)
            .collect(Collectors.toSet());
      }

      @Override
      public List<CarEvent> values(String vin) {
        return newest.vehicle(vin).map(v -> List.copyOf(v.values().values())).orElse(List.of());
      }
    };
  }
}
