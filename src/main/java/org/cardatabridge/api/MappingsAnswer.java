// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** The steps of {@code routes/rest-mappings.camel.yaml}. Safe for use by many threads. */
public final class MappingsAnswer {

  private static final String NOT_PRIMARY =
      "BMW gives data to the primary user of a vehicle only — become its primary user in the MyBMW"
          + " app, or use the account that is";

  private final Mappings mappings;
  private final Replies replies;

  /** Reads answers for these mappings. */
  public MappingsAnswer(Mappings mappings, Clock clock) {
    this.mappings = mappings;
    this.replies = new Replies(clock);
  }

  /** What to ask. */
  public RestCall call(@Body RestRequest order) {
    return RestCall.get(order, "/customers/vehicles/mappings", Map.of());
  }

  /** What the answer says; its vehicles are in the data. */
  public RestResult read(@Body Object body, @ExchangeProperty(Fetched.ORDER) RestRequest order) {
    RestReply reply = replies.of(body);
    if (!reply.isOk()) {
      return RestResult.of(reply.verdict());
    }
    JsonNode json = AnswerJson.read(reply.body());
    boolean isList = json != null && json.isArray();
    if (json == null || !isList && !json.isObject()) {
      return RestResult.unreadable(order);
    }
    List<Mappings.Mapping> all = mappings.read(json);
    if (all.isEmpty() && !json.isEmpty()) {
      return RestResult.unreadable(order);
    }
    return new RestResult(RestVerdict.OK, List.of(), told(all));
  }

  /**
   * Keeps what was read; leaves what is known where nothing was. From here on a car has the name
   * that others may know.
   */
  public RestResult keep(
      @Body RestResult result, @ExchangeProperty(Fetched.ORDER) RestRequest order) {
    if (result.isOk() && result.data() instanceof List<?> list) {
      List<Mappings.Mapping> all = new ArrayList<>();
      for (Object item : list) {
        Map<?, ?> one = (Map<?, ?>) item;
        all.add(
            new Mappings.Mapping(
                String.valueOf(one.get("vin")), String.valueOf(one.get("mappingType"))));
      }
      mappings.keep(order.account(), all);
      return new RestResult(result.verdict(), result.messages(), named(list));
    }
    return result;
  }

  private List<Map<String, Object>> named(List<?> list) {
    List<Map<String, Object>> named = new ArrayList<>();
    for (Object item : list) {
      Map<String, Object> one = new LinkedHashMap<>();
      ((Map<?, ?>) item)
          .forEach(
              (key, value) -> {
                boolean isVin = key.equals("vin");
                one.put(
                    isVin ? "vehicle" : String.valueOf(key),
                    isVin ? mappings.name(String.valueOf(value)) : value);
              });
      named.add(one);
    }
    return named;
  }

  private static List<Map<String, Object>> told(List<Mappings.Mapping> all) {
    List<Map<String, Object>> told = new ArrayList<>();
    for (Mappings.Mapping mapping : all) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("vin", mapping.vin());
      one.put("mappingType", mapping.type());
      if (!mapping.isPrimary()) {
        one.put("message", NOT_PRIMARY);
      }
      told.add(one);
    }
    return told;
  }
}
