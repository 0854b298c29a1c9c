// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;

/** A message of unusual shape that High Mobility sends, or might. Both generations know each. */
public enum HighMobilityOdd {
  /** {@code data} holds the property without its capability, as a published sample does. */
  CAPABILITY_MISSING,
  /** The capability {@code theft_alarm} is misspelt everywhere but in the topic. */
  THIEF_ALARM,
  /** A property that is a list of bare words, without times. */
  BULB_FAILURES,
  /** A list of objects, each with a time of its own. */
  TROUBLE_CODES,
  /** The time stands at the top only. */
  OUTER_TIMESTAMP,
  /** The time stands at the value only. */
  INNER_TIMESTAMP,
  /** Two times that differ: the inner one is meant. */
  TWO_TIMESTAMPS,
  /** No time at all. */
  NO_TIMESTAMP,
  /** A time that is none. */
  BAD_TIMESTAMP,
  /** Measured tomorrow and more. */
  FAR_FUTURE,
  /** A short id, as in a published sample. */
  SHORT_MESSAGE_ID,
  /** No id. */
  NO_MESSAGE_ID,
  /** No VIN; the topic of the first generation has it. */
  NO_VIN,
  /** The topic speaks of another property than the message. */
  OTHER_TOPIC,
  /** A date as a value. */
  DATE_VALUE,
  /** A fraction above 1. */
  FRACTION_ABOVE_ONE,
  /** A number that is written as a string. */
  NUMBER_AS_STRING,
  /** Miles and Fahrenheit. */
  OTHER_UNITS,
  /** A unit that is in no list. */
  UNKNOWN_UNIT,
  /** A capability that is in no list. */
  UNKNOWN_CAPABILITY,
  /** A property whose data is null. */
  NULL_DATA,
  /** A property without data, with a reason. */
  FAILURE,
  /** An empty list. */
  EMPTY_LIST,
  /** {@code data} is empty. */
  EMPTY_DATA,
  /** No {@code data}. */
  NO_DATA,
  /** {@code data} is a text. */
  DATA_IS_TEXT,
  /** Values in values in values. */
  DEEP_VALUE,
  /** The position of nowhere. */
  ZERO_POSITION,
  /** A JSON array of two messages. */
  ARRAY,
  /** No JSON. */
  NOT_JSON,
  /** No UTF-8. */
  NOT_UTF8,
  /** Nothing. */
  EMPTY,
  /** A text of 300 kB. */
  HUGE;

  /** What is published, and where. */
  record Odd(String topic, byte[] payload) {}

