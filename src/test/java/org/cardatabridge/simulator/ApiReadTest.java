// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.simulator.HttpApi.SECOND_VIN;
import static org.cardatabridge.simulator.HttpApi.VIN;
import static org.cardatabridge.simulator.HttpApi.json;
import static org.cardatabridge.simulator.HttpApi.list;
import static org.cardatabridge.simulator.HttpApi.of;
import static org.cardatabridge.simulator.HttpApi.outcome;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every read of cardata-protocol.md, sections 4.1 to 4.6, in its happy case and its oddities. */
class ApiReadTest {

  private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");
  private static final String RANGE =
      "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange";
  private static final String RAW = "vehicle.electronicControlUnit.diagnosticTroubleCodes.raw";

  @TempDir Path directory;

  private final SetClock clock = new SetClock(NOW);
  private Simulator simulator;
  private HttpApi api;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorConfig.in(directory).withClock(clock));
    api = new HttpApi(simulator);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void mappingsAreAnArrayOfTheAccountsCars() throws Exception {
    JsonArray cars = list(api.get("/customers/vehicles/mappings"));
    assertThat(cars).hasSize(2);
    assertThat(cars.getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("vin", VIN)
                .put("mappedSince", "2025-05-02T09:14:37.158Z")
                .put("mappingType", "PRIMARY"));
  }

  @Test
  void mappingsCanBeOneObjectAsTheSwaggerSays() throws Exception {
    simulator.perform("settings", "{\"api-mappings-as-object\":true}");
    assertThat(json(api.get("/customers/vehicles/mappings")).getString("vin")).isEqualTo(VIN);
  }

  @Test
  void aCarWithoutMappingIsNotListedAndASecondaryOneIsButGivesNoData() throws Exception {
    simulator.perform("vehicle", "{\"vin\":\"" + SECOND_VIN + "\",\"mapping\":\"NONE\"}");
    simulator.perform("vehicle", "{\"vin\":\"" + VIN + "\",\"mapping\":\"SECONDARY\"}");
    JsonArray cars = list(api.get("/customers/vehicles/mappings"));
    assertThat(cars).hasSize(1);
    assertThat(cars.getJsonObject(0).getString("mappingType")).isEqualTo("SECONDARY");
    assertThat(outcome(api.get(of(VIN, "basicData")))).isEqualTo("403 CU-104");
    assertThat(outcome(api.get(of(SECOND_VIN, "basicData")))).isEqualTo("403 CU-104");
  }

  @Test
  void basicDataIsSloppyInAnotherWayForEachCar() throws Exception {
    JsonObject first = json(api.get(of(VIN, "basicData")));
    assertThat(first.getString("vin")).isEqualTo(VIN);
    assertThat(first.getString("modelName")).isEqualTo("i4 eDrive40");
    assertThat(first.getString("propulsionType")).isEqualTo("BEV");
    assertThat(first.getValue("hvsMaxEnergyAbsolute")).isEqualTo("83.9");
    assertThat(first.getString("constructionDate")).isEqualTo("2023-10-05T00:00:00.000+0000");
    assertThat(first.fieldNames()).contains("colourDescription", "countryCode", "seriesDevt");
    JsonObject second = json(api.get(of(SECOND_VIN, "basicData")));
    assertThat(second.getString("brand")).isEqualTo("MINI");
    assertThat(second.getValue("numberOfDoors")).isEqualTo("3");
    assertThat(second.containsKey("engine")).isTrue();
    assertThat(second.getValue("engine")).isNull();
    assertThat(second.fieldNames()).doesNotContain("modelKey", "propulsionType");
  }

  @Test
  void aParkedCarTellsWhatItKnewWhenItWasParked() throws Exception {
    String id = api.newContainer(Descriptors.MILEAGE, Descriptors.CHARGE, Descriptors.LONGITUDE);
    JsonObject data = api.telematicData(VIN, id);
    assertThat(data.fieldNames())
        .containsExactlyInAnyOrder(Descriptors.MILEAGE, Descriptors.CHARGE, Descriptors.LONGITUDE);
    JsonObject mileage = data.getJsonObject(Descriptors.MILEAGE);
    assertThat(mileage.getValue("value")).isEqualTo("18442");
    assertThat(mileage.getString("unit")).isEqualTo("km");
    assertThat(mileage.getString("timestamp")).endsWith(".000Z");
    assertThat(Instant.parse(mileage.getString("timestamp"))).isBefore(NOW);
    assertThat(data.getJsonObject(Descriptors.CHARGE).getString("unit")).isEqualTo("%");
    assertThat(data.getJsonObject(Descriptors.LONGITUDE).getString("unit")).isEqualTo("degrees");
  }

  @Test
  void everyValueOfAllDescriptorsIsAStringOrNullAndSomeLackUnitTimestampOrBoth() throws Exception {
    simulator.car(VIN, CarAction.WAKE);
    List<String> all = new ArrayList<>(new KnownDescriptors().names());
    JsonObject data = new JsonObject();
    for (int from = 0; from < all.size(); from += 150) {
      List<String> some = all.subList(from, Math.min(all.size(), from + 150));
      data.mergeIn(api.telematicData(VIN, api.newContainer(some.toArray(String[]::new))));
    }
    Set<String> shapes = new HashSet<>();
    for (String key : data.fieldNames()) {
      JsonObject entry = data.getJsonObject(key);
      Object value = entry.getValue("value");
      assertThat(value == null || value instanceof String).as(key).isTrue();
      shapes.add(
          (value == null ? "null" : "value")
              + (entry.getValue("unit") == null ? "" : " unit")
              + (entry.containsKey("timestamp")
                  ? entry.getValue("timestamp") == null ? " null-time" : " time"
                  : " no-time"));
    }
    assertThat(shapes)
        .contains(
            "value unit time",
            "value time",
            "null unit null-time",
            "null null-time",
            "null no-time",
            "null unit no-time");
    assertThat(data.fieldNames())
        .doesNotContain("vehicle.look.image", "vehicle.vehicleIdentification.basicVehicleData")
        .hasSizeGreaterThan(250);
  }

  @Test
  void datesSentinelsAndUnitsAreAsOddAsRealOnes() throws Exception {
    String report = "vehicle.channel.teleservice.lastTeleserviceReportTime";
    String call = "vehicle.channel.teleservice.lastAutomaticServiceCallTime";
    String window = "vehicle.cabin.window.row1.passenger.status";
    String end = "vehicle.trip.segment.end.time";
    String id = api.newContainer(report, call, window, end, Descriptors.WEEKLY);
    JsonObject data = api.telematicData(VIN, id);
    assertThat(data.getJsonObject(report).getString("value"))
        .isEqualTo("2026-07-01T01:00:00.000+0000");
    assertThat(data.getJsonObject(call).getString("value")).isEqualTo("07/01/2026 01:00 UTC");
    assertThat(data.getJsonObject(end).getString("value")).isEqualTo("01.07.2026 01:00:00 UTC");
    assertThat(data.getJsonObject(window).getString("value")).isEqualTo("INVALID");
    assertThat(data.getJsonObject(Descriptors.WEEKLY).getString("unit")).isEqualTo("weeks");
  }

  @Test
  void theLastValuesFollowTheCarWhetherSomebodyListensOrNot() throws Exception {
    String id = api.newContainer("vehicle.isMoving", Descriptors.MILEAGE, RANGE);
    clock.move(Duration.ofSeconds(90));
    simulator.car(VIN, CarAction.DRIVE);
    assertThat(api.telematicData(VIN, id).getJsonObject("vehicle.isMoving"))
        .isEqualTo(
            new JsonObject()
                .put("value", "true")
                .putNull("unit")
                .put("timestamp", "2026-07-01T12:01:30.000Z"));
    assertThat(api.telematicData(VIN, id).getJsonObject(Descriptors.MILEAGE).getString("timestamp"))
        .isEqualTo("2026-07-01T12:01:30.000Z");
  }

  @Test
  void aPublishedValueIsTheLastOneUnlessItIsOlder() throws Exception {
    String id = api.newContainer(RANGE, RAW);
    simulator.publish(VIN, RANGE, 77, "km");
    simulator.perform(
        "publish",
        "{\"data\":{\""
            + RANGE
            + "\":{\"value\":5,\"unit\":\"km\",\"timestamp\":\"2026-06-01T00:00:00Z\"},\""
            + RAW
            + "\":{\"value\":{\"a\":[1]}}}}");
    JsonObject data = api.telematicData(VIN, id);
    assertThat(data.getJsonObject(RANGE).getString("value")).isEqualTo("77");
    assertThat(data.getJsonObject(RAW).getString("value")).isEqualTo("{\"a\":[1]}");
  }

  @Test
  void anEntryCanBeToldWordForWord() throws Exception {
    String id = api.newContainer(RANGE);
    simulator.perform("telematic", "{\"key\":\"" + RANGE + "\",\"entry\":{\"value\":\"-NA-\"}}");
    assertThat(api.telematicData(VIN, id).getJsonObject(RANGE))
        .isEqualTo(new JsonObject().put("value", "-NA-"));
    simulator.perform("telematic", "{\"key\":\"" + RANGE + "\"}");
    assertThat(api.telematicData(VIN, id).getJsonObject(RANGE).getString("unit")).isEqualTo("km");
  }

  @Test
  void theMonthBeforeTheStartHasChargingSessionsOnTwoPages() throws Exception {
    String path = HttpApi.history("2026-06-01T12:00:00.000Z", "2026-07-01T12:00:00.000Z");
    JsonObject first = json(api.get(path));
    assertThat(first.getJsonArray("data")).hasSize(10);
    JsonObject second = json(api.get(path + "&nextToken=" + first.getString("next_token")));
    assertThat(second.getJsonArray("data")).hasSize(2);
    assertThat(second.containsKey("next_token")).isFalse();
    JsonArray all = first.getJsonArray("data").copy().addAll(second.getJsonArray("data"));
    Set<String> units = new HashSet<>();
    long before = Long.MAX_VALUE;
    for (Object each : all) {
      JsonObject session = (JsonObject) each;
      units.add(session.getString("mileageUnits"));
      assertThat(session.getLong("startTime"))
          .isLessThan(before)
          .isBetween(1780315200L, 1782907200L);
      before = session.getLong("startTime");
      assertThat(session.getLong("endTime") - session.getLong("startTime"))
          .isEqualTo(session.getLong("totalChargingDurationSec"));
    }
    assertThat(units).containsExactlyInAnyOrder("KM", "MileageUnits.KM");
    assertThat(all.encode()).contains("energyIncreaseHvbKwh", "Example Power", "null", "straße");
  }

  @Test
  void aSessionOfTheSimulatedDayIsInTheHistoryOnceItHasEnded() throws Exception {
    simulator.perform("settings", "{\"time-scale\":0.001}");
    simulator.car(VIN, CarAction.CHARGE);
    clock.move(Duration.ofMinutes(30));
    String path = HttpApi.history("2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z");
    assertThat(json(api.get(path)).getJsonArray("data")).isEmpty();
    simulator.car(VIN, CarAction.SLEEP);
    JsonObject session = json(api.get(path)).getJsonArray("data").getJsonObject(0);
    assertThat(session.getLong("startTime")).isEqualTo(NOW.getEpochSecond());
    assertThat(session.getLong("totalChargingDurationSec")).isEqualTo(1800);
    assertThat(session.getLong("mileage")).isEqualTo(18442);
  }

  @Test
  void theImageIsAPngOfItsOwnForEachColour() throws Exception {
    HttpResponse<byte[]> first = api.get(of(VIN, "image"));
    assertThat(first.headers().firstValue("Content-Type")).contains("image/png");
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(first.body()));
    assertThat(picture.getWidth()).isEqualTo(320);
    assertThat(picture.getRGB(150, 100) & 0xFFFFFF).isEqualTo(0x1F4E8C);
    assertThat(first.body().length).isLessThan(10_000);
    assertThat(api.get(of(SECOND_VIN, "image")).body()).isNotEqualTo(first.body());
    assertThat(outcome(api.get(of(VIN, "image"), "Accept", "application/json")))
        .isEqualTo("406 CU-400");
  }

  @Test
  void tyresAreWordedAfterTheLanguageAskedFor() throws Exception {
    String path = of(VIN, "smartMaintenanceTyreDiagnosis");
    JsonObject wear =
        tyre(json(api.get(path, "Accept-Language", "de-DE"))).getJsonObject("tyreWear");
    assertThat(wear.getString("label")).isEqualTo("Verschleiß");
    assertThat(wear.getString("value")).isEqualTo("in Ordnung");
    assertThat(wear.getString("statusColor")).isEqualTo("GREEN");
    JsonObject english = tyre(json(api.get(path, "Accept-Language", "en")));
    assertThat(english.getJsonObject("tyreWear").getString("label")).isEqualTo("Wear");
    assertThat(english.getJsonObject("tyreWear").getLong("dueMileage")).isEqualTo(30500 - 18442);
    assertThat(tyre(json(api.get(path)))).isEqualTo(english);
  }

  private static JsonObject tyre(JsonObject answer) {
    return answer
        .getJsonObject("passengerCar")
        .getJsonObject("mountedTyres")
        .getJsonObject("frontLeft");
  }

  @Test
  void aCarWithoutTyreDataSaysSoInItsErrors() throws Exception {
    simulator.perform("vehicle", "{\"tyres\":false}");
    JsonObject answer = json(api.get(of(VIN, "smartMaintenanceTyreDiagnosis")));
    assertThat(answer.containsKey("passengerCar")).isTrue();
    assertThat(answer.getValue("passengerCar")).isNull();
    assertThat(answer.getJsonArray("errors")).hasSize(1);
  }

  @Test
  void chargingSettingsHavePagesOfTheirOwn() throws Exception {
    String path = of(VIN, "locationBasedChargingSettings");
    JsonObject whole = json(api.get(path));
    assertThat(whole.getJsonArray("data")).hasSize(3);
    assertThat(whole.containsKey("nextToken")).isTrue();
    assertThat(whole.getValue("nextToken")).isNull();
    simulator.perform("settings", "{\"api-page-size\":2}");
    JsonObject first = json(api.get(path));
    JsonObject second = json(api.get(path + "?nextToken=" + first.getString("nextToken")));
    assertThat(first.getJsonArray("data").copy().addAll(second.getJsonArray("data")))
        .isEqualTo(whole.getJsonArray("data"));
    assertThat(second.getValue("nextToken")).isNull();
  }
}
