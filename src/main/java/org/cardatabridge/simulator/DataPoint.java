// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One value of a car, as BMW sends it. Immutable.
 *
 * @param key descriptor
 * @param value any JSON value
 * @param unit unit in BMW's spelling; null for none
 * @param at when the car measured it; sent in whole seconds
 */
record DataPoint(String key, Object value, String unit, Instant at) {

  JsonObject toJson() {
    return new JsonObject()
        .put("timestamp", at.truncatedTo(ChronoUnit.SECONDS).toString())
        .put("value", value)
        .put("unit", unit);
  }
}
