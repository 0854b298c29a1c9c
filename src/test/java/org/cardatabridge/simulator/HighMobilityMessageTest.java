// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** High Mobility's messages in both generations, the life of its cars, and odd shapes. */
class HighMobilityMessageTest {

  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00.610Z");
  private static final HighMobilityApp FIRST = HighMobilityApp.first();
  private static final HighMobilityApp SECOND = HighMobilityApp.second();

  private final HighMobilityEnvelope.Ids ids = new HighMobilityEnvelope.Ids();

  private HighMobilityEnvelope envelope(HighMobilityApp app) {
    return new HighMobilityEnvelope(app, app.cars().get(0).vin(), ids);
  }

  private static HighMobilityPoint odometer(double km) {
    return new HighMobilityPoint(
        "diagnostics", "odometer", HighMobilityPoint.measured(km, "kilometers"), NOW);
  }

  private static HighMobilityPoint locks() {
    return new HighMobilityPoint(
        "doors",
        "locks",
        List.of(new JsonObject().put("location", "front_left").put("lock_state", "locked")),
        NOW);
  }

  @Test
  void theFirstGenerationHasATopicAndAMessageForEachProperty() {
    List<HighMobilityEnvelope.Letter> letters =
        envelope(FIRST).around(List.of(odometer(8050.4), locks()));
    assertThat(letters)
        .extracting(HighMobilityEnvelope.Letter::topic)
        .containsExactly(
            "live/level13/5E1F0C9A7B3D2846A1C0E5F7/W1K00TEST00000011/diagnostics/get/odometer",
            "live/level13/5E1F0C9A7B3D2846A1C0E5F7/W1K00TEST00000011/doors/get/locks");
    JsonObject json = letters.get(0).json().copy();
    assertThat(json.remove("message_id")).asString().matches("[0-9A-F]{64}");
    assertThat(json)
        .isEqualTo(
            new JsonObject(
                """
                {"version":1,"vin":"W1K00TEST00000011","capability":"diagnostics",
                 "property":"odometer","timestamp":"2026-11-21T08:00:00.610Z",
                 "data":{"diagnostics":{"odometer":{"data":{"value":8050.4,"unit":"kilometers"},
                  "timestamp":"2026-11-21T08:00:00.610Z"}}}}"""));
    assertThat(letters.get(1).json().getJsonObject("data").getJsonObject("doors").getValue("locks"))
        .isEqualTo(
            new JsonArray("[{\"data\":{\"location\":\"front_left\",\"lock_state\":\"locked\"}}]"));
  }

  @Test
  void theSecondGenerationHasOneTopicAndAllPropertiesInOneMessageAsLists() {
    List<HighMobilityEnvelope.Letter> letters =
        envelope(SECOND).around(List.of(odometer(1), locks(), odometer(2)));
    assertThat(letters).hasSize(2);
    assertThat(letters.get(0).topic())
        .isEqualTo("live/level13/c41f7a90-3be2-4d68-95a7-0e8d2b6c1f53");
    JsonObject json = letters.get(0).json().copy();
    json.remove("message_id");
    assertThat(json)
        .isEqualTo(
            new JsonObject(
                """
                {"version":2,"application_id":"c41f7a90-3be2-4d68-95a7-0e8d2b6c1f53",
                 "vin":"W1K00TEST00000021",
                 "data":{"diagnostics":{"odometer":[{"data":{"value":1.0,"unit":"kilometers"},
                   "timestamp":"2026-11-21T08:00:00.610Z"}]},
                  "doors":{"locks":[{"data":{"location":"front_left","lock_state":"locked"},
                   "timestamp":"2026-11-21T08:00:00.610Z"}]}}}"""));
  }

  @Test
  void idsNeverComeAgainNotEvenInAnotherRun() {
    String one = ids.next();
    assertThat(ids.next()).isNotEqualTo(one);
    assertThat(new HighMobilityEnvelope.Ids().next()).isNotEqualTo(one);
  }

