// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.journal.Samples.CLOCK;
import static org.cardatabridge.journal.Samples.KEY;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.VIN;
import static org.cardatabridge.journal.Samples.event;

import java.time.Duration;
import java.time.Instant;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.api.Test;

class NewestValuesTest {

  private final NewestValues newest = new NewestValues(CLOCK);

  private Object value() {
    return newest.newest(VIN, KEY).orElseThrow().value();
  }

  @Test
  void anOlderOneThatArrivesLateDoesNotReplaceANewerOne() {
    assertThat(newest.take(event(KEY, 2L, NOON), 0)).isTrue();
    assertThat(newest.take(event(KEY, 1L, NOON.minusSeconds(1)), 0)).isFalse();
    assertThat(value()).isEqualTo(2L);
  }

  @Test
  void ofTwoWithTheSameCarTimeTheLaterArrivalWins() {
    newest.take(event(KEY, 1L, NOON), 0);
    assertThat(newest.take(event(KEY, 2L, NOON), 0)).isTrue();
    assertThat(value()).isEqualTo(2L);
  }

  @Test
  void oneOfUnknownAgeGivesItsPlaceToAnyWithATimeInWhateverOrderTheyAreRead() {
    CarEvent undated = Samples.undated(1L, NOON);
    CarEvent dated = event(KEY, 2L, NOON.minusSeconds(60));
    newest.take(undated, 0);
    assertThat(newest.undatedBefore(VIN, KEY)).isEmpty();
    assertThat(newest.take(dated, 1)).isTrue();
    assertThat(newest.undatedBefore(VIN, KEY)).contains(NOON);
    assertThat(newest.take(undated, 0)).isFalse();
    assertThat(newest.take(event(KEY, 3L, NOON.minusSeconds(61)), 2)).isFalse();
    assertThat(value()).isEqualTo(2L);
  }

  @Test
  void aReplayedOneDoesNotTakeThePlaceOfOneOfUnknownAgeByThat() {
    newest.take(Samples.undated(2L, NOON), 0);
    CarEvent before = Samples.undated(1L, NOON.minusSeconds(60));
    CarEvent again =
        new CarEvent(
            "main", VIN, VIN, KEY, 1L, null, before.timestamp(), NOON.plusSeconds(60), "replay");
    assertThat(newest.take(again, 1)).isFalse();
  }

  @Test
  void anyTimeInThePastIsTaken() {
    assertThat(newest.take(event(KEY, 1L, Instant.EPOCH), 0)).isTrue();
  }

  @Test
  void moreThan24HoursInTheFutureNeverBecomesTheNewest() {
    assertThat(newest.take(event(KEY, 1L, NOON.plus(Duration.ofHours(24))), 0)).isTrue();
    assertThat(newest.take(event(KEY, 2L, NOON.plus(Duration.ofHours(24)).plusMillis(1)), 0))
        .isFalse();
    assertThat(value()).isEqualTo(1L);
  }

  @Test
  void aSentinelTakesThePlaceOfTheValueBeforeIt() {
    newest.take(event(KEY, 1L, NOON), 0);
    newest.take(event(KEY, null, NOON.plusSeconds(1)), 0);
    assertThat(newest.newest(VIN, KEY).orElseThrow().value()).isNull();
  }

  @Test
  void whatWasWorkedOutIsNoMessageOfTheCar() {
    CarEvent said = event(KEY, 1L, NOON);
    CarEvent workedOut =
        new CarEvent(
            said.account(),
            VIN,
            said.vehicle(),
            "derived.stateOfCharge",
            1.0,
            "%",
            NOON,
            said.received().plusSeconds(900),
            "derived");
    newest.take(workedOut, 0);
    assertThat(newest.vehicles().get(0).lastMessageAt()).isEqualTo(workedOut.received());
    newest.take(said, 1);
    newest.take(workedOut, 2);
    assertThat(newest.vehicles().get(0).lastMessageAt()).isEqualTo(said.received());
    assertThat(newest.newest(VIN, "derived.stateOfCharge")).hasValue(workedOut);
  }

  @Test
  void aVehicleHasItsAliasItsAccountAndWhenItWasHeardOfLast() {
    newest.take(
        new CarEvent("main", VIN, "i4", KEY, 1L, "km", NOON, NOON.plusSeconds(5), "stream"), 0);
    newest.take(
        new CarEvent(
            "main",
            VIN,
            "i4",
            "a.b",
            2L,
            null,
            NOON.minusSeconds(9),
            NOON.plusSeconds(7),
            "highmobility"),
        0);
    NewestValues.Vehicle vehicle = newest.vehicle(VIN).orElseThrow();
    assertThat(vehicle.alias()).isEqualTo("i4");
    assertThat(vehicle.account()).isEqualTo("main");
    assertThat(vehicle.lastMessageAt()).isEqualTo(NOON.plusSeconds(7));
    assertThat(vehicle.values()).containsOnlyKeys("a.b", KEY);
    assertThat(newest.vehicle("unknown")).isEmpty();
  }

  @Test
  void itIsBoundedWhateverArrives() {
    for (int i = 0; i < NewestValues.MAX_KEYS + 10; i++) {
      newest.take(event("key" + i, 1L, NOON), 0);
    }
    assertThat(newest.vehicle(VIN).orElseThrow().values()).hasSize(NewestValues.MAX_KEYS);
    for (int i = 0; i < NewestValues.MAX_VEHICLES + 10; i++) {
      String vin = "VIN" + i;
      newest.take(new CarEvent("main", vin, vin, KEY, 1L, null, NOON, NOON, "stream"), 0);
    }
    assertThat(newest.vehicles()).hasSize(NewestValues.MAX_VEHICLES);
  }
}
