// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.cardatabridge.journal.HistoryPoint;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.UnreadableJournalException;

/** The answers of {@code /api/vehicles/{vin}/history}. Safe for use by many threads. */
public final class HistoryApi {

  private static final int USUAL = 1_000;
  // Ten times as many would fill the heap of 64 MB.
  private static final int MOST = 10_000;
  private static final int FEWEST = 10;
  private static final Duration FUTURE = Duration.ofDays(36_500);

  private final Journal journal;
  private final Clock clock;

  /** History from this journal. */
  public HistoryApi(Journal journal, Clock clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * Answers a request by its headers {@code vin} (a VIN or an alias), {@code key}, {@code since},
   * {@code until}, and {@code limit} or {@code points}: 400 with a sentence for one that cannot be
   * used, 404 for a vehicle not heard of, 503 while the journal cannot be read.
   */
  public Answer history(Exchange exchange) {
    String key = Parameters.text(exchange, "key");
    if (key == null) {
      return Answer.error(400, "key: name a descriptor, as /api/vehicles/{vin} lists them");
    }
    Optional<String> vin = journal.newest().find(Parameters.text(exchange, "vin"));
    if (vin.isEmpty()) {
      return Answer.error(404, "no vehicle with this VIN was heard of");
    }
    try {
      Instant since = Parameters.time(exchange, "since");
      Instant until = Parameters.time(exchange, "until");
      int limit = Parameters.number(exchange, "limit", USUAL, 1, MOST);
      int few = Parameters.number(exchange, "points", 0, FEWEST, MOST);
      Instant end = until == null ? clock.instant().plus(FUTURE) : until;
      List<HistoryPoint> found =
          few == 0
              ? journal.history(vin.get(), key, since, end, limit)
              : journal.thinned(
                  vin.get(), key, since, until == null ? now(vin.get(), key) : until, few);
      return Answer.json(200, found.stream().map(HistoryApi::fields).toList());
    } catch (IllegalArgumentException e) {
      return Answer.error(400, e.getMessage());
    } catch (UnreadableJournalException e) {
      return Answer.error(503, "the journal cannot be read at present; try again");
    }
  }

  /** A car's clock may be ahead of ours: what it just said is to be seen. */
  private Instant now(String vin, String key) {
    Instant now = clock.instant();
    return journal
        .newest()
        .newest(vin, key)
        .map(event -> event.timestamp().plusMillis(1))
        .filter(newest -> newest.isAfter(now))
        .orElse(now);
  }

  private static Map<String, Object> fields(HistoryPoint point) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("timestamp", point.timestamp());
    fields.put("value", point.value());
    fields.put("unit", point.unit());
    fields.put("received", point.received());
    fields.put("source", point.source());
    fields.values().removeIf(Objects::isNull);
    return fields;
  }
}