  /** All that a car says in a day: wake, drive, park, charge until full. */
  private static List<HighMobilityPoint> dayOf(HighMobilityVehicle vehicle) {
    HighMobilityCar car = new HighMobilityCar(vehicle, 1);
    List<HighMobilityPoint> all = new ArrayList<>(car.perform(CarAction.WAKE, NOW));
    Instant now = NOW.plusSeconds(60);
    all.addAll(car.perform(CarAction.DRIVE, now));
    for (int i = 0; i < 12; i++) {
      now = now.plusSeconds(300);
      all.addAll(car.advance(Duration.ofMinutes(5), now));
    }
    all.addAll(car.perform(CarAction.PARK, now));
    all.addAll(car.perform(CarAction.CHARGE, now.plusSeconds(60)));
    for (int i = 0; i < 100; i++) {
      now = now.plusSeconds(300);
      all.addAll(car.advance(Duration.ofMinutes(5), now));
    }
    return all;
  }

  private static Map<String, Object> newest(List<HighMobilityPoint> points) {
    Map<String, Object> newest = new HashMap<>();
    points.forEach(p -> newest.put(p.key(), p.data()));
    return newest;
  }

  @Test
  void anElectricCarTellsOfItsBatteryAsFractions() {
    Map<String, Object> told = newest(dayOf(HighMobilityVehicle.mercedes()));
    assertThat(told)
        .containsEntry("charging.battery_level", 0.9)
        .containsEntry("charging.charge_limit", 0.9)
        .containsEntry("charging.status", "charging_complete")
        .containsEntry("charging.plugged_in", "plugged_in")
        .containsEntry("vehicle_information.model_name", "EQE")
        .containsKeys(
            "charging.estimated_range",
            "charging.charging_rate",
            "charging.time_to_complete_charge",
            "diagnostics.odometer",
            "diagnostics.tire_pressures",
            "vehicle_location.coordinates",
            "vehicle_location.heading",
            "doors.locks_state",
            "usage.last_trip_date",
            "dashboard_lights.dashboard_lights")
        .doesNotContainKey("diagnostics.fuel_level");
  }

  @Test
  void aDieselTellsOfItsTankAndIsFullAfterAStop() {
    Map<String, Object> told = newest(dayOf(HighMobilityVehicle.ford()));
    assertThat(told)
        .containsEntry("diagnostics.fuel_level", 0.9)
        .containsKey("diagnostics.estimated_range");
    assertThat(told.keySet()).noneMatch(k -> k.startsWith("charging."));
  }

  @Test
  void aPlugInHasBoth() {
    assertThat(newest(dayOf(HighMobilityVehicle.peugeot())))
        .containsKeys("charging.battery_level", "diagnostics.fuel_level");
  }

  @ParameterizedTest
  @EnumSource(HighMobilityVehicle.Drive.class)
  void noTwoValuesOfAPropertyHaveTheSameTime(HighMobilityVehicle.Drive drive) {
    Map<String, Object> seen = new HashMap<>();
    for (HighMobilityPoint p : dayOf(new HighMobilityVehicle("W1K00TEST00000099", "X", drive))) {
      Object before = seen.put(p.key() + " " + p.at(), p.data());
      assertThat(before == null || before.equals(p.data())).as(p.toString()).isTrue();
    }
  }

  @Test
  void aPositionIsOneValueOfTwoNumbersOnItsRoute() {
    assertThat(dayOf(HighMobilityVehicle.bmw()))
        .filteredOn(p -> p.key().equals("vehicle_location.coordinates"))
        .hasSizeGreaterThan(5)
        .allSatisfy(
            p -> {
              JsonObject place = (JsonObject) p.data();
              assertThat(place.getDouble("latitude")).isBetween(50.1, 50.4);
              assertThat(place.getDouble("longitude")).isBetween(10.9, 11.3);
            });
  }

