// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of the table {@code series}: values of one descriptor of one vehicle within an hour, with
 * the same unit and source. Immutable.
 *
 * @param vehicle number of the VIN in the table {@code names}
 * @param key number of the descriptor there
 * @param hour of the car's time, counted from 1970-01-01T00:00Z
 * @param last number of the last message that gave a value
 * @param part tells rows apart that are otherwise alike
 * @param unit number of the unit; {@link Names#NONE} for none
 * @param source number of the source
 * @param points JSON, in the order received: an array of {@code [microseconds into the hour,
 *     microseconds from then to the receipt, value]}; a decimal number is its text, followed by
 *     {@code "decimal"}
 */
record HistoryBlock(
    int vehicle, int key, long hour, long last, int part, int unit, int source, String points) {

  /** Microseconds of an hour. */
  static final long HOUR = 3_600_000_000L;

  /** The fourth word behind a number that is kept as text. */
  static final String DECIMAL = "decimal";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();
  private static final JsonFactory JSON = MAPPER.getFactory();

  /** The hour that a time lies in. */
  static long hourOf(long micros) {
    return Math.floorDiv(micros, HOUR);
  }

  /** How a value with this time begins in the text. */
  static String begin(long micros) {
    return "[" + Math.floorMod(micros, HOUR) + ",";
  }

  /**
   * Its values in the order received.
   *
   * @throws IllegalStateException where the text is not what {@link PendingHistory} writes
   */
  List<HistoryPoint> values(Names names) {
    String unitName = names.name(unit);
    String sourceName = names.name(source);
    List<HistoryPoint> values = new ArrayList<>();
    try (JsonParser json = JSON.createParser(points)) {
      expect(json.nextToken(), JsonToken.START_ARRAY);
      while (json.nextToken() == JsonToken.START_ARRAY) {
        long timestamp = hour * HOUR + json.nextLongValue(0);
        long received = timestamp + json.nextLongValue(0);
        Object value = value(json);
        JsonToken end = json.nextToken();
        if (end == JsonToken.VALUE_STRING) {
          value = new BigDecimal(String.valueOf(value));
          end = json.nextToken();
        }
        expect(end, JsonToken.END_ARRAY);
        values.add(
            new HistoryPoint(
                Micros.instant(timestamp), value, unitName, Micros.instant(received), sourceName));
      }
      return values;
    } catch (IOException | NumberFormatException e) {
      throw new IllegalStateException("values of the history that cannot be read", e);
    }
  }

  private static Object value(JsonParser json) throws IOException {
    JsonToken token = json.nextToken();
    if (token == null) {
      throw new IllegalStateException("values of the history that end too early");
    }
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_STRING -> json.getText();
      default -> MAPPER.readValue(json, Object.class);
    };
  }

  private static void expect(JsonToken found, JsonToken wanted) {
    if (found != wanted) {
      throw new IllegalStateException("values of the history that are not in their form");
    }
  }
}
