// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Messages that a decoder must take although they differ from the usual shape. */
public enum OddMessage {
  SEVERAL_DESCRIPTORS,
  NO_VIN,
  NO_ENVELOPE_TIMESTAMP,
  NO_ENTRY_TIMESTAMP,
  NO_TIMESTAMPS,
  NO_UNIT,
  NULL_UNIT,
  EMPTY_UNIT,
  NUMBER_AS_STRING,
  BOOLEAN_AS_TOKEN,
  BOOLEAN_AS_STRING,
  NULL_VALUE,
  NULL_VALUE_ALONE,
  NO_VALUE,
  DATE_ISO,
  DATE_GERMAN,
  DATE_GERMAN_SHORT,
  DATE_AMERICAN,
  DATE_OFFSET,
  OBJECT_VALUE,
  LIST_VALUE,
  DEEP_VALUE,
  XML_VALUE,
  UNKNOWN_DESCRIPTOR,
  WRONG_UNIT,
  MILES_AND_KILOMETRES,
  FAR_FUTURE,
  FAR_PAST,
  SENTINELS,
  OUT_OF_RANGE,
  ZERO_POSITION,
  NO_DATA,
  DATA_IS_TEXT,
  ENTRY_IS_NUMBER,
  NOT_JSON,
  NOT_UTF8,
  EMPTY,
  HUGE;

