// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How both decoders read JSON: what they take for a value and for a name, and what is beyond
 * sanity. Stateless and safe for many threads.
 */
final class JsonValues {

  /** Deeper than any real value, shallow enough for every writer and recursion behind us. */
  static final int MAX_NESTING = 200;

  /** Stands for NaN and infinity, which must not be mistaken for a plain null. */
  static final Object NO_NUMBER = new Object();

  private static final int MAX_NAME = 255;
  private static final int MAX_SCALE = 1000;

  private JsonValues() {}

  /** Takes every text of any size, and numbers that are none. */
  static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
        .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        .build();
  }

  /** UTF-16 and 32, which Jackson would accept. */
  static boolean isWide(byte[] payload) {
    return payload.length > 1
        && (payload[0] == 0 || payload[1] == 0 || (payload[0] & 0xfe) == 0xfe);
  }

  /** Whether it has not one byte, or white space only. */
  static boolean isBlank(byte[] payload) {
    for (byte b : payload) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  /** Whether the bytes are a text in UTF-8. */
  static boolean isUtf8(byte[] payload) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /**
   * The value at which the parser stands: {@code String}, {@code Long}, {@code Double}, {@code
   * BigDecimal}, {@code Boolean}, an unmodifiable map or list, {@link #NO_NUMBER}, or null.
   */
  static Object value(JsonParser p, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_STRING -> wellFormed(p.getText());
      case VALUE_NUMBER_INT ->
          p.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? new BigDecimal(p.getText())
              : (Object) p.getLongValue();
      case VALUE_NUMBER_FLOAT -> decimal(p);
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case START_OBJECT -> map(p);
      case START_ARRAY -> list(p);
      default -> null;
    };
  }

  private static Object decimal(JsonParser p) throws IOException {
    if (p.isNaN()) {
      return NO_NUMBER;
    }
    double number = p.getDoubleValue();
    return Double.isFinite(number) ? (Object) number : large(p.getText());
  }

  /**
   * A number beyond double; as its text where writing it out in full would fill the memory of
   * whoever does so.
   */
  private static Object large(String text) {
    try {
      BigDecimal number = new BigDecimal(text);
      return Math.abs((long) number.scale()) <= MAX_SCALE ? number : text;
    } catch (NumberFormatException e) {
      return text; // an exponent beyond int
    }
  }

  private static Map<String, Object> map(JsonParser p) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
      map.put(wellFormed(name), inner(p, p.nextToken()));
    }
    return Collections.unmodifiableMap(map);
  }

  private static List<Object> list(JsonParser p) throws IOException {
    List<Object> list = new ArrayList<>();
    for (JsonToken t = p.nextToken(); t != JsonToken.END_ARRAY; t = p.nextToken()) {
      list.add(inner(p, t));
    }
    return Collections.unmodifiableList(list);
  }

  private static Object inner(JsonParser p, JsonToken token) throws IOException {
    Object value = value(p, token);
    return value == NO_NUMBER ? null : value;
  }

  /** Whether a text can be a topic level or, with its dots, several. */
  static boolean isName(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_NAME) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '/' || c == '+' || c == '#' || (c >= 0x7f && c < 0xa0)) {
        return false;
      }
      if (Character.isSurrogate(c)
          && !(Character.isHighSurrogate(c)
              && i + 1 < length
              && Character.isLowSurrogate(text.charAt(++i)))) {
        return false;
      }
    }
    return true;
  }

  /** Half a character, which JSON's escapes allow and no writer takes, becomes U+FFFD. */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        int[] whole = text.codePoints().map(JsonValues::whole).toArray();
        return new String(whole, 0, whole.length);
      }
    }
    return text;
  }

  private static int whole(int codePoint) {
    boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    return half ? 0xfffd : codePoint;
  }
}
