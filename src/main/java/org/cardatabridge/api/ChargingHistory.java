// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** The steps of {@code routes/rest-charging-history.camel.yaml}. Safe for use by many threads. */
public final class ChargingHistory {

  /** The key of a session. */
  static final String SESSION = "chargingHistory.session";

  /** The key of its blocks, which have a power each. */
  static final String BLOCKS = "chargingHistory.blocks";

  /** The exchange property in which the route keeps how far it is. */
  static final String PAGES = "cardata.pages";

  private static final String RESOURCE = "chargingHistory";
  private static final Duration DAY = Duration.ofDays(1);

  private final KnownSessions known;
  private final RestNotes notes;
  private final Clock clock;
  private final Replies replies;

  /**
   * Leaves out sessions that are known.
   *
   * @param notes tell whether the last 30 days were ever asked for
   */
  public ChargingHistory(KnownSessions known, RestNotes notes, Clock clock) {
    this.known = known;
    this.notes = notes;
    this.clock = clock;
    this.replies = new Replies(clock);
  }

  /** Says from when to when; no page where that cannot be asked. */
  public Pages begin(@Body RestRequest order) {
    try {
      return Pages.first(
          order, ChargingSpan.of(order.parameters(), last(order), clock.instant()).query());
    } catch (IllegalArgumentException e) {
      return Pages.none(
          order,
          RestVerdict.of(
              RestVerdict.Kind.WRONG,
              "asking for charging sessions: " + e.getMessage() + "; no call was made"));
    }
  }

  /** A session that a request for some days brought says nothing of the days before it. */
  private Optional<Instant> last(RestRequest order) {
    return notes
        .find(order.account(), order.vin(), order.action().word() + Fetched.NOTE)
        .flatMap(note -> known.last(order.vin()));
  }

  /** The call for the next page. */
  public RestCall call(@Body Pages pages) {
    Map<String, String> query = new LinkedHashMap<>(pages.query());
    if (pages.token() != null) {
      query.put("nextToken", pages.token());
    }
    return RestCall.get(pages.order(), RestPath.of(pages.order().vin(), RESOURCE), query);
  }

  /** What a page holds: a message for each session that is not known. */
  public Pages read(@Body Object body, @ExchangeProperty(PAGES) Pages pages) {
    RestReply reply = replies.of(body);
    if (!reply.isOk()) {
      return pages.without(reply.verdict());
    }
    JsonNode json = AnswerJson.read(reply.body());
    JsonNode list = json == null ? null : json.path("data");
    if (list == null || !(list.isArray() || list.isNull() || list.isMissingNode())) {
      return pages.without(RestResult.unreadableAnswer(pages.order()));
    }
    if (!json.isObject()) {
      return pages.without(RestResult.unreadableAnswer(pages.order()));
    }
    return pages.with(page(list, reply, pages.order()), PageToken.of(json));
  }

  private Pages.Page page(JsonNode list, RestReply reply, RestRequest order) {
    List<ChargingSessions.Session> sessions = new ArrayList<>();
    for (JsonNode item : list) {
      ChargingSessions.Session session = ChargingSessions.of(item);
      if (session != null) {
        sessions.add(session);
      }
    }
    Map<Instant, Object> before = before(order.vin(), sessions);
    List<RestMessage> messages = new ArrayList<>();
    for (ChargingSessions.Session session : sessions) {
      Object old = before.get(session.end());
      if (old == null || !AnswerJson.write(old).equals(AnswerJson.write(session.value()))) {
        messages.add(message(session, reply, order));
      }
    }
    return new Pages.Page(messages, List.of(), sessions.size(), messages.size());
  }

  private Map<Instant, Object> before(String vin, List<ChargingSessions.Session> sessions) {
    Instant first =
        sessions.stream()
            .map(ChargingSessions.Session::end)
            .min(Instant::compareTo)
            .orElse(Instant.EPOCH);
    Instant last =
        sessions.stream()
            .map(ChargingSessions.Session::end)
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    return sessions.isEmpty() ? Map.of() : known.between(vin, first, last.plus(DAY));
  }

  private static RestMessage message(
      ChargingSessions.Session session, RestReply reply, RestRequest order) {
    Points points = new Points(order.vin()).add(SESSION, session.value(), null, session.end());
    if (!session.blocks().isEmpty()) {
      points.add(BLOCKS, session.blocks(), null, session.end());
    }
    return points.message(order, RESOURCE, reply.received());
  }

  /** How the list ended. */
  public RestResult end(@Body Pages pages) {
    Map<String, Object> data = new LinkedHashMap<>(pages.query());
    data.put("sessions", pages.found());
    data.put("new", pages.fresh());
    data.put("calls", pages.calls());
    if (pages.isCut()) {
      data.put("message", "there are more sessions — ask for a shorter time with from and to");
    }
    return pages.result(pages.calls() == 0 ? null : data);
  }
}
