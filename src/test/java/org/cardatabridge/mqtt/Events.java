// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.time.Instant;
import org.cardatabridge.CarEvent;

/** Data points for tests. */
final class Events {

  static final String VIN = "WBY00TEST00000001";
  static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private Events() {}

  static CarEvent event(String key, Object value, String unit) {
    return event(key, value, unit, NOON);
  }

  static CarEvent event(String key, Object value, String unit, Instant timestamp) {
    return new CarEvent("main", VIN, VIN, key, value, unit, timestamp, NOON, "stream");
  }
}
