// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Charging sessions as BMW lists them, made even: times in words, numbers as numbers, one spelling
 * of units. Stateless and safe for use by many threads.
 */
final class ChargingSessions {

  /** Beyond that a value is too long for some databases' texts. */
  static final int MOST_BLOCKS = 600;

  private static final String BLOCKS = "chargingBlocks";
  private static final Set<String> NUMBERS =
      Set.of(
          "displayedStartSoc",
          "displayedSoc",
          "totalChargingDurationSec",
          "energyConsumedFromPowerGridKwh",
          "energyIncreaseHvbKwh",
          "mileage");

  /**
   * One session. Immutable.
   *
   * @param end when it ended
   * @param value what BMW says of it, without its blocks
   * @param blocks the blocks; may be empty
   */
  record Session(Instant end, Map<String, Object> value, List<Object> blocks) {}

  private ChargingSessions() {}

  /** Null for one that still runs, or is none. */
  static Session of(JsonNode json) {
    if (!json.isObject()) {
      return null;
    }
    Instant start = AnswerJson.time(json, "startTime");
    Instant end = end(json, start);
    if (end == null) {
      return null;
    }
    Map<String, Object> value = AnswerJson.object(json);
    value.remove(BLOCKS);
    if (start != null) {
      value.put("startTime", start.toString());
    }
    value.put("endTime", end.toString());
    for (String name : NUMBERS) {
      if (value.get(name) instanceof String text && AnswerJson.number(text) != null) {
        value.put(name, AnswerJson.number(text));
      }
    }
    String units = AnswerJson.text(json, "mileageUnits");
    if (units != null) {
      value.put("mileageUnits", unit(units));
    }
    return new Session(end, value, blocks(json.path(BLOCKS)));
  }

  private static Instant end(JsonNode json, Instant start) {
    Instant end = AnswerJson.time(json, "endTime");
    String seconds = AnswerJson.text(json, "totalChargingDurationSec");
    Number duration = seconds == null ? null : AnswerJson.number(seconds);
    if (end != null || start == null || duration == null || duration.longValue() <= 0) {
      return end;
    }
    return start.plus(Duration.ofSeconds(Math.min(duration.longValue(), Integer.MAX_VALUE)));
  }

  /** BMW writes KM and MileageUnits.KM. */
  private static String unit(String text) {
    return text.substring(text.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static List<Object> blocks(JsonNode list) {
    List<Object> blocks = new ArrayList<>();
    for (JsonNode item : list) {
      if (item.isObject() && blocks.size() < MOST_BLOCKS) {
        Map<String, Object> block = AnswerJson.object(item);
        for (String name : List.of("startTime", "endTime")) {
          Instant time = AnswerJson.time(item, name);
          if (time != null) {
            block.put(name, time.toString());
          }
        }
        blocks.add(block);
      }
    }
    return blocks;
  }
}
