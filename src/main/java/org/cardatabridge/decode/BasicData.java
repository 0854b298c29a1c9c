// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The value with a car's model, series and so on, which repeats the VIN: a car that has an alias
 * would be known by it wherever that value is shown. Stateless and safe for many threads.
 */
final class BasicData {

  /** Its descriptor. */
  static final String KEY = "vehicle.vehicleIdentification.basicVehicleData";

  private static final String VIN = "vin";

  private BasicData() {}

  /** The same value, at any depth without fields of that name. */
  static Object withoutVin(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> rest = new LinkedHashMap<>();
      map.forEach(
          (name, inner) -> {
            if (!VIN.equalsIgnoreCase(String.valueOf(name))) {
              rest.put(name, withoutVin(inner));
            }
          });
      return Collections.unmodifiableMap(rest);
    }
    return value instanceof Collection<?> list
        ? list.stream().map(BasicData::withoutVin).toList()
        : value;
  }
}