  /** Its name in the control API. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static HighMobilityOdd of(String word) {
    return Stream.of(values())
        .filter(o -> o.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "sending an odd message: unknown case '"
                        + word
                        + "' — GET /highmobility lists them"));
  }

  /** The message, from a car and of now. */
  Odd make(HighMobilityEnvelope e, Instant now) {
    String time = HighMobilityPoint.time(now);
    JsonObject odometer = HighMobilityPoint.measured(8050.4, "kilometers");
    JsonObject status = new JsonObject().put("data", "armed").put("timestamp", time);
    return switch (this) {
      case CAPABILITY_MISSING -> {
        JsonObject days = new JsonObject().put("data", HighMobilityPoint.measured(95, "days"));
        JsonObject data = new JsonObject().put("time_to_next_service", list(e, days));
        JsonObject json = head(e, "maintenance", "time_to_next_service").put("data", data);
        yield odd(e, "maintenance", "time_to_next_service", json.put("timestamp", time));
      }
      case THIEF_ALARM -> {
        JsonObject json = around(e, "thief_alarm", "status", list(e, status));
        yield odd(e, "theft_alarm", "status", json);
      }
      case BULB_FAILURES -> {
        JsonArray words =
            new JsonArray()
                .add(new JsonObject().put("data", "turn_signal_right"))
                .add(new JsonObject().put("data", "high_beam"));
        JsonObject json = around(e, "dashboard_lights", "bulb_failures", words);
        yield odd(e, "dashboard_lights", "bulb_failures", json.put("timestamp", time));
      }
      case TROUBLE_CODES -> {
        JsonArray codes =
            new JsonArray().add(code("P0301", now)).add(code("C0040", now.minusSeconds(90)));
        yield odd(e, "diagnostics", "trouble_codes", codes);
      }
      case OUTER_TIMESTAMP ->
          odometer(
              e, new JsonObject().put("data", odometer), new JsonObject().put("timestamp", time));
      case INNER_TIMESTAMP -> odometer(e, timed(odometer, time), new JsonObject());
      case TWO_TIMESTAMPS -> {
        String later = HighMobilityPoint.time(now.plusSeconds(40));
        yield odometer(e, timed(odometer, time), new JsonObject().put("timestamp", later));
      }
      case NO_TIMESTAMP -> odometer(e, new JsonObject().put("data", odometer), new JsonObject());
      case BAD_TIMESTAMP ->
          odometer(e, timed(odometer, "just now"), new JsonObject().put("timestamp", 17));
      case FAR_FUTURE -> {
        String future = HighMobilityPoint.time(now.plus(Duration.ofHours(49)));
        yield odometer(e, timed(odometer, future), new JsonObject());
      }
      case SHORT_MESSAGE_ID ->
          odometer(e, timed(odometer, time), new JsonObject().put("message_id", "12345"));
      case NO_MESSAGE_ID ->
          odometer(e, timed(odometer, time), new JsonObject().putNull("message_id"));
      case NO_VIN -> odometer(e, timed(odometer, time), new JsonObject().putNull("vin"));
      case OTHER_TOPIC -> {
        JsonObject json = around(e, "diagnostics", "odometer", list(e, timed(odometer, time)));
        yield odd(e, "charging", "status", json);
      }
      case DATE_VALUE ->
          value(e, "maintenance", "next_inspection_date", "2027-01-27T14:38:47.000Z", time);
      case FRACTION_ABOVE_ONE -> value(e, "charging", "battery_level", 1.02, time);
      case NUMBER_AS_STRING ->
          value(
              e,
              "diagnostics",
              "odometer",
              new JsonObject("{\"unit\":\"kilometers\",\"value\":\"8050.4\"}"),
              time);
      case OTHER_UNITS ->
          value(
              e,
              "climate",
              "outside_temperature",
              HighMobilityPoint.measured(47.3, "fahrenheit"),
              time);
      case UNKNOWN_UNIT ->
          value(e, "diagnostics", "odometer", HighMobilityPoint.measured(3.5, "furlongs"), time);
      case UNKNOWN_CAPABILITY -> value(e, "flux_capacitor", "state", "fluxing", time);
      case NULL_DATA -> value(e, "diagnostics", "odometer", null, time);
      case FAILURE -> {
        JsonObject why = new JsonObject().put("reason", "rate_limit").put("description", "later");
        JsonObject failed = new JsonObject().put("failure", why).put("timestamp", time);
        yield odometer(e, failed, new JsonObject());
      }
      case EMPTY_LIST -> odd(e, "diagnostics", "trouble_codes", new JsonArray());
      case EMPTY_DATA -> {
        JsonObject json = head(e, "diagnostics", "odometer").put("data", new JsonObject());
        yield odd(e, "diagnostics", "odometer", json);
      }
      case NO_DATA -> odd(e, "diagnostics", "odometer", head(e, "diagnostics", "odometer"));
      case DATA_IS_TEXT -> {
        JsonObject json = head(e, "diagnostics", "odometer").put("data", "8050.4 km");
        yield odd(e, "diagnostics", "odometer", json);
      }
      case DEEP_VALUE -> {
        JsonObject deep = new JsonObject("{\"a\":{\"b\":[{\"c\":{\"d\":1}}]}}");
        yield value(e, "charging", "departure_times", deep, time);
      }
      case ZERO_POSITION -> {
        JsonObject nowhere = new JsonObject().put("latitude", 0.0).put("longitude", 0.0);
        yield value(e, "vehicle_location", "coordinates", nowhere, time);
      }
      case ARRAY -> {
        JsonArray two = new JsonArray();
        for (int i = 0; i < 2; i++) {
          two.add(around(e, "diagnostics", "odometer", list(e, timed(odometer, time))));
        }
        yield raw(e, two.encode().getBytes(StandardCharsets.UTF_8));
      }
      case NOT_JSON -> raw(e, "<odometer>8050.4</odometer>".getBytes(StandardCharsets.UTF_8));
      case NOT_UTF8 -> raw(e, new byte[] {'{', '"', (byte) 0xFF, (byte) 0xFE, '"', ':', '1', '}'});
      case EMPTY -> raw(e, new byte[0]);
      case HUGE -> value(e, "messaging", "last_message_text", "x".repeat(300_000), time);
    };
  }

  private static JsonObject timed(Object data, String time) {
    return new JsonObject().put("data", data).put("timestamp", time);
  }

  private static JsonObject code(String id, Instant at) {
    return timed(
        new JsonObject().put("id", id).put("occurrences", 2).put("status", "confirmed"),
        HighMobilityPoint.time(at));
  }

  /** A single property: bare in the first generation, in a list in the second. */
  private static Object list(HighMobilityEnvelope e, JsonObject property) {
    return e.isFirst() ? property : new JsonArray().add(property);
  }

  private static JsonObject head(HighMobilityEnvelope e, String capability, String property) {
    return e.isFirst() ? e.head(capability, property) : e.head();
  }

  private static JsonObject around(
      HighMobilityEnvelope e, String capability, String property, Object content) {
    JsonObject data = new JsonObject().put(capability, new JsonObject().put(property, content));
    return head(e, capability, property).put("data", data);
  }

  private static Odd value(
      HighMobilityEnvelope e, String capability, String property, Object data, String time) {
    return odd(
        e, capability, property, around(e, capability, property, list(e, timed(data, time))));
  }

  private static Odd odd(
      HighMobilityEnvelope e, String capability, String property, JsonArray content) {
    return odd(e, capability, property, around(e, capability, property, content));
  }

  /** An odometer with another head; null takes a field away. */
  private static Odd odometer(HighMobilityEnvelope e, JsonObject property, JsonObject head) {
    JsonObject json = around(e, "diagnostics", "odometer", list(e, property));
    for (String field : head.fieldNames()) {
      if (head.getValue(field) == null) {
        json.remove(field);
      } else {
        json.put(field, head.getValue(field));
      }
    }
    return odd(e, "diagnostics", "odometer", json);
  }

  private static Odd raw(HighMobilityEnvelope e, byte[] payload) {
    return new Odd(e.topic("diagnostics", "odometer"), payload);
  }

  private static Odd odd(
      HighMobilityEnvelope e, String capability, String property, JsonObject json) {
    return new Odd(e.topic(capability, property), json.encode().getBytes(StandardCharsets.UTF_8));
  }
}
