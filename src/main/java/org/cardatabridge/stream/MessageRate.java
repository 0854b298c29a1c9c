// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.util.Arrays;

/** Counts messages of the last five minutes. Safe for use by many threads. */
final class MessageRate {

  private static final long SECOND = 1_000_000_000L;
  private static final long SLOT = 10 * SECOND;
  private static final int SLOTS = 30;
  private static final long SHORTEST = 60 * SECOND;

  private final long begin;
  private final long[] counts = new long[SLOTS];
  private long newest;

  /**
   * Nothing yet.
   *
   * @param now of a clock that only goes on, in nanoseconds, as all times here
   */
  MessageRate(long now) {
    this.begin = now;
  }

  /** One message more. */
  synchronized void count(long now) {
    advance(now);
    counts[(int) (newest % SLOTS)]++;
  }

  /**
   * Messages a minute, with one decimal; before five minutes have passed, of the time there was, or
   * of a minute.
   */
  synchronized double perMinute(long now) {
    advance(now);
    long span = Math.min(SLOT * SLOTS, Math.max(SHORTEST, now - begin));
    double perMinute = Arrays.stream(counts).sum() * 60.0 * SECOND / span;
    return Math.round(perMinute * 10) / 10.0;
  }

  private void advance(long now) {
    long slot = Math.max(0, (now - begin) / SLOT);
    for (long fresh = Math.max(newest + 1, slot - SLOTS + 1); fresh <= slot; fresh++) {
      counts[(int) (fresh % SLOTS)] = 0;
    }
    newest = Math.max(newest, slot);
  }
}
