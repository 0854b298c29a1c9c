// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;

/**
 * Takes the data points out of a CarData message, as they were sent: no typing, no conversion.
 *
 * <p>Total: whatever the bytes are, it returns, and says in {@link Decoded#unreadable()} what it
 * could not read. Pure: it keeps nothing between two messages. Safe for use by many threads.
 */
public final class Decoder {

  /** Deeper than any real value, shallow enough for every writer and recursion behind us. */
  static final int MAX_NESTING = 200;

  private static final int MAX_NAME = 255;
  private static final int MAX_SCALE = 1000;

  /** Stands for NaN and infinity, which must not be mistaken for a plain null. */
  private static final Object NO_NUMBER = new Object();

  private final JsonFactory json =
      JsonFactory.builder()
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

  /**
   * Reads one message.
   *
   * @param payload the bytes as they came; not changed
   * @param account name of the account it came by
   * @param source {@code stream}, {@code rest}, …
   * @param topic the topic or path it came from, which has the VIN where the message names none
   * @param received when it came; the time of a point where the message has none
   * @return the points found; never null
   */
  public Decoded decode(
      byte[] payload, String account, String source, String topic, Instant received) {
    if (isBlank(payload)) {
      return Decoded.unreadable(Unreadable.EMPTY);
    }
    if (isWide(payload)) {
      return Decoded.unreadable(Unreadable.NOT_UTF8);
    }
    Message message = new Message();
    try (JsonParser parser = json.createParser(payload)) {
      Unreadable why = message.read(parser);
      if (why != null) {
        return Decoded.unreadable(why);
      }
    } catch (StreamConstraintsException e) {
      return Decoded.unreadable(Unreadable.BEYOND_LIMITS);
    } catch (IOException | RuntimeException e) {
      // Nothing of the text goes on: the exception's message quotes the payload.
      return Decoded.unreadable(isUtf8(payload) ? Unreadable.NOT_JSON : Unreadable.NOT_UTF8);
    }
    return message.finish(account, source, topic, received);
  }

  /** UTF-16 and 32, which Jackson would accept. */
  private static boolean isWide(byte[] payload) {
    return payload.length > 1
        && (payload[0] == 0 || payload[1] == 0 || (payload[0] & 0xfe) == 0xfe);
  }

  private static boolean isBlank(byte[] payload) {
    for (byte b : payload) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  private static boolean isUtf8(byte[] payload) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private record Entry(String key, Object value, String unit, Instant timestamp) {
    Entry withoutVin() {
      return new Entry(key, BasicData.withoutVin(value), unit, timestamp);
    }
  }

  /** One message while it is read; the parts may come in any order. */
  private static final class Message {

    private final List<Entry> entries = new ArrayList<>(4);
    private String vin;
    private String topic;
    private Instant sent;
    private boolean data;
    private int skipped;

    Unreadable read(JsonParser p) throws IOException {
      if (p.nextToken() != JsonToken.START_OBJECT) {
        p.skipChildren();
        return p.nextToken() == null ? Unreadable.NOT_AN_OBJECT : Unreadable.NOT_JSON;
      }
      for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
        JsonToken token = p.nextToken();
        switch (name) {
          case "vin" -> vin = text(p, token, vin);
          case "topic" -> topic = text(p, token, topic);
          case "timestamp" -> sent = time(p, token);
          case "data", "telematicData" -> {
            if (token == JsonToken.START_OBJECT) {
              data = true;
              entries(p);
            } else {
              p.skipChildren();
            }
          }
          default -> p.skipChildren();
        }
      }
      return p.nextToken() == null ? null : Unreadable.NOT_JSON;
    }

    private void entries(JsonParser p) throws IOException {
      for (String key = p.nextFieldName(); key != null; key = p.nextFieldName()) {
        JsonToken token = p.nextToken();
        Entry entry =
            token == JsonToken.START_OBJECT
                ? entry(key, p)
                : new Entry(key, value(p, token), null, null);
        if (!isName(key) || key.equals(CarEvent.LOCATION)) {
          skipped++;
        } else if (entry.value != null) {
          entries.add(key.equals(BasicData.KEY) ? entry.withoutVin() : entry);
        }
      }
    }

    private static Entry entry(String key, JsonParser p) throws IOException {
      Object value = null;
      String unit = null;
      Instant timestamp = null;
      for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
        JsonToken token = p.nextToken();
        switch (name) {
          case "value" -> value = value(p, token);
          case "unit" -> unit = text(p, token, null);
          case "timestamp" -> timestamp = time(p, token);
          default -> p.skipChildren();
        }
      }
      return new Entry(key, value, unit, timestamp);
    }

    Decoded finish(String account, String source, String from, Instant received) {
      if (!data) {
        return Decoded.unreadable(Unreadable.NO_DATA);
      }
      String car = vin != null ? vin : MessageTopic.vin(from);
      car = car != null ? car : topic;
      if (car == null) {
        return Decoded.unreadable(Unreadable.NO_VIN);
      }
      if (!isName(car) || car.equals("bridge")) {
        return Decoded.unreadable(Unreadable.BAD_VIN);
      }
      if (entries.isEmpty()) {
        return new Decoded(
            car, List.of(), Map.of(), skipped, skipped > 0 ? Unreadable.BAD_NAMES : null);
      }
      Instant otherwise = sent != null ? sent : received;
      Map<String, TimeOrigin> otherwiseTimed = Map.of();
      CarEvent[] points = new CarEvent[entries.size()];
      for (int i = 0; i < points.length; i++) {
        Entry e = entries.get(i);
        if (e.timestamp == null) {
          if (otherwiseTimed.isEmpty()) {
            otherwiseTimed = new HashMap<>();
          }
          otherwiseTimed.put(e.key, sent != null ? TimeOrigin.ENVELOPE : TimeOrigin.RECEIPT);
        }
        points[i] =
            new CarEvent(
                account,
                car,
                car,
                e.key,
                e.value == NO_NUMBER ? null : e.value,
                e.unit,
                e.timestamp != null ? e.timestamp : otherwise,
                received,
                source);
      }
      return new Decoded(car, List.of(points), otherwiseTimed, skipped, null);
    }

    /** A text that is not blank; else what was there before. */
    private static String text(JsonParser p, JsonToken token, String otherwise) throws IOException {
      if (token != JsonToken.VALUE_STRING) {
        p.skipChildren();
        return otherwise;
      }
      String text = wellFormed(p.getText().trim());
      return text.isEmpty() ? otherwise : text;
    }

    private static Instant time(JsonParser p, JsonToken token) throws IOException {
      return switch (token) {
        case VALUE_STRING ->
            Timestamps.parse(p.getTextCharacters(), p.getTextOffset(), p.getTextLength());
        case VALUE_NUMBER_INT ->
            p.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? null
                : Timestamps.ofNumber(p.getLongValue());
        default -> {
          p.skipChildren();
          yield null;
        }
      };
    }
  }

  private static Object value(JsonParser p, JsonToken token) throws IOException {
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
  private static boolean isName(String text) {
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
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        int[] whole = text.codePoints().map(Decoder::whole).toArray();
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
