// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.cardatabridge.Vin;
import org.cardatabridge.bucket.SetAsideObject;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.journal.UnreadableJournalException;
import org.cardatabridge.stream.StreamSpan;
import org.cardatabridge.stream.StreamStates;

/**
 * The answer of {@code /api/errors}: what went wrong last with messages, sinks, streams and calls
 * of BMW's REST side. Safe for use by many threads.
 */
public final class ErrorsApi {

  private static final int USUAL = 50;
  private static final int MOST = 500;

  private final Journal journal;
  private final StreamStates states;
  private final Supplier<List<AccountStatus>> accounts;
  private final Clock clock;
  private final Supplier<List<SetAsideObject>> setAside;

  /** Gathers it from these at each request. */
  public ErrorsApi(
      Journal journal, StreamStates states, Supplier<List<AccountStatus>> accounts, Clock clock) {
    this(journal, states, accounts, clock, List::of);
  }

  /**
   * The same beside a bucket.
   *
   * @param setAside its objects that were not read
   */
  public ErrorsApi(
      Journal journal,
      StreamStates states,
      Supplier<List<AccountStatus>> accounts,
      Clock clock,
      Supplier<List<SetAsideObject>> setAside) {
    this.setAside = setAside;
    this.journal = journal;
    this.states = states;
    this.accounts = accounts;
    this.clock = clock;
  }

  /**
   * Answers a request by its headers {@code vin} (a VIN or an alias, only what is about it) and
   * {@code limit}: 400 with a sentence for one that cannot be used, 404 for a vehicle not heard of,
   * 503 while the journal cannot be read.
   */
  public Answer errors(Exchange exchange) {
    String wanted = Parameters.text(exchange, "vin");
    String vin = wanted == null ? null : journal.newest().find(wanted).orElse(null);
    if (wanted != null && vin == null) {
      return Answer.error(404, "no vehicle with this VIN was heard of");
    }
    try {
      int limit = Parameters.number(exchange, "limit", USUAL, 1, MOST);
      List<NewestValues.Sighting> vehicles = journal.newest().sightings();
      return Answer.json(
          200,
          all().stream()
              .filter(error -> vin == null || error.isAbout(vin))
              .sorted(RecentError.NEWEST_FIRST)
              .distinct()
              .limit(limit)
              .map(error -> fields(error, vehicles))
              .toList());
    } catch (IllegalArgumentException e) {
      return Answer.error(400, e.getMessage());
    } catch (UnreadableJournalException e) {
      return Answer.error(503, "the journal cannot be read at present; try again");
    }
  }

  private List<RecentError> all() {
    List<AccountStatus> now = accounts.get();
    List<RecentError> all = new ArrayList<>(RecentError.newestFirst(journal.errors(), now));
    journal.lastSetAside(MOST).forEach(entry -> all.add(RecentError.of(entry)));
    setAside.get().forEach(object -> all.add(of(object)));
    Instant since = clock.instant().minus(StreamStates.KEEP);
    for (AccountStatus account : now) {
      states.spans(account.name(), since).stream()
          .filter(span -> span.text() != null)
          .forEach(span -> all.add(of(span)));
    }
    return all;
  }

  private static RecentError of(SetAsideObject object) {
    return new RecentError(object.at(), "set-aside", null, null, null, object.text());
  }

  private static RecentError of(StreamSpan span) {
    return new RecentError(span.from(), "stream", null, null, null, span.text());
  }

  private static Map<String, Object> fields(
      RecentError error, List<NewestValues.Sighting> vehicles) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", error.at());
    fields.put("kind", error.kind());
    fields.put("sink", error.sink());
    fields.put("vehicle", name(error.vin(), vehicles));
    fields.put("key", error.key());
    fields.put("text", error.text());
    fields.values().removeIf(Objects::isNull);
    return fields;
  }

  /** The alias, else the VIN; of a vehicle that is not known its last characters. */
  private static String name(String vin, List<NewestValues.Sighting> vehicles) {
    if (vin == null) {
      return null;
    }
    return vehicles.stream()
        .filter(known -> known.vin().equals(vin) || Vin.masked(known.vin()).equals(vin))
        .map(known -> known.alias() == null ? known.vin() : known.alias())
        .findFirst()
        .orElseGet(() -> vin.startsWith("…") ? vin : Vin.masked(vin));
  }
}
