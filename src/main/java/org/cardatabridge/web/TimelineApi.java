// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.cardatabridge.journal.ErrorText;
import org.cardatabridge.stream.StreamSpan;
import org.cardatabridge.stream.StreamStates;

/** The answer of {@code /api/timeline}. Safe for use by many threads. */
public final class TimelineApi {

  private static final int USUAL = 24;
  private static final int MOST = (int) StreamStates.KEEP.toHours();

  private final StreamStates states;
  private final List<String> accounts;
  private final Clock clock;

  /**
   * Tells what was noted.
   *
   * @param accounts the names of all accounts
   */
  public TimelineApi(StreamStates states, List<String> accounts, Clock clock) {
    this.states = states;
    this.accounts = List.copyOf(accounts);
    this.clock = clock;
  }

  /** A reason without addresses, VINs and whatever looks like a secret. */
  public static String shown(String reason) {
    return ErrorText.masked(Urls.removed(reason));
  }

  /**
   * Answers a request by its headers {@code account} (without it the first) and {@code hours}: 400
   * with a sentence for hours that cannot be used, 404 for an account that is none.
   */
  public Answer timeline(Exchange exchange) {
    String account = Parameters.text(exchange, "account");
    String name = account == null ? accounts.get(0) : account;
    if (!accounts.contains(name)) {
      return Answer.error(404, "no account of this name; there are " + String.join(", ", accounts));
    }
    try {
      int hours = Parameters.number(exchange, "hours", USUAL, 1, MOST);
      Instant since = clock.instant().minus(Duration.ofHours(hours));
      return Answer.json(200, states.spans(name, since).stream().map(TimelineApi::fields).toList());
    } catch (IllegalArgumentException e) {
      return Answer.error(400, e.getMessage());
    }
  }

  private static Map<String, Object> fields(StreamSpan span) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("state", span.state());
    fields.put("from", span.from());
    if (span.to() != null) {
      fields.put("to", span.to());
    }
    if (span.text() != null) {
      Map<String, Object> reason = new LinkedHashMap<>();
      if (span.code() != null) {
        reason.put("code", span.code());
      }
      reason.put("text", span.text());
      fields.put("reason", reason);
    }
    return fields;
  }
}
