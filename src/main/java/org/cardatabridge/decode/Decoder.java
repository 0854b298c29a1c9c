// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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

  private final JsonFactory json = JsonValues.factory();

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
    if (JsonValues.isBlank(payload)) {
      return Decoded.unreadable(Unreadable.EMPTY);
    }
    if (JsonValues.isWide(payload)) {
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
      return Decoded.unreadable(
          JsonValues.isUtf8(payload) ? Unreadable.NOT_JSON : Unreadable.NOT_UTF8);
    }
    return message.finish(account, source, topic, received);
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
                : new Entry(key, JsonValues.value(p, token), null, null);
        if (!JsonValues.isName(key) || key.equals(CarEvent.LOCATION)) {
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
          case "value" -> value = JsonValues.value(p, token);
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
      if (!JsonValues.isName(car) || car.equals("bridge")) {
        return Decoded.unreadable(Unreadable.BAD_VIN);
      }
      if (entries.isEmpty()) {
        return new Decoded(
            car, List.of(), Map.of(), skipped, skipped > 0 ? Unreadable.BAD_NAMES : null, null);
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
                e.value == JsonValues.NO_NUMBER ? null : e.value,
                e.unit,
                e.timestamp != null ? e.timestamp : otherwise,
                received,
                source);
      }
      return new Decoded(car, List.of(points), otherwiseTimed, skipped, null, null);
    }

    /** A text that is not blank; else what was there before. */
    private static String text(JsonParser p, JsonToken token, String otherwise) throws IOException {
      if (token != JsonToken.VALUE_STRING) {
        p.skipChildren();
        return otherwise;
      }
      String text = JsonValues.wellFormed(p.getText().trim());
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
}
