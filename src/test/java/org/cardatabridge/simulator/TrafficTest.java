// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages against cardata-protocol.md, section 3. */
class TrafficTest {

  private static final String GCID = AccountConfig.first().gcid();
  private static final String VIN = AccountConfig.first().vins().get(0);

  @TempDir Path directory;

  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T08:00:00.610Z"));
  private Simulator simulator;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorConfig.in(directory).withClock(clock));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private List<JsonObject> messages() {
    return simulator.published().stream().map(m -> new JsonObject(m.text())).toList();
  }

  private static JsonObject entry(JsonObject message, String key) {
    return message.getJsonObject("data").getJsonObject(key);
  }

  @Test
  void aMessageHasTheShapeOfACapturedOne() {
    simulator.publish(VIN, Descriptors.MILEAGE, 81623, "km");

    assertThat(simulator.published().get(0).topic()).isEqualTo(GCID + "/" + VIN);
    assertThat(simulator.published().get(0).text())
        .isEqualTo(
            "{\"vin\":\""
                + VIN
                + "\",\"entityId\":\""
                + GCID
                + "\",\"topic\":\""
                + VIN
                + "\",\"timestamp\":\"2026-11-21T08:00:00.61Z\",\"data\":{\""
                + Descriptors.MILEAGE
                + "\":{\"timestamp\":\"2026-11-21T08:00:00Z\",\"value\":81623,\"unit\":\"km\"}}}");
  }

  @Test
  void carsSendOneDescriptorAMessage() {
    simulator.car(VIN, CarAction.WAKE);
    simulator.car(VIN, CarAction.DRIVE);
    assertThat(messages())
        .hasSizeGreaterThan(12)
        .allSatisfy(m -> assertThat(m.getJsonObject("data").size()).isEqualTo(1));
  }

  @Test
  void carsLiveTheirDayByThemselvesWhenToldSo() throws Exception {
    simulator.change(b -> b.dayLength(Duration.ofSeconds(2)));
    String token = new JsonObject(simulator.tokens(null)).getString("id_token");
    try (PahoClient paho = new PahoClient(simulator, "paho").connect(GCID, token)) {
      paho.subscribe(GCID + "/+", 1);
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(
              () ->
                  assertThat(paho.payloads())
                      .anyMatch(t -> t.contains("CHARGINGACTIVE") && t.contains(VIN))
                      .anyMatch(t -> t.contains("trip.segment.end.time") && t.contains(VIN)));
    }
  }

  @Test
  void aBurstSharesItsEnvelopeTimestamp() {
    simulator.perform("burst", "{\"messages\":45}");
    assertThat(messages()).hasSize(45);
    assertThat(messages())
        .extracting(m -> m.getString("timestamp"))
        .containsOnly("2026-11-21T08:00:00.61Z");
    assertThat(messages())
        .extracting(m -> m.getJsonObject("data").encode().replaceAll("\"value\":\\d+", ""))
        .doesNotHaveDuplicates();
  }

  @Test
  void duplicatesAreEqualByteForByte() {
    simulator.perform("duplicates", "{\"messages\":4}");
    assertThat(simulator.published()).hasSize(4);
    assertThat(simulator.published())
        .extracting(SentMessage::text)
        .containsOnly(simulator.published().get(0).text());
  }

  @Test
  void aLateValueIsOlderThanTheOneBefore() {
    simulator.perform("late", "{\"age\":\"10m\"}");
    assertThat(messages())
        .extracting(m -> Instant.parse(entry(m, Descriptors.CHARGE).getString("timestamp")))
        .containsExactly(
            Instant.parse("2026-11-21T08:00:00Z"), Instant.parse("2026-11-21T07:50:00Z"));
  }

  @Test
  void outOfOrderValuesHaveTheNewestInTheMiddle() {
    simulator.perform("out-of-order", "{}");
    assertThat(messages())
        .extracting(m -> entry(m, Descriptors.MILEAGE).getInteger("value"))
        .containsExactly(10_002, 10_004, 10_005, 10_001, 10_003);
  }

  @Test
  void gpsHalvesComeApart() {
    simulator.perform("gps-apart", "{\"pause\":\"150ms\"}");
    assertThat(messages()).hasSize(1);
    await().untilAsserted(() -> assertThat(messages()).hasSize(3));
    assertThat(entry(messages().get(0), Descriptors.LATITUDE).getDouble("value")).isPositive();
    assertThat(entry(messages().get(1), Descriptors.LONGITUDE).getDouble("value")).isPositive();
  }

  @Test
  void aFloodHasAsManyMessagesAndDescriptorsAsAsked() {
    simulator.perform("flood", "{\"messages\":500,\"descriptors\":20}");
    await().untilAsserted(() -> assertThat(simulator.published()).hasSize(500));
    assertThat(messages())
        .allSatisfy(m -> assertThat(m.getJsonObject("data").size()).isEqualTo(20));
  }

  @ParameterizedTest
  @EnumSource(OddMessage.class)
  void everyOddMessageDiffersFromTheUsualShapeAsItsNameSays(OddMessage odd) {
    simulator.odd(VIN, odd);
    List<SentMessage> sent = simulator.published();
    assertThat(sent).isNotEmpty();
    String text = sent.get(0).text();
    switch (odd) {
      case NOT_UTF8 ->
          assertThatThrownBy(
                  () ->
                      StandardCharsets.UTF_8
                          .newDecoder()
                          .decode(ByteBuffer.wrap(sent.get(0).payload())))
              .isInstanceOf(CharacterCodingException.class);
      case NOT_JSON, EMPTY ->
          assertThatThrownBy(() -> new JsonObject(text)).isInstanceOf(DecodeException.class);
      case HUGE -> assertThat(sent.get(0).payload()).hasSizeGreaterThan(1_000_000);
      case SENTINELS -> assertThat(sent).hasSize(6);
      case MILES_AND_KILOMETRES -> {
        assertThat(text).contains("\"mi\"");
        assertThat(sent.get(1).text()).contains("\"km\"");
      }
      case SEVERAL_DESCRIPTORS ->
          assertThat(new JsonObject(text).getJsonObject("data").size()).isEqualTo(3);
      default -> assertThat(text).satisfies(t -> assertThat(oddity(odd, t)).isTrue());
    }
  }

  private static boolean oddity(OddMessage odd, String text) {
    JsonObject json = new JsonObject(text);
    if (json.getValue("data") instanceof JsonObject data
        && data.stream().findFirst().map(Map.Entry::getValue).orElse(0)
            instanceof JsonObject first) {
      Object value = first.getValue("value");
      return switch (odd) {
        case NO_VIN -> !json.containsKey("vin");
        case NO_ENVELOPE_TIMESTAMP ->
            !json.containsKey("timestamp") && first.containsKey("timestamp");
        case NO_ENTRY_TIMESTAMP -> json.containsKey("timestamp") && !first.containsKey("timestamp");
        case NO_TIMESTAMPS -> !json.containsKey("timestamp") && !first.containsKey("timestamp");
        case NO_UNIT -> !first.containsKey("unit");
        case NULL_UNIT -> first.containsKey("unit") && first.getValue("unit") == null;
        case EMPTY_UNIT -> "".equals(first.getValue("unit"));
        case NUMBER_AS_STRING -> "0.0".equals(value);
        case BOOLEAN_AS_TOKEN -> "ASN_isTrue".equals(value);
        case BOOLEAN_AS_STRING -> "False".equals(value);
        case NULL_VALUE -> value == null && first.getValue("unit") != null;
        case NULL_VALUE_ALONE ->
            first.containsKey("value") && value == null && !first.containsKey("timestamp");
        case NO_VALUE -> !first.containsKey("value");
        case DATE_ISO -> "2026-10-04T09:30:00Z".equals(value);
        case DATE_GERMAN -> "04.10.2026 09:30:00 UTC".equals(value);
        case DATE_GERMAN_SHORT -> "04.10.2026 09:30 UTC".equals(value);
        case DATE_AMERICAN -> "10/04/2026 09:30 UTC".equals(value);
        case DATE_OFFSET -> ((String) value).endsWith("+0000");
        case OBJECT_VALUE -> value instanceof JsonObject;
        case LIST_VALUE -> value instanceof io.vertx.core.json.JsonArray;
        case DEEP_VALUE -> text.contains("level0") && text.contains("level59");
        case XML_VALUE -> ((String) value).startsWith("<");
        case UNKNOWN_DESCRIPTOR -> text.contains("newDescriptorXyz");
        case WRONG_UNIT -> "weeks".equals(first.getValue("unit"));
        case FAR_FUTURE -> first.getString("timestamp").startsWith("2026-11-24");
        case FAR_PAST -> first.getString("timestamp").startsWith("2024-");
        case OUT_OF_RANGE -> Integer.valueOf(2_777_774).equals(value);
        case ZERO_POSITION -> Integer.valueOf(0).equals(value) && data.size() == 2;
        default -> false;
      };
    }
    return switch (odd) {
      case NO_DATA -> !json.containsKey("data");
      case DATA_IS_TEXT -> json.getValue("data") instanceof String;
      case ENTRY_IS_NUMBER ->
          json.getJsonObject("data").getValue(Descriptors.MILEAGE) instanceof Number;
      default -> false;
    };
  }

  @Test
  void anUnknownCarIsNamedAsTheMistake() {
    assertThatThrownBy(() -> simulator.car("WBX", CarAction.DRIVE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no account has this VIN");
  }
}
