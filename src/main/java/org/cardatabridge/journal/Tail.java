// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * The newest messages in memory: all that are not saved yet, and before them as many as fit, so
 * that a sink that keeps up reads no file. Safe for use by many threads.
 */
final class Tail {

  private static final int CAPACITY = 4_096;
  private static final int MASK = CAPACITY - 1;
  private static final int MESSAGE_BYTES = 200;
  private static final int POINT_BYTES = 180;

  private final long mostBytes;
  private final LogEntry[] entries = new LogEntry[CAPACITY];
  private long first;
  private long next;
  private long saved;
  private long bytes;

  /** Begins empty, before this number; holds about so many bytes of saved messages. */
  Tail(long next, long mostBytes) {
    this.first = next;
    this.next = next;
    this.saved = next;
    this.mostBytes = mostBytes;
  }

  synchronized void add(LogEntry entry) {
    if (entry.sequence() != next) {
      throw new IllegalStateException("message " + entry.sequence() + " follows " + (next - 1));
    }
    if (next - first == CAPACITY) {
      if (first == saved) {
        throw new IllegalStateException("more messages wait for the file than may");
      }
      drop();
    }
    entries[(int) (next & MASK)] = entry;
    next++;
    bytes += weight(entry);
    shrink();
  }

  /** Messages before this number are in the file. */
  synchronized void saved(long upTo) {
    saved = upTo;
    shrink();
  }

  private void shrink() {
    while (bytes > mostBytes && first < saved && first < next - 1) {
      drop();
    }
  }

  private void drop() {
    int at = (int) (first & MASK);
    bytes -= weight(entries[at]);
    entries[at] = null;
    first++;
  }

  /** Messages from this number on; null where they are not in memory any more. */
  synchronized List<LogEntry> read(long from, int limit) {
    if (from < first) {
      return null;
    }
    long end = Math.min(next, from + limit);
    List<LogEntry> found = new ArrayList<>((int) Math.max(0, end - from));
    for (long number = from; number < end; number++) {
      found.add(entries[(int) (number & MASK)]);
    }
    return found;
  }

  /** All of it that is before this number. */
  synchronized List<LogEntry> before(long end) {
    return end <= first ? List.of() : read(first, (int) (end - first));
  }

  private static long weight(LogEntry entry) {
    return MESSAGE_BYTES
        + entry.message().payload().length
        + (long) POINT_BYTES * entry.message().points().size();
  }
}
