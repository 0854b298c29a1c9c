// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Cuts a stream into lines and never holds more than one, nor more than so many bytes of it. */
final class Lines {

  /**
   * A line without its end.
   *
   * @param bytes null where there were too many
   * @param isEnded whether a line feed followed
   */
  record Line(byte[] bytes, boolean isEnded) {}

  private final InputStream in;
  private final int most;
  private final byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;

  Lines(InputStream in, int most) {
    this.in = in;
    this.most = most;
  }

  /** The next line; null at the end. */
  Line next() throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(1024);
    boolean isTooLong = false;
    boolean isEmpty = true;
    while (fill()) {
      isEmpty = false;
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      isTooLong |= kept.size() + (end - from) > most;
      if (!isTooLong) {
        kept.write(buffer, from, end - from);
      } else {
        kept = new ByteArrayOutputStream(0);
      }
      boolean isEnded = end < to;
      from = isEnded ? end + 1 : end;
      if (isEnded) {
        return new Line(isTooLong ? null : kept.toByteArray(), true);
      }
    }
    return isEmpty ? null : new Line(isTooLong ? null : kept.toByteArray(), false);
  }

  /** Whether the next line may let its reader wait. */
  boolean mayWait() throws IOException {
    return from == to && in.available() == 0;
  }

  private boolean fill() throws IOException {
    while (from == to) {
      from = 0;
      to = in.read(buffer);
      if (to < 0) {
        to = 0;
        return false;
      }
    }
    return true;
  }
}