  /** Its name in the control API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static OddMessage of(String word) {
    for (OddMessage o : values()) {
      if (o.word().equals(word)) {
        return o;
      }
    }
    throw new IllegalArgumentException(
        "sending an odd message: unknown case '" + word + "' — GET /odd lists them");
  }

  /** The payloads of this case, nearly always one. */
  List<byte[]> payloads(Envelope e, Instant now) {
    Instant s = now.truncatedTo(ChronoUnit.SECONDS);
    return switch (this) {
      case SEVERAL_DESCRIPTORS ->
          one(
              e.around(
                  now,
                  List.of(
                      new DataPoint(Descriptors.MILEAGE, 18_500, "km", now),
                      new DataPoint(Descriptors.CHARGE, 63.5, "percent", now),
                      new DataPoint(Descriptors.PRESSURE, 249, "kpa", now))));
      case NO_VIN -> one(without(usual(e, now, s), "vin"));
      case NO_ENVELOPE_TIMESTAMP -> one(without(usual(e, now, s), "timestamp"));
      case NO_ENTRY_TIMESTAMP -> one(e.around(now, Descriptors.MILEAGE, entry(18_501, "km")));
      case NO_TIMESTAMPS ->
          one(without(e.around(now, Descriptors.MILEAGE, entry(18_502, "km")), "timestamp"));
      case NO_UNIT -> one(e.around(now, Descriptors.MILEAGE, timed(s, 18_503)));
      case NULL_UNIT -> one(e.around(now, Descriptors.MILEAGE, timed(s, 18_504, null)));
      case EMPTY_UNIT -> one(e.around(now, Descriptors.MILEAGE, timed(s, 18_505, "")));
      case NUMBER_AS_STRING ->
          one(
              e.around(
                  now,
                  "vehicle.drivetrain.batteryManagement.batterySizeMax",
                  timed(s, "0.0", "kWh")));
      case BOOLEAN_AS_TOKEN -> one(e.around(now, Descriptors.LIGHTS, timed(s, "ASN_isTrue", null)));
      case BOOLEAN_AS_STRING -> one(e.around(now, "vehicle.isMoving", timed(s, "False", null)));
      case NULL_VALUE -> one(e.around(now, Descriptors.CHARGE, timed(s, null, "percent")));
      case NULL_VALUE_ALONE -> one(e.around(now, Descriptors.CHARGE, entry(null, null)));
      case NO_VALUE -> one(e.around(now, Descriptors.CHARGE, Map.of("timestamp", s.toString())));
      case DATE_ISO -> one(date(e, now, s, "2026-10-04T09:30:00Z"));
      case DATE_GERMAN -> one(date(e, now, s, "04.10.2026 09:30:00 UTC"));
      case DATE_GERMAN_SHORT -> one(date(e, now, s, "04.10.2026 09:30 UTC"));
      case DATE_AMERICAN -> one(date(e, now, s, "10/04/2026 09:30 UTC"));
      case DATE_OFFSET -> one(date(e, now, s, "2026-10-04T09:30:00.000+0000"));
      case OBJECT_VALUE ->
          one(
              e.around(
                  now,
                  "vehicle.vehicleIdentification.basicVehicleData",
                  timed(s, Map.of("brand", "BMW", "doors", 5, "sunRoof", false), null)));
      case LIST_VALUE ->
          one(
              e.around(
                  now,
                  "vehicle.status.conditionBasedServices",
                  timed(s, List.of(Map.of("type", "OIL", "status", "OK"), 7, "x"), null)));
      case DEEP_VALUE -> one(e.around(now, "vehicle.some.deep", timed(s, deep(60), null)));
      case XML_VALUE ->
          one(
              e.around(
                  now,
                  "vehicle.drivetrain.electricEngine.charging.profile.mode",
                  timed(s, "<mode a=\"1\">immediate</mode>", null)));
      case UNKNOWN_DESCRIPTOR ->
          one(e.around(now, "vehicle.some.unknown.newDescriptorXyz", timed(s, 3, "A")));
      case WRONG_UNIT -> one(e.around(now, Descriptors.WEEKLY, timed(s, 2, "weeks")));
      case MILES_AND_KILOMETRES -> {
        List<byte[]> both = new ArrayList<>();
        both.addAll(one(e.around(now, Descriptors.MILEAGE, timed(s, 11_500, "mi"))));
        both.addAll(one(e.around(now, Descriptors.MILEAGE, timed(s.plusSeconds(1), 18_508, "km"))));
        yield both;
      }
      case FAR_FUTURE ->
          one(e.around(now, Descriptors.MILEAGE, timed(s.plus(3, ChronoUnit.DAYS), 1, "km")));
      case FAR_PAST ->
          one(e.around(now, Descriptors.MILEAGE, timed(s.minus(900, ChronoUnit.DAYS), 2, "km")));
      case SENTINELS ->
          List.of("INVALID", "UNKNOWN", "-NA-", "NOT_AVAILABLE", "SIGNAL_INVALID", "ASN_isUnknown")
              .stream()
              .map(v -> bytes(e.around(now, Descriptors.PRESSURE, timed(s, v, "kpa")).encode()))
              .toList();
      case OUT_OF_RANGE ->
          one(
              e.around(
                  now,
                  "vehicle.drivetrain.avgElectricRangeConsumption",
                  timed(s, 2_777_774, "kWh/100km")));
      case ZERO_POSITION ->
          one(
              e.around(
                  now,
                  List.of(
                      new DataPoint(Descriptors.LATITUDE, 0, null, now),
                      new DataPoint(Descriptors.LONGITUDE, 0, null, now))));
      case NO_DATA -> one(without(usual(e, now, s), "data"));
      case DATA_IS_TEXT -> one(usual(e, now, s).put("data", "none"));
      case ENTRY_IS_NUMBER -> one(e.around(now, new JsonObject().put(Descriptors.MILEAGE, 18_509)));
      case NOT_JSON -> List.of(bytes("<html>not json</html>"));
      case NOT_UTF8 -> List.of(new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'});
      case EMPTY -> List.of(new byte[0]);
      case HUGE -> one(e.around(now, "vehicle.some.huge", timed(s, "x".repeat(1_000_000), null)));
    };
  }

  private static JsonObject usual(Envelope e, Instant now, Instant s) {
    return e.around(now, Descriptors.MILEAGE, timed(s, 18_500, "km"));
  }

  private static JsonObject date(Envelope e, Instant now, Instant s, String text) {
    return e.around(now, "vehicle.trip.segment.end.time", timed(s, text, null));
  }

  private static JsonObject without(JsonObject json, String field) {
    json.remove(field);
    return json;
  }

  private static Map<String, Object> timed(Instant at, Object value) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("timestamp", at.toString());
    entry.put("value", value);
    return entry;
  }

  private static Map<String, Object> timed(Instant at, Object value, String unit) {
    Map<String, Object> entry = timed(at, value);
    entry.put("unit", unit);
    return entry;
  }

  private static Map<String, Object> entry(Object value, String unit) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("value", value);
    entry.put("unit", unit);
    return entry;
  }

  private static Object deep(int levels) {
    Object inner = 1;
    for (int i = 0; i < levels; i++) {
      inner = Collections.singletonMap("level" + i, inner);
    }
    return inner;
  }

  private static List<byte[]> one(JsonObject json) {
    return List.of(bytes(json.encode()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
