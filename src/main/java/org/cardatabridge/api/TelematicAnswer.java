// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** The steps of {@code routes/rest-telematic-data.camel.yaml}. Safe for use by many threads. */
public final class TelematicAnswer {

  private static final String RESOURCE = "telematicData";
  private static final String PARAMETER = "containerId";

  private final RestNotes notes;
  private final Replies replies;

  /** Asks with the container that is noted for the account. */
  public TelematicAnswer(RestNotes notes, Clock clock) {
    this.notes = notes;
    this.replies = new Replies(clock);
  }

  /** Whether there is a container to ask with. */
  public boolean hasContainer(@Body RestRequest order) {
    return container(order).isPresent();
  }

  private Optional<String> container(RestRequest order) {
    return Optional.ofNullable(order.parameters().get(PARAMETER))
        .or(() -> notes.find(order.account(), null, "container").map(RestNotes.Note::text))
        .map(String::strip)
        .filter(id -> !id.isEmpty());
  }

  /** What to ask; only where there is a container. */
  public RestCall call(@Body RestRequest order) {
    return RestCall.get(
        order,
        RestPath.of(order.vin(), RESOURCE),
        Map.of(PARAMETER, container(order).orElseThrow()));
  }

  /** That there is nothing to ask with. */
  public RestResult withoutContainer(@Body RestRequest order) {
    return RestResult.of(
        RestVerdict.of(
            RestVerdict.Kind.CONTAINER_GONE,
            "asking for the last known values: account "
                + order.account()
                + " has no container, which names the values — have one created with the action"
                + " create-container; the bridge does so by itself when its plan comes to it"));
  }

  /** The answer as it came, for the decoder; the data say how many values it holds. */
  public RestResult read(@Body Object body, @ExchangeProperty(Fetched.ORDER) RestRequest order) {
    RestReply reply = replies.of(body);
    if (!reply.isOk()) {
      return RestResult.of(reply.verdict());
    }
    JsonNode json = AnswerJson.read(reply.body());
    JsonNode values = json == null ? null : json.get(RESOURCE);
    if (values == null || !values.isObject()) {
      return RestResult.unreadable(order);
    }
    int known = 0;
    for (JsonNode entry : values) {
      known += entry.hasNonNull("value") ? 1 : 0;
    }
    return new RestResult(
        RestVerdict.OK,
        List.of(
            new RestMessage(
                order.account(),
                RestPath.topic(order.vin(), RESOURCE),
                reply.received(),
                reply.body())),
        Map.of("descriptors", values.size(), "values", known));
  }
}
