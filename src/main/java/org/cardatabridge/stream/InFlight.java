// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The bound on messages that were taken in and are not safe yet. Receive Maximum is a hint that
 * brokers overrun; this is the wall. Safe for use by many threads.
 */
final class InFlight {

  private final int limit;
  private int count;

  // More than the limit only while an older connection holds all places.
  private int places;

  InFlight(int limit) {
    this.limit = limit;
    this.places = limit;
  }

  /** Waits for a place; false when {@code open} turned false meanwhile and none was taken. */
  synchronized boolean enter(BooleanSupplier open) {
    boolean interrupted = false;
    while (open.getAsBoolean() && count >= places) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!open.getAsBoolean()) {
      return false;
    }
    count++;
    return true;
  }

  /** Gives a place back. */
  synchronized void leave() {
    count = Math.max(0, count - 1);
    places = Math.max(limit, Math.min(places, count + 1));
    notifyAll();
  }

  /** Waits until nothing is in flight, so long at most. */
  synchronized void awaitNone(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (count > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }

  /** Lets those who wait look at their {@code open} again. */
  synchronized void look() {
    notifyAll();
  }

  /**
   * A new connection begins: it gets one place at least, so that messages of an older one that
   * never finish cannot stop it for good.
   */
  synchronized void newConnection() {
    places = Math.max(limit, count + 1);
    notifyAll();
  }

  /** A new consumer begins; what the old one holds no longer counts. */
  synchronized void clear() {
    count = 0;
    places = limit;
    notifyAll();
  }

  synchronized boolean isFull() {
    return count >= places;
  }

  synchronized int count() {
    return count;
  }
}
