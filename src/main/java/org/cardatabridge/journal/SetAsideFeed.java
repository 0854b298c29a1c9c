// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/** What a sink's target refused; what it takes now is set aside no longer. */
final class SetAsideFeed implements ReplayFeed {

  private static final int READ_AT_ONCE = 64;

  private record Numbered(Delivery.Item item, long id) {}

  private final StoredLog stored;
  private final LongConsumer forget;
  private final String sink;
  private final SinkFilter filter;
  private final Instant since;
  private final Instant until;
  private final long total;
  private final long last;
  private final Map<Delivery.Item, Long> ids = new IdentityHashMap<>();
  private final List<Numbered> read = new ArrayList<>();
  private long after;

  /**
   * All of it, or what was received from one time to before another.
   *
   * @param filter only blurs here: what was refused had passed it
   * @param forget is told the number of each one that the target took
   */
  SetAsideFeed(
      StoredLog stored,
      LongConsumer forget,
      String sink,
      SinkFilter filter,
      Instant since,
      Instant until) {
    this.stored = stored;
    this.forget = forget;
    this.sink = sink;
    this.filter = filter;
    this.since = since;
    this.until = until;
    StoredLog.Count count = stored.countSetAside(sink);
    this.total = count.number();
    this.last = count.lastId();
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public List<Delivery.Item> next(int limit) {
    // As many as were asked for, while there are any: each run becomes a file, or a request.
    while (read.size() < limit && after < last) {
      List<StoredLog.Refused> page = stored.setAside(sink, after, READ_AT_ONCE);
      // What is refused again now is set aside behind the last one.
      after = page.isEmpty() ? last : page.get(page.size() - 1).id();
      page.stream().filter(found -> found.id() <= last).forEach(this::add);
    }
    List<Numbered> run = read.subList(0, Math.min(limit, read.size()));
    ids.clear();
    run.forEach(numbered -> ids.put(numbered.item(), numbered.id()));
    List<Delivery.Item> found = run.stream().map(Numbered::item).toList();
    run.clear();
    return found;
  }

  private void add(StoredLog.Refused refused) {
    Delivery.Item item = isMeant(refused.refused()) ? item(refused.refused()) : null;
    if (item != null) {
      read.add(new Numbered(item, refused.id()));
    }
  }

  private boolean isMeant(SetAside refused) {
    Instant received = refused.message().received();
    return (since == null || !received.isBefore(since))
        && (until == null || received.isBefore(until));
  }

  /** Null where nothing is left of it once it is blurred. */
  private Delivery.Item item(SetAside refused) {
    CarMessage message = LogFeed.again(refused.message());
    if (refused.event() == null) {
      return new Delivery.Item(message, null, null);
    }
    CarEvent event = filter.blur(refused.event());
    return event == null ? null : new Delivery.Item(message, LogFeed.again(event), null);
  }

  @Override
  public void taken(Delivery.Item item) {
    Long id = ids.remove(item);
    if (id != null) {
      forget.accept(id);
    }
  }
}
