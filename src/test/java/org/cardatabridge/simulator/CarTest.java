// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CarTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Car car = new Car(0);
  private Instant now = Instant.parse("2026-11-21T08:00:00Z");

  private List<DataPoint> minutes(int count) {
    List<DataPoint> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      now = now.plus(MINUTE);
      all.addAll(car.advance(MINUTE, now));
    }
    return all;
  }

  private static List<Object> values(List<DataPoint> points, String key) {
    return points.stream().filter(p -> p.key().equals(key)).map(DataPoint::value).toList();
  }

  private static List<Double> numbers(List<DataPoint> points, String key) {
    return values(points, key).stream().map(v -> ((Number) v).doubleValue()).toList();
  }

  @Test
  void aSleepingCarSaysNothingForDays() {
    assertThat(minutes(3 * 24 * 60)).isEmpty();
    assertThat(car.state()).isEqualTo(CarAction.SLEEP);
  }

  @Test
  void aDrivingCarMovesGainsMileageAndLosesCharge() {
    List<DataPoint> start = car.perform(CarAction.DRIVE, now);
    List<DataPoint> drive = minutes(60);

    assertThat(values(start, "vehicle.isMoving")).containsExactly(true);
    assertThat(numbers(drive, Descriptors.MILEAGE)).isSorted().hasSizeBetween(55, 65);
    assertThat(numbers(drive, Descriptors.CHARGE))
        .isSortedAccordingTo(java.util.Comparator.reverseOrder())
        .hasSizeGreaterThan(10);
    assertThat(numbers(drive, Descriptors.LATITUDE))
        .hasSizeBetween(19, 21)
        .doesNotHaveDuplicates()
        .allSatisfy(v -> assertThat(v).isBetween(50.0, 50.5));
    assertThat(numbers(drive, Descriptors.LONGITUDE))
        .hasSizeBetween(19, 21)
        .allSatisfy(v -> assertThat(v).isBetween(10.9, 11.3));
    assertThat(numbers(drive, Descriptors.HEADING))
        .allSatisfy(v -> assertThat(v).isBetween(0.0, 359.0));
  }

  @Test
  void latitudeAndLongitudeNeverComeInTheSameReport() {
    List<DataPoint> start = car.perform(CarAction.DRIVE, now);
    assertThat(values(start, Descriptors.LATITUDE)).hasSize(1);
    assertThat(values(start, Descriptors.LONGITUDE)).isEmpty();
    assertThat(values(minutes(1), Descriptors.LONGITUDE)).hasSize(1);
  }

  @Test
  void aParkedCarReportsItsTripAndAllItKnows() {
    car.perform(CarAction.DRIVE, now);
    minutes(30);
    List<DataPoint> parked = car.perform(CarAction.PARK, now);

    assertThat(values(parked, "vehicle.isMoving")).containsExactly(false);
    assertThat(values(parked, "vehicle.trip.segment.end.time"))
        .containsExactly("21.11.2026 08:30:00 UTC");
    assertThat(values(parked, Descriptors.CHARGING_STATUS)).containsExactly("NOCHARGING");
    assertThat(minutes(2)).extracting(DataPoint::key).contains(Descriptors.LONGITUDE);
    assertThat(minutes(600)).isEmpty();
  }

  @Test
  void whatDidNotChangeIsSentAgainWithItsOldTimestamp() {
    car.perform(CarAction.WAKE, now);
    Instant first = now;
    minutes(30);
    List<DataPoint> again = car.perform(CarAction.PARK, now);
    assertThat(again)
        .filteredOn(p -> p.key().equals(Descriptors.PRESSURE))
        .extracting(DataPoint::at)
        .containsExactly(first);
  }

  @Test
  void aChargingCarFillsUpEndsAndFallsAsleep() {
    List<DataPoint> start = car.perform(CarAction.CHARGE, now);
    List<DataPoint> charge = minutes(10 * 60);

    assertThat(values(start, Descriptors.CHARGING_STATUS))
        .containsExactly("INITIALIZATION", "CHARGINGACTIVE");
    assertThat(values(start, "vehicle.body.chargingPort.status")).containsExactly("CONNECTED");
    assertThat(numbers(charge, Descriptors.CHARGE)).isSorted().endsWith(90.0);
    assertThat(numbers(charge, "vehicle.drivetrain.electricEngine.charging.timeRemaining"))
        .isSortedAccordingTo(java.util.Comparator.reverseOrder())
        .hasSizeGreaterThan(5);
    assertThat(values(charge, Descriptors.CHARGING_STATUS)).containsExactly("CHARGINGENDED");
    assertThat(values(charge, Descriptors.HV_STATUS)).containsExactly("FINISHED_FULLY_CHARGED");
    assertThat(car.state()).isEqualTo(CarAction.SLEEP);
  }

  @Test
  void aCarThatDrivesOffIsUnpluggedFirst() {
    car.perform(CarAction.CHARGE, now);
    minutes(5);
    List<DataPoint> off = car.perform(CarAction.DRIVE, now);
    assertThat(values(off, Descriptors.CHARGING_STATUS)).containsExactly("NOCHARGING");
    assertThat(values(off, "vehicle.body.chargingPort.status")).containsExactly("DISCONNECTED");
  }

  @Test
  void anAlmostEmptyCarParks() {
    car.perform(CarAction.DRIVE, now);
    minutes(8 * 60);
    assertThat(car.state()).isEqualTo(CarAction.PARK);
    assertThat(car.charge()).isEqualTo(5);
  }

  @Test
  void tellingACarWhatItDoesAlreadyChangesNothing() {
    car.perform(CarAction.DRIVE, now);
    minutes(1);
    assertThat(car.perform(CarAction.DRIVE, now)).isEmpty();
  }

  @Test
  void aDayHasTwoTripsAndACharge() {
    DayRoutine routine = new DayRoutine(0);
    List<CarAction> day = new ArrayList<>();
    for (int i = 0; i < 24 * 60; i++) {
      CarAction action = routine.advance(MINUTE);
      if (action != null) {
        day.add(action);
      }
    }
    assertThat(day)
        .containsExactly(
            CarAction.DRIVE,
            CarAction.PARK,
            CarAction.SLEEP,
            CarAction.WAKE,
            CarAction.DRIVE,
            CarAction.PARK,
            CarAction.CHARGE,
            CarAction.SLEEP,
            CarAction.WAKE,
            CarAction.DRIVE);
  }

  @Test
  void ofTwoBusyCarsOneAlwaysHasNews() {
    List<Car> cars = List.of(new Car(0), new Car(1));
    List<DayRoutine> routines = List.of(DayRoutine.busy(0), DayRoutine.busy(1));
    int quiet = 0;
    int longest = 0;
    for (int minute = 0; minute < 48 * 60; minute++) {
      boolean isNews = false;
      now = now.plus(MINUTE);
      for (int i = 0; i < cars.size(); i++) {
        CarAction action = routines.get(i).advance(MINUTE);
        isNews |= action != null && !cars.get(i).perform(action, now).isEmpty();
        isNews |= !cars.get(i).advance(MINUTE, now).isEmpty();
      }
      quiet = isNews ? 0 : quiet + 1;
      longest = Math.max(longest, quiet);
    }
    assertThat(longest).as("minutes, of which the demo has two in a second").isLessThan(15);
    assertThat(cars).allSatisfy(each -> assertThat(each.charge()).isBetween(10L, 95L));
  }

  @Test
  void carsAreNotAllAtTheSamePlaceAndHour() {
    assertThat(new Car(1).odometer()).isNotEqualTo(car.odometer());
    assertThat(new Car(1).charge()).isNotEqualTo(car.charge());
    assertThat(new DayRoutine(1).advance(MINUTE)).isEqualTo(CarAction.CHARGE);
  }

  @Test
  void theRouteIsClosedAndWithoutJumps() {
    Route route = new Route();
    Route.Position last = route.at(0);
    for (double km = 0.5; km < 200; km += 0.5) {
      Route.Position p = route.at(km);
      assertThat(Math.abs(p.latitude() - last.latitude())).isLessThan(0.006);
      assertThat(Math.abs(p.longitude() - last.longitude())).isLessThan(0.009);
      last = p;
    }
  }
}
