// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cardatabridge.homeassistant.Cars.MILEAGE;
import static org.cardatabridge.homeassistant.Cars.OTHER_VIN;
import static org.cardatabridge.homeassistant.Cars.VIN;
import static org.cardatabridge.homeassistant.Cars.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.mqtt.LocalMqttEndpoint;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeAssistantTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOPIC = "homeassistant/device/" + Ids.car(VIN) + "/config";
  private static final String MOVING = "vehicle.isMoving";

  @TempDir Path dir;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final NewestValues nothing = new NewestValues(Clock.systemUTC());
  private HomeAssistant homeAssistant;

  @BeforeEach
  void begin() {
    homeAssistant = made(nothing);
  }

  private HomeAssistant made(NewestValues newest, String... keysAndValues) {
    List<String> all = new ArrayList<>(List.of(keysAndValues));
    all.addAll(List.of("cardata.data-dir", dir.toString()));
    Settings settings = Cars.settings(all.toArray(String[]::new));
    return new HomeAssistant(settings, dir, Cars.topics(settings), newest, () -> true);
  }

  private List<Publication> tell(CarEvent... events) throws Exception {
    return homeAssistant.messages(homeAssistant.see(List.of(events)));
  }

  private void confirm(List<Publication> publications) throws Exception {
    homeAssistant.published(exchange(publications));
  }

  private Exchange exchange(List<Publication> publications) {
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(publications);
    return exchange;
  }

  private static JsonNode components(List<Publication> publications) throws Exception {
    assertThat(publications).hasSize(1);
    return JSON.readTree(publications.get(0).payload()).get("cmps");
  }

  private static List<String> names(JsonNode components) {
    List<String> names = new ArrayList<>();
    components.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void onlyWhatWasSeenIsAnnouncedAndTheMessageGrows() throws Exception {
    List<Publication> first = tell(event(MILEAGE, 7L, "km"));
    assertThat(first.get(0).topic()).isEqualTo(TOPIC);
    assertThat(first.get(0).retain()).isTrue();
    assertThat(names(components(first))).containsExactly("vehicle_vehicle_travelledDistance");
    confirm(first);
    List<Publication> second = tell(event(MOVING, true, null), event(MILEAGE, 8L, "km"));
    assertThat(names(components(second)))
        .containsExactlyInAnyOrder("vehicle_vehicle_travelledDistance", "vehicle_isMoving-on");
  }

  @Test
  void nothingNewIsNothingToSay() throws Exception {
    confirm(tell(event(MILEAGE, 7L, "km")));
    assertThat(homeAssistant.see(List.of(event(MILEAGE, 8L, "km"), event(MILEAGE, null, "km"))))
        .isEmpty();
    assertThat(homeAssistant.see(event(MILEAGE, 9L, null))).isEmpty();
  }

  @Test
  void whatTheBrokerDidNotConfirmIsSaidAgain() throws Exception {
    List<Publication> lost = tell(event(MILEAGE, 7L, "km"));
    assertThat(homeAssistant.see(event(MILEAGE, 7L, "km"))).containsExactly(TOPIC);
    Exchange skipped = exchange(lost);
    skipped.setProperty(LocalMqttEndpoint.SKIPPED, true);
    homeAssistant.published(skipped);
    assertThat(homeAssistant.see(event(MILEAGE, 7L, "km"))).containsExactly(TOPIC);
    confirm(lost);
    assertThat(homeAssistant.see(event(MILEAGE, 7L, "km"))).isEmpty();
  }

  @Test
  void aDescriptorThatNeverHadAValueIsNoEntity() throws Exception {
    assertThat(homeAssistant.see(event(MILEAGE, null, "km"))).isEmpty();
    confirm(tell(event(MOVING, false, null), event(MILEAGE, null, "km")));
    assertThat(names(components(tell(event(MILEAGE, 7L, "km"))))).hasSize(2);
  }

  @Test
  void theFuelOfABatteryCarIsNoEntity() throws Exception {
    String fuel = "vehicle.drivetrain.fuelSystem.remainingFuel";
    assertThat(homeAssistant.see(event(fuel, 0L, "L"))).isEmpty();
    assertThat(names(components(tell(event(fuel, 31L, "L"))))).hasSize(1);
  }

  @Test
  void halfAPositionIsNoTracker() {
    assertThat(
            homeAssistant.see(event(CarEvent.LOCATION, java.util.Map.of("latitude", 50.25), null)))
        .isEmpty();
  }

  @Test
  void anotherUnitIsSaidAnew() throws Exception {
    confirm(tell(event(MILEAGE, 7L, "km")));
    JsonNode mileage =
        components(tell(event(MILEAGE, 7L, "mi"))).get("vehicle_vehicle_travelledDistance");
    assertThat(mileage.get("unit_of_meas").asText()).isEqualTo("mi");
  }

  @Test
  void basicDataThatComeLaterChangeTheDevice() throws Exception {
    confirm(tell(event(MILEAGE, 7L, "km")));
    List<Publication> later =
        tell(event(Car.BASIC_DATA, java.util.Map.of("modelName", "i4 eDrive40"), null));
    assertThat(JSON.readTree(later.get(0).payload()).at("/dev/mdl").asText())
        .isEqualTo("i4 eDrive40");
    confirm(later);
    assertThat(
            homeAssistant.see(
                event(Car.BASIC_DATA, java.util.Map.of("modelName", "i4 eDrive40"), null)))
        .isEmpty();
  }

  @Test
  void aRestartDoesNotTakeTheDevicesNameAway() throws Exception {
    confirm(tell(event(Car.BASIC_DATA, java.util.Map.of("modelName", "i4 eDrive40"), null)));
    confirm(tell(event(Car.BASIC_DATA, null, null)));
    assertThat(JSON.readTree(made(nothing).all().get(1).payload()).at("/dev/name").asText())
        .isEqualTo("BMW i4 eDrive40");
  }

  @Test
  void anEventFromBeforeTheAliasDoesNotRenameTheCar() throws Exception {
    homeAssistant = made(nothing, "cardata.vehicle." + VIN + ".alias", "i4");
    List<Publication> told = tell(event(VIN, "old name", MILEAGE, 7L, "km"));
    assertThat(JSON.readTree(told.get(0).payload()).at("/dev/name").asText()).isEqualTo("i4");
    assertThat(components(told).at("/vehicle_vehicle_travelledDistance/stat_t").asText())
        .isEqualTo("cardata/i4/vehicle/vehicle/travelledDistance");
    confirm(told);
    assertThat(homeAssistant.see(event(VIN, VIN, MILEAGE, 8L, "km"))).isEmpty();
  }

  @Test
  void aLateOldValueInAnotherUnitChangesNothing() throws Exception {
    confirm(tell(event(MILEAGE, 7L, "km")));
    assertThat(homeAssistant.see(at(Cars.NOON.minusSeconds(1), MILEAGE, 4L, "mi"))).isEmpty();
    confirm(tell(at(Cars.NOON.plusSeconds(20), MILEAGE, 7L, "km")));
    assertThat(homeAssistant.see(at(Cars.NOON.plusSeconds(10), MILEAGE, 4L, "mi"))).isEmpty();
    assertThat(homeAssistant.see(at(Cars.NOON.plusSeconds(30), MILEAGE, 4L, "mi"))).hasSize(1);
  }

  private static CarEvent at(java.time.Instant time, String key, Object value, String unit) {
    return new CarEvent(
        "main", VIN, VIN, key, value, unit, time, Cars.NOON.plusSeconds(60), "stream");
  }

  @Test
  void aNumberThatWasFollowedByAWordIsShownAsAText() throws Exception {
    String key = "vehicle.my.own.thing";
    confirm(tell(event(key, 7L, "kg")));
    JsonNode widened = components(tell(event(key, "HEAVY", null))).get("vehicle_my_own_thing");
    assertThat(widened.get("p").asText()).isEqualTo("sensor");
    assertThat(widened.get("val_tpl").asText()).isEqualTo(Templates.TEXT);
    assertThat(widened.has("unit_of_meas")).isFalse();
  }

  @Test
  void noMoreCarsBecomeDevicesThanItRemembers() throws Exception {
    List<CarEvent> fleet = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String vin = "WBY00TEST%08d".formatted(i);
      fleet.add(event(vin, vin, MILEAGE, 7L, "km"));
    }
    assertThat(homeAssistant.see(fleet)).hasSize(256);
    assertThat(homeAssistant.see(fleet)).hasSize(256);
  }

  @Test
  void everyCarIsADeviceOfItsOwn() throws Exception {
    List<Publication> both =
        tell(event(MILEAGE, 7L, "km"), event(OTHER_VIN, "her", MILEAGE, 8L, "km"));
    assertThat(both).hasSize(2);
    DiscoveryRules rules = new DiscoveryRules();
    both.forEach(p -> rules.check(p.topic(), new String(p.payload(), StandardCharsets.UTF_8)));
    assertThat(rules.faults()).isEmpty();
  }

  @Test
  void aNewcomerHearsOfTheBridgeAndAllCars() throws Exception {
    confirm(tell(event(MILEAGE, 7L, "km")));
    assertThat(homeAssistant.all())
        .extracting(Publication::topic)
        .containsExactly("homeassistant/device/cardata_bridge/config", TOPIC);
  }

  @Test
  void afterARestartEverythingIsThereThoughOnlyASentinelIsLeftOfIt() throws Exception {
    confirm(tell(event(MILEAGE, 7L, "km"), event(MOVING, true, null)));
    HomeAssistant next = made(nothing);
    List<Publication> again = next.all();
    assertThat(again).extracting(Publication::topic).contains(TOPIC);
    assertThat(names(components(again.subList(1, 2)))).hasSize(2);
  }

  @Test
  void whatTheJournalKnowsIsAnnouncedAtTheStart() throws Exception {
    try (Journal journal = Journal.temporary(Clock.systemUTC())) {
      CountDownLatch kept = new CountDownLatch(1);
      journal.publish(
          new CarMessage(
              "main",
              "stream",
              "g/" + VIN,
              Cars.NOON,
              new byte[] {1},
              List.of(event(MILEAGE, 7L, "km"))),
          false,
          failure -> kept.countDown());
      kept.await();
      List<Publication> all = made(journal.newest()).all();
      assertThat(names(components(all.subList(1, 2))))
          .containsExactly("vehicle_vehicle_travelledDistance");
    }
  }

  @Test
  void anAliasChangesTopicsAndNamesButNoId() throws Exception {
    List<Publication> before = tell(event(MILEAGE, 7L, "km"));
    confirm(before);
    HomeAssistant renamed = made(nothing, "cardata.vehicle." + VIN + ".alias", "i4");
    List<Publication> after = renamed.all();
    JsonNode is = components(after.subList(1, 2)).get("vehicle_vehicle_travelledDistance");
    JsonNode was = components(before).get("vehicle_vehicle_travelledDistance");
    assertThat(after.get(1).topic()).isEqualTo(TOPIC);
    assertThat(is.get("uniq_id")).isEqualTo(was.get("uniq_id"));
    assertThat(is.get("stat_t").asText()).isEqualTo("cardata/i4/vehicle/vehicle/travelledDistance");
  }

  @Test
  void whatIsNotPublishedOnTheTopicsIsNoEntity() throws Exception {
    homeAssistant =
        made(
            nothing,
            "cardata.sink.mqtt.exclude",
            "vehicle.is*",
            "cardata.sink.homeassistant.exclude",
            "vehicle.body.*");
    List<Publication> told =
        tell(
            event(MOVING, true, null),
            event("vehicle.body.hood.isOpen", true, null),
            event(MILEAGE, 7L, "km"));
    assertThat(names(components(told))).containsExactly("vehicle_vehicle_travelledDistance");
  }

  @Test
  void anEntityThatIsLeftOutLaterIsTakenAway() throws Exception {
    confirm(tell(event(MILEAGE, 7L, "km"), event(MOVING, true, null)));
    HomeAssistant next = made(nothing, "cardata.sink.homeassistant.exclude", MOVING);
    JsonNode components = components(next.all().subList(1, 2));
    assertThat(components.get("vehicle_isMoving-on").toString())
        .isEqualTo("{\"p\":\"binary_sensor\"}");
    assertThat(components.get("vehicle_vehicle_travelledDistance").size()).isGreaterThan(1);
  }

  @ParameterizedTest
  @CsvSource({
    "cardata.vins, WBY00TEST00000002",
    "cardata.accounts, another",
    "cardata.sink.homeassistant.vins, WBY00TEST00000002",
    "cardata.sink.mqtt.vins, WBY00TEST00000002",
    "cardata.sink.homeassistant.prefix, elsewhere",
    "cardata.sink.homeassistant.exclude, *",
  })
  void aDeviceThatIsGoneIsTakenBack(String setting, String value) throws Exception {
    confirm(tell(event(MILEAGE, 7L, "km")));
    homeAssistant = made(nothing, setting, value);
    List<Publication> all = homeAssistant.all();
    assertThat(all).anyMatch(p -> p.topic().equals(TOPIC) && p.payload().length == 0 && p.retain());
    confirm(all);
    assertThat(homeAssistant.all()).noneMatch(p -> p.topic().equals(TOPIC));
  }

  @Test
  void switchedOffItTakesEverythingBackOnce() throws Exception {
    confirm(homeAssistant.all());
    confirm(tell(event(MILEAGE, 7L, "km")));
    assertThat(HomeAssistant.hasLeftOvers(dir)).isTrue();
    homeAssistant = made(nothing);
    List<Publication> farewell = homeAssistant.farewell();
    assertThat(farewell).hasSize(2).allMatch(p -> p.payload().length == 0 && p.retain());
    assertThat(HomeAssistant.hasLeftOvers(dir)).isTrue();
    confirm(farewell);
    assertThat(HomeAssistant.hasLeftOvers(dir)).isFalse();
  }

  @Test
  void whatIsAnnouncedIsNotedBeforeItGoesOut() throws Exception {
    tell(event(MILEAGE, 7L, "km"));
    assertThat(made(nothing).farewell()).extracting(Publication::topic).containsExactly(TOPIC);
    Path file = dir.resolve("homeassistant.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aDamagedNoteDoesNotStopIt() throws Exception {
    Files.writeString(dir.resolve("homeassistant.json"), "{\"cars\":{\"x\":{\"seen\":{\"a\":{}}}");
    assertThat(made(nothing).all()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "cardata.sink.homeassistant.prefix, a/#",
    "cardata.sink.homeassistant.language, fr",
    "cardata.sink.homeassistant.entities, none.yaml",
  })
  void aSettingThatCannotWorkIsSaidWithItsName(String setting, String value) {
    assertThatThrownBy(() -> made(nothing, setting, value))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining(setting);
  }

  @Test
  void aTableInTheUsualPlaceIsTaken() throws Exception {
    Files.createDirectories(dir.resolve("config"));
    Files.writeString(
        dir.resolve("config/homeassistant.yaml"),
        "sensors: [{key: vehicle.vehicle.travelledDistance, en: Clocked}]");
    homeAssistant = made(nothing);
    assertThat(
            components(tell(event(MILEAGE, 7L, "km")))
                .at("/vehicle_vehicle_travelledDistance/name")
                .asText())
        .isEqualTo("Clocked");
  }
}
