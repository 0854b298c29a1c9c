// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * A log in memory, bounded by count and by bytes: when either is reached, the oldest messages go.
 * Everything is gone when the process ends. Safe for use by many threads.
 */
public final class InMemoryEventLog implements EventLog {

  private static final int SET_ASIDE_LIMIT = 1_000;
  private static final int EVENT_BYTES = 120;
  private static final int MESSAGE_BYTES = 160;

  private final int maxMessages;
  private final long maxBytes;
  private final Map<Long, Kept> entries = new HashMap<>();
  private final Map<String, Position> positions = new HashMap<>();
  private final Deque<SetAside> setAside = new ArrayDeque<>();
  private final Map<CarMessage, Integer> setAsideMessages = new IdentityHashMap<>();
  private final long maxSetAsideBytes;
  private long setAsideBytes;
  private Position next = new Position(0, 0, 0);
  private long first;
  private long events;
  private long bytes;

  private record Kept(LogEntry entry, long weight) {}

  /** A log of at most so many messages and about so many bytes. */
  public InMemoryEventLog(int maxMessages, long maxBytes) {
    if (maxMessages < 1 || maxBytes < 1) {
      throw new IllegalArgumentException("a log needs room for one message and one byte at least");
    }
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
    this.maxSetAsideBytes = maxBytes / 4;
  }

  @Override
  public synchronized void append(List<LogEntry> added) {
    long expected = next.message();
    List<Kept> weighed = new ArrayList<>(added.size());
    for (LogEntry entry : added) {
      if (entry.sequence() != expected) {
        throw new IllegalArgumentException(
            "message " + entry.sequence() + " does not follow " + (expected - 1));
      }
      expected++;
      // Looks into values of anybody's making, which may throw: all of it before a change.
      weighed.add(new Kept(entry, weight(entry.message())));
    }
    for (Kept kept : weighed) {
      LogEntry entry = kept.entry();
      entries.put(entry.sequence(), kept);
      next = entry.end();
      events += entry.message().points().size();
      bytes += kept.weight();
      while (entries.size() > 1 && (entries.size() > maxMessages || bytes > maxBytes)) {
        Kept oldest = entries.remove(first++);
        events -= oldest.entry().message().points().size();
        bytes -= oldest.weight();
      }
    }
  }

  @Override
  public synchronized List<LogEntry> read(long fromMessage, int limit) {
    long from = Math.max(fromMessage, first);
    long to = Math.min(next.message(), from + limit);
    List<LogEntry> found = new ArrayList<>((int) Math.max(0, to - from));
    for (long sequence = from; sequence < to; sequence++) {
      found.add(entries.get(sequence).entry());
    }
    return found;
  }

  @Override
  public synchronized Position first() {
    Kept oldest = entries.get(first);
    return oldest == null ? next : oldest.entry().start();
  }

  /** The oldest quarter, once three quarters of the room are taken. */
  @Override
  public synchronized Position mayGo() {
    boolean roomy = entries.size() < maxMessages / 4 * 3 && bytes < maxBytes / 4 * 3;
    Kept kept = roomy ? null : entries.get(first + entries.size() / 4);
    return kept == null ? first() : kept.entry().start();
  }

  @Override
  public synchronized Position next() {
    return next;
  }

  @Override
  public synchronized Position since(Instant received) {
    for (long sequence = first; sequence < next.message(); sequence++) {
      LogEntry entry = entries.get(sequence).entry();
      if (!entry.message().received().isBefore(received)) {
        return entry.start();
      }
    }
    return next;
  }

  @Override
  public synchronized long events() {
    return events;
  }

  @Override
  public synchronized long bytes() {
    return bytes;
  }

  @Override
  public synchronized Optional<Instant> oldest() {
    return Optional.ofNullable(entries.get(first)).map(kept -> kept.entry().message().received());
  }

  @Override
  public synchronized Optional<Position> position(String sink) {
    return Optional.ofNullable(positions.get(sink));
  }

  @Override
  public synchronized void savePosition(String sink, Position position) {
    positions.put(sink, position);
  }

  @Override
  public synchronized void setAside(SetAside refused) {
    long weight = weight(refused.reason());
    if (setAsideMessages.merge(refused.message(), 1, Integer::sum) == 1) {
      weight += weight(refused.message());
    }
    setAside.addLast(refused);
    setAsideBytes += weight;
    while (setAside.size() > 1
        && (setAside.size() > SET_ASIDE_LIMIT || setAsideBytes > maxSetAsideBytes)) {
      SetAside oldest = setAside.removeFirst();
      setAsideBytes -= weight(oldest.reason());
      if (setAsideMessages.merge(oldest.message(), -1, InMemoryEventLog::left) == null) {
        setAsideBytes -= weight(oldest.message());
      }
    }
  }

  /** How often a message is still in use; null, which takes it out of a map, for never. */
  private static Integer left(Integer uses, Integer change) {
    return uses + change == 0 ? null : Integer.valueOf(uses + change);
  }

  @Override
  public synchronized List<SetAside> setAside() {
    return List.copyOf(setAside);
  }

  private static long weight(CarMessage message) {
    long sum = MESSAGE_BYTES + message.payload().length;
    for (CarEvent event : message.points()) {
      sum += EVENT_BYTES + weight(event.value());
    }
    return sum;
  }

  private static long weight(Object value) {
    if (value instanceof String text) {
      return 24 + 2L * text.length();
    }
    if (value instanceof Map<?, ?> map) {
      long sum = 48;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        sum += 32 + weight(entry.getKey()) + weight(entry.getValue());
      }
      return sum;
    }
    if (value instanceof Collection<?> list) {
      long sum = 24;
      for (Object item : list) {
        sum += 8 + weight(item);
      }
      return sum;
    }
    return value == null ? 0 : 24;
  }
}
