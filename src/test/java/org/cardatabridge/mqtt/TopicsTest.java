// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cardatabridge.mqtt.Events.NOON;
import static org.cardatabridge.mqtt.Events.VIN;
import static org.cardatabridge.mqtt.Events.event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tree, held by golden files: {@code -Dgolden.rewrite} writes them anew, people read the diff.
 */
class TopicsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/mqtt");

  private static Topics topics(String... keysAndValues) {
    Map<String, String> settings = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put("cardata.sink." + keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Topics(Settings.of(settings), Clock.fixed(NOON, ZoneOffset.UTC));
  }

  private static List<CarEvent> everyKindOfValue() {
    Map<String, Object> position = new LinkedHashMap<>();
    position.put("latitude", 50.25);
    position.put("longitude", new BigDecimal("10.96"));
    position.put("heading", 90L);
    Map<String, Object> service = new LinkedHashMap<>();
    service.put("type", "OIL");
    service.put("km", 12_000.0);
    service.put("due", null);
    return List.of(
        event("vehicle.vehicle.travelledDistance", 81_623L, "km"),
        event("vehicle.powertrain.electric.battery.charging.power", 81.5, "kW"),
        event("vehicle.drivetrain.batteryManagement.header", 81.0, "%"),
        event("vehicle.isMoving", true, null),
        event("vehicle.drivetrain.electricEngine.charging.status", "CHARGINGACTIVE", null),
        event("vehicle.cabin.infotainment.title", "say \"hi\"\n°C", null),
        event("vehicle.tiny", 1.0e-7, null),
        event("vehicle.large", 12_345_678_901_234_567.0, null),
        event("vehicle.status.conditionBasedServices", List.of(service), null),
        event("vehicle.basicVehicleData", service, null),
        event("vehicle.body.hood.isOpen", null, null),
        new CarEvent("main", VIN, VIN, "location", position, null, NOON, NOON, "derived"),
        new CarEvent(
            "main",
            "WBY00TEST00000002",
            "i4",
            "vehicle.vehicle.speed",
            50L,
            "km/h",
            NOON.plusMillis(500),
            NOON,
            "stream"));
  }

  private static String lines(List<Publication> publications) {
    return publications.stream()
        .map(
            p ->
                "%s qos=%d%s %s"
                    .formatted(
                        p.topic(),
                        p.qos(),
                        p.retain() ? " retained" : "",
                        new String(p.payload(), StandardCharsets.UTF_8))
                    .stripTrailing())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static void assertGolden(String name, String actual) {
    Path file = GOLDEN.resolve(name + ".txt");
    try {
      if (System.getProperty("golden.rewrite") != null) {
        Files.createDirectories(GOLDEN);
        Files.writeString(file, actual);
      }
      assertThat(actual).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "value", "all"})
  void theDefaultLayoutIsAsTheGoldenFileSays(String leaves) {
    assertGolden("default-" + leaves, lines(topics("mqtt.leaves", leaves).map(everyKindOfValue())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bausi2k", "dj0abr"})
  void theLayoutsOfOlderBridgesAreAsTheirGoldenFilesSay(String layout) {
    assertGolden(layout, lines(topics("mqtt.layout", layout).map(everyKindOfValue())));
  }

  @Test
  void theOlderLayoutsTakeBaseTopicQosAndRetainWhereTheyAreSet() {
    Topics topics =
        topics(
            "mqtt.layout",
            "dj0abr",
            "mqtt.base-topic",
            "car/",
            "mqtt.qos",
            "1",
            "mqtt.retain",
            "true");
    assertThat(lines(topics.map(event("a.b", 1L, null))))
        .isEqualTo(
            "car/vehicles/"
                + VIN
                + "/a.b qos=1 retained {\"timestamp\":\"2026-01-31T12:00:00Z\",\"value\":1}\n");
  }

  @Test
  void bausi2kKeepsTwoCarsApartOnlyWhenAskedTo() {
    assertThat(topics("mqtt.layout", "bausi2k", "mqtt.append-vin", "true").map(everyKindOfValue()))
        .allMatch(
            p ->
                p.topic().startsWith("home/bmw/live/" + VIN + "/")
                    || p.topic().startsWith("home/bmw/live/i4/"));
  }

  @Test
  void theRelaysPrefixGetsItsSlashWhereItIsMissing() {
    assertThat(topics("mqtt-raw.prefix", "bmw").raw(new byte[1], "gcid/" + VIN, "stream"))
        .extracting(Publication::topic)
        .containsExactly("bmw/" + VIN, "bmw/raw/" + VIN);
  }

  @Test
  void theRawRelaySendsTheBytesUntouchedToBothTopics() {
    byte[] bytes = {(byte) 0xff, 0, 'x'};
    List<Publication> raw =
        topics("mqtt-raw.retain", "true", "mqtt-raw.prefix", "car/")
            .raw(bytes, "gcid/" + VIN, "stream");
    assertThat(raw).extracting(Publication::topic).containsExactly("car/" + VIN, "car/raw/" + VIN);
    assertThat(raw).allMatch(p -> p.payload() == bytes && p.retain());
    assertThat(topics().raw(bytes, "gcid/" + VIN, "stream")).noneMatch(Publication::retain);
    assertThat(topics().raw(bytes, "gcid/" + VIN + "/x+#", "stream"))
        .extracting(Publication::topic)
        .contains("bmw/" + VIN + "/x%2B%23");
    assertThat(topics("mqtt-raw.retain", "true").raw(bytes, "gcid/" + VIN, "replay"))
        .hasSize(2)
        .noneMatch(Publication::retain);
    assertThat(topics().raw(bytes, "no-slash", "stream")).isEmpty();
    assertThat(topics().raw(bytes, null, "stream")).isEmpty();
    assertThat(topics().raw(bytes, "live/level13/app/" + VIN + "/doors/get/locks", "replay"))
        .isEmpty();
  }

  @Test
  void theBridgesOwnStatusIsRetainedWhateverTheValuesAre() {
    String json = "{\"accounts\":[{\"stream\":{\"state\":\"live\"}}]}";
    assertThat(lines(topics("mqtt.retain", "false").status(json)))
        .isEqualTo("cardata/bridge/status qos=1 retained " + json + "\n");
    Topics older = topics("mqtt.layout", "dj0abr");
    assertThat(lines(older.status(json)))
        .isEqualTo("bmw/status qos=0 retained {\"connected\":true,\"timestamp\":1769860800}\n");
    assertThat(lines(older.status(json.replace("live", "backing-off"))))
        .contains("\"connected\":false");
    assertThat(lines(List.of(older.presence().will())))
        .isEqualTo("bmw/status qos=0 retained {\"connected\":false}\n");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          a.+.b,        a/%2B/b
          a.#,          a/%23
          $SYS.x,       %24SYS/x
          a/b,          a%2Fb
          100%,         100%25
          a..b,         a/%/b
          .,            %/%
          vehicle.unit, vehicle/%75nit
          x.value,      x/%76alue
          location,     %6Cocation
          a b,          a b
          """)
  void aNameThatWouldBreakTheTreeIsEscaped(String key, String path) {
    assertThat(topics().topicOf(event(key, 1L, null))).isEqualTo("cardata/" + VIN + "/" + path);
  }

  @Test
  void aControlCharacterALoneSurrogateAndANonCharacterAreEscapedAndAnEmojiIsNot() {
    assertThat(TopicNames.level("a\0b\ud800c\ufffed\uD83D\uDE97"))
        .isEqualTo("a%00b%uD800c%uFFFEd\uD83D\uDE97");
  }

  @Test
  void aCarCalledBridgeDoesNotSpeakForTheBridge() {
    CarEvent event =
        new CarEvent("main", "bridge", "bridge", "state", "offline", null, NOON, NOON, "stream");
    assertThat(topics().map(event))
        .extracting(Publication::topic)
        .allMatch(topic -> topic.startsWith("cardata/%62ridge/"));
  }

  @Test
  void aNameTooLongOrTooDeepForATopicIsCountedAndTheOthersGoOut() {
    Topics topics = topics();
    List<CarEvent> events = new ArrayList<>();
    events.add(event("x".repeat(70_000), 1L, null));
    events.add(event(".".repeat(500), 1L, null));
    events.add(event("fine", 1L, null));
    assertThat(topics.map(events))
        .extracting(Publication::topic)
        .containsExactly("cardata/" + VIN + "/fine", "cardata/" + VIN + "/fine/value");
    assertThat(topics.unpublishable()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          81,                      81
          81.50,                   81.5
          -0.0,                    0
          1E+3,                    1000
          1E+1000000000,           1E+1000000000
          0.000001,                0.000001
          1E-400,                  1E-400
          """)
  void aDecimalIsWrittenForPeopleUnlessItWouldFillALine(String decimal, String text) {
    assertThat(JsonText.append(new Utf8Text(), new BigDecimal(decimal))).hasToString(text);
  }

  @Test
  void aNumberThatIsNoneIsNull() {
    assertThat(JsonText.append(new Utf8Text(), Double.NaN)).hasToString("null");
    assertThat(JsonText.append(new Utf8Text(), Double.POSITIVE_INFINITY)).hasToString("null");
  }

  @ParameterizedTest
  @CsvSource({
    "mqtt.layout,teslamate", "mqtt.leaves,some", "mqtt.qos,3", "mqtt.qos,x",
    "mqtt.base-topic,a/#", "mqtt.base-topic,/", "mqtt-raw.prefix,$SYS/", "mqtt.retain,yes"
  })
  void aWrongSettingIsNamed(String key, String value) {
    assertThatThrownBy(() -> topics(key, value))
        .isInstanceOf(BadSettingException.class)
        .hasMessageStartingWith("cardata.sink." + key);
  }

  @Test
  void aBodyThatIsNoDataPointIsRefusedInWords() {
    assertThatThrownBy(() -> topics().map("text")).hasMessageContaining("CarEvent");
    assertThatThrownBy(() -> topics().map(List.of("text"))).hasMessageContaining("CarEvent");
  }
}
