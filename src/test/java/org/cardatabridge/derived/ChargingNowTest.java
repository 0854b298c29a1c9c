// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChargingNowTest {

  private static final String SOC = DerivedValue.STATE_OF_CHARGE;

  /** Plugged in at minute 0 with 50 % of 80 kWh, 10 kW, the target at 80 %. */
  private static ACar charging() {
    return new ACar(Map.of("cardata.derived.loss", "0"))
        .says(-30, ACar.CAPACITY, 80.0, "kWh")
        .says(-30, ACar.TARGET, 80L, "%")
        .says(-30, ACar.SOC, 50L, "%")
        .says(0, ACar.PORT, "CONNECTED")
        .says(0, ACar.STATUS, "CHARGINGACTIVE")
        .says(0, ACar.POWER, 10_000L, "W");
  }

  @Test
  void theStateOfChargeGoesOnEachMinuteByThePower() {
    ACar car = charging().waitsUntil(24);
    assertThat(car.last(SOC)).isEqualTo(55, within(0.05));
    List<DerivedValue> ticks = car.out(SOC);
    assertThat(ticks.subList(1, ticks.size()))
        .extracting(DerivedValue::at)
        .contains(ACar.at(1), ACar.at(2), ACar.at(24));
  }

  @Test
  void whatIsLostOnTheWayIsLeftOut() {
    ACar car =
        new ACar(Map.of("cardata.derived.loss", "10", "cardata.derived.battery", "90"))
            .says(-30, ACar.SOC, 50L, "%")
            .says(0, ACar.STATUS, "CHARGINGACTIVE")
            .says(0, ACar.POWER, 10_000L, "W")
            .waitsUntil(20);
    assertThat(car.last(SOC)).isEqualTo(50 + 9 / 3.0 / 90 * 100, within(0.05));
  }

  @Test
  void aTargetThatWasJustPassedIsWhereItEnds() {
    ACar car = charging().says(1, ACar.TARGET, 49L, "%");
    for (int minute = 10; minute < 100; minute += 10) {
      car.says(minute, ACar.POWER, 10_000L, "W");
    }
    assertThat(car.last(SOC)).isEqualTo(50);
  }

  @Test
  void afterTheEndTheCarsValueIsTheNewestThoughItsClockIsBehind() {
    ACar car = charging().waitsUntil(24);
    assertThat(car.last(SOC)).isEqualTo(55, within(0.05));
    car.says(23.5, 24.1, ACar.STATUS, "CHARGINGENDED", null);
    assertThat(car.last(SOC)).as("its report is half an hour old").isEqualTo(55, within(0.05));
    car.says(23.6, 24.2, ACar.SOC, 54L, "%");
    car.says(23.7, 24.3, ACar.SOC, 53L, "%");
    List<DerivedValue> all = car.out(SOC);
    assertThat(all.subList(all.size() - 2, all.size()))
        .containsExactly(
            DerivedValue.number(SOC, 54, "%", ACar.at(24).plusSeconds(1)),
            DerivedValue.number(SOC, 53, "%", ACar.at(24).plusSeconds(2)));
    car.says(30, ACar.SOC, 52L, "%");
    assertThat(car.out(SOC)).last().isEqualTo(DerivedValue.number(SOC, 52, "%", ACar.at(30)));
  }

  @Test
  void withTheEndTheReportRightBeforeItTakesThePlaceOfTheEstimate() {
    ACar car = charging().waitsUntil(24);
    car.says(23.8, 24.1, ACar.SOC, 55L, "%").waitsUntil(25);
    assertThat(car.last(SOC)).isGreaterThan(55);
    car.says(24.5, 25.1, ACar.STATUS, "CHARGINGENDED", null);
    assertThat(car.out(SOC))
        .last()
        .isEqualTo(DerivedValue.number(SOC, 55, "%", ACar.at(25).plusSeconds(1)));
  }

  @Test
  void aChargeThatWasNeverTakenBackDoesNotBeginAgain() {
    ACar car = charging().waitsUntil(12).says(13, ACar.PORT, "DISCONNECTED");
    car.says(20, ACar.SOC, 52L, "%").says(20, ACar.POWER, 10_000L, "W");
    int before = car.out(SOC).size();
    assertThat(car.last(SOC)).isEqualTo(52);
    assertThat(car.waitsUntil(40).out(SOC)).hasSize(before);
    assertThat(car.history().isUnderWay()).isFalse();
  }

  @Test
  void itNeverGoesPastTheTarget() {
    ACar car = charging();
    for (int minute = 10; minute < 400; minute += 10) {
      car.says(minute, ACar.POWER, 10_000L, "W");
    }
    assertThat(car.last(SOC)).isEqualTo(80);
    assertThat(car.out(SOC)).allMatch(value -> (Double) value.value() <= 80);
  }

  @Test
  void aTargetThatWasPassedHoldsNothingBackButFull() {
    ACar car = charging().says(1, ACar.TARGET, 30L, "%");
    for (int minute = 10; minute < 900; minute += 10) {
      car.says(minute, ACar.POWER, 20_000L, "W");
    }
    assertThat(car.last(SOC)).isEqualTo(100);
  }

  @Test
  void itStopsWithTheChargeWithTheCableAndWhenTheCarDrivesOff() {
    for (Map.Entry<String, Object> end :
        List.of(
            Map.<String, Object>entry(ACar.STATUS, "CHARGINGENDED"),
            Map.<String, Object>entry(ACar.STATUS, "CHARGINGPAUSED"),
            Map.<String, Object>entry(ACar.PORT, "DISCONNECTED"),
            Map.<String, Object>entry(ACar.MOVING, true))) {
      ACar car = charging().waitsUntil(12).says(12.5, end.getKey(), end.getValue());
      int before = car.out(SOC).size();
      car.waitsUntil(25);
      assertThat(car.out(SOC)).as("after %s", end).hasSize(before);
      assertThat(car.last(DerivedValue.POWER)).as("after %s", end).isZero();
    }
  }

  @Test
  void itStopsWithoutNewsAndGoesOnWithThem() {
    ACar car = charging().waitsUntil(60);
    assertThat(car.out(SOC)).extracting(DerivedValue::at).last().isEqualTo(ACar.at(30));
    car.says(61, ACar.SOC, 57L, "%").says(61, ACar.POWER, 10_000L, "W").waitsUntil(70);
    assertThat(car.out(SOC)).extracting(DerivedValue::at).last().isEqualTo(ACar.at(70));
    assertThat(car.last(SOC)).isBetween(58.0, 59.3);
  }

  @Test
  void eachRealValueCorrectsItAndAWholePercentThatFitsLeavesIt() {
    ACar car = charging().waitsUntil(12).says(12.5, ACar.SOC, 52L, "%");
    assertThat(car.last(SOC)).as("52.6 is 52, cut off").isEqualTo(52.6);
    car.says(13, ACar.SOC, 55L, "%");
    assertThat(car.last(SOC)).isEqualTo(55);
    car.says(14, ACar.SOC, 52.3, "%");
    assertThat(car.last(SOC)).isEqualTo(52.3);
  }

  @Test
  void theBeginningThatIsSaidAgainIsLeftOut() {
    ACar car = charging().says(20, ACar.SOC, 53L, "%").says(20.5, ACar.SOC, 50L, "%");
    assertThat(car.waitsUntil(22).last(SOC)).isGreaterThan(53);
  }

  @Test
  void aLateOldValueAndADuplicateChangeNothing() {
    ACar car = charging().says(20, ACar.SOC, 53L, "%");
    int count = car.out().size();
    car.says(5, 20.2, ACar.SOC, 51L, "%").says(-1, 20.2, ACar.POWER, 90_000L, "W");
    assertThat(car.out()).hasSize(count);
    double before = car.last(SOC);
    car.says(20, 20.3, ACar.SOC, 53L, "%");
    assertThat(car.last(SOC)).isEqualTo(before);
  }

  @Test
  void withoutPowerTheWayUpToNowGivesThePace() {
    ACar car =
        new ACar()
            .says(-30, ACar.SOC, 50L, "%")
            .says(0, ACar.STATUS, "CHARGINGACTIVE")
            .says(20, ACar.SOC, 54L, "%")
            .waitsUntil(25);
    assertThat(car.last(SOC)).isEqualTo(55, within(0.3));
  }

  @Test
  void currentVoltageAndPhasesMakeAPower() {
    ACar car =
        new ACar()
            .says(-30, ACar.SOC, 50L, "%")
            .says(-30, ACar.CAPACITY, 80L, "kWh")
            .says(0, ACar.STATUS, "CHARGINGACTIVE")
            .says(0, "vehicle.drivetrain.electricEngine.charging.phaseNumber", "3-PHASES")
            .says(0, "vehicle.drivetrain.electricEngine.charging.acVoltage", 230L, "V")
            .says(0, "vehicle.drivetrain.electricEngine.charging.acAmpere", 16L, "A")
            .waitsUntil(20);
    assertThat(car.last(DerivedValue.POWER)).isEqualTo(11.04);
    assertThat(car.last(SOC)).isEqualTo(50 + 11.04 * 0.92 / 3 / 80 * 100, within(0.05));
  }

  @Test
  void withNeitherPowerNorCapacityNothingIsInvented() {
    ACar car = new ACar().says(-30, ACar.SOC, 50L, "%").says(0, ACar.STATUS, "CHARGINGACTIVE");
    assertThat(car.waitsUntil(20).out(SOC)).hasSize(1);
  }

  @Test
  void whileNothingIsChargedTheCarsOwnValueIsGivenOn() {
    ACar car = new ACar().says(0, ACar.SOC, 64L, "%").waitsUntil(60).says(60, ACar.SOC, 63L, "%");
    assertThat(car.out(SOC)).extracting(DerivedValue::value).containsExactly(64.0, 63.0);
    assertThat(car.last(DerivedValue.ERROR)).isEqualTo(0.5);
  }

  @Test
  void theErrorGrowsWithWhatIsExtrapolatedAndShrinksWithARealValue() {
    ACar car = charging().waitsUntil(28);
    double grown = car.last(DerivedValue.ERROR);
    assertThat(grown).isGreaterThan(0.9);
    car.says(28.5, ACar.SOC, 53L, "%");
    assertThat(car.last(DerivedValue.ERROR)).isEqualTo(0.5);
  }

  @Test
  void powerIsSmoothedOverMinutesAndZeroIsZeroAtOnce() {
    ACar car =
        charging()
            .says(5, ACar.POWER, 4_000L, "W")
            .says(5.5, ACar.POWER, 10_000L, "W")
            .says(20, ACar.POWER, 10_000L, "W");
    assertThat(car.out(DerivedValue.POWER))
        .extracting(DerivedValue::value)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo(10.0),
            dip -> assertThat((Double) dip).isBetween(5.5, 7.0),
            back -> assertThat((Double) back).isBetween(6.0, 7.5),
            calm -> assertThat((Double) calm).isEqualTo(10, within(0.3)));
    assertThat(car.says(21, ACar.POWER, 0L, "W").last(DerivedValue.POWER)).isZero();
  }
}
