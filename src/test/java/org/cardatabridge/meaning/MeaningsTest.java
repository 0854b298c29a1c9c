// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Descriptor;
import org.junit.jupiter.api.Test;

class MeaningsTest {

  private static final Set<String> SENTINELS =
      Set.of("INVALID", "UNKNOWN", "-NA-", "NOT_AVAILABLE", "SIGNAL_INVALID");

  private final Meanings table = Meanings.standard();
  private final Catalogue catalogue = new Catalogue();

  private List<Carrier> all() {
    return every().stream().filter(Carrier::isOfBmw).toList();
  }

  private List<Carrier> every() {
    return Arrays.stream(Meaning.values())
        .flatMap(m -> table.elements(m).stream().flatMap(e -> table.carriers(m, e).stream()))
        .toList();
  }

  @Test
  void everyMeaningIsCarried() {
    for (Meaning meaning : Meaning.values()) {
      assertThat(table.elements(meaning)).as(meaning.id()).isNotEmpty();
    }
  }

  @Test
  void everyDescriptorIsInTheCatalogue() {
    assertThat(all())
        .extracting(Carrier::key)
        .filteredOn(key -> !key.equals(CarEvent.LOCATION))
        .allSatisfy(key -> assertThat(catalogue.find(key)).as(key).isPresent());
  }

  @Test
  void aDescriptorCarriesAMeaningOnce() {
    Set<String> seen = new HashSet<>();
    for (Carrier carrier : every()) {
      assertThat(seen.add(carrier.meaning() + " " + carrier.element() + " " + carrier.part()))
          .as("%s", carrier)
          .isTrue();
    }
  }

  @Test
  void numbersAndFlagsAreTypedSoByTheCatalogue() {
    for (Carrier carrier : all()) {
      Descriptor descriptor = catalogue.find(carrier.key()).orElse(null);
      switch (carrier.reads().rule()) {
        case "number", "number not 0", "not closed" ->
            assertThat(descriptor.isNumber()).as(carrier.key()).isTrue();
        case "flag" ->
            assertThat(descriptor.type()).as(carrier.key()).isEqualTo(Descriptor.Type.BOOLEAN);
        default -> {
          // words and places have tests of their own
        }
      }
    }
  }

  @Test
  void theUnitsOfTheCatalogueCanBecomeThoseOfTheMeanings() {
    for (Carrier carrier : all()) {
      String unit = catalogue.find(carrier.key()).map(Descriptor::unit).orElse(null);
      if (carrier.meaning().kind() == Meaning.Kind.NUMBER) {
        assertThat(Conversions.convert(1, unit, carrier.meaning().unit()))
            .as("%s in %s", carrier.key(), unit)
            .isNotNull();
      }
    }
  }

  /** Words of the catalogue that say nothing of a meaning; a new one has to be judged. */
  @Test
  void everyWordOfTheCatalogueIsJudged() {
    Set<String> nothing =
        Set.of(
            "COMFORT_UNDEFINED",
            "ERROR",
            "MANUAL_SELECTION",
            "AUTOMATIC_SELECTION",
            "AUTOMATIC_SELECTION_20",
            "NOT_CHARGING",
            "DISCONNECTED");
    for (Carrier carrier : all()) {
      if (carrier.reads().rule().equals("words")) {
        List<String> words =
            catalogue.find(carrier.key()).map(Descriptor::tokens).orElse(List.of());
        assertThat(words)
            .as("%s of %s", carrier.meaning().id(), carrier.key())
            .allMatch(
                word ->
                    SENTINELS.contains(word)
                        || carrier.reads().lists(word.toUpperCase(Locale.ROOT))
                        || nothing.contains(word));
      }
    }
  }

  @Test
  void theMostTrustedDescriptorComesFirst() {
    assertThat(table.carriers(Meaning.SOC))
        .extracting(Carrier::key)
        .startsWith(
            "vehicle.drivetrain.batteryManagement.header",
            "vehicle.powertrain.electric.battery.stateOfCharge.displayed",
            "vehicle.drivetrain.electricEngine.charging.level",
            "vehicle.trip.segment.end.drivetrain.batteryManagement.hvSoc",
            "charging.battery_level");
    assertThat(table.carriers(Meaning.SOC))
        .extracting(Carrier::trust)
        .startsWith(0, 1, 2, 3, 4)
        .isSorted();
  }

  @Test
  void aDescriptorTellsItsWheelOrDoor() {
    Carrier tyre = table.of("vehicle.chassis.axle.row2.wheel.left.tire.pressure").get(0);
    assertThat(tyre.meaning()).isEqualTo(Meaning.TYRE_PRESSURE);
    assertThat(tyre.element()).isEqualTo("rear-left");
    assertThat(table.elements(Meaning.DOOR_OPEN))
        .containsExactly(
            "front-driver",
            "front-passenger",
            "rear-driver",
            "rear-passenger",
            "front-left",
            "front-right",
            "rear-left",
            "rear-right");
    assertThat(table.of("vehicle.nothing.known")).isEmpty();
  }

  @Test
  void anotherSourceFillsTheSameMeaningsWithItsOwnKeys() {
    Meanings more =
        Meanings.of(
            List.of("# mine", "soc,,charging.batteryLevel,number,", "soc,,a.b,number,last"));
    assertThat(more.of("charging.batteryLevel")).hasSize(1);
    assertThat(more.carriers(Meaning.SOC)).extracting(Carrier::last).containsExactly(false, true);
  }

  @Test
  void aPartOfAValueIsNamedByItsEntryAndField() {
    Meanings parts =
        Meanings.of(
            List.of(
                "door-open,front-left,doors.positions[location=front_left].position,open=true,",
                "locked,doors,doors.locks[].lock_state,all locked=true unlocked=false,"));
    assertThat(parts.knows("doors.positions")).isTrue();
    assertThat(parts.of("doors.positions").get(0).part().word()).isEqualTo("front_left");
    assertThat(parts.of("doors.locks").get(0).reads().rule()).isEqualTo("all");
  }

  @Test
  void aPartThatCannotBeNamedSoIsSaidWithItsLine() {
    for (String part :
        List.of(
            "a.b[c",
            "a.b[c].d",
            "a.b[c=].d",
            "a.b[=c].d",
            "a.b[c=d]e",
            "a.b[c=d].e.f",
            "[c=d].e",
            "a.b]",
            "a.b[c=d][e=f]")) {
      assertThatThrownBy(() -> Meanings.of(List.of("soc,," + part + ",number,")))
          .as(part)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + part + "' names no part of a value — write key[field=word]")
          .hasMessageContaining("correct the line");
    }
  }

  @Test
  void aLineThatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> Meanings.of(List.of("soc,,a.b,number")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'soc,,a.b,number'");
    assertThatThrownBy(() -> Meanings.of(List.of("sock,,a.b,number,")))
        .hasMessageContaining("no meaning sock");
    assertThatThrownBy(() -> Meanings.of(List.of("soc,,a.b,flag,")))
        .hasMessageContaining("'flag' does not read a number");
    assertThatThrownBy(() -> Meanings.of(List.of("charging,,a.b,YES=1,")))
        .hasMessageContaining("'YES=1' does not read a flag");
  }

  @Test
  void meaningsAreFoundByTheirNames() {
    for (Meaning meaning : Meaning.values()) {
      assertThat(Meaning.named(meaning.id())).contains(meaning);
    }
    assertThat(Meaning.TARGET_SOC.id()).isEqualTo("target-soc");
    assertThat(Meaning.named("sock")).isEmpty();
  }
}
