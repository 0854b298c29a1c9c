// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** An entity as the golden files of the day have it. */
final class DayLine {

  private DayLine() {}

  static String of(JsonNode entity) {
    List<String> parts = new ArrayList<>();
    for (String key : List.of("p", "name", "dev_cla", "stat_cla", "unit_of_meas", "ent_cat")) {
      if (entity.has(key)) {
        parts.add(entity.get(key).asText());
      }
    }
    return String.join(" | ", parts);
  }
}
