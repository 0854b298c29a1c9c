// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.cardatabridge.CarEvent;

/** The steps of {@code routes/rest-basic-data.camel.yaml}. Safe for use by many threads. */
public final class BasicDataAnswer {

  /** The descriptor under which BMW streams the same. */
  static final String KEY = "vehicle.vehicleIdentification.basicVehicleData";

  private static final String RESOURCE = "basicData";

  private final BiFunction<String, String, Optional<CarEvent>> newest;
  private final Replies replies;

  /**
   * Makes data points of answers.
   *
   * @param newest the newest data point of a VIN and a key
   */
  public BasicDataAnswer(BiFunction<String, String, Optional<CarEvent>> newest, Clock clock) {
    this.newest = newest;
    this.replies = new Replies(clock);
  }

  /** What to ask. */
  public RestCall call(@Body RestRequest order) {
    return RestCall.get(order, RestPath.of(order.vin(), RESOURCE), Map.of());
  }

  /** One data point, whose value is the whole answer but for the VIN. */
  public RestResult read(@Body Object body, @ExchangeProperty(Fetched.ORDER) RestRequest order) {
    RestReply reply = replies.of(body);
    if (!reply.isOk()) {
      return RestResult.of(reply.verdict());
    }
    JsonNode json = AnswerJson.read(reply.body());
    Map<String, Object> value = json == null ? Map.of() : AnswerJson.object(json);
    if (value.isEmpty()) {
      return RestResult.unreadable(order);
    }
    RestMessage message =
        new Points(order.vin())
            .addUndated(KEY, value, null, reply.received(), newest)
            .message(order, RESOURCE, reply.received());
    return new RestResult(RestVerdict.OK, List.of(message), value);
  }
}
