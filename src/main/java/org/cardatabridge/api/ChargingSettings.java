// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.Timestamps;

/** The steps of {@code routes/rest-charging-settings.camel.yaml}. Safe for use by many threads. */
public final class ChargingSettings {

  /** The key of the list of places. */
  static final String KEY = "chargingSettings.locations";

  private static final String RESOURCE = "locationBasedChargingSettings";
  private static final int MOST_PLACES = 200;

  private final BiFunction<String, String, Optional<CarEvent>> newest;
  private final Replies replies;

  /**
   * Makes data points of answers.
   *
   * @param newest the newest data point of a VIN and a key
   */
  public ChargingSettings(BiFunction<String, String, Optional<CarEvent>> newest, Clock clock) {
    this.newest = newest;
    this.replies = new Replies(clock);
  }

  /** The list before its first page. */
  public Pages begin(@Body RestRequest order) {
    return Pages.first(order, Map.of());
  }

  /** The call for the next page. */
  public RestCall call(@Body Pages pages) {
    return RestCall.get(
        pages.order(),
        RestPath.of(pages.order().vin(), RESOURCE),
        pages.token() == null ? Map.of() : Map.of("nextToken", pages.token()));
  }

  /** What a page holds; the last one brings the message with all places. */
  public Pages read(@Body Object body, @ExchangeProperty(ChargingHistory.PAGES) Pages pages) {
    RestReply reply = replies.of(body);
    if (!reply.isOk()) {
      return pages.without(reply.verdict());
    }
    JsonNode json = AnswerJson.read(reply.body());
    JsonNode list = json == null ? null : json.path("data");
    if (json == null
        || !json.isObject()
        || !(list.isArray() || list.isNull() || list.isMissingNode())) {
      return pages.without(RestResult.unreadableAnswer(pages.order()));
    }
    List<Object> places = new ArrayList<>();
    for (JsonNode item : list) {
      if (item.isObject() && pages.items().size() + places.size() < MOST_PLACES) {
        places.add(AnswerJson.object(item));
      }
    }
    Pages after =
        pages.with(
            new Pages.Page(List.of(), places, places.size(), places.size()), PageToken.of(json));
    return after.hasNext() ? after : after.ending(message(after, reply.received()));
  }

  private RestMessage message(Pages pages, Instant received) {
    RestRequest order = pages.order();
    Points points = new Points(order.vin());
    Optional<Instant> changed =
        pages.items().stream()
            .map(place -> ((Map<?, ?>) place).get("lastUpdated"))
            .map(text -> text instanceof String time ? Timestamps.parse(time) : null)
            .filter(Objects::nonNull)
            .filter(time -> time.isBefore(received))
            .max(Instant::compareTo);
    if (changed.isPresent() && !isKnownSince(order.vin(), changed.get())) {
      points.add(KEY, pages.items(), null, changed.get());
    } else {
      // A place was taken away, or has no time: what BMW says now counts.
      points.addUndated(KEY, pages.items(), null, received, newest);
    }
    return points.message(order, RESOURCE, received);
  }

  private boolean isKnownSince(String vin, Instant changed) {
    return newest.apply(vin, KEY).filter(e -> !e.timestamp().isBefore(changed)).isPresent();
  }

  /** How the list ended; places themselves are told to nobody who asks. */
  public RestResult end(@Body Pages pages) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("locations", pages.found());
    data.put("calls", pages.calls());
    return pages.result(data);
  }
}
