// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.HighMobilityDecoder;
import org.cardatabridge.decode.MessageId;
import org.cardatabridge.highmobility.Facts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnonymiserTest {

  private static final String VIN = "WBY00TEST00000001";
  private static final String GCID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
  private static final String ALIAS = "Herbies Käfer";
  private static final String ACCOUNT = "anna";
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String HERE = "vehicle.cabin.infotainment.navigation.currentLocation.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static RecordedMessage message(String topic, byte[] payload) {
    return new RecordedMessage(NOON, "stream", ACCOUNT, topic, payload);
  }

  private static RecordedMessage message(String payload) {
    return message(GCID + "/" + VIN, payload.getBytes(UTF_8));
  }

  private static List<RecordedMessage> disguised(List<RecordedMessage> messages) {
    Anonymiser anonymiser = new Anonymiser();
    anonymiser.know(ALIAS);
    messages.forEach(anonymiser::hear);
    return messages.stream().map(anonymiser::disguise).toList();
  }

  private static String disguised(String payload) {
    List<RecordedMessage> out =
        disguised(List.of(message("{\"vin\":\"" + VIN + "\"}"), message(payload)));
    return new String(out.get(1).payload(), UTF_8);
  }

  private static void assertNobodyIn(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String identity : List.of(VIN, GCID, GCID.replace("-", ""), ALIAS, ACCOUNT)) {
      assertThat(lower).doesNotContain(identity.toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void aMessageOfBmwKeepsItsShapeAndLosesItsPeople() throws Exception {
    String payload =
        "{ \"vin\":\""
            + VIN
            + "\",\"entityId\":\""
            + GCID
            + "\", \"topic\":\""
            + VIN
            + "\",\n"
            + "\"timestamp\":\"2026-01-31T11:59:58.123Z\",\"data\":{\"vehicle.vehicle.travelledDistance\":"
            + "{\"value\":81623.0,\"unit\":\"km\",\"timestamp\":\"2026-01-31T11:59:57Z\"}}}";
    RecordedMessage out = disguised(List.of(message(payload))).get(0);
    String text = new String(out.payload(), UTF_8);
    JsonNode json = JSON.readTree(text);
    String vin = json.get("vin").asText();
    String gcid = json.get("entityId").asText();

    assertNobodyIn(text + out.topic() + out.account());
    assertThat(vin).matches("[A-HJ-NPR-Z0-9]{17}");
    assertThat(gcid).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(out.topic()).isEqualTo(gcid + "/" + vin);
    assertThat(json.get("topic").asText()).isEqualTo(vin);
    assertThat(out.account()).matches("[a-z]{4}").isNotEqualTo(ACCOUNT);
    assertThat(out.received()).isEqualTo(NOON);
    assertThat(text).isEqualTo(payload.replace(VIN, vin).replace(GCID, gcid));
  }

  @Test
  void twoCarsStayTwoAndTwoExportsHaveNothingInCommon() {
    String other = "WBA00TEST00000002";
    List<RecordedMessage> in =
        List.of(message(""), message(GCID + "/" + other, new byte[0]), message(""));
    List<String> once = disguised(in).stream().map(RecordedMessage::topic).toList();
    List<String> again = disguised(in).stream().map(RecordedMessage::topic).toList();

    assertThat(once.get(0)).isEqualTo(once.get(2)).isNotEqualTo(once.get(1));
    assertThat(once).doesNotContainAnyElementsOf(again);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON at all: %VIN% of %GCID%, %ALIAS%",
        "%VIN%",
        "{\"vin\":\"%VIN%\",\"data\":{\"cut off\":\"%GCID%",
        "{\"%VIN%\":{\"%GCID%\":[\"%ALIAS%\"]}}",
        "{\"note\":\"car_%VIN%_1, %vin%, x%VIN%x\"}",
        "{\"id\":\"s1-%GCID%-x\",\"plain\":\"%DASHLESS%\"}",
        "{\"text\":\"{\\\"vin\\\":\\\"%VIN%\\\",\\\"deep\\\":\\\"{\\\\\\\"x\\\\\\\":\\\\\\\"%GCID%\\\\\\\"}\\\"}\"}",
        "{\"text\":\"\\u0057BY00TEST00000001\",\"\\u0057BY00TEST00000001\":1}",
        "{\"vehicle\":\"%ALIAS%\",\"account\":\"anna\"}",
        "[[\"%VIN%\"],%VIN%,{\"a\":%VIN%}]",
        "\"%VIN%\" = '%GCID%'; %ALIAS%",
        "\\\"%VIN%\\",
      })
  void nobodyIsFoundWhereverHeStands(String template) {
    String payload =
        template
            .replace("%VIN%", VIN)
            .replace("%vin%", VIN.toLowerCase(Locale.ROOT))
            .replace("%GCID%", GCID)
            .replace("%DASHLESS%", GCID.replace("-", ""))
            .replace("%ALIAS%", ALIAS);
    String out = disguised(payload);
    assertNobodyIn(out);
    assertThat(out).isNotEqualTo(payload);
  }

  @Test
  void otherEncodingsHideNobody() {
    String text = "{\"vin\":\"" + VIN + "\",\"x\":\"" + GCID + "\"}";
    byte[] bytes = ("\u00ff\u00fe " + text + ALIAS).getBytes(ISO_8859_1);
    byte[] mixed = new byte[bytes.length + 20];
    System.arraycopy(bytes, 0, mixed, 0, bytes.length);
    byte[] alias = ALIAS.getBytes(UTF_8);
    System.arraycopy(alias, 0, mixed, bytes.length + 1, alias.length);
    mixed[bytes.length] = (byte) 0x80;
    List<RecordedMessage> out =
        disguised(
            List.of(
                message("g/v", text.getBytes(UTF_16LE)),
                message("g/v", text.getBytes(UTF_16BE)),
                message("g/v", mixed),
                message("")));

    assertNobodyIn(new String(out.get(0).payload(), UTF_16LE));
    assertNobodyIn(new String(out.get(1).payload(), UTF_16BE));
    assertNobodyIn(new String(out.get(2).payload(), ISO_8859_1));
    assertNobodyIn(new String(out.get(2).payload(), UTF_8));
    assertThat(out.get(2).payload()).hasSize(mixed.length).startsWith(0xff, 0xfe);
  }

  @Test
  void whoIsNamedLateIsHiddenInWhatCameBefore() {
    List<RecordedMessage> out =
        disguised(
            List.of(
                message("a/b", "the car i-4711".getBytes(UTF_8)),
                message("a/b", "{\"vin\":\"I-4711\"}".getBytes(UTF_8))));
    assertThat(new String(out.get(0).payload(), UTF_8))
        .startsWith("the car ")
        .doesNotContain("4711");
  }

  @Test
  void wordsThatAreNamesByChanceStayWhereTheyAreWords() {
    Anonymiser anonymiser = new Anonymiser();
    List.of("vehicle", "on", "911", "COMFORT_HEATING").forEach(anonymiser::know);
    String payload =
        "{\"vehicle\":\"on\",\"data\":{\"vehicle.isMoving\":{\"value\":\"COMFORT_HEATING\",\"n\":911}}}";
    RecordedMessage in =
        new RecordedMessage(NOON, "stream", "main", "x/vehicle", payload.getBytes(UTF_8));
    anonymiser.hear(in);
    RecordedMessage out = anonymiser.disguise(in);

    assertThat(out.account()).isEqualTo("main");
    assertThat(out.topic()).doesNotContain("vehicle");
    assertThat(new String(out.payload(), UTF_8))
        .matches(
            "\\{\"vehicle\":\"(?!on)[a-z]{2}\",\"data\":\\{\"vehicle.isMoving\":"
                + "\\{\"value\":\"COMFORT_HEATING\",\"n\":911}}}");
  }

  @Test
  void aRouteKeepsItsShapeButNotItsPlace() throws Exception {
    List<double[]> route =
        List.of(
            new double[] {48.137154, 11.576124},
            new double[] {48.2, 11.6},
            new double[] {-33.9000001, 151.2});
    List<RecordedMessage> messages = new ArrayList<>();
    for (double[] p : route) {
      messages.add(
          message(
              "{\"vin\":\""
                  + VIN
                  + "\",\"data\":{\""
                  + HERE
                  + "latitude\":{\"value\":"
                  + p[0]
                  + ",\"unit\":\"degrees\"},\""
                  + HERE
                  + "longitude\":{\"value\":\""
                  + p[1]
                  + "\",\"timestamp\":\"2026-01-31T12:00:00Z\"},\""
                  + HERE
                  + "heading\":{\"value\":11.6}}}"));
      messages.add(
          message(
              "{\"data\":{\"vehicle_location\":{\"coordinates\":{\"data\":{\"latitude\":"
                  + p[0]
                  + ",\"longitude\":"
                  + p[1]
                  + "}}}}}"));
      messages.add(
          message(
              "[{\"key\":\""
                  + HERE
                  + "latitude\",\"value\":"
                  + p[0]
                  + "},{\"key\":\"location\","
                  + "\"value\":{\"latitude\":"
                  + p[0]
                  + ",\"longitude\":"
                  + p[1]
                  + "}}]"));
    }
    List<RecordedMessage> out = disguised(messages);
    double north = 0;
    double east = 0;
    for (int i = 0; i < route.size(); i++) {
      JsonNode bmw = JSON.readTree(out.get(3 * i).payload()).get("data");
      double latitude = bmw.get(HERE + "latitude").get("value").asDouble();
      double longitude = bmw.get(HERE + "longitude").get("value").asDouble();
      JsonNode mobility =
          JSON.readTree(out.get(3 * i + 1).payload()).at("/data/vehicle_location/coordinates/data");
      JsonNode own = JSON.readTree(out.get(3 * i + 2).payload());
      assertThat(bmw.get(HERE + "heading").get("value").asDouble()).isEqualTo(11.6);
      assertThat(bmw.get(HERE + "longitude").get("value").isTextual()).isTrue();
      assertThat(mobility.get("latitude").asDouble()).isEqualTo(latitude);
      assertThat(mobility.get("longitude").asDouble()).isEqualTo(longitude);
      assertThat(own.get(0).get("value").asDouble()).isEqualTo(latitude);
      assertThat(own.at("/1/value/longitude").asDouble()).isEqualTo(longitude);
      assertThat(latitude).isBetween(-90.0, 90.0);
      assertThat(longitude).isBetween(-180.0, 180.0);
      north = i == 0 ? latitude - route.get(0)[0] : north;
      east = i == 0 ? longitude - route.get(0)[1] : east;
      assertThat(latitude - route.get(i)[0]).isEqualTo(north, within(1e-9));
      assertThat(longitude - route.get(i)[1]).isEqualTo(east, within(1e-9));
    }
    assertThat(Math.abs(north)).isGreaterThanOrEqualTo(3);
    assertThat(Math.abs(east)).isGreaterThanOrEqualTo(10);
  }

  @Test
  void noPositionAndWhatIsNoneStayAsTheyAre() {
    String payload =
        "{\"latitude\":0,\"longitude\":0.0,\"a\":{\"latitude\":{\"value\":null}},\"b\":"
            + "{\"latitude\":{\"value\":\"INVALID\",\"timestamp\":1784628184}},\"longitude\":2147483647}";
    assertThat(disguised(payload)).isEqualTo(payload);
  }

  @Test
  void aPositionIsMovedInTextThatIsNoJsonToo() {
    assertThat(disguised("latitude=48.137154; longitude: 11.576124"))
        .doesNotContain("48.13")
        .doesNotContain("11.57")
        .matches("latitude=-?\\d+\\.\\d+; longitude: -?\\d+\\.\\d+");
    assertThat(disguised("{\"data\":{\"x.latitude\":{\"value\":48.137154")).doesNotContain("48.13");
  }

  @Test
  void addressesBecomeNonsense() {
    String out =
        disguised(
            "{\"chargingLocation\":{\"formattedAddress\":\"Beispielstraße 1, 00000 Musterstadt\","
                + "\"postalCode\":12345},\"mapMatchedLatitude\":50.25,\"navigation\":"
                + "{\"destination_name\":{\"data\":\"Oma\",\"timestamp\":\"2026-01-31T12:00:00Z\"}}}");
    assertThat(out)
        .doesNotContain("Beispiel")
        .doesNotContain("Musterstadt")
        .doesNotContain("12345")
        .doesNotContain("50.25")
        .doesNotContain("Oma")
        .contains("2026-01-31T12:00:00Z");
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> people =
        Arbitraries.of(
            VIN, GCID, ALIAS, VIN.toLowerCase(Locale.ROOT), GCID.toUpperCase(Locale.ROOT));
    Arbitrary<String> rest =
        Arbitraries.oneOf(
            Arbitraries.of(
                "{", "}", "[", "]", "\"", "\\", ":", ",", " ", "\"vin\":", "\"latitude\":", "1.5"),
            Arbitraries.strings().all().ofMaxLength(5));
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(1, people), net.jqwik.api.Tuple.of(4, rest))
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 1000)
  void nobodyIsLeftInAnyText(@ForAll("texts") String text, @ForAll boolean isNested)
      throws Exception {
    String payload =
        isNested ? JSON.writeValueAsString(List.of(JSON.writeValueAsString(text))) : text;
    String out = disguised(payload);
    assertThat(out.toLowerCase(Locale.ROOT))
        .doesNotContain(VIN.toLowerCase(Locale.ROOT))
        .doesNotContain(GCID);
  }

  @Provide
  Arbitrary<byte[]> strangers() {
    return Combinators.combine(
            Arbitraries.bytes().array(byte[].class).ofMaxSize(100),
            Arbitraries.strings().withChars("{}[]\":,\\ \nab1.5").ofMaxLength(60),
            Arbitraries.integers().between(0, 1))
        .as((bytes, text, kind) -> kind == 0 ? bytes : text.getBytes(UTF_8));
  }

  @Property(tries = 1000)
  void whatNamesNobodyStaysAsItIs(@ForAll("strangers") byte[] payload) {
    RecordedMessage in = new RecordedMessage(NOON, "rest", "main", "", payload);
    assertThat(disguised(List.of(in)).get(0).payload()).isEqualTo(payload);
  }

  @Test
  void nobodyCanBeAddedAfterTheFirstIsDisguised() {
    Anonymiser anonymiser = new Anonymiser();
    anonymiser.disguise(message(""));
    assertThatThrownBy(() -> anonymiser.know("x")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theInventedIsNobodyElseWhoIsKnown() {
    Anonymiser anonymiser = new Anonymiser();
    List<String> known = List.of("a", "b", "c", "d", "e", "f", "g", "h", "k");
    known.forEach(anonymiser::know);
    RecordedMessage in = new RecordedMessage(NOON, "stream", "main", "a/k", new byte[0]);
    assertThat(anonymiser.disguise(in).topic().split("/"))
        .doesNotHaveDuplicates()
        .allMatch(level -> level.matches("[a-z]") && !known.contains(level));
  }

  private static RecordedMessage rest(String vin, String resource, byte[] payload) {
    return new RecordedMessage(
        NOON, "rest", ACCOUNT, "/customers/vehicles/" + vin + "/" + resource, payload);
  }

  private static byte[] fixture(String name) throws Exception {
    try (java.io.InputStream in = AnonymiserTest.class.getResourceAsStream("/rest/" + name)) {
      return in.readAllBytes();
    }
  }

  @Test
  void whatWasFetchedFromTheRestSideHasNobodyInIt() throws Exception {
    String odd = "my-odd-vin-7";
    List<RecordedMessage> out =
        disguised(
            List.of(
                rest(odd, "telematicData", fixture("telematic-data.json")),
                rest(VIN, "basicData", fixture("basic-data.json")),
                rest(VIN, "chargingHistory", fixture("charging-history-1.json")),
                rest(VIN, "locationBasedChargingSettings", fixture("charging-settings.json")),
                rest(
                    VIN,
                    "image",
                    new byte[] {
                      (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 'W', 'B', 'Y'
                    })));

    assertThat(out.get(0).topic()).matches("/customers/vehicles/[^/]+/telematicData");
    for (RecordedMessage message : out) {
      String text = message.topic() + new String(message.payload(), UTF_8);
      assertNobodyIn(text);
      assertThat(text)
          .doesNotContain(odd, VIN, "0a1b2c3d", "Beispielstra", "Musterstadt", "00000 ", "Example")
          .doesNotContain("50.25", "10.96", "\"c1\"");
    }
    assertThat(out.get(4).payload()).isEmpty();
    JsonNode session = JSON.readTree(out.get(2).payload()).at("/data/0");
    assertThat(session.at("/displayedSoc").asInt()).isEqualTo(79);
    assertThat(session.at("/chargingLocation/mapMatchedLatitude").isNumber()).isTrue();
  }

  private static final String APP = "0A1B2C3D4E5F60718293A4B5";
  private static final String APPLICATION = "5b1e0c7a-2f4d-4e81-9a36-c07d18e4f2b9";

  private static RecordedMessage ofHighMobility(String topic, String payload) {
    return new RecordedMessage(
        NOON, "highmobility", "highmobility", topic, payload.getBytes(UTF_8));
  }

  @Test
  void aMessageOfHighMobilityIsStillReadAndNamesNobody() throws Exception {
    String first =
        "{\"version\":2,\"application_id\":\""
            + APPLICATION
            + "\",\"message_id\":\"4F02A1B2C3\","
            + "\"vin\":\""
            + VIN
            + "\",\"data\":{\"vehicle_location\":{\"coordinates\":[{\"data\":"
            + "{\"latitude\":50.25,\"longitude\":10.5},\"timestamp\":\"2026-01-31T11:59:00Z\"}]},"
            + "\"trips\":{\"start_address\":[{\"data\":\"Lane 1\"}],\"start_address_components\":"
            + "[{\"data\":{\"type\":\"city\",\"value\":\"Testville\"}}],\"end_coordinates\":"
            + "[{\"data\":{\"latitude\":50.5,\"longitude\":11.5}}]},\"vehicle_information\":"
            + "{\"license_plate\":[{\"data\":\"CO-AB 123\"}]},"
            + "\"charging\":{\"battery_level\":[{\"data\":0.5}]}}}";
    String second =
        "{\"version\":1,\"message_id\":12345,\"data\":{\"diagnostics\":{\"odometer\":{\"data\":"
            + "{\"unit\":\"kilometers\",\"value\":12345}}}}}";
    String topic = "live/level13/" + APP + "/" + VIN + "/diagnostics/get/odometer";
    List<RecordedMessage> out =
        disguised(
            List.of(
                ofHighMobility("live/level13/" + APPLICATION, first),
                ofHighMobility(topic, second)));
    String whole = new String(out.get(0).payload(), UTF_8);
    JsonNode json = JSON.readTree(whole);
    String vin = json.get("vin").asText();
    String application = json.get("application_id").asText();

    for (String hidden :
        List.of(VIN, APPLICATION, APP, "4F02A1B2C3", "Lane 1", "Testville", "CO-AB", "50.25")) {
      assertThat(whole + out.get(0).topic() + out.get(1).topic()).doesNotContain(hidden);
    }
    assertThat(out).extracting(RecordedMessage::source).containsOnly("highmobility");
    assertThat(out).extracting(RecordedMessage::account).containsOnly("highmobility");
    assertThat(out.get(0).topic()).isEqualTo("live/level13/" + application);
    assertThat(out.get(1).topic())
        .matches("live/level13/[0-9A-Z]{24}/" + vin + "/diagnostics/get/odometer");
    assertThat(new String(out.get(1).payload(), UTF_8)).contains("\"value\":12345");
    JsonNode data = json.get("data");
    JsonNode here = data.at("/vehicle_location/coordinates/0/data");
    JsonNode there = data.at("/trips/end_coordinates/0/data");
    assertThat(there.get("latitude").asDouble() - here.get("latitude").asDouble())
        .isEqualTo(0.25, within(1e-9));
    assertThat(there.get("longitude").asDouble() - here.get("longitude").asDouble())
        .isEqualTo(1, within(1e-9));
    assertThat(
            new HighMobilityDecoder(new Facts(), true)
                .decode(out.get(1).payload(), "a", "highmobility", out.get(1).topic(), NOON)
                .points())
        .extracting(CarEvent::vin, CarEvent::key, CarEvent::value)
        .containsExactly(tuple(vin, "diagnostics.odometer", 12345L));
  }

  @Test
  void aMessageThatCameTwiceIsStillOneThatCameTwice() throws Exception {
    String payload = "{\"vin\":\"" + VIN + "\",\"message_id\":\"4F02A1B2C3\",\"data\":{}}";
    List<RecordedMessage> out =
        disguised(
            List.of(ofHighMobility("live/level13/" + APP, payload), ofHighMobility("", payload)));
    assertThat(out.get(0).payload()).isEqualTo(out.get(1).payload());
    assertThat(MessageId.of(out.get(0).payload())).hasSize(10).isNotEqualTo("4F02A1B2C3");
  }
}
