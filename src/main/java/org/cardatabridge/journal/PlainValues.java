// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * Makes sure that a message's values are what the journal can keep: those of {@link
 * CarEvent#value()}. A route of one's own may publish anything: lists that change later, or values
 * that throw when they are looked at.
 */
final class PlainValues {

  private static final int DEEPEST = 32;

  private PlainValues() {}

  /**
   * The message itself where its values are plain, which they nearly always are; else one with
   * copies of them.
   *
   * @throws IllegalArgumentException for a value that cannot be copied
   */
  static CarMessage of(CarMessage message) {
    for (CarEvent event : message.points()) {
      if (!isSimple(event.value())) {
        return copy(message);
      }
    }
    return message;
  }

  private static boolean isSimple(Object value) {
    return value == null
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Double
        || value instanceof BigDecimal
        || value instanceof String;
  }

  private static CarMessage copy(CarMessage message) {
    List<CarEvent> points = new ArrayList<>(message.points().size());
    for (CarEvent event : message.points()) {
      points.add(isSimple(event.value()) ? event : copy(event));
    }
    return new CarMessage(
        message.account(),
        message.source(),
        message.topic(),
        message.received(),
        message.payload(),
        points);
  }

  private static CarEvent copy(CarEvent event) {
    Object value;
    try {
      value = plain(event.value(), 0);
    } catch (RuntimeException | StackOverflowError e) {
      throw new IllegalArgumentException(
          "keeping a data point of "
              + event.key()
              + ": its value cannot be read ("
              + e.getClass().getSimpleName()
              + ") — publish texts, numbers, true or false, and lists or maps of them",
          e);
    }
    return event.withValue(value);
  }

  private static Object plain(Object value, int depth) {
    if (isSimple(value)) {
      return value;
    }
    if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float number) {
      return Double.valueOf(number.toString());
    }
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("nested too deep");
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(String.valueOf(key), plain(item, depth + 1)));
      return Collections.unmodifiableMap(copy);
    }
    if (value instanceof Collection<?> list) {
      List<Object> copy = new ArrayList<>(list.size());
      list.forEach(item -> copy.add(plain(item, depth + 1)));
      return Collections.unmodifiableList(copy);
    }
    if (value instanceof Number number) {
      return new BigDecimal(number.toString());
    }
    return value.toString();
  }
}
