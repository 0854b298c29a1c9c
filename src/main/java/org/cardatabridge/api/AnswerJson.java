// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.decode.Timestamps;

/**
 * Reads BMW's answers, within bounds, with all their sloppiness: numbers as texts, dates of many
 * forms, nulls in place of what is not there. Stateless and safe for use by many threads.
 */
final class AnswerJson {

  /** Larger answers are not read. */
  static final int MOST_BYTES = 5 * 1024 * 1024;

  private static final int MOST_NESTING = 60;
  private static final int MOST_DIGITS = 30;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MOST_NESTING)
                          .maxStringLength(MOST_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private AnswerJson() {}

  /** The JSON of an answer; null where it is none, or too large. */
  static JsonNode read(byte[] body) {
    if (body.length == 0 || body.length > MOST_BYTES) {
      return null;
    }
    try {
      JsonNode json = MAPPER.readTree(body);
      return json == null || json.isMissingNode() ? null : json;
    } catch (IOException e) {
      return null; // the exception's message would quote the answer
    }
  }

  /** A value of maps, lists and plain values as JSON, names in their order. */
  static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("writing a result as JSON", e);
    }
  }

  /** The same as UTF-8. */
  static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("writing a result as JSON", e);
    }
  }

  /** A text, or a number as one, without blanks around it; null where there is none. */
  static String text(JsonNode object, String name) {
    JsonNode value = object.get(name);
    if (value == null || !(value.isTextual() || value.isNumber())) {
      return null;
    }
    String text = value.asText().strip();
    return text.isEmpty() ? null : text;
  }

  /** A point in time: seconds or milliseconds since 1970, or any date with a time; else null. */
  static Instant time(JsonNode object, String name) {
    String text = text(object, name);
    if (text == null) {
      return null;
    }
    Number number = number(text);
    return number == null ? Timestamps.parse(text) : Timestamps.ofNumber(number.longValue());
  }

  /** The number that a text is; null where it is none. */
  static Number number(String text) {
    try {
      BigDecimal number = new BigDecimal(text.strip());
      if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
        return null;
      }
      return number.stripTrailingZeros().scale() <= 0 && number.abs().compareTo(LARGEST) < 0
          ? (Number) number.longValue()
          : number.doubleValue();
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  /**
   * The value as maps with sorted names, lists and plain values; nulls in objects, VINs and
   * whatever is named after the account's id are left out.
   */
  static Object plain(JsonNode node) {
    if (node.isObject()) {
      Map<String, Object> map = new TreeMap<>();
      node.properties()
          .forEach(
              e -> {
                if (!e.getValue().isNull() && !isIdentity(e.getKey())) {
                  map.put(e.getKey(), plain(e.getValue()));
                }
              });
      return map;
    }
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(item -> list.add(item.isNull() ? null : plain(item)));
      return Collections.unmodifiableList(list);
    }
    if (node.isNumber()) {
      return node.isIntegralNumber() && node.canConvertToLong()
          ? (Object) node.longValue()
          : (Object) node.doubleValue();
    }
    return node.isBoolean() ? (Object) node.booleanValue() : node.asText();
  }

  /** An object as {@link #plain}, to be changed by the caller. */
  static Map<String, Object> object(JsonNode node) {
    Map<String, Object> map = new TreeMap<>();
    if (plain(node) instanceof Map<?, ?> plain) {
      plain.forEach((name, value) -> map.put(String.valueOf(name), value));
    }
    return map;
  }

  private static boolean isIdentity(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("vin") || lower.contains("gcid");
  }
}
