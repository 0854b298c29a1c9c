// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarStateTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String HEADER = "vehicle.drivetrain.batteryManagement.header";
  private static final String DISPLAYED =
      "vehicle.powertrain.electric.battery.stateOfCharge.displayed";
  private static final String STATUS = "vehicle.drivetrain.electricEngine.charging.status";
  private static final String HV_STATUS = "vehicle.drivetrain.electricEngine.charging.hvStatus";
  private static final String PORT = "vehicle.body.chargingPort.status";

  private static CarEvent event(String key, Object value, String unit, Duration after) {
    Instant at = NOON.plus(after);
    return new CarEvent(
        "main", "WBY00TEST00000001", "car", key, value, unit, at, at.plusSeconds(1), "stream");
  }

  private static CarEvent event(String key, Object value) {
    return event(key, value, null, Duration.ZERO);
  }

  private static CarState with(CarEvent... events) {
    return CarState.empty().with(List.of(events));
  }

  @Test
  void theMoreTrustedDescriptorWins() {
    CarState car = with(event(DISPLAYED, 80.5), event(HEADER, 81L, "%", Duration.ofMinutes(-30)));
    Reading<Double> soc = car.number(Meaning.SOC).orElseThrow();
    assertThat(soc.value()).isEqualTo(81.0);
    assertThat(soc.unit()).isEqualTo("%");
    assertThat(soc.key()).isEqualTo(HEADER);
    assertThat(soc.timestamp()).isEqualTo(NOON.minus(Duration.ofMinutes(30)));
  }

  @Test
  void anotherDescriptorStepsInForOneThatIsNotAvailable() {
    CarState car = with(event(DISPLAYED, 80.5), event(HEADER, 81L), event(HEADER, null));
    assertThat(car.number(Meaning.SOC).orElseThrow().value()).isEqualTo(80.5);
  }

  @Test
  void aMuchFresherDescriptorTakesThePlaceOfABetterOne() {
    CarState car =
        with(event(STATUS, "CHARGINGACTIVE"), event(HV_STATUS, "NOT_CHARGING", null, hours(2)));
    assertThat(car.is(Meaning.CHARGING)).isFalse();
    assertThat(car.word(Meaning.CHARGING_STATE).orElseThrow().value()).isEqualTo("none");
  }

  @Test
  void aChargeThatWasNeverTakenBackEndsWithTheCableAndWithTheDrive() {
    String moving = "vehicle.isMoving";
    CarEvent active = event(STATUS, "CHARGINGACTIVE");
    Duration later = Duration.ofMinutes(1);
    Duration before = later.negated();
    assertThat(with(active).isCharging()).isTrue();
    assertThat(with(active, event(PORT, "DISCONNECTED", null, before)).isCharging()).isTrue();
    assertThat(with(active, event(moving, true, null, before)).isCharging()).isTrue();
    assertThat(with(active, event(moving, false, null, later)).isCharging()).isTrue();
    CarState out = with(active, event(PORT, "DISCONNECTED", null, later));
    assertThat(out.charging())
        .hasValue(new Reading<>(false, null, NOON.plus(later), PORT))
        .isNotEqualTo(out.flag(Meaning.CHARGING));
    CarState gone = with(active, event(PORT, "CONNECTED"), event(moving, true, null, later));
    assertThat(gone.isCharging()).isFalse();
    assertThat(gone.plugged()).hasValue(new Reading<>(false, null, NOON.plus(later), moving));
    assertThat(gone.with(event(STATUS, "CHARGINGACTIVE", null, later.plus(later))).isCharging())
        .isTrue();
    assertThat(with().charging()).isEmpty();
    assertThat(with().plugged()).isEmpty();
  }

  @Test
  void whatIsKeptForTheLastNeverTakesThePlaceOfABetterOne() {
    CarState car =
        with(
            event(
                "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange",
                40L,
                "km",
                hours(0)),
            event("vehicle.drivetrain.lastRemainingRange", 612.0, "km", hours(30)));
    assertThat(car.number(Meaning.RANGE).orElseThrow().value()).isEqualTo(40);
    assertThat(car.number(Meaning.TOTAL_RANGE).orElseThrow().value()).isEqualTo(612);
  }

  @Test
  void aBatteryCarHasNoRangeOnFuel() {
    CarState car = with(event("vehicle.drivetrain.lastRemainingRange", 0L, "km", hours(0)));
    assertThat(car.number(Meaning.RANGE)).isEmpty();
    assertThat(car.number(Meaning.TOTAL_RANGE)).isEmpty();
  }

  @Test
  void anOlderValueThatComesLateChangesNothing() {
    CarState car = with(event(HEADER, 81L));
    CarState later = car.with(event(HEADER, 60L, "%", hours(-5)));
    assertThat(later).isSameAs(car);
  }

  @Test
  void ofTwoWithTheSameTimeTheLaterArrivalWins() {
    CarState car = with(event(HEADER, 81L), event(HEADER, 82L));
    assertThat(car.number(Meaning.SOC).orElseThrow().value()).isEqualTo(82);
  }

  @Test
  void aTimeFarInTheFutureIsNeverTheNewest() {
    CarEvent future =
        new CarEvent("main", "V", "V", HEADER, 1L, "%", NOON.plus(hours(25)), NOON, "stream");
    assertThat(CarState.empty().with(future).number(Meaning.SOC)).isEmpty();
  }

  @Test
  void whatHasNoMeaningIsNotKept() {
    CarState car = CarState.empty();
    assertThat(car.with(event("vehicle.cabin.seat.row1.driverSide.heating", 3L))).isSameAs(car);
    assertThat(car.newest()).isEmpty();
  }

  @Test
  void theOrderOfArrivalDoesNotMatterWhereTimesDiffer() {
    List<CarEvent> events = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      events.add(event(HEADER, (long) i, "%", Duration.ofMinutes(i)));
      events.add(event(DISPLAYED, i + 0.5, "%", Duration.ofMinutes(i).plusSeconds(1)));
    }
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(events, new Random(seed));
      CarState oneByOne = CarState.empty();
      for (CarEvent event : events) {
        oneByOne = oneByOne.with(event);
      }
      assertThat(oneByOne.number(Meaning.SOC).orElseThrow().value()).isEqualTo(49);
      assertThat(CarState.empty().with(events).number(Meaning.SOC))
          .isEqualTo(oneByOne.number(Meaning.SOC));
    }
  }

  @Test
  void whatWasKnownBeforeStaysAsItWas() {
    CarState before = with(event(HEADER, 81L));
    before.with(event(HEADER, 82L));
    before.with(List.of(event(HEADER, 83L)));
    assertThat(before.number(Meaning.SOC).orElseThrow().value()).isEqualTo(81);
  }

  @Test
  void numbersComeInTheUnitOfTheirMeaning() {
    String power = "vehicle.powertrain.electric.battery.charging.power";
    assertThat(with(event(power, 10_812L, "W", hours(0))).number(Meaning.CHARGING_POWER))
        .hasValueSatisfying(r -> assertThat(r.value()).isCloseTo(10.812, within(1e-9)));
    assertThat(with(event(power, 500L, "w", hours(0))).number(Meaning.CHARGING_POWER))
        .hasValueSatisfying(r -> assertThat(r.value()).isEqualTo(0.5));
    String odometer = "vehicle.vehicle.travelledDistance";
    assertThat(with(event(odometer, 100L, "mi", hours(0))).number(Meaning.ODOMETER))
        .hasValueSatisfying(r -> assertThat(r.value()).isCloseTo(160.9344, within(1e-9)));
    assertThat(with(event(odometer, new BigDecimal("81623"))).number(Meaning.ODOMETER))
        .hasValueSatisfying(r -> assertThat(r.value()).isEqualTo(81623));
    assertThat(with(event(odometer, 100L, "weeks", hours(0))).number(Meaning.ODOMETER)).isEmpty();
    assertThat(with(event(odometer, "many")).number(Meaning.ODOMETER)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CHARGINGACTIVE,true,active,true",
    "chargingactive,true,active,true",
    "NOCHARGING,false,none,",
    "INITIALIZATION,false,starting,true",
    "CHARGINGPAUSED,false,paused,true",
    "CHARGINGENDED,false,ended,true",
    "CHARGINGERROR,false,error,",
    "SOMETHING_NEW,,,",
  })
  void chargingStatusTellsWhetherItChargesAndIsPlugged(
      String word, Boolean charging, String state, Boolean plugged) {
    CarState car = with(event(STATUS, word));
    assertThat(car.flag(Meaning.CHARGING).map(Reading::value).orElse(null)).isEqualTo(charging);
    assertThat(car.word(Meaning.CHARGING_STATE).map(Reading::value).orElse(null)).isEqualTo(state);
    assertThat(car.flag(Meaning.PLUGGED).map(Reading::value).orElse(null)).isEqualTo(plugged);
  }

  @ParameterizedTest
  @CsvSource({
    "CHARGING,true,active",
    "NOT_CHARGING,false,none",
    "WAITING_FOR_CHARGING,false,waiting",
    "FINISHED_FULLY_CHARGED,false,full",
    "FINISHED_NOT_FULL,false,ended",
    "ERROR,false,error",
  })
  void hvStatusTellsTheSame(String word, Boolean charging, String state) {
    CarState car = with(event(HV_STATUS, word));
    assertThat(car.flag(Meaning.CHARGING).orElseThrow().value()).isEqualTo(charging);
    assertThat(car.word(Meaning.CHARGING_STATE).orElseThrow().value()).isEqualTo(state);
  }

  @Test
  void thePortIsTrustedMoreThanWhatChargingSays() {
    CarState car =
        with(event(STATUS, "CHARGINGENDED", null, hours(3)), event(PORT, "DISCONNECTED"));
    assertThat(car.flag(Meaning.PLUGGED).orElseThrow().value()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "LOCKED,true",
    "SECURED,true",
    "UNLOCKED,false",
    "SELECTIVE-LOCKED,false",
    "selective-locked,false"
  })
  void lockedIsTrueWhereEveryDoorIs(String word, boolean locked) {
    CarState car = with(event("vehicle.cabin.door.lock.status", word));
    assertThat(car.flag(Meaning.LOCKED, "doors").orElseThrow().value()).isEqualTo(locked);
  }

  @Test
  void aWindowThatIsALittleOpenIsOpen() {
    CarState car =
        with(
            event("vehicle.cabin.window.row1.driver.status", "INTERMEDIATE"),
            event("vehicle.cabin.window.row2.passenger.status", "CLOSED"),
            event("vehicle.body.trunk.window.isOpen", true));
    Map<String, Reading<Boolean>> windows = car.flags(Meaning.WINDOW_OPEN);
    assertThat(windows.keySet()).containsExactly("front-driver", "rear-passenger", "trunk");
    assertThat(windows.values()).extracting(Reading::value).containsExactly(true, false, true);
  }

  @Test
  void aTiltedSunroofIsOpenThoughItsStatusIsClosed() {
    CarState car =
        with(
            event("vehicle.cabin.sunroof.status", "CLOSED"),
            event("vehicle.cabin.sunroof.tiltStatus", "INTERMEDIATE"));
    assertThat(car.is(Meaning.SUNROOF_OPEN)).isFalse();
    assertThat(car.flag(Meaning.SUNROOF_OPEN, "tilt").orElseThrow().value()).isTrue();
  }

  @Test
  void aDoorsPositionTellsWhetherItIsOpen() {
    String door = "vehicle.cabin.door.row1.driver.position";
    assertThat(with(event(door, 0L)).flag(Meaning.DOOR_OPEN, "front-driver").orElseThrow().value())
        .isFalse();
    assertThat(with(event(door, 7L)).flag(Meaning.DOOR_OPEN, "front-driver").orElseThrow().value())
        .isTrue();
  }

  @Test
  void theTyresAreToldApart() {
    CarState car =
        with(
            event("vehicle.chassis.axle.row1.wheel.left.tire.pressure", 2.4, "bar", hours(0)),
            event("vehicle.chassis.axle.row1.wheel.right.tire.pressure", 0L, "kPa", hours(0)),
            event("vehicle.chassis.axle.row2.wheel.right.tire.pressure", 250L, "kPa", hours(0)));
    assertThat(car.numbers(Meaning.TYRE_PRESSURE).keySet())
        .containsExactly("front-left", "rear-right");
    assertThat(car.number(Meaning.TYRE_PRESSURE, "front-left").orElseThrow().value())
        .isEqualTo(240);
  }

  @Test
  void aPositionIsReadWhole() {
    CarState car =
        with(
            event(
                CarEvent.LOCATION, Map.of("latitude", 50.25, "longitude", 10.96, "heading", 90L)));
    assertThat(car.position().orElseThrow().value()).isEqualTo(new Place(50.25, 10.96, null, 90.0));
    assertThat(with(event(CarEvent.LOCATION, Map.of("latitude", 50.25))).position()).isEmpty();
    assertThat(car.position().orElseThrow().toString()).doesNotContain("50");
  }

  @Test
  void climateIsOnWhileItHeatsOrCools() {
    String comfort = "vehicle.cabin.hvac.preconditioning.status.comfortState";
    String activity = "vehicle.vehicle.preConditioning.activity";
    assertThat(with(event(comfort, "COMFORT_HEATING")).is(Meaning.CLIMATE)).isTrue();
    assertThat(with(event(comfort, "NOT_ACTIVE")).flag(Meaning.CLIMATE).orElseThrow().value())
        .isFalse();
    assertThat(
            with(event(comfort, "COMFORT_UNDEFINED"), event(activity, "cooling"))
                .is(Meaning.CLIMATE))
        .isTrue();
    assertThat(with(event(activity, "INACTIVE")).word(Meaning.CLIMATE_MODE).orElseThrow().value())
        .isEqualTo("off");
    assertThat(with(event(comfort, "NEW_WORD")).word(Meaning.CLIMATE_MODE).orElseThrow().value())
        .isEqualTo("new_word");
  }

  @Test
  void askingForTheWrongKindIsRefused() {
    assertThatThrownBy(() -> CarState.empty().flag(Meaning.SOC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("soc");
  }

  private static Duration hours(int hours) {
    return Duration.ofHours(hours);
  }

  // ---- two sources --------------------------------------------------------------------------

  private static final String LEVEL = "charging.battery_level";

  @Test
  void ofWhatTwoSourcesSayTheNewerCounts() {
    CarEvent bmws = event(HEADER, 81L, "%", Duration.ZERO);
    CarEvent later = event(LEVEL, 82.0, "%", Duration.ofMinutes(1));
    CarEvent earlier = event(LEVEL, 80.0, "%", Duration.ofMinutes(-1));
    assertThat(with(bmws, later).number(Meaning.SOC).orElseThrow().value()).isEqualTo(82.0);
    assertThat(with(later, bmws).number(Meaning.SOC).orElseThrow().key()).isEqualTo(LEVEL);
    assertThat(with(bmws, earlier).number(Meaning.SOC).orElseThrow().value()).isEqualTo(81.0);
    assertThat(with(earlier).number(Meaning.SOC).orElseThrow().value()).isEqualTo(80.0);
  }

  @Test
  void theOrderOfTrustWithinASourceIsAsBefore() {
    CarState car =
        with(
            event(DISPLAYED, 80.5, "%", Duration.ofMinutes(30)),
            event(HEADER, 81L),
            event("diagnostics.mileage", 100L, "km", Duration.ofMinutes(30)),
            event("diagnostics.odometer", 99L, "km", Duration.ZERO));
    assertThat(car.number(Meaning.SOC).orElseThrow().key()).isEqualTo(HEADER);
    assertThat(car.number(Meaning.ODOMETER).orElseThrow().key()).isEqualTo("diagnostics.odometer");
  }

  @Test
  void whatIsForTheLastOfOneSourceIsWorseThanWhatTheOtherKnows() {
    CarState car =
        with(
            event(
                "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange",
                300L,
                "km",
                Duration.ZERO),
            event("diagnostics.estimated_range", 500L, "km", hours(5)));
    assertThat(car.number(Meaning.RANGE).orElseThrow().value()).isEqualTo(300.0);
  }

  private static CarEvent doors(String position, Duration after) {
    return event(
        "doors.positions",
        List.of(
            Map.of("location", "front_left", "position", position),
            Map.of("location", "front_right", "position", "closed")),
        null,
        after);
  }

  @Test
  void sidesAreNamedInTheWayThatWasNewer() {
    CarEvent driver = event("vehicle.cabin.door.row1.driver.isOpen", true);
    CarState newer = with(driver, doors("open", Duration.ofMinutes(1)));
    assertThat(newer.flags(Meaning.DOOR_OPEN)).containsOnlyKeys("front-left", "front-right");
    CarState older = with(driver, doors("open", Duration.ofMinutes(-1)));
    assertThat(older.flags(Meaning.DOOR_OPEN)).containsOnlyKeys("front-driver");
  }

  @Test
  void theWordForAllDoorsStandsForThoseThatAreNotNamed() {
    CarState car =
        with(
            event(
                "doors.positions",
                List.of(
                    Map.of("location", "front_left", "position", "open"),
                    Map.of("location", "all", "position", "closed"))));
    assertThat(car.flag(Meaning.DOOR_OPEN, "front-left").orElseThrow().value()).isTrue();
    assertThat(car.flag(Meaning.DOOR_OPEN, "rear-right").orElseThrow().value()).isFalse();
  }

  private static CarState locks(String... states) {
    List<Object> locks = new ArrayList<>();
    for (String state : states) {
      locks.add(Map.of("location", "front_left", "lock_state", state));
    }
    return with(event("doors.locks", locks));
  }

  @Test
  void aCarIsLockedWhereEachDoorIs() {
    assertThat(locks("locked", "locked").flag(Meaning.LOCKED, "doors").orElseThrow().value())
        .isTrue();
    assertThat(locks("locked", "unlocked").flag(Meaning.LOCKED, "doors").orElseThrow().value())
        .isFalse();
    assertThat(locks("locked", "stuck").flag(Meaning.LOCKED, "doors")).isEmpty();
    assertThat(locks().flag(Meaning.LOCKED, "doors")).isEmpty();
  }

  @Test
  void aSpeedThatWasNeverTakenBackCountsNoMoreOnceTheIgnitionIsOff() {
    CarEvent fast = event("diagnostics.speed", 50.0, "km/h", Duration.ZERO);
    CarEvent off = event("ignition.state", "off", null, Duration.ofMinutes(3));
    CarEvent on = event("ignition.state", "on", null, Duration.ofMinutes(-3));
    assertThat(with(fast).is(Meaning.MOVING)).isTrue();
    assertThat(with(fast, on).is(Meaning.MOVING)).isTrue();
    assertThat(with(fast, off).is(Meaning.MOVING)).isFalse();
  }

  @Test
  void aPressureInsideOfAListIsReadInItsUnit() {
    CarState car =
        with(
            event(
                "diagnostics.tire_pressures",
                List.of(
                    Map.of(
                        "location", "rear_left", "pressure", Map.of("value", 2.6, "unit", "bar")),
                    Map.of("location", "spare", "pressure", Map.of("value", 3, "unit", "bar")))));
    assertThat(car.numbers(Meaning.TYRE_PRESSURE)).containsOnlyKeys("rear-left");
    assertThat(car.number(Meaning.TYRE_PRESSURE, "rear-left").orElseThrow().value())
        .isCloseTo(260, within(0.001));
  }
}
