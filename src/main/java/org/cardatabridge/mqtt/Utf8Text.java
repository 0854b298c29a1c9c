// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A text that is put together as the UTF-8 bytes it goes out as, so that it is not copied from
 * characters in between. One that is cleared keeps its room. Not safe for use by many threads.
 */
final class Utf8Text {

  private static final byte[] NOTHING = {};
  private static final int LONGEST_NUMBER = 20;

  private byte[] bytes = new byte[256];
  private int size;

  /** Forgets what it holds. */
  Utf8Text clear() {
    size = 0;
    return this;
  }

  /** How many bytes it has. */
  int size() {
    return size;
  }

  /** Appends an ASCII character. */
  Utf8Text append(char ascii) {
    room(1);
    bytes[size++] = (byte) ascii;
    return this;
  }

  /** Appends any text; half a surrogate pair becomes a question mark. */
  Utf8Text append(String text) {
    int length = text.length();
    room(length);
    byte[] to = bytes;
    int at = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size = at;
        return append(text.substring(i).getBytes(StandardCharsets.UTF_8));
      }
      to[at++] = (byte) c;
    }
    size = at;
    return this;
  }

  /** Appends a number in decimal digits. */
  Utf8Text append(long number) {
    if (number == Long.MIN_VALUE) {
      return append(Long.toString(number));
    }
    room(LONGEST_NUMBER);
    long rest = Math.abs(number);
    if (number < 0) {
      bytes[size++] = '-';
    }
    int digits = 1;
    for (long left = rest / 10; left > 0; left /= 10) {
      digits++;
    }
    for (int at = size + digits - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  /** Appends a number in so many digits, with zeros before it. */
  Utf8Text append(int number, int digits) {
    room(digits);
    int rest = number;
    for (int at = size + digits - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  private Utf8Text append(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  /** A copy of its bytes. */
  byte[] toBytes() {
    return toBytes(0, size);
  }

  /** A copy of its bytes between two places. */
  byte[] toBytes(int from, int to) {
    return from == to ? NOTHING : Arrays.copyOfRange(bytes, from, to);
  }

  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }
}
