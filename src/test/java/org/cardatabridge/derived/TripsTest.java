// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.derived.DerivedValue.TRIP;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TripsTest {

  private static ACar parked(Map<String, String> settings) {
    return new ACar(settings)
        .says(-60, ACar.CAPACITY, 80L, "kWh")
        .says(-60, ACar.ODOMETER, 1_000L, "km")
        .says(-60, ACar.SOC, 60L, "%")
        .says(-60, ACar.MOVING, false)
        .isAt(-60, 48.0, 11.0);
  }

  private static ACar driven() {
    return parked(Map.of())
        .says(0, ACar.MOVING, true)
        .says(10, ACar.ODOMETER, 1_008L, "km")
        .says(15, ACar.SOC, 58L, "%")
        .isAt(18, 48.1, 11.1)
        .says(20, ACar.ODOMETER, 1_020L, "km")
        .says(20, ACar.SOC, 56L, "%")
        .says(21, ACar.MOVING, false);
  }

  private static Map<String, Object> only(ACar car) {
    assertThat(car.rows(TRIP)).hasSize(1);
    return car.rows(TRIP).get(0);
  }

  @Test
  void energyBelowNothingIsLeftOut() {
    ACar car =
        new ACar(Map.of("cardata.derived.battery", "80"))
            .says(-1, ACar.ODOMETER, 1_000L, "km")
            .says(-1, ACar.SOC, 40L, "%")
            .says(0, ACar.MOVING, true)
            .says(20, ACar.ODOMETER, 1_020L, "km")
            .says(21, ACar.SOC, 60L, "%")
            .says(22, ACar.MOVING, false)
            .waitsUntil(60);
    assertThat(car.rows(DerivedValue.TRIP)).hasSize(1);
    assertThat(car.rows(DerivedValue.TRIP).get(0))
        .containsEntry("endStateOfCharge", 60L)
        .doesNotContainKeys("energy", "consumption", "cost");
  }

  @Test
  void aTripHasItsEndsDistanceEnergyAndPlaces() {
    Map<String, Object> trip = only(driven().waitsUntil(60));
    assertThat(trip)
        .containsEntry("id", "trip-20260302T060000Z")
        .containsEntry("start", "2026-03-02T06:00:00Z")
        .containsEntry("end", "2026-03-02T06:21:00Z")
        .containsEntry("minutes", 21L)
        .containsEntry("distance", 20L)
        .containsEntry("energy", 3.2)
        .containsEntry("consumption", 16L)
        .containsEntry("startPosition", Map.of("latitude", 48.0, "longitude", 11.0))
        .containsEntry("endPosition", Map.of("latitude", 48.1, "longitude", 11.1))
        .doesNotContainKeys("cost", "startAtHome");
  }

  @Test
  void homeAndThePriceAreTakenIn() {
    ACar car =
        parked(
                Map.of(
                    "cardata.home.latitude", "48.0",
                    "cardata.home.longitude", "11.0",
                    "cardata.derived.tariff", "0.50",
                    "cardata.derived.loss", "20"))
            .says(0, ACar.MOVING, true)
            .isAt(9, 48.2, 11.0)
            .says(10, ACar.ODOMETER, 1_025L, "km")
            .says(10, ACar.SOC, 55L, "%")
            .says(11, ACar.MOVING, false);
    assertThat(only(car.waitsUntil(60)))
        .containsEntry("startAtHome", true)
        .containsEntry("endAtHome", false)
        .containsEntry("energy", 4L)
        .containsEntry("cost", 2.5);
  }

  @Test
  void itIsOverWhenTheCarStoodForThePause() {
    assertThat(driven().waitsUntil(33).rows(TRIP)).isEmpty();
    assertThat(driven().waitsUntil(34).rows(TRIP)).hasSize(1);
  }

  @Test
  void aShortStopBelongsToItAndALongOneDoesNot() {
    ACar car = driven().says(29, ACar.MOVING, true).says(35, ACar.ODOMETER, 1_025L, "km");
    assertThat(only(car.says(36, ACar.MOVING, false).waitsUntil(90)))
        .containsEntry("distance", 25L);

    car = driven().says(33, ACar.MOVING, true).says(39, ACar.ODOMETER, 1_025L, "km");
    assertThat(car.says(40, ACar.MOVING, false).waitsUntil(90).rows(TRIP))
        .extracting(trip -> trip.get("distance"))
        .containsExactly(20L, 5L);
  }

  @Test
  void theCableEndsItAtOnceAtTheTimeOfTheStop() {
    ACar car = driven().says(23, ACar.PORT, "CONNECTED").waitsUntil(26);
    assertThat(only(car)).containsEntry("end", "2026-03-02T06:21:00Z");
  }

  @Test
  void messagesThatOvertakeEachOtherGiveTheSame() {
    List<Map<String, Object>> inOrder = driven().waitsUntil(60).rows(TRIP);
    ACar car =
        parked(Map.of())
            .says(0, 1.5, ACar.MOVING, true, null)
            .says(15, 15.1, ACar.SOC, 58L, "%")
            .says(10, 15.3, ACar.ODOMETER, 1_008L, "km")
            .says(20, 20.1, ACar.SOC, 56L, "%")
            .says(21, 21.1, ACar.MOVING, false, null)
            .says(20, 22.4, ACar.ODOMETER, 1_020L, "km")
            .isAt(18, 48.1, 11.1);
    assertThat(car.waitsUntil(60).rows(TRIP)).isEqualTo(inOrder);
  }

  @Test
  void theLastKilometreMayComeAfterTheEndAndCorrectsIt() {
    ACar car = driven().waitsUntil(40).says(45, ACar.ODOMETER, 1_021L, "km").waitsUntil(60);
    assertThat(car.rows(TRIP)).hasSize(2);
    assertThat(car.rows(TRIP))
        .extracting(trip -> trip.get("id"))
        .containsOnly("trip-20260302T060000Z");
    assertThat(car.rows(TRIP).get(1)).containsEntry("distance", 21L);
    assertThat(car.out(TRIP).get(1).at()).isEqualTo(car.out(TRIP).get(0).at());
  }

  @Test
  void aCarThatOnlySaysItsOdometerAfterwardsHasATripWithoutABegin() {
    ACar car =
        new ACar()
            .says(-600, ACar.ODOMETER, 1_000L, "km")
            .says(0, ACar.ODOMETER, 1_040L, "km")
            .waitsUntil(60);
    assertThat(only(car))
        .containsEntry("distance", 40L)
        .containsEntry("end", "2026-03-02T06:00:00Z")
        .doesNotContainKeys("start", "minutes");
  }

  @Test
  void aCarThatOnlySaysWhereItIsHasADistanceByThat() {
    ACar car = new ACar().isAt(-60, 48.0, 11.0);
    for (int minute = 0; minute <= 15; minute += 3) {
      car.isAt(minute, 48.01 + minute * 0.01, 11.0);
    }
    Map<String, Object> trip = only(car.waitsUntil(90));
    assertThat((Double) trip.get("distance")).isBetween(17.0, 19.0);
    assertThat(trip).containsEntry("minutes", 15L).doesNotContainKey("startOdometer");
  }

  @Test
  void movingThatWasNeverTakenBackEndsWithTheLastSign() {
    ACar car =
        parked(Map.of())
            .says(0, ACar.MOVING, true)
            .says(40, ACar.ODOMETER, 1_050L, "km")
            .waitsUntil(200);
    assertThat(car.rows(TRIP)).isEmpty();
    assertThat(only(car.waitsUntil(240))).containsEntry("end", "2026-03-02T06:40:00Z");
  }

  @Test
  void shuntingInTheYardIsNoTrip() {
    ACar car =
        parked(Map.of())
            .says(0, ACar.MOVING, true)
            .isAt(1, 48.0005, 11.0)
            .says(2, ACar.MOVING, false)
            .waitsUntil(60);
    assertThat(car.rows(TRIP)).isEmpty();
  }

  @Test
  void aTripThatArrivesLongAfterwardsInOneGoIsOneTrip() {
    ACar car = parked(Map.of());
    car.says(0, 300, ACar.MOVING, true, null)
        .says(10, 300.9, ACar.ODOMETER, 1_008L, "km")
        .says(20, 301.8, ACar.ODOMETER, 1_020L, "km")
        .says(21, 303.5, ACar.MOVING, false, null)
        .waitsUntil(330);
    assertThat(only(car))
        .containsEntry("distance", 20L)
        .containsEntry("end", "2026-03-02T06:21:00Z");
  }

  @Test
  void aTimeInTheFutureMakesNoTripAndEndsNone() {
    ACar car =
        driven().says(60 * 24 * 30, 21.5, ACar.ODOMETER, 5_000L, "km").says(22, ACar.SOC, 56L, "%");
    assertThat(only(car.waitsUntil(60))).containsEntry("distance", 20L);
  }
}