  @ParameterizedTest
  @EnumSource(HighMobilityOdd.class)
  void eachOddMessageExistsInBothGenerations(HighMobilityOdd odd) {
    for (HighMobilityApp app : List.of(FIRST, SECOND)) {
      HighMobilityOdd.Odd made = odd.make(envelope(app), NOW);
      assertThat(made.topic()).startsWith(app.root());
      assertThat(made.payload().length).isLessThan(400_000);
    }
    assertThat(HighMobilityOdd.of(odd.word())).isEqualTo(odd);
  }

  private JsonObject odd(HighMobilityOdd odd) {
    return new JsonObject(
        new String(odd.make(envelope(FIRST), NOW).payload(), StandardCharsets.UTF_8));
  }

  @Test
  void theShapesOfPublishedSamplesAreAmongTheOddOnes() {
    JsonObject missing = odd(HighMobilityOdd.CAPABILITY_MISSING);
    assertThat(missing.getString("capability")).isEqualTo("maintenance");
    assertThat(missing.getJsonObject("data").fieldNames()).containsExactly("time_to_next_service");
    JsonObject thief = odd(HighMobilityOdd.THIEF_ALARM);
    assertThat(thief.getString("capability")).isEqualTo("thief_alarm");
    assertThat(thief.getJsonObject("data").fieldNames()).containsExactly("thief_alarm");
    assertThat(HighMobilityOdd.THIEF_ALARM.make(envelope(FIRST), NOW).topic())
        .endsWith("/theft_alarm/get/status");
    assertThat(odd(HighMobilityOdd.NO_VIN).containsKey("vin")).isFalse();
    assertThat(odd(HighMobilityOdd.SHORT_MESSAGE_ID).getString("message_id")).isEqualTo("12345");
    assertThat(odd(HighMobilityOdd.NO_TIMESTAMP).encode()).doesNotContain("timestamp");
    assertThatThrownBy(() -> HighMobilityOdd.of("even")).hasMessageContaining("unknown case");
  }

  @Test
  void carsBeginTheirDayWithAllTheyKnowWhenSomebodySubscribes(@TempDir Path directory)
      throws Exception {
    SimulatorConfig config =
        SimulatorConfig.demo(directory).highMobility(HighMobilityConfig.first());
    try (Simulator simulator = Simulator.start(config)) {
      HighMobility hm = simulator.highMobility();
      try (RawMqtt client = HighMobilityClient.connected(hm, 5, true)) {
        assertThat(hm.published()).isEmpty();
        client.subscribe(1, FIRST.root() + "/#");
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () ->
                    FIRST.cars().stream()
                        .allMatch(
                            car ->
                                hm.published().stream()
                                    .anyMatch(
                                        m ->
                                            m.topic()
                                                .endsWith(
                                                    car.vin()
                                                        + "/vehicle_information/get/model_name"))));
      }
    }
  }

  @Test
  void carsDoAsToldAndLikeTheClock(@TempDir Path directory) throws Exception {
    SetClock clock = new SetClock(NOW);
    SimulatorConfig config =
        SimulatorConfig.in(directory).withClock(clock).highMobility(HighMobilityConfig.of(SECOND));
    try (Simulator simulator = Simulator.start(config)) {
      HighMobility hm = simulator.highMobility();
      hm.car(SECOND.cars().get(1).vin(), CarAction.WAKE);
      JsonObject json = new JsonObject(hm.published().get(0).text());
      assertThat(json.getString("vin")).isEqualTo(SECOND.cars().get(1).vin());
      assertThat(json.getJsonObject("data").fieldNames())
          .contains("diagnostics", "charging", "doors", "maintenance");
      assertThat(json.encode()).contains("\"timestamp\":\"2026-11-21T08:00:00.610Z\"");
      assertThatThrownBy(() -> hm.car("WBY00TEST00000001", CarAction.WAKE))
          .hasMessageContaining("no such VIN");
    }
  }
}
