// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One property of a car, as High Mobility sends it. Immutable.
 *
 * @param capability group of properties
 * @param property its name within the group
 * @param data any JSON value; a list for a property that has several values at once
 * @param at when the car measured it; sent in milliseconds
 */
record HighMobilityPoint(String capability, String property, Object data, Instant at) {

  /** A number with its unit. */
  static JsonObject measured(double value, String unit) {
    return new JsonObject().put("value", value).put("unit", unit);
  }

  String key() {
    return capability + "." + property;
  }

  /** With the first generation a single property is an object, one with several values a list. */
  Object first() {
    return data instanceof List<?> several ? each(several, false) : one(data, true);
  }

  /** With the second generation every property is a list, and all items have their time. */
  JsonArray second() {
    return each(data instanceof List<?> several ? several : List.of(data), true);
  }

  private JsonArray each(List<?> several, boolean timed) {
    JsonArray list = new JsonArray();
    several.forEach(item -> list.add(one(item, timed)));
    return list;
  }

  private JsonObject one(Object item, boolean timed) {
    JsonObject json = new JsonObject().put("data", item);
    return timed ? json.put("timestamp", time(at)) : json;
  }

  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
