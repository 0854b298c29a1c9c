// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.util.concurrent.TimeUnit;

/**
 * Counts the messages that a connection's bytes hold and those that were handed over, so that its
 * end can wait until no message is between the two. One thread reads; the rest is safe for use by
 * many threads.
 */
final class Arrivals {

  private static final int PUBLISH = 0x30;

  // The reader's own: where in a packet it is.
  private int type = -1;
  private int shift;
  private long left;
  private boolean inLength;

  private long arrived;
  private long handedOver;
  private boolean givenUp;

  /** The next bytes of the stream; none where the count is negative. */
  void read(byte[] buffer, int offset, int count) {
    int at = offset;
    int end = offset + count;
    while (at < end) {
      if (type >= 0 && !inLength) {
        int step = (int) Math.min(left, end - at);
        at += step;
        left -= step;
        endOfPacket();
      } else {
        read(buffer[at++]);
      }
    }
  }

  /** The next byte of the stream. */
  void read(byte next) {
    int b = next & 0xFF;
    if (type < 0) {
      type = b;
      inLength = true;
      shift = 0;
      left = 0;
    } else if (inLength) {
      left |= (long) (b & 0x7F) << shift;
      shift += 7;
      inLength = (b & 0x80) != 0 && shift < 28;
      endOfPacket();
    } else {
      left--;
      endOfPacket();
    }
  }

  private void endOfPacket() {
    if (!inLength && left == 0) {
      boolean message = (type & 0xF0) == PUBLISH;
      type = -1;
      if (message) {
        count();
      }
    }
  }

  private synchronized void count() {
    arrived++;
  }

  synchronized void handedOver() {
    handedOver++;
    notifyAll();
  }

  /** Nobody will take what is still missing. */
  synchronized void giveUp() {
    givenUp = true;
    notifyAll();
  }

  /** Waits so long at most until nothing is missing. */
  synchronized void awaitHandedOver(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      while (handedOver < arrived && !givenUp) {
        long rest = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (rest <= 0) {
          return;
        }
        wait(rest);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
