// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/** Journalled messages received from one time to before another, as one sink reads them. */
final class LogFeed implements ReplayFeed {

  private static final int READ_AT_ONCE = 64;
  private static final String REPLAY = "replay";

  private final EventLog log;
  private final SinkFilter filter;
  private final boolean wholeMessages;
  private final Instant since;
  private final Instant until;
  private final Position end;
  private final long total;
  private final List<Delivery.Item> read = new ArrayList<>();
  private long next;

  /** From the oldest message, and up to what was published last, where a time is null. */
  LogFeed(EventLog log, SinkFilter filter, boolean wholeMessages, Instant since, Instant until) {
    this.log = log;
    this.filter = filter;
    this.wholeMessages = wholeMessages;
    this.since = since;
    this.until = until;
    Position begin = since == null ? log.first() : log.since(since);
    this.end = log.next();
    this.next = begin.message();
    this.total = wholeMessages ? end.message() - next : end.points() - begin.points();
  }

  @Override
  public long total() {
    return Math.max(0, total);
  }

  @Override
  public List<Delivery.Item> next(int limit) {
    // As many as were asked for, while there are any: each run becomes a file, or a request.
    while (read.size() < limit && next < end.message()) {
      List<LogEntry> page = log.read(next, READ_AT_ONCE, wholeMessages);
      if (page.isEmpty()) {
        next = end.message();
      }
      for (LogEntry entry : page) {
        next = entry.sequence() + 1;
        if (next <= end.message() && isMeant(entry)) {
          add(entry, read);
        }
      }
    }
    List<Delivery.Item> run = read.subList(0, Math.min(limit, read.size()));
    List<Delivery.Item> found = List.copyOf(run);
    run.clear();
    return found;
  }

  private boolean isMeant(LogEntry entry) {
    Instant received = entry.message().received();
    return (since == null || !received.isBefore(since))
        && (until == null || received.isBefore(until));
  }

  private void add(LogEntry entry, List<Delivery.Item> to) {
    if (wholeMessages) {
      if (filter.takes(entry.message())) {
        to.add(new Delivery.Item(again(entry.message()), null, entry.end()));
      }
      return;
    }
    for (CarEvent point : entry.points()) {
      CarEvent event = filter.pass(point);
      if (event != null) {
        to.add(new Delivery.Item(entry.message(), again(event), entry.end()));
      }
    }
  }

  static CarMessage again(CarMessage message) {
    return new CarMessage(
        message.account(),
        REPLAY,
        message.topic(),
        message.received(),
        message.payload(),
        message.points());
  }

  static CarEvent again(CarEvent event) {
    return new CarEvent(
        event.account(),
        event.vin(),
        event.vehicle(),
        event.key(),
        event.value(),
        event.unit(),
        event.timestamp(),
        event.received(),
        REPLAY);
  }

  @Override
  public void taken(Delivery.Item item) {
    // It stays in the journal.
  }
}
