// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * The newest messages in memory: all that are not saved yet, and before them what a sink that
 * nearly keeps up is not done with, as far as that fits, so that it reads no file. What all are
 * done with goes while it is young: kept for seconds, it would end among the old objects, and
 * collecting those stops everything for 60 ms. Safe for use by many threads.
 */
final class Tail {

  private static final int CAPACITY = 4_096;
  private static final int MASK = CAPACITY - 1;
  private static final int MESSAGE_BYTES = 200;
  private static final int POINT_BYTES = 180;

  private final long leastBytes;
  private final long mostBytes;
  private final LogEntry[] entries = new LogEntry[CAPACITY];
  private long first;
  private long next;
  private long saved;
  private long needed;
  private long bytes;

  /**
   * Begins empty, before this number.
   *
   * @param leastBytes about so many bytes of saved messages are held in any case, for a file that
   *     is taken away
   * @param mostBytes and so many at most
   */
  Tail(long next, long leastBytes, long mostBytes) {
    this.first = next;
    this.next = next;
    this.saved = next;
    this.needed = next;
    this.leastBytes = leastBytes;
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

  /**
   * Messages before this number are in the file.
   *
   * @param readers the oldest message that each sink is not done with, in any order; where it is
   *     not in memory any more, that sink reads from the file
   */
  synchronized void saved(long upTo, long... readers) {
    saved = upTo;
    needed = upTo;
    for (long reader : readers) {
      if (reader >= first) {
        needed = Math.min(needed, reader);
      }
    }
    shrink();
  }

  private void shrink() {
    while (first < saved
        && first < next - 1
        && (bytes > mostBytes || bytes > leastBytes && first < needed)) {
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
