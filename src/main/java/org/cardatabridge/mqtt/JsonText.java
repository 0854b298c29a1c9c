// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * A value of a data point as compact JSON. Numbers are written the way people and small programs
 * read them, {@code 81} and {@code 81.5}: no exponent and no {@code .0}, unless the number is so
 * large or small that the digits would fill a line.
 */
final class JsonText {

  private static final int MAX_PLAIN_DIGITS = 40;
  private static final double EXACT = 1e15;

  private JsonText() {}

  /** Appends a {@code Map}, {@code List}, {@code Number}, {@code Boolean}, text or null. */
  static Utf8Text append(Utf8Text out, Object value) {
    if (value == null) {
      return out.append("null");
    }
    if (value instanceof Number number) {
      return appendNumber(out, number);
    }
    if (value instanceof Boolean) {
      return out.append(value.toString());
    }
    if (value instanceof String text) { // before Map and List: asking a text for them is slow
      return appendText(out, text);
    }
    if (value instanceof Map<?, ?> map) {
      return appendMap(out, map);
    }
    if (value instanceof List<?> list) {
      out.append('[');
      String comma = "";
      for (Object item : list) {
        append(out.append(comma), item);
        comma = ",";
      }
      return out.append(']');
    }
    return appendText(out, value.toString());
  }

  private static Utf8Text appendText(Utf8Text out, String text) {
    return (isPlain(text) ? out.append('"').append(text) : quote(out, text)).append('"');
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private static Utf8Text quote(Utf8Text out, String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 16);
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return out.append('"').append(quoted.toString());
  }

  private static Utf8Text appendMap(Utf8Text out, Map<?, ?> map) {
    out.append('{');
    String comma = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      append(out.append(comma), String.valueOf(entry.getKey())).append(':');
      append(out, entry.getValue());
      comma = ",";
    }
    return out.append('}');
  }

  private static Utf8Text appendNumber(Utf8Text out, Number number) {
    if (number instanceof Long whole) {
      return out.append((long) whole);
    }
    if (number instanceof Double || number instanceof Float) {
      double d = number.doubleValue();
      if (Double.isNaN(d) || Double.isInfinite(d)) {
        return out.append("null");
      }
      if (Math.abs(d) < EXACT && d == Math.rint(d)) {
        return out.append((long) d);
      }
      String text = number.toString();
      return text.indexOf('E') < 0 ? out.append(text) : appendDecimal(out, new BigDecimal(text));
    }
    if (number instanceof BigDecimal decimal) {
      return appendDecimal(out, decimal);
    }
    return number instanceof BigInteger
        ? out.append(number.toString())
        : out.append(number.longValue());
  }

  private static Utf8Text appendDecimal(Utf8Text out, BigDecimal decimal) {
    BigDecimal short_ = decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
    boolean plain =
        Math.abs((long) short_.scale()) <= MAX_PLAIN_DIGITS
            && short_.precision() <= MAX_PLAIN_DIGITS;
    return out.append(plain ? short_.toPlainString() : short_.toString());
  }
}
