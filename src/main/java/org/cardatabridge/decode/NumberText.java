// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.math.BigDecimal;

/** Reads numbers that arrive as strings. Stateless and safe for many threads. */
final class NumberText {

  private static final int LONGEST = 100;
  private static final int SURE_LONG = 18;
  private static final int MAX_SCALE = 1000;

  private NumberText() {}

  /**
   * The number a text stands for, as if it had been sent as JSON number: {@code Long}, {@code
   * Double}, or {@code BigDecimal} beyond these; null where the text is no decimal number.
   */
  static Number parse(String text) {
    String plain = text.trim();
    int length = plain.length();
    if (length == 0 || length > LONGEST) {
      return null;
    }
    int from = plain.charAt(0) == '-' || plain.charAt(0) == '+' ? 1 : 0;
    boolean whole = length > from;
    for (int i = from; i < length; i++) {
      char c = plain.charAt(i);
      if (c >= '0' && c <= '9') {
        continue;
      }
      if (c != '.' && c != 'e' && c != 'E' && c != '-' && c != '+') {
        return null; // also keeps out NaN, hex, "1d" and other things Java takes for numbers
      }
      whole = false;
    }
    if (whole && length - from <= SURE_LONG) {
      return Long.parseLong(plain);
    }
    try {
      return whole ? large(plain) : fraction(plain);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Number large(String plain) {
    BigDecimal number = new BigDecimal(plain);
    return number.precision() <= SURE_LONG ? (Number) number.longValueExact() : number;
  }

  private static Number fraction(String plain) {
    double number = Double.parseDouble(plain);
    if (Double.isFinite(number)) {
      return number;
    }
    BigDecimal exact = new BigDecimal(plain);
    return Math.abs((long) exact.scale()) <= MAX_SCALE ? exact : null;
  }
}
