// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;

/** A data point as JSON: the fields of the contract in their order, without the path. */
final class EventJson {

  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private EventJson() {}

  /** One object for one data point, a list for any other number. */
  static byte[] bytes(List<CarEvent> events) {
    List<Map<String, Object>> all = events.stream().map(EventJson::fields).toList();
    try {
      return MAPPER.writeValueAsBytes(all.size() == 1 ? all.get(0) : all);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("events:publish takes values that JSON can express", e);
    }
  }

  private static Map<String, Object> fields(CarEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("account", event.account());
    fields.put("vin", event.vin());
    fields.put("vehicle", event.vehicle());
    fields.put("key", event.key());
    fields.put("value", event.value());
    fields.put("unit", event.unit());
    fields.put("timestamp", event.timestamp().toString());
    fields.put("received", event.received().toString());
    fields.put("source", event.source());
    return fields;
  }
}
