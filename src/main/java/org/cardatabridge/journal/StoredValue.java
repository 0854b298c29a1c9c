// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;

/**
 * A value as the columns {@code kind} and {@code value} hold it, readable for whoever opens the
 * file. Immutable.
 *
 * @param kind what it is, see the table {@code points}
 * @param value a Long, a Double, a String or null
 */
record StoredValue(int kind, Object value) {

  static final int NOT_AVAILABLE = 0;
  static final int BOOLEAN = 1;
  private static final int INTEGER = 2;
  static final int REAL = 3;
  static final int DECIMAL = 4;
  static final int TEXT = 5;
  private static final int JSON = 6;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

  /** From a value of a {@link org.cardatabridge.CarEvent}. */
  static StoredValue of(Object value) {
    if (value == null) {
      return new StoredValue(NOT_AVAILABLE, null);
    }
    if (value instanceof Boolean truth) {
      return new StoredValue(BOOLEAN, truth ? 1L : 0L);
    }
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      return new StoredValue(INTEGER, ((Number) value).longValue());
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      // SQLite has no such number and would make null of it.
      return Double.isNaN(number) ? new StoredValue(TEXT, "NaN") : new StoredValue(REAL, number);
    }
    if (value instanceof BigDecimal || value instanceof BigInteger) {
      return new StoredValue(DECIMAL, value.toString());
    }
    if (value instanceof Map || value instanceof Collection) {
      try {
        return new StoredValue(JSON, MAPPER.writeValueAsString(value));
      } catch (JsonProcessingException e) {
        return new StoredValue(TEXT, value.toString());
      }
    }
    return new StoredValue(TEXT, value.toString());
  }

  /** Back to the value; a kind that is not known is taken as text. */
  Object toValue() {
    return switch (kind) {
      case NOT_AVAILABLE -> null;
      case BOOLEAN -> !Long.valueOf(0).equals(value);
      case DECIMAL -> new BigDecimal(String.valueOf(value));
      case JSON -> parsed();
      default -> value instanceof Integer number ? Long.valueOf(number) : value;
    };
  }

  private Object parsed() {
    try {
      return MAPPER.readValue(String.valueOf(value), Object.class);
    } catch (JsonProcessingException e) {
      return value;
    }
  }
}
