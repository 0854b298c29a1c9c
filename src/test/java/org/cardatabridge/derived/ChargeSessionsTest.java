// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.derived.DerivedValue.SESSION;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ChargeSessionsTest {

  private static ACar plugged(Map<String, String> settings) {
    return new ACar(settings)
        .says(-60, ACar.CAPACITY, 80L, "kWh")
        .says(-60, ACar.ODOMETER, 1_000L, "km")
        .says(-60, ACar.SOC, 50L, "%")
        .isAt(-60, 48.0, 11.0)
        .says(-1, ACar.PORT, "CONNECTED")
        .says(0, ACar.STATUS, "CHARGINGACTIVE")
        .says(0, ACar.POWER, 11_000L, "W");
  }

  private static Map<String, Object> only(ACar car) {
    assertThat(car.rows(SESSION)).hasSize(1);
    return car.rows(SESSION).get(0);
  }

  @Test
  void aChargeHasItsEndsEnergyAndPlace() {
    ACar car =
        plugged(Map.of("cardata.derived.tariff", "0.50", "cardata.derived.loss", "20"))
            .says(30, ACar.SOC, 56L, "%")
            .says(60, ACar.SOC, 60L, "%")
            .says(60, ACar.STATUS, "CHARGINGENDED")
            .waitsUntil(70);
    assertThat(only(car))
        .containsEntry("id", "charge-20260302T060000Z")
        .containsEntry("start", "2026-03-02T06:00:00Z")
        .containsEntry("end", "2026-03-02T07:00:00Z")
        .containsEntry("minutes", 60L)
        .containsEntry("chargingMinutes", 60L)
        .containsEntry("startStateOfCharge", 50L)
        .containsEntry("endStateOfCharge", 60L)
        .containsEntry("energy", 8L)
        .containsEntry("gridEnergy", 10L)
        .containsEntry("averagePower", 8L)
        .containsEntry("maxPower", 11L)
        .containsEntry("current", "AC")
        .containsEntry("odometer", 1_000L)
        .containsEntry("cost", 5L)
        .containsEntry("position", Map.of("latitude", 48.0, "longitude", 11.0));
  }

  @Test
  void aPauseBelongsToItAndCostsNothing() {
    // Cheap from 7:00 on, when nothing flows until 8:00.
    ACar car =
        plugged(Map.of("cardata.derived.tariff", "1, 07:00-08:00=100", "cardata.derived.loss", "0"))
            .says(60, ACar.SOC, 60L, "%")
            .says(60, ACar.STATUS, "CHARGINGPAUSED")
            .says(120, ACar.STATUS, "CHARGINGACTIVE")
            .says(150, ACar.SOC, 65L, "%")
            .says(150, ACar.STATUS, "CHARGINGENDED")
            .waitsUntil(160);
    assertThat(only(car))
        .containsEntry("minutes", 150L)
        .containsEntry("chargingMinutes", 90L)
        .containsEntry("energy", 12L)
        .containsEntry("cost", 12L);
  }

  @Test
  void theLastPercentMayComeMinutesAfterTheEnd() {
    ACar car =
        plugged(Map.of())
            .says(58, ACar.SOC, 59L, "%")
            .says(60, ACar.STATUS, "CHARGINGENDED")
            .says(63, ACar.SOC, 60L, "%")
            .waitsUntil(80);
    assertThat(only(car)).containsEntry("endStateOfCharge", 60L).containsEntry("minutes", 60L);
  }

  @Test
  void pullingTheCableOrDrivingOffEndsIt() {
    for (String key : new String[] {ACar.PORT, ACar.MOVING}) {
      ACar car =
          plugged(Map.of())
              .says(30, ACar.SOC, 55L, "%")
              .says(40, key, key.equals(ACar.PORT) ? "DISCONNECTED" : (Object) true)
              .waitsUntil(45);
      assertThat(only(car)).as(key).containsEntry("minutes", 40L);
    }
  }

  @Test
  void directCurrentLosesNothingOnTheWayInTheCar() {
    ACar car =
        plugged(Map.of("cardata.derived.loss", "20"))
            .says(5, ACar.POWER, 120_000L, "W")
            .says(20, ACar.SOC, 80L, "%")
            .says(20, ACar.STATUS, "CHARGINGENDED")
            .waitsUntil(30);
    assertThat(only(car))
        .containsEntry("current", "DC")
        .containsEntry("energy", 24L)
        .containsEntry("gridEnergy", 24L)
        .containsEntry("maxPower", 120L);
  }

  @Test
  void withoutACapacityThePowerGivesTheEnergy() {
    ACar car =
        new ACar()
            .says(0, ACar.STATUS, "CHARGINGACTIVE")
            .says(0, ACar.POWER, 10_000L, "W")
            .says(30, ACar.POWER, 10_000L, "W")
            .says(60, ACar.STATUS, "CHARGINGENDED")
            .waitsUntil(70);
    assertThat(only(car)).containsEntry("energy", 10L).doesNotContainKey("startStateOfCharge");
  }

  @Test
  void oneThatFallsSilentEndsWithTheLastNews() {
    ACar car = plugged(Map.of()).says(50, ACar.SOC, 58L, "%").waitsUntil(60 * 12);
    assertThat(car.rows(SESSION)).isEmpty();
    assertThat(only(car.waitsUntil(60 * 14))).containsEntry("minutes", 50L);
  }

  @Test
  void theBeginningThatIsSaidAgainAndTheEndThatIsSaidAgainChangeNothing() {
    ACar car =
        plugged(Map.of())
            .says(30, ACar.SOC, 55L, "%")
            .says(31, ACar.SOC, 50L, "%")
            .says(60, ACar.SOC, 60L, "%")
            .says(60, ACar.STATUS, "CHARGINGENDED")
            .says(60, 64, ACar.STATUS, "CHARGINGENDED", null)
            .says(90, ACar.STATUS, "NOCHARGING")
            .says(95, ACar.PORT, "DISCONNECTED")
            .waitsUntil(120);
    assertThat(only(car)).containsEntry("endStateOfCharge", 60L).containsEntry("energy", 8L);
  }

  @Test
  void aStartThatWasKnownLongBeforeGivesWayToTheFirstReportWhereItCannotBe() {
    for (long known : new long[] {90, 5}) {
      ACar car =
          new ACar(Map.of("cardata.derived.tariff", "0.50", "cardata.derived.loss", "0"))
              .says(-600, ACar.CAPACITY, 80L, "kWh")
              .says(-600, ACar.SOC, known, "%")
              .says(0, ACar.STATUS, "CHARGINGACTIVE")
              .says(10, ACar.SOC, 40L, "%")
              .says(60, ACar.SOC, 50L, "%")
              .says(60, ACar.STATUS, "CHARGINGENDED")
              .waitsUntil(70);
      assertThat(only(car))
          .containsEntry("startStateOfCharge", 40L)
          .containsEntry("energy", 8L)
          .containsEntry("cost", 4L);
    }
  }

  @Test
  void energyBelowNothingIsLeftOut() {
    ACar car =
        new ACar(Map.of("cardata.derived.tariff", "0.50"))
            .says(-9, ACar.CAPACITY, 80L, "kWh")
            .says(-9, ACar.SOC, 90L, "%")
            .says(0, ACar.STATUS, "CHARGINGACTIVE")
            .says(10, ACar.SOC, 40L, "%")
            .says(60, ACar.STATUS, "CHARGINGENDED")
            .waitsUntil(70);
    assertThat(only(car))
        .containsEntry("endStateOfCharge", 40L)
        .doesNotContainKeys("energy", "gridEnergy", "averagePower", "cost");
  }

  @Test
  void aCableWithoutACurrentIsNoCharge() {
    ACar car =
        new ACar()
            .says(0, ACar.SOC, 50L, "%")
            .says(0, ACar.STATUS, "CHARGINGACTIVE")
            .says(0.5, ACar.STATUS, "CHARGINGERROR")
            .waitsUntil(60);
    assertThat(car.rows(SESSION)).isEmpty();
  }
}
