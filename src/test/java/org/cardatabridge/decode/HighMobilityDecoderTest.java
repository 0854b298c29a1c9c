// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.cardatabridge.decode.Points.NOW;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.highmobility.Facts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HighMobilityDecoderTest {

  private static final String VIN = "WBA00TEST00000021";
  private static final String V1 =
      "live/level13/0A1B2C3D4E5F60718293A4B5/" + VIN + "/charging/get/battery_level";
  private static final String V2 = "live/level13/5b1e0c7a-2f4d-4e81-9a36-c07d18e4f2b9";

  private final HighMobilityDecoder decoder = new HighMobilityDecoder(new Facts(), true);

  private Decoded decode(String json, String topic) {
    byte[] payload = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return decoder.decode(payload, "fleet", "highmobility", topic, NOW);
  }

  private List<CarEvent> points(String data) {
    Decoded decoded = decode("{'vin':'" + VIN + "','version':1,'data':" + data + "}", V2);
    assertThat(decoded.unreadable()).isNull();
    return decoded.points();
  }

  private CarEvent point(String data) {
    assertThat(points(data)).hasSize(1);
    return points(data).get(0);
  }

  @Test
  void theEventNamesAccountCarAndSource() {
    CarEvent point = point("{'charging':{'battery_level':{'data':0.5}}}");
    assertThat(point)
        .isEqualTo(
            new CarEvent(
                "fleet", VIN, VIN, "charging.battery_level", 50.0, "%", NOW, NOW, "highmobility"));
  }

  @Test
  void aPasswordOfTheCarsNetworksIsNoDataPoint() {
    assertThat(points("{'wi_fi':{'password':{'data':'secret-1'},'status':{'data':'active'}}}"))
        .extracting(CarEvent::key)
        .containsExactly("wi_fi.status");
    assertThat(points("{'home_charger':{'wi_fi_hotspot_password':{'data':'secret-1'}}}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "1, 100.0",
    "0.57, 57.0",
    "0.29, 29.0",
    "1.5, 150.0",
    "2, 200.0",
    "-0.5, -50.0",
    "0.123456789, 12.3456789",
    "'''0.57''', 57.0",
  })
  void aFractionBecomesPerCent(String sent, double expected) {
    CarEvent point = point("{'charging':{'battery_level':{'data':" + sent + "}}}");
    assertThat(point.value()).isEqualTo(expected);
    assertThat(point.unit()).isEqualTo("%");
  }

  @Test
  void whatIsLargerThanAnyFractionIsPerCentAlready() {
    assertThat(point("{'charging':{'battery_level':{'data':57}}}").value()).isEqualTo(57L);
    assertThat(point("{'charging':{'battery_level':{'data':57.5}}}").value()).isEqualTo(57.5);
  }

  @ParameterizedTest
  @CsvSource({"percentage", "percent"})
  void aFractionIsKnownByItsUnitTooAndMultipliedOnce(String unit) {
    String data = "{'data':{'unit':'" + unit + "','value':0.25}}";
    for (String name : List.of("battery_level", "glow")) {
      CarEvent point = point("{'charging':{'" + name + "':" + data + "}}");
      assertThat(point.value()).isEqualTo(25.0);
      assertThat(point.unit()).isEqualTo("%");
    }
    CarEvent sent = point("{'charging':{'glow':{'data':{'unit':'%','value':0.25}}}}");
    assertThat(sent.value()).isEqualTo(0.25);
  }

  @Test
  void aFractionInsideOfAListBecomesPerCent() {
    assertThat(
            point(
                    "{'windows':{'open_percentages':[{'data':{'location':'front_left',"
                        + "'open_percentage':0.3}}]}}")
                .value())
        .isEqualTo(List.of(Map.of("location", "front_left", "open_percentage", 30.0)));
  }

  @Test
  void aTextStaysATextWhereNothingSaysThatItIsANumber() {
    assertThat(point("{'vehicle_information':{'model_key':{'data':'120'}}}").value())
        .isEqualTo("120");
    assertThat(point("{'unheard':{'of':{'data':'120'}}}").value()).isEqualTo("120");
    assertThat(point("{'vehicle_information':{'model_year':{'data':'2024'}}}").value())
        .isEqualTo(2024L);
    assertThat(point("{'diagnostics':{'speed':{'data':'fast'}}}").value()).isEqualTo("fast");
    assertThat(points("{'diagnostics':{'speed':{'data':' '}}}")).isEmpty();
  }

  @Test
  void aNumberWithoutAUnitHasTheUsualOne() {
    assertThat(point("{'diagnostics':{'odometer':{'data':8050}}}"))
        .extracting(CarEvent::value, CarEvent::unit)
        .containsExactly(8050L, "km");
    assertThat(point("{'diagnostics':{'odometer':{'data':5000,'unit':'miles'}}}").unit())
        .isEqualTo("miles");
  }

  @Test
  void measuresInsideOfValuesAreSpeltAndConvertedAsThoseByThemselves() {
    String data =
        "{'diagnostics':{'tire_pressures':[{'data':{'location':'front_left','pressure':"
            + "{'unit':'bars','value':2.4}}}]}}";
    assertThat(point(data).value().toString())
        .isEqualTo("[{location=front_left, pressure={value=240.0, unit=kPa}}]");
    HighMobilityDecoder asSent = new HighMobilityDecoder(new Facts(), false);
    String message = "{'vin':'" + VIN + "','data':" + data + "}";
    assertThat(
            asSent
                .decode(
                    message.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                    "fleet",
                    "highmobility",
                    V2,
                    NOW)
                .points()
                .get(0)
                .value()
                .toString())
        .isEqualTo("[{location=front_left, pressure={value=2.4, unit=bar}}]");
  }

  @Test
  void theSecondGenerationPutsSingleValuesIntoListsOfOne() {
    Decoded decoded =
        decode(
            "{'version':2,'vin':'"
                + VIN
                + "','data':{'hood':{'position':[{'data':'open'}]},"
                + "'doors':{'locks':[{'data':{'location':'front_left','lock_state':'locked'}}]},"
                + "'unheard':{'of':[{'data':5}],'several':[{'data':1},{'data':2}]}}}",
            V2);
    assertThat(decoded.points())
        .extracting(CarEvent::key, CarEvent::value)
        .containsExactly(
            tuple("hood.position", "open"),
            tuple("doors.locks", List.of(Map.of("location", "front_left", "lock_state", "locked"))),
            tuple("unheard.of", 5L),
            tuple("unheard.several", List.of(1L, 2L)));
  }

  @Test
  void severalItemsOfASingleValueAreAsManyEvents() {
    assertThat(
            points(
                "{'diagnostics':{'speed':[{'data':{'unit':'kilometers_per_hour','value':30},"
                    + "'timestamp':'2026-03-01T11:00:00Z'},{'data':{'unit':'kilometers_per_hour',"
                    + "'value':40},'timestamp':'2026-03-01T11:00:05Z'}]}}"))
        .extracting(CarEvent::value, CarEvent::timestamp)
        .containsExactly(
            tuple(30L, Instant.parse("2026-03-01T11:00:00Z")),
            tuple(40L, Instant.parse("2026-03-01T11:00:05Z")));
  }

  @Test
  void aListHasTheNewestOfItsTimes() {
    CarEvent point =
        point(
            "{'dashboard_lights':{'bulb_failures':[{'data':'high_beam',"
                + "'timestamp':'2026-03-01T11:00:07Z'},{'data':'low_beam',"
                + "'timestamp':'2026-03-01T11:00:03Z'},{'data':'drl'}]}}");
    assertThat(point.timestamp()).isEqualTo(Instant.parse("2026-03-01T11:00:07Z"));
    assertThat(point.value()).isEqualTo(List.of("high_beam", "low_beam", "drl"));
  }

  @Test
  void aListThatCameAsOneObjectIsAListAllTheSame() {
    assertThat(point("{'dashboard_lights':{'bulb_failures':{'data':'drl'}}}").value())
        .isEqualTo(List.of("drl"));
    assertThat(point("{'dashboard_lights':{'bulb_failures':{'data':['drl','fog']}}}").value())
        .isEqualTo(List.of("drl", "fog"));
  }

  @Test
  void anEmptyListSaysThatThereIsNoneAndOneOfFailuresSaysNothing() {
    assertThat(point("{'dashboard_lights':{'bulb_failures':[]}}").value()).isEqualTo(List.of());
    assertThat(points("{'dashboard_lights':{'bulb_failures':[{'failure':{'reason':'x'}}]}}"))
        .isEmpty();
  }

  @Test
  void whatFailedOrIsNullEndsNoKnownValue() {
    Decoded decoded =
        decode(
            new String(
                Points.payload("highmobility/v1-nothing-to-tell.json"), StandardCharsets.UTF_8),
            V2);
    assertThat(decoded.unreadable()).isNull();
    assertThat(decoded.vin()).isEqualTo(VIN);
    assertThat(decoded.points()).isEmpty();
  }

  @Test
  void timeIsTheInnerElseTheOuterElseThatOfReceipt() {
    String data =
        "{'diagnostics':{'speed':{'data':1,'timestamp':'2026-03-01T10:00:00Z'},"
            + "'odometer':{'data':2,'timestamp':'yesterday'}}}";
    Decoded both = decode("{'vin':'v','timestamp':'2026-03-01T11:00:00Z','data':" + data + "}", V2);
    assertThat(both.points())
        .extracting(CarEvent::timestamp)
        .containsExactly(
            Instant.parse("2026-03-01T10:00:00Z"), Instant.parse("2026-03-01T11:00:00Z"));
    assertThat(both.otherwiseTimed())
        .isEqualTo(Map.of("diagnostics.odometer", TimeOrigin.ENVELOPE));
    Decoded inner = decode("{'vin':'v','data':" + data + "}", V2);
    assertThat(inner.points().get(1).timestamp()).isEqualTo(NOW);
    assertThat(inner.otherwiseTimed())
        .isEqualTo(Map.of("diagnostics.odometer", TimeOrigin.RECEIPT));
  }

  @Test
  void aDateStaysAsItWasSentButANumberThatIsOneBecomesAText() {
    assertThat(
            point("{'maintenance':{'service_date':{'data':'2026-05-01T00:00:00.000Z'}}}").value())
        .isEqualTo("2026-05-01T00:00:00.000Z");
    assertThat(point("{'maintenance':{'service_date':{'data':1777593600000}}}").value())
        .isEqualTo("2026-05-01T00:00:00Z");
  }

  @Test
  void theVinIsTheBodysElseTheTopics() {
    String rest = "'data':{'hood':{'position':{'data':'open'}}}}";
    assertThat(decode("{'vin':'" + VIN + "'," + rest, V1.replace(VIN, "OTHER")).vin())
        .isEqualTo(VIN);
    assertThat(decode("{" + rest, V1).vin()).isEqualTo(VIN);
    for (String topic : List.of(V2, "", "gcid/" + VIN, "app/level13/2026/03/14/09-x.json")) {
      assertThat(decode("{" + rest, topic).unreadable()).isEqualTo(Unreadable.NO_VIN);
    }
    assertThat(decode("{'vin':'a/b'," + rest, V2).unreadable()).isEqualTo(Unreadable.BAD_VIN);
    assertThat(decode("{'vin':'bridge'," + rest, V2).unreadable()).isEqualTo(Unreadable.BAD_VIN);
  }

  @Test
  void aMissingCapabilityIsThatOfTheBodyElseOfTheTopicElseOfTheFacts() {
    String data = "'data':{'time_to_next_service':{'data':{'unit':'days','value':14}}}}";
    assertThat(decode("{'vin':'v','capability':'maintenance'," + data, V2).points())
        .extracting(CarEvent::key)
        .containsExactly("maintenance.time_to_next_service");
    assertThat(decode("{'vin':'v'," + data, V1.replace("charging", "service")).points())
        .extracting(CarEvent::key)
        .containsExactly("service.time_to_next_service");
    assertThat(decode("{'vin':'v'," + data, V2).points())
        .extracting(CarEvent::key)
        .containsExactly("maintenance.time_to_next_service");
    assertThat(decode("{'vin':'v','data':{'of_nobody':{'data':1}}}", V2).points())
        .extracting(CarEvent::key)
        .containsExactly("of_nobody");
    assertThat(
            decode("{'vin':'v','capability':'doors','data':{'locks':[{'data':'x'}]}}", V2).points())
        .extracting(CarEvent::key)
        .containsExactly("doors.locks");
  }

  @Test
  void aBodyThatDiffersFromItsTopicIsRight() {
    assertThat(
            decode(
                    "{'capability':'thief_alarm','property':'status','vin':'v',"
                        + "'data':{'thief_alarm':{'status':{'data':'triggered'}}}}",
                    "live/l13/app/v/theft_alarm/get/status")
                .points())
        .extracting(CarEvent::key, CarEvent::value)
        .containsExactly(tuple("thief_alarm.status", "triggered"));
  }

  @Test
  void aCapabilityMayHaveAPropertyOfItsOwnName() {
    assertThat(point("{'vehicle_time':{'vehicle_time':{'data':{'hour':1,'minute':2}}}}").key())
        .isEqualTo("vehicle_time.vehicle_time");
    assertThat(point("{'dashboard_lights':{'dashboard_lights':[{'data':{'name':'x'}}]}}").key())
        .isEqualTo("dashboard_lights.dashboard_lights");
  }

  @Test
  void dataMayBeWrappedOnceMore() {
    assertThat(points("{'data':{'hood':{'position':{'data':'open'}}}}")).isNotEmpty();
    assertThat(points("{'hood':{'data':{'position':{'data':'open'},'lock':{'data':'locked'}}}}"))
        .extracting(CarEvent::key)
        .containsExactly("hood.position", "hood.lock");
  }

  @Test
  void theVinIsNoValue() {
    assertThat(points("{'vehicle_information':{'vin':{'data':'" + VIN + "'}}}")).isEmpty();
  }

  @Test
  void aNameThatNoTopicCanHaveIsLeftOut() {
    Decoded decoded =
        decode(
            "{'vin':'v','data':{'a/b':{'c':{'data':1}},'location':{'data':2},"
                + "'hood':{'position':{'data':'open'},'#':{'data':1}}}}",
            V2);
    assertThat(decoded.points()).extracting(CarEvent::key).containsExactly("hood.position");
    assertThat(decoded.skipped()).isEqualTo(3);
    assertThat(decode("{'vin':'v','data':{'a+':{'c':{'data':1}}}}", V2).unreadable())
        .isEqualTo(Unreadable.BAD_NAMES);
  }

  @Test
  void aListOfMessagesIsReadAsWhole() {
    Decoded one = decode("[{'vin':'a','message_id':'7','data':{'hood':{'lock':'locked'}}}]", V2);
    assertThat(one.vin()).isEqualTo("a");
    assertThat(one.id()).isEqualTo("7");
    Decoded two =
        decode(
            "[{'vin':'a','data':{'hood':{'lock':'locked'}}},{'vin':'b','data':{'hood':"
                + "{'lock':'unlocked'}}},{'vin':'c'}]",
            V2);
    assertThat(two.vin()).isNull();
    assertThat(two.unreadable()).isNull();
    assertThat(two.points()).extracting(CarEvent::vin).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | EMPTY",
        "{ | NOT_JSON",
        "{} {} | NOT_JSON",
        "5 | NOT_AN_OBJECT",
        "[] | NOT_AN_OBJECT",
        "[1] | NOT_AN_OBJECT",
        "{} | NO_DATA",
        "{'data':[]} | NO_DATA",
        "{'data':5} | NO_DATA",
        "{'data':{}} | NO_VIN",
      })
  void whatCannotBeReadSaysWhy(String json, Unreadable why) {
    assertThat(decode(json, V2).unreadable()).isEqualTo(why);
  }

  @Test
  void theMessagesNameIsATextOrANumber() {
    assertThat(decode("{'vin':'v','message_id':'4F02','data':{}}", V2).id()).isEqualTo("4F02");
    assertThat(decode("{'vin':'v','message_id':12345,'data':{}}", V2).id()).isEqualTo("12345");
    assertThat(decode("{'vin':'v','message_id':' ','data':{}}", V2).id()).isNull();
    assertThat(decode("{'vin':'v','message_id':{},'data':{}}", V2).id()).isNull();
    for (String json :
        List.of("{'data':{'message_id':1},'message_id':'4F02'}", "[{'message_id':'4F02'}]")) {
      byte[] payload = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      assertThat(MessageId.of(payload)).isEqualTo("4F02");
    }
    assertThat(MessageId.of(new byte[0])).isNull();
    assertThat(MessageId.of(new byte[] {'{', 1})).isNull();
    assertThat(MessageId.of("[]".getBytes(StandardCharsets.UTF_8))).isNull();
  }
}
