// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.cardatabridge.decode.Points.NOW;
import static org.cardatabridge.decode.Points.VIN;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {

  private final Decoder decoder = new Decoder();

  private Decoded decode(String json) {
    return decode(json, "gcid/" + VIN);
  }

  private Decoded decode(String json, String topic) {
    return decoder.decode(json.getBytes(StandardCharsets.UTF_8), "second", "stream", topic, NOW);
  }

  @Test
  void basicDataDoNotRepeatTheVinAtAnyDepth() {
    Decoded decoded =
        decode(
            """
            {"data":{
              "vehicle.vehicleIdentification.basicVehicleData":{"value":
                {"vin":"WBY00TEST00000001","brand":"BMW","of":[{"VIN":"x","a":null},null]}},
              "vehicle.other":{"value":{"vin":"kept"}}}}
            """);
    assertThat(decoded.points().get(0).value().toString())
        .isEqualTo("{brand=BMW, of=[{a=null}, null]}");
    assertThat(decoded.points().get(1).value()).isEqualTo(Map.of("vin", "kept"));
  }

  private Object valueOf(String json) {
    Decoded decoded = decode("{\"data\":{\"vehicle.x\":{\"value\":" + json + "}}}");
    assertThat(decoded.unreadable()).isNull();
    return decoded.points().get(0).value();
  }

  @Test
  void aPointCarriesAccountCarTimesAndSourceOfItsMessage() {
    Decoded decoded =
        decoder.decode(
            Points.payload("one-descriptor.json"), "second", "replay", "gcid/other", NOW);

    assertThat(decoded.points())
        .containsExactly(
            new CarEvent(
                "second",
                "WBY00TEST00000011",
                "WBY00TEST00000011",
                "vehicle.vehicle.travelledDistance",
                20451L,
                "km",
                Instant.parse("2026-03-01T08:00:01Z"),
                NOW,
                "replay"));
    assertThat(decoded.vin()).isEqualTo("WBY00TEST00000011");
  }

  static Stream<Arguments> jsonValues() {
    return Stream.of(
        Arguments.of("81", 81L),
        Arguments.of("-9223372036854775808", Long.MIN_VALUE),
        Arguments.of("9223372036854775808", new BigDecimal("9223372036854775808")),
        Arguments.of("0.1", 0.1),
        Arguments.of("57.0", 57.0),
        Arguments.of("1e3", 1000.0),
        Arguments.of("1e400", new BigDecimal("1e400")),
        Arguments.of("1e999999999", "1e999999999"),
        Arguments.of("1e99999999999", "1e99999999999"),
        Arguments.of("NaN", null),
        Arguments.of("Infinity", null),
        Arguments.of("-Infinity", null),
        Arguments.of("true", true),
        Arguments.of("false", false),
        Arguments.of("\"81\"", "81"),
        Arguments.of("\"\"", ""),
        Arguments.of("\"tab\\tand \\u00fc\"", "tab\tand ü"),
        Arguments.of("\"\\ud83d\\ude00\"", "\ud83d\ude00"),
        Arguments.of("\"half \\ud83d\"", "half \ufffd"),
        Arguments.of("[]", List.of()),
        Arguments.of("{}", Map.of()),
        Arguments.of(
            "[1,[2.5,\"x\"],{\"a\":true}]", List.of(1L, List.of(2.5, "x"), Map.of("a", true))));
  }

  @ParameterizedTest
  @MethodSource("jsonValues")
  void eachJsonTypeKeepsItsType(String json, Object value) {
    assertThat(valueOf(json)).isEqualTo(value);
  }

  @Test
  void nullInsideAnObjectOrListStays() {
    assertThat(valueOf("{\"a\":null,\"b\":[null,NaN]}").toString())
        .isEqualTo("{a=null, b=[null, null]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"value\":null}",
        "{\"value\":null,\"unit\":\"km\",\"timestamp\":\"2026-03-01T10:00:00Z\"}",
        "{\"unit\":\"km\"}",
        "{}",
        "null",
      })
  void aPlainNullIsNoPointAndTheMessageIsReadable(String entry) {
    Decoded decoded = decode("{\"data\":{\"vehicle.x\":" + entry + "}}");

    assertThat(decoded.points()).isEmpty();
    assertThat(decoded.unreadable()).isNull();
    assertThat(decoded.vin()).isEqualTo(VIN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "\"unit\":\"km\"|km",
        "\"unit\":null|-",
        "\"unit\":\"\"|-",
        "\"unit\":\" \"|-",
        "\"unit\":5|-",
        "\"unit\":[\"km\"]|-",
        "\"other\":{}|-",
      })
  void theUnitIsATextOrAbsent(String unit, String expected) {
    Decoded decoded = decode("{\"data\":{\"vehicle.x\":{" + unit + ",\"value\":1}}}");

    assertThat(decoded.points().get(0).unit()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "\"2026-03-01T09:00:00Z\"|\"2026-03-01T10:00:00Z\"|2026-03-01T10:00:00Z|-",
        "\"2026-03-01T09:00:00Z\"|\"28.02.2026 10:00 UTC\"|2026-02-28T10:00:00Z|-",
        "\"2026-03-01T09:00:00Z\"|null|2026-03-01T09:00:00Z|ENVELOPE",
        "\"2026-03-01T09:00:00Z\"|\"soon\"|2026-03-01T09:00:00Z|ENVELOPE",
        "\"2026-03-01T09:00:00Z\"|{}|2026-03-01T09:00:00Z|ENVELOPE",
        "null|null|2026-03-01T12:00:00Z|RECEIPT",
        "[]|99999999999999999999|2026-03-01T12:00:00Z|RECEIPT",
      })
  void theTimeIsTheEntrysElseTheEnvelopesElseThatOfReceipt(
      String envelope, String entry, Instant time, TimeOrigin origin) {
    Decoded decoded =
        decode(
            "{\"data\":{\"vehicle.x\":{\"value\":1,\"timestamp\":"
                + entry
                + "}},\"timestamp\":"
                + envelope
                + "}");

    assertThat(decoded.points().get(0).timestamp()).isEqualTo(time);
    assertThat(decoded.otherwiseTimed().get("vehicle.x")).isEqualTo(origin);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"vin\":\"BODY\",\"topic\":\"FIELD\"|gcid/TOPIC|BODY",
        "\"vin\":null,\"topic\":\"FIELD\"|gcid/TOPIC|TOPIC",
        "\"vin\":\" \"|gcid/TOPIC/more|TOPIC",
        "\"vin\":7|gcid/TOPIC|TOPIC",
        "\"topic\":\"FIELD\"|gcid/|FIELD",
        "\"topic\":\"FIELD\"|gcid|FIELD",
      })
  void theCarIsNamedByTheBodyElseByTheTopicsSecondLevel(String body, String topic, String vin) {
    Decoded decoded = decode("{" + body + ",\"data\":{\"vehicle.x\":{\"value\":1}}}", topic);

    assertThat(decoded.points())
        .extracting(CarEvent::vin, CarEvent::vehicle)
        .containsExactly(tuple(vin, vin));
  }

  @Test
  void withoutAnyVinAMessageIsUnreadable() {
    Decoded decoded = decode("{\"data\":{\"vehicle.x\":{\"value\":1}}}", "");

    assertThat(decoded.unreadable()).isEqualTo(Unreadable.NO_VIN);
    assertThat(decoded.points()).isEmpty();
  }

  @Test
  void aDescriptorThatComesTwiceInAMessageGivesTwoPointsInOrder() {
    Decoded decoded =
        decode("{\"data\":{\"vehicle.x\":{\"value\":1},\"vehicle.x\":{\"value\":2}}}");

    assertThat(decoded.points()).extracting(CarEvent::value).containsExactly(1L, 2L);
  }

  @Test
  void entriesWhoseNameNoTopicCanHaveAreLeftOutAndCounted() {
    Decoded decoded =
        decode(
            "{\"data\":{\"a/b\":{\"value\":1},\"\":{\"value\":1},\"a#\":{\"value\":1},\"a+\":{\"value\":1},"
                + "\"a\\u0000\":{\"value\":1},\"a\\ud800\":{\"value\":1},\"location\":{\"value\":1},\""
                + "x".repeat(256)
                + "\":{\"value\":1},\"vehicle.ü 😀\":{\"value\":1}}}");

    assertThat(decoded.points()).extracting(CarEvent::key).containsExactly("vehicle.ü 😀");
    assertThat(decoded.skipped()).isEqualTo(8);
    assertThat(decoded.unreadable()).isNull();
  }

  @Test
  void aMessageOfOneMegabyteIsReadWhole() {
    StringBuilder json = new StringBuilder("{\"data\":{\"vehicle.text\":{\"value\":\"");
    json.append("x".repeat(1 << 20)).append("\"}");
    for (int i = 0; i < 20_000; i++) {
      json.append(",\"vehicle.x").append(i).append("\":{\"value\":").append(i).append('}');
    }

    Decoded decoded = decode(json.append("}}").toString());

    assertThat(decoded.points()).hasSize(20_001);
    assertThat(decoded.points().get(0).value().toString()).hasSize(1 << 20);
  }

  @Test
  void aByteOrderMarkIsNoHindrance() {
    assertThat(decode("\ufeff{\"data\":{\"vehicle.x\":{\"value\":1}}}").points()).hasSize(1);
  }

  @Test
  void nestingIsReadUpToALimitThatEveryWriterTakes() {
    String deep = "[".repeat(JsonValues.MAX_NESTING - 3) + "]".repeat(JsonValues.MAX_NESTING - 3);
    String deeper = "[".repeat(JsonValues.MAX_NESTING) + "]".repeat(JsonValues.MAX_NESTING);

    assertThat(valueOf(deep)).isInstanceOf(List.class);
    assertThat(decode("{\"data\":{\"vehicle.x\":{\"value\":" + deeper + "}}}").unreadable())
        .isEqualTo(Unreadable.BEYOND_LIMITS);
  }

  @Test
  void theTextOfAResultNamesNoCar() {
    assertThat(decode("{\"data\":{\"vehicle.x\":{\"value\":1}}}").toString())
        .isEqualTo("Decoded[1 points, read]");
  }
}
