// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.homeassistant.Cars.OTHER_VIN;
import static org.cardatabridge.homeassistant.Cars.VIN;
import static org.cardatabridge.homeassistant.Cars.event;
import static org.cardatabridge.homeassistant.Cars.settings;
import static org.cardatabridge.homeassistant.Cars.topics;
import static org.cardatabridge.homeassistant.Cars.wholeCatalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Descriptor;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages themselves, held against Home Assistant's rules. */
class DiscoveryTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What was checked is left here, for other validators. */
  private static final Path EVERYTHING = Path.of("target", "homeassistant");

  private static final Path GOLDEN = Path.of("src/test/resources/golden/homeassistant");

  private static CarDevice devices(Settings settings) {
    Topics topics = topics(settings);
    return new CarDevice(
        EntityTable.shipped(),
        new Catalogue(),
        topics,
        "homeassistant",
        settings.get("cardata.sink.homeassistant.language"),
        BridgeDevice.isThere(topics));
  }

  private static Discovery message(Settings settings, Car car) {
    return devices(settings).of(car, key -> true);
  }

  private static Discovery message(Car car) {
    return message(settings(), car);
  }

  private static Car car(CarEvent... events) {
    Car car = new Car(events[0].vin(), "main", events[0].vehicle());
    for (CarEvent event : events) {
      car.see(event);
    }
    return car;
  }

  private static Car car(List<CarEvent> events) {
    return car(events.toArray(CarEvent[]::new));
  }

  private static JsonNode entity(Discovery message, String key, Platform platform) {
    return JSON.valueToTree(message.components().get(Ids.component(key, platform)));
  }

  private static JsonNode sensor(String key, Object value, String unit) {
    return entity(message(car(event(key, value, unit))), key, Platform.SENSOR);
  }

  private static JsonNode binary(String key, Object value) {
    return entity(message(car(event(key, value, null))), key, Platform.BINARY_SENSOR);
  }

  // ---- everything ---------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "en, default",
    "de, default",
    "en, bausi2k",
    "de, bausi2k",
    "en, dj0abr",
    "de, dj0abr"
  })
  void homeAssistantRefusesNothingOfTheWholeCatalogue(String language, String layout)
      throws Exception {
    Settings settings =
        settings(
            "cardata.sink.homeassistant.language", language,
            "cardata.sink.mqtt.layout", layout,
            "cardata.sink.mqtt.base-topic", "tree",
            "cardata.sink.mqtt.append-vin", "true",
            "cardata.accounts", "main,second");
    DiscoveryRules rules = new DiscoveryRules();
    List<String> lines = new ArrayList<>();
    Topics topics = topics(settings);
    List<Discovery> messages =
        List.of(
            new BridgeDevice(
                    topics,
                    "homeassistant",
                    language,
                    "1.0.0",
                    List.of("main", "second"),
                    List.of())
                .message(),
            message(settings, car(wholeCatalogue(VIN, VIN))),
            message(settings, car(wholeCatalogue(OTHER_VIN, "Mein i4"))));
    for (Discovery message : messages) {
      String json = message.json("1.0.0", Map.of("gone", "sensor"));
      rules.check(message.topic(), json).check(message.topic(), "");
      lines.add(message.topic() + "\t" + json);
    }
    Files.write(
        Files.createDirectories(EVERYTHING).resolve(layout + "-" + language + ".tsv"),
        lines,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(rules.faults()).isEmpty();
    assertThat(messages.get(1).components()).hasSizeGreaterThan(300);
  }

  @Test
  void homeAssistantRefusesNoValueOfAnyKindInAnyUnitOfAnyDescriptor() throws Exception {
    Files.createDirectories(EVERYTHING);
    List<Object> kinds =
        List.of(1L, 1.5, true, "WORD", "31.01.2026 12:00 UTC", List.of(1L), Map.of("a", 1L));
    List<String> units =
        List.of("", "%", "km", "mi", "weeks", "months", "kWh", "°C", "°F", "w", "W", "stars", "h");
    for (Object kind : kinds) {
      for (String unit : units) {
        DiscoveryRules rules = new DiscoveryRules();
        List<CarEvent> events = new ArrayList<>();
        for (Descriptor descriptor : new Catalogue().all()) {
          events.add(event(descriptor.key(), kind, unit.isEmpty() ? null : unit));
        }
        events.add(event("vehicle.unknown.thing", kind, unit.isEmpty() ? null : unit));
        Discovery message = message(car(events));
        String json = message.json("1", Map.of());
        rules.check(message.topic(), json);
        if (unit.equals("weeks")) {
          Files.writeString(
              EVERYTHING.resolve(kind.getClass().getSimpleName() + "-" + unit + ".tsv"),
              message.topic() + "\t" + json + "\n");
        }
        assertThat(rules.faults()).as("%s in '%s'", kind, unit).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"en", "de"})
  void anI4AtHomeIsAnnouncedAsPeopleHaveReadIt(String language) throws Exception {
    Car car =
        car(
            event(VIN, "i4", "vehicle.drivetrain.batteryManagement.header", 81L, "%"),
            event(VIN, "i4", Cars.MILEAGE, 81623L, "km"),
            event(
                VIN, "i4", "vehicle.drivetrain.electricEngine.charging.status", "NOCHARGING", null),
            event(VIN, "i4", "vehicle.cabin.door.row1.driver.isOpen", false, null),
            event(VIN, "i4", "vehicle.cabin.door.lock.status", "SECURED", null),
            event(VIN, "i4", "vehicle.body.trunk.isLocked", true, null),
            event(VIN, "i4", "vehicle.cabin.window.row1.driver.status", "CLOSED", null),
            event(VIN, "i4", "vehicle.chassis.axle.row1.wheel.left.tire.pressure", 260L, "kPa"),
            event(VIN, "i4", "vehicle.trip.segment.end.time", "31.01.2026 12:00:00 UTC", null),
            event(VIN, "i4", "vehicle.some.newThing", 5L, "kg"),
            Cars.position(VIN, "i4"),
            event(
                VIN,
                "i4",
                Car.BASIC_DATA,
                Map.of("brand", "BMW", "modelName", "i4 eDrive40"),
                null));
    Settings settings = settings("cardata.sink.homeassistant.language", language);
    String text =
        JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(JSON.readTree(message(settings, car).json("1.0.0", Map.of())))
            + "\n";
    Path golden = GOLDEN.resolve("i4-" + language + ".json");
    if (System.getProperty("golden.rewrite") != null) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, text);
    }
    assertThat(text)
        .as("run ./mvnw verify -Dgolden.rewrite and read the difference")
        .isEqualTo(Files.readString(golden));
  }

  // ---- polarity, as people read it ----------------------------------------------------------

  @Test
  void doorsFlapsAndWindowsAreOnWhereTheyAreOpen() {
    for (String key :
        List.of(
            "vehicle.cabin.door.row1.driver.isOpen",
            "vehicle.body.hood.isOpen",
            "vehicle.body.trunk.isOpen",
            "vehicle.body.trunk.window.isOpen",
            "vehicle.powertrain.tractionBattery.charging.port.rearRight.flap.isOpen")) {
      assertThat(binary(key, true).get("val_tpl").asText())
          .as(key)
          .contains("'ON' if v in ['TRUE'] else 'OFF' if v in ['FALSE'] else 'None'");
      assertThat(binary(key, true).get("dev_cla").asText()).isIn("door", "opening", "window");
    }
  }

  @Test
  void locksAreOnWhereTheyAreUnlocked() {
    for (String key : List.of("vehicle.body.flap.isLocked", "vehicle.body.trunk.isLocked")) {
      assertThat(binary(key, true).get("dev_cla").asText()).isEqualTo("lock");
      assertThat(binary(key, true).get("val_tpl").asText())
          .contains("'ON' if v in ['FALSE'] else 'OFF' if v in ['TRUE'] else 'None'");
    }
    assertThat(binary("vehicle.cabin.door.lock.status", "SECURED").get("val_tpl").asText())
        .contains(
            "'ON' if v in ['UNLOCKED', 'SELECTIVE-LOCKED'] else 'OFF' if v in ['LOCKED',"
                + " 'SECURED'] else 'None'");
  }

  @Test
  void windowsAreOnUnlessClosedAndShowTheirStateBeside() {
    String key = "vehicle.cabin.window.row1.driver.status";
    Discovery message = message(car(event(key, "CLOSED", null)));
    assertThat(entity(message, key, Platform.BINARY_SENSOR).get("val_tpl").asText())
        .contains("'None' if value_json.value is none else 'OFF' if v in ['CLOSED'] else 'ON'");
    assertThat(entity(message, key, Platform.SENSOR).get("ops").toString())
        .isEqualTo("[\"CLOSED\",\"INTERMEDIATE\",\"OPEN\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "hvStatus"})
  void onlyTheWordsForChargingAreChargingAndAnErrorIsNeither(String status) {
    assertThat(
            binary("vehicle.drivetrain.electricEngine.charging." + status, "NOCHARGING")
                .get("val_tpl")
                .asText())
        .contains("'ON' if v in ['CHARGINGACTIVE', 'CHARGING'] else 'OFF' if v in ['NOCHARGING', ")
        .endsWith(" else 'None' }}")
        .doesNotContain("ERROR");
  }

  // ---- classes, units -----------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "vehicle.drivetrain.batteryManagement.header, %, battery, measurement, %",
    "vehicle.powertrain.electric.battery.stateOfCharge.target, %, , , %",
    "vehicle.vehicle.travelledDistance, km, distance, total_increasing, km",
    "vehicle.vehicle.travelledDistance, mi, distance, total_increasing, mi",
    "vehicle.trip.segment.end.travelledDistance, km, distance, , km",
    "vehicle.chassis.axle.row1.wheel.left.tire.pressure, kPa, pressure, measurement, kPa",
    "vehicle.vehicle.averageWeeklyDistanceLongTerm, km, distance, measurement, km",
    "vehicle.vehicle.averageWeeklyDistanceLongTerm, weeks, , measurement,",
    "vehicle.status.serviceTime.yellow, weeks, , , weeks",
    "vehicle.cabin.climate.timers.weekdaysTimer1.hour, h, , ,",
    "vehicle.cabin.infotainment.navigation.currentLocation.heading, , , measurement_angle, °",
    "vehicle.drivetrain.avgElectricRangeConsumption, , energy_distance, measurement, kWh/100km",
    "vehicle.my.own.thing, kg, , , kg",
    "derived.chargingPower, kW, power, measurement, kW",
    "vehicle.powertrain.electric.battery.charging.power, w, power, measurement, W",
    "derived.stateOfCharge, %, battery, measurement, %",
  })
  void aNumberHasTheClassAndTheUnitThatBelongTogether(
      String key, String unit, String deviceClass, String state, String shown) {
    JsonNode sensor = sensor(key, 7L, unit);
    assertThat(sensor.path("dev_cla").asText(null)).isEqualTo(deviceClass);
    assertThat(sensor.path("stat_cla").asText(null)).isEqualTo(state);
    assertThat(sensor.path("unit_of_meas").asText(null)).isEqualTo(shown);
    assertThat(sensor.get("val_tpl").asText()).isEqualTo(Templates.NUMBER);
  }

  @Test
  void everyEntityOfACarIsUnavailableWithoutAValueAndKnowsTheCarsTime() {
    Discovery message = message(car(wholeCatalogue(VIN, VIN)));
    message
        .components()
        .forEach(
            (id, component) -> {
              JsonNode entity = JSON.valueToTree(component);
              String topic = entity.get("json_attr_t").asText();
              assertThat(entity.get("avty").get(0).get("t").asText())
                  .isEqualTo("cardata/bridge/state");
              if (entity.get("p").asText().equals("device_tracker")) {
                assertThat(topic).isEqualTo("cardata/" + VIN + "/location");
                return;
              }
              assertThat(entity.get("stat_t").asText()).isEqualTo(topic);
              assertThat(entity.get("avty").get(1).get("t").asText()).isEqualTo(topic);
              assertThat(entity.get("avty").get(1).get("val_tpl").asText())
                  .isEqualTo(Templates.HAS_VALUE);
              assertThat(entity.get("avty_mode").asText()).isEqualTo("all");
              assertThat(entity.get("json_attr_tpl").asText())
                  .contains("'timestamp': value_json.timestamp");
            });
  }

  @Test
  void aPositionIsATrackerOnlyWhereThePairIsPublished() {
    Car car = car(Cars.position(VIN, VIN));
    assertThat(message(car).components()).containsOnlyKeys("location-tracker");
    assertThat(message(settings("cardata.sink.mqtt.layout", "bausi2k"), car).components())
        .isEmpty();
  }

  @Test
  void whatABrokerPublishesElsewhereInAnotherLayoutIsReadThere() {
    Car car = car(event(Cars.MILEAGE, 7L, "km"));
    assertThat(
            entity(
                    message(
                        settings(
                            "cardata.sink.mqtt.layout",
                            "dj0abr",
                            "cardata.sink.mqtt.base-topic",
                            "bmw"),
                        car),
                    Cars.MILEAGE,
                    Platform.SENSOR)
                .get("stat_t")
                .asText())
        .isEqualTo("bmw/vehicles/" + VIN + "/vehicle.vehicle.travelledDistance");
  }

  // ---- the device ---------------------------------------------------------------------------

  @Test
  void basicDataDescribeTheDevice() {
    Car car =
        car(
            event(
                Car.BASIC_DATA,
                Map.of(
                    "brand", "MINI", "modelName", "Cooper SE", "headUnit", "ID8", "puStep", "0725"),
                null));
    assertThat(message(car).device())
        .containsEntry("name", "MINI Cooper SE")
        .containsEntry("mf", "MINI")
        .containsEntry("mdl", "Cooper SE")
        .containsEntry("hw", "ID8")
        .containsEntry("sw", "0725")
        .containsEntry("sn", VIN);
    assertThat(message(car(event("vehicle.isMoving", true, null))).device())
        .containsEntry("name", "BMW 0001")
        .containsEntry("mf", "BMW");
  }

  @Test
  void theVinStaysOutWhereTheCarHasAnAlias() throws Exception {
    Discovery message = message(car(wholeCatalogue(VIN, "Mein i4")));
    assertThat(message.json("1", Map.of()))
        .doesNotContain(VIN, VIN.toLowerCase(java.util.Locale.ROOT));
    assertThat(message.topic()).doesNotContain(VIN);
    assertThat(message.device()).containsEntry("name", "Mein i4").doesNotContainKey("sn");
    assertThat(
            entity(message, "vehicle.isMoving", Platform.BINARY_SENSOR).get("def_ent_id").asText())
        .isEqualTo("binary_sensor.mein_i4_moving");
  }

  @Test
  void idsDependOnTheVinAloneAndAreTheSameForEver() {
    Discovery before = message(car(event("vehicle.isMoving", true, null)));
    Discovery after =
        message(
            settings("cardata.sink.homeassistant.language", "de"),
            car(event(VIN, "Mein i4", "vehicle.isMoving", true, null)));
    assertThat(after.topic()).isEqualTo(before.topic());
    assertThat(after.device().get("ids")).isEqualTo(before.device().get("ids"));
    assertThat(after.components().get("vehicle_isMoving-on").get("uniq_id"))
        .isEqualTo(before.components().get("vehicle_isMoving-on").get("uniq_id"))
        // Written down: who changes it takes away everybody's history.
        .isEqualTo(GOLDEN_ID + "_vehicle_isMoving-on");
    assertThat(Ids.car(VIN)).isEqualTo(GOLDEN_ID);
    assertThat(Ids.car(OTHER_VIN)).isNotEqualTo(Ids.car(VIN));
  }

  private static final String GOLDEN_ID = "cardata_0fe391edc413953f";

  @Test
  void differentDescriptorsNeverShareAnId() {
    assertThat(
            List.of("a.b", "a_b", "a-b", "a..b", "a.b_", "a-5f-b", "ab", "A.b", "ä.b", "a b")
                .stream()
                .map(key -> Ids.component(key, Platform.SENSOR)))
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[a-zA-Z0-9_-]+"));
  }

  @Test
  void theBridgeShowsEachAccount() {
    Discovery one =
        new BridgeDevice(topics(settings()), "homeassistant", "en", "1", List.of("main"), List.of())
            .message();
    assertThat(one.topic()).isEqualTo("homeassistant/device/cardata_bridge/config");
    assertThat(one.components())
        .containsKeys(
            "connection", "main-stream", "main-last_message", "main-login_needed", "main-quota");
    assertThat(one.components().get("main-login_needed"))
        .containsEntry("dev_cla", "problem")
        .containsEntry("stat_t", "cardata/bridge/status");
    Discovery two =
        new BridgeDevice(
                topics(settings()), "homeassistant", "de", "1", List.of("main", "her"), List.of())
            .message();
    assertThat(two.components().get("her-login_needed"))
        .containsEntry("name", "her: Anmeldung nötig");
  }

  // ---- other sources ------------------------------------------------------------------------

  private static final String OPEL = "W0V00TEST00000012";

  private static Car carOf(String vin, Object... keysAndValues) {
    EntityTable table = EntityTable.shipped();
    Car car = new Car(vin, "highmobility", vin);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      CarEvent event = event(vin, vin, (String) keysAndValues[i], keysAndValues[i + 1], null);
      table.withParts(event).forEach(car::see);
    }
    return car;
  }

  @Test
  void aCarOfAnotherBrandIsNeverCalledABmw() {
    Car unknown = carOf("XYZ00TEST00000012", "charging.battery_level", 64.0);
    assertThat(message(unknown).device()).doesNotContainKey("mf").containsEntry("name", "Car 0012");
    assertThat(
            entity(message(unknown), "charging.battery_level", Platform.SENSOR).get("def_ent_id"))
        .hasToString("\"sensor.car_0000012_state_of_charge\"");
    assertThat(message(carOf(OPEL, "charging.battery_level", 64.0)).device())
        .containsEntry("mf", "Opel/Vauxhall")
        .containsEntry("name", "Opel/Vauxhall 0012");
    assertThat(
            message(
                    carOf(
                        OPEL,
                        "universal.brand",
                        "opel",
                        "vehicle_information.model_name",
                        "Corsa-e"))
                .device())
        .containsEntry("mf", "Opel")
        .containsEntry("mdl", "Corsa-e")
        .containsEntry("name", "Opel Corsa-e");
    assertThat(message(carOf("XYZ00TEST00000012", "vehicle.isMoving", true)).device())
        .containsEntry("mf", "BMW");
  }

  @Test
  void whatBmwSaysOfACarCountsBeforeWhatOthersSay() {
    Car car =
        carOf(
            VIN,
            Car.BASIC_DATA,
            Map.of("modelName", "i4 eDrive40"),
            "vehicle_information.model_name",
            "i4");
    assertThat(message(car).device()).containsEntry("mdl", "i4 eDrive40");
  }

  @Test
  void eachPlaceOfAListIsAnEntityAndTheListItselfIsNone() {
    Discovery message =
        message(
            carOf(
                OPEL,
                "doors.positions",
                List.of(
                    Map.of("location", "front_left", "position", "open"),
                    Map.of("location", "rear_right", "position", "closed"),
                    Map.of("location", "{{ evil }}", "position", "closed"),
                    Map.of("position", "closed"))));
    assertThat(message.components())
        .containsOnlyKeys(
            "doors_positions-5b-location-3d-front-5f-left-5d-_position-on",
            "doors_positions-5b-location-3d-rear-5f-right-5d-_position-on");
    JsonNode door =
        JSON.valueToTree(
            message
                .components()
                .get("doors_positions-5b-location-3d-front-5f-left-5d-_position-on"));
    assertThat(door.get("name").asText()).isEqualTo("Door front left");
    assertThat(door.get("stat_t").asText()).isEqualTo("cardata/" + OPEL + "/doors/positions");
    assertThat(door.get("dev_cla").asText()).isEqualTo("door");
  }

  @Test
  void aCarOfTwoSourcesTellsItsMileagesApart() {
    Car car = carOf(VIN, Cars.MILEAGE, 81623L, "diagnostics.odometer", 81623.4);
    assertThat(entity(message(car), Cars.MILEAGE, Platform.SENSOR).get("name").asText())
        .isEqualTo("Mileage");
    JsonNode other = entity(message(car), "diagnostics.odometer", Platform.SENSOR);
    assertThat(other.get("name").asText()).isEqualTo("Mileage (High Mobility)");
    assertThat(other.get("def_ent_id").asText())
        .isEqualTo("sensor.bmw_0000001_mileage_high_mobility");
  }

  @Test
  void aCertificateIsShownAsALoginIs() {
    Discovery message =
        new BridgeDevice(
                topics(settings()), "homeassistant", "en", "1", List.of("main"), List.of("fleet"))
            .message();
    assertThat(message.components())
        .containsKeys("main-login_needed", "fleet-stream", "fleet-messages")
        .doesNotContainKeys("fleet-login_needed", "fleet-quota", "main-certificate_until");
    assertThat(message.components().get("fleet-certificate_until"))
        .containsEntry("name", "fleet: Certificate valid until")
        .containsEntry("dev_cla", "timestamp");
    assertThat(message.components().get("fleet-certificate_problem"))
        .containsEntry("dev_cla", "problem");
    assertThat(message.device()).containsEntry("mdl", "Bridge to BMW CarData and High Mobility");
  }
}
