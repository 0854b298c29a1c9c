// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.decode.Points.point;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

  private static final String UNKNOWN = "vehicle.some.day.newDescriptor";
  private static final String SPEED = "vehicle.vehicle.avgSpeed";
  private static final String CONSUMPTION = "vehicle.drivetrain.avgElectricRangeConsumption";
  private static final String AVAILABILITY =
      "vehicle.powertrain.electric.battery.biDirectionalCharging.availability";

  private final Catalogue catalogue = new Catalogue();

  private Object typed(String key, Object value, String unit) {
    List<CarEvent> typed = catalogue.type(List.of(point(key, value, unit)));
    assertThat(typed).hasSize(1);
    return typed.get(0).value();
  }

  @Test
  void holdsEveryKnownDescriptorOnce() {
    assertThat(catalogue.all()).hasSize(295).extracting(Descriptor::key).doesNotHaveDuplicates();
    assertThat(catalogue.all()).filteredOn(d -> Boolean.TRUE.equals(d.streamable())).hasSize(245);
    assertThat(catalogue.all()).filteredOn(d -> d.streamable() == null).hasSize(1);
  }

  @Test
  void knowsTypeUnitRangeTokensAndDrivetrains() {
    assertThat(catalogue.find("vehicle.body.chargingPort.status").orElseThrow())
        .isEqualTo(
            new Descriptor(
                "vehicle.body.chargingPort.status",
                Descriptor.Type.TEXT,
                null,
                null,
                List.of("CONNECTED", "DISCONNECTED", "INVALID", "-NA-"),
                Set.of("PHEV", "BEV"),
                true));
    assertThat(catalogue.find("vehicle.vehicle.avgAuxPower").orElseThrow().range())
        .isEqualTo(new Descriptor.Range(0, 655.34, "kW"));
    assertThat(catalogue.find("vehicle.trip.segment.end.time").orElseThrow().type())
        .isEqualTo(Descriptor.Type.TIME);
    assertThat(catalogue.find("vehicle.sevice.preferredSevicePartner")).isPresent();
    assertThat(catalogue.find(UNKNOWN)).isEmpty();
  }

  @Test
  void everyUnitIsInItsOutwardSpelling() {
    assertThat(catalogue.all())
        .allSatisfy(d -> assertThat(UnitTable.outward(d.unit())).isEqualTo(d.unit()));
  }

  @Test
  void aCarWithoutATankIsToldByItsDrivetrains() {
    assertThat(
            catalogue
                .find("vehicle.drivetrain.fuelSystem.remainingFuel")
                .orElseThrow()
                .drivetrains())
        .containsExactlyInAnyOrder("MHEV", "ICE", "PHEV");
    // A flat 0 from a battery car is no sentinel: it passes, who reads it knows the car.
    assertThat(typed("vehicle.drivetrain.fuelSystem.remainingFuel", 0L, "l")).isEqualTo(0L);
  }

  static Stream<Arguments> numbers() {
    return Stream.of(
        Arguments.of("vehicle.drivetrain.batteryManagement.batterySizeMax", "0.0", 0.0),
        Arguments.of("vehicle.vehicle.travelledDistance", "81623", 81623L),
        Arguments.of("vehicle.vehicle.travelledDistance", " 81623 ", 81623L),
        Arguments.of("vehicle.vehicle.travelledDistance", "+0081623", 81623L),
        Arguments.of("vehicle.vehicle.speedRange.lowerBound", "-5", -5L),
        Arguments.of("vehicle.drivetrain.batteryManagement.header", "5.75e1", 57.5),
        Arguments.of(
            "vehicle.cabin.infotainment.navigation.currentLocation.numberOfSatellites",
            "123456789012345678901234567890",
            new BigDecimal("123456789012345678901234567890")),
        Arguments.of(
            "vehicle.cabin.infotainment.navigation.currentLocation.numberOfSatellites",
            "000000000000000000000000000007",
            7L),
        // no number: what BMW sends beats what its catalogue says
        Arguments.of("vehicle.vehicle.travelledDistance", "far", "far"),
        Arguments.of("vehicle.vehicle.travelledDistance", "0x10", "0x10"),
        Arguments.of("vehicle.vehicle.travelledDistance", "1d", "1d"),
        Arguments.of("vehicle.vehicle.travelledDistance", "655,34", "655,34"),
        Arguments.of("vehicle.vehicle.travelledDistance", "1-2", "1-2"),
        Arguments.of("vehicle.vehicle.travelledDistance", "NaN", "NaN"),
        Arguments.of("vehicle.vehicle.travelledDistance", "1e999999999", "1e999999999"),
        Arguments.of("vehicle.vehicle.travelledDistance", "9".repeat(200), "9".repeat(200)),
        Arguments.of("vehicle.vehicle.travelledDistance", true, true),
        Arguments.of("vehicle.vehicle.travelledDistance", Map.of("km", 1L), Map.of("km", 1L)));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void aNumberThatArrivesAsStringIsANumberWhereTheDescriptorIsOne(
      String key, Object sent, Object value) {
    assertThat(typed(key, sent, null)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0042", "3.5", "true", "ASN_isTrue", "OPEN", ""})
  void anUnknownDescriptorPassesPlain(String value) {
    assertThat(typed(UNKNOWN, value, null)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "vehicle.channel.teleservice.lastTeleserviceReportTime, 28.02.2026 17:45:10 UTC",
    "vehicle.status.serviceTime.inspectionDateLegal, 09/01/2027 00:00 UTC",
    "vehicle.trip.segment.end.time, 2026-03-01T07:58:30Z",
    "vehicle.vehicle.travelledDistance, 2026-03-01T07:58:30+0000",
    "vehicle.drivetrain.electricEngine.charging.profile.mode, <profile/>",
    "vehicle.body.chargingPort.statusClearText, 17",
  })
  void datesAndTextsStayTexts(String key, String value) {
    assertThat(typed(key, value, null)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"INVALID", "UNKNOWN", "-NA-", "SIGNAL_INVALID", "ASN_isUnknown", "invalid"})
  void aSentinelIsNotAvailableNowWhateverTheDescriptor(String sentinel) {
    assertThat(typed(SPEED, sentinel, "km/h")).isNull();
    assertThat(typed("vehicle.isMoving", sentinel, null)).isNull();
    assertThat(typed("vehicle.cabin.door.lock.status", sentinel, null)).isNull();
    assertThat(typed(AVAILABILITY, sentinel, null)).isNull();
    assertThat(typed(UNKNOWN, sentinel, null)).isNull();
  }

  @Test
  void notAvailableIsASentinelButForBidirectionalCharging() {
    assertThat(typed(AVAILABILITY, "NOT_AVAILABLE", null)).isEqualTo("NOT_AVAILABLE");
    assertThat(typed("vehicle.cabin.door.lock.status", "NOT_AVAILABLE", null)).isNull();
    assertThat(typed(UNKNOWN, "NOT_AVAILABLE", null)).isNull();
  }

  @Test
  void aSentinelKeepsKeyTimeAndUnit() {
    CarEvent sent = point(SPEED, "INVALID", "km/h");

    CarEvent typed = catalogue.type(List.of(sent)).get(0);

    assertThat(typed).isEqualTo(EachPoint.with(sent, null, "km/h"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "2777774, kWh/100km, true",
        "2777774, kWh/100 km, true",
        "2777774, -, true",
        "2777774, mi/kWh, false",
        "27.7, kWh/100km, false",
      })
  void theConsumptionOfACarThatHasUsedNothingIsASentinel(
      String number, String unit, boolean sentinel) {
    assertThat(typed(CONSUMPTION, NumberText.parse(number), unit) == null).isEqualTo(sentinel);
    assertThat(typed(CONSUMPTION, number, unit) == null).isEqualTo(sentinel);
  }

  @Test
  void theConsumptionSentinelHoldsForUnknownDescriptorsInThatUnitOnly() {
    assertThat(typed(UNKNOWN, 2777774L, "kWh/100km")).isNull();
    assertThat(typed(UNKNOWN, 2777774L, "km")).isEqualTo(2777774L);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "vehicle.vehicle.avgSpeed, 65535, km/h, false",
        "vehicle.vehicle.avgSpeed, 300, km/h, true",
        "vehicle.vehicle.avgSpeed, 301, -, false",
        "vehicle.vehicle.avgSpeed, 186, mph, true",
        "vehicle.vehicle.avgAuxPower, 655.35, kW, false",
        "vehicle.vehicle.avgAuxPower, 655.34, kW, true",
        "vehicle.drivetrain.fuelSystem.level, 255, percent, false",
        "vehicle.drivetrain.electricEngine.charging.timeToFullyCharged, 65535, min, false",
        "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange, 2485, mi, true",
        "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange, 3000, mi, false",
        "vehicle.cabin.infotainment.navigation.currentLocation.latitude, -90.5, degrees, false",
        // ranges of BMW's that real cars leave: corrections.tsv
        "vehicle.powertrain.electric.battery.charging.power, 150000, W, true",
        "vehicle.powertrain.electric.battery.charging.power, 0, W, true",
        "vehicle.chassis.axle.row1.wheel.left.tire.temperature, -12.5, celsius, true",
        "vehicle.chassis.axle.row1.wheel.left.tire.temperature, 255, celsius, false",
        "vehicle.drivetrain.electricEngine.charging.acAmpere, 32, A, true",
        "vehicle.drivetrain.electricEngine.charging.timeRemaining, 1440, min, true",
        "vehicle.vehicle.travelledDistance, 612000, km, true",
        "vehicle.vehicle.travelledDistance, 4294967295, km, false",
        "vehicle.vehicle.averageWeeklyDistanceShortTerm, 0, km, true",
        "vehicle.vehicle.averageWeeklyDistanceShortTerm, 9000, weeks, true",
        "vehicle.drivetrain.internalCombustionEngine.engine.ect, -20, °C, true",
        "vehicle.drivetrain.internalCombustionEngine.engine.ect, 300, °F, true",
      })
  void aNumberOutsideThePlausibleRangeIsNotAvailableNow(
      String key, String number, String unit, boolean passes) {
    Number sent = NumberText.parse(number);

    assertThat(typed(key, sent, unit)).isEqualTo(passes ? sent : null);
    assertThat(typed(key, number, unit)).isEqualTo(passes ? sent : null);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "vehicle.isMoving, ASN_isTrue, true",
        "vehicle.isMoving, ASN_isFalse, false",
        "vehicle.isMoving, true, true",
        "vehicle.isMoving, False, false",
        "vehicle.privacySettings.dataCollection.regulations.obfcm, True, true",
        "vehicle.body.hood.isOpen, OPEN, true",
        "vehicle.body.hood.isOpen, CLOSED, false",
        "vehicle.cabin.door.row1.driver.isOpen, OPEN, true",
        "vehicle.cabin.door.row1.driver.isOpen, CLOSED, false",
        "vehicle.cabin.door.row1.driver.isOpen, closed, false",
        "vehicle.body.trunk.door.isOpen, OPEN, true",
        "vehicle.body.flap.isLocked, FLAP_LOCKED, true",
        "vehicle.body.flap.isLocked, FLAP_UNLOCKED, false",
        "vehicle.body.trunk.isLocked, LOCKED, true",
        "vehicle.body.trunk.isLocked, UNLOCKED, false",
        "vehicle.body.chargingPort.isHospitalityActive, HOSPITALITY_ACTIVE, true",
        "vehicle.body.chargingPort.isHospitalityActive, HOSPITALITY_INACTIVE, false",
        "vehicle.powertrain.electric.battery.charging.acLimit.isActive, AC_LIMIT_ACTIVE, true",
        "vehicle.powertrain.electric.battery.charging.acLimit.isActive, AC_LIMIT_INACTIVE, false",
        "vehicle.drivetrain.electricEngine.charging.isSingleImmediateCharging, DIRECT_CHG_ONCE_ACTIVE, true",
        "vehicle.drivetrain.electricEngine.charging.isSingleImmediateCharging, DIRECT_CHG_ONCE_NOT_ACTIVE, false",
        "vehicle.drivetrain.electricEngine.charging.acRestriction.isChosen, CHOSEN, true",
        "vehicle.drivetrain.electricEngine.charging.acRestriction.isChosen, NOTCHOSEN, false",
        "vehicle.sim.status, true, true",
      })
  void aWordIsTrueOrFalseByThePredicateInTheName(String key, String word, boolean value) {
    assertThat(typed(key, word, null)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "vehicle.body.flap.isPermanentlyUnlocked, NO_ACTION",
    "vehicle.body.flap.isPermanentlyUnlocked, FLAP_UNLOCKED",
    "vehicle.body.flap.isPermanentlyUnlocked, FLAP_LOCKED",
    "vehicle.drivetrain.electricEngine.charging.acRestriction.isChosen, MAXCHARGING",
    "vehicle.drivetrain.electricEngine.charging.windowSelection, CHOSEN",
    "vehicle.body.hood.isOpen, AJAR",
    "vehicle.cabin.door.lock.status, LOCKED",
    "vehicle.cabin.window.row1.driver.status, OPEN",
  })
  void aWordThatIsNeitherStaysAText(String key, String word) {
    assertThat(typed(key, word, null)).isEqualTo(word);
  }

  @ParameterizedTest
  @CsvSource({
    "vehicle.drivetrain.electricEngine.charging.status, CHARGINGACTIVE",
    "vehicle.drivetrain.electricEngine.charging.hvStatus, FINISHED_NOT_FULL",
    "vehicle.drivetrain.electricEngine.charging.phaseNumber, 3-PHASES",
    "vehicle.cabin.door.lock.status, SELECTIVE-LOCKED",
    "vehicle.vehicle.preConditioning.activity, INACTIVE",
    "vehicle.powertrain.electric.battery.charging.preferenceSmartCharging, RENEWABLE_ENERGEY",
  })
  void anEnumPassesEvenWhereTheCatalogueHasOtherWords(String key, String word) {
    assertThat(typed(key, word, null)).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void anEmptyTextIsNoNumberAndNoBooleanButAText(String empty) {
    assertThat(catalogue.type(List.of(point(SPEED, empty, null)))).isEmpty();
    assertThat(catalogue.type(List.of(point("vehicle.isMoving", empty, null)))).isEmpty();
    assertThat(typed("vehicle.channel.ngtp.timeVehicle", empty, null)).isEqualTo(empty);
  }

  @Test
  void orderStaysAndWhatNeedsNoTypingIsHandedOnAsItIs() {
    List<CarEvent> plain = List.of(point(UNKNOWN, "x", null), point(SPEED, 30L, "km/h"));
    List<CarEvent> mixed = List.of(plain.get(0), point(SPEED, "30", "km/h"), plain.get(1));

    assertThat(catalogue.type(plain)).isSameAs(plain);
    assertThat(catalogue.type(mixed)).containsExactly(plain.get(0), plain.get(1), plain.get(1));
    assertThat(catalogue.type(null)).isEmpty();
  }
}
