// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.cardatabridge.journal.EventRefusedException;

/**
 * Data points in InfluxDB's line protocol, one line each: tags {@code vehicle} and {@code key}, the
 * car's time in microseconds, and a field by the kind of the value, so that types never conflict:
 * numbers as floats in {@code value}, booleans in {@code value_b}, texts in {@code value_s}, lists
 * and objects as JSON in {@code value_s}. Immutable and safe for use by many threads.
 */
final class LineProtocol {

  private static final double EXACT = 1e15;

  private final String measurement;

  /** Lines of one measurement, which is not empty and holds no control character. */
  LineProtocol(String measurement) {
    this.measurement = escaped(measurement, ", ");
  }

  /**
   * The lines of those that have a value: "not available now" has no place in a database of values.
   *
   * @throws EventRefusedException for a value or time that the protocol cannot express
   */
  String lines(List<CarEvent> events) {
    StringBuilder out = new StringBuilder(events.size() * 160);
    for (CarEvent event : events) {
      if (event.value() != null) {
        append(out, event);
      }
    }
    return out.toString();
  }

  private void append(StringBuilder out, CarEvent event) {
    out.append(measurement);
    tag(out, "vehicle", event.vehicle());
    tag(out, "key", event.key());
    field(out.append(' '), event);
    out.append(' ').append(micros(event)).append('\n');
  }

  /** An empty value cannot be written, so such a tag is left out. */
  private static void tag(StringBuilder out, String name, String value) {
    if (!value.isEmpty()) {
      out.append(',').append(name).append('=').append(escaped(value, ",= "));
    }
  }

  /**
   * A backslash before each of these. A name cannot hold a line's end, and what a backslash of its
   * own means differs between databases: in their place stand {@code _} and {@code /}.
   */
  private static String escaped(String name, String special) {
    StringBuilder out = new StringBuilder(name.length() + 8);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (special.indexOf(c) >= 0) {
        out.append('\\');
      }
      out.append(Character.isISOControl(c) ? '_' : c == '\\' ? '/' : c);
    }
    return out.toString();
  }

  private static void field(StringBuilder out, CarEvent event) {
    Object value = event.value();
    if (value instanceof Number number) {
      number(out.append("value="), number, event);
    } else if (value instanceof Boolean) {
      out.append("value_b=").append(value);
    } else if (value instanceof Map<?, ?> || value instanceof List<?>) {
      text(out, CarEventJson.value(value));
    } else {
      text(out, value.toString());
    }
  }

  private static void number(StringBuilder out, Number number, CarEvent event) {
    double value = number.doubleValue();
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new EventRefusedException(
          "writing " + event.key() + " as line protocol: a number that no float can hold");
    }
    if (Math.abs(value) < EXACT && value == Math.rint(value)) {
      out.append((long) value);
    } else {
      out.append(value);
    }
  }

  private static void text(StringBuilder out, CharSequence text) {
    out.append("value_s=\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }

  private static long micros(CarEvent event) {
    Instant time = event.timestamp();
    try {
      return Math.addExact(
          Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000L);
    } catch (ArithmeticException e) {
      throw new EventRefusedException(
          "writing " + event.key() + " as line protocol: a time that no number can hold", e);
    }
  }
}
