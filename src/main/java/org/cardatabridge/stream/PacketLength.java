// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** The number of one to four bytes that says how long an MQTT packet, or its properties, are. */
final class PacketLength {

  /** The longest that MQTT can say. */
  static final int MOST = 268_435_455;

  private static final int MOST_DIGITS = 4;

  private PacketLength() {}

  /** Writes it in as few bytes as it takes. */
  static void write(ByteArrayOutputStream out, int length) {
    for (int left = length; ; left >>= 7) {
      out.write(left > 0x7f ? left & 0x7f | 0x80 : left);
      if (left <= 0x7f) {
        return;
      }
    }
  }

  /**
   * Reads it.
   *
   * @return -1 where the fourth byte does not end it
   * @throws java.nio.BufferUnderflowException where the buffer ends before it
   */
  static int read(ByteBuffer in) {
    int length = 0;
    for (int i = 0; i < MOST_DIGITS; i++) {
      int digit = in.get();
      length |= (digit & 0x7f) << (7 * i);
      if (digit >= 0) {
        return length;
      }
    }
    return -1;
  }
}
