// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.cardatabridge.CarEvent;

/**
 * Results in the shape of a CarData message, so that they take the way of every message: chosen,
 * typed, named, journalled. Not for use by many threads.
 */
final class Points {

  private final String vin;
  private final Map<String, Object> data = new LinkedHashMap<>();

  Points(String vin) {
    this.vin = vin;
  }

  /** Puts a value in; the unit may be null. */
  Points add(String key, Object value, String unit, Instant timestamp) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("value", value);
    if (unit != null) {
      entry.put("unit", unit);
    }
    entry.put("timestamp", timestamp.toString());
    data.put(key, entry);
    return this;
  }

  /**
   * Puts a value in that BMW gives no time for: it has the time of receipt, but that since when it
   * is known where it is still the same, which makes it a duplicate.
   *
   * @param newest the newest data point of a VIN and a key
   */
  Points addUndated(
      String key,
      Object value,
      String unit,
      Instant received,
      BiFunction<String, String, Optional<CarEvent>> newest) {
    Instant since =
        newest
            .apply(vin, key)
            .filter(known -> known.value() != null)
            .filter(known -> AnswerJson.write(known.value()).equals(AnswerJson.write(value)))
            .map(CarEvent::timestamp)
            .orElse(received);
    return add(key, value, unit, since);
  }

  int size() {
    return data.size();
  }

  /** The message, as it came from the path of a vehicle's resource. */
  RestMessage message(RestRequest order, String resource, Instant received) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("vin", vin);
    message.put("data", data);
    return new RestMessage(
        order.account(), RestPath.topic(vin, resource), received, AnswerJson.bytes(message));
  }
}
