// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Descriptor;
import org.cardatabridge.homeassistant.Sighting.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTableTest {

  private static final EntityTable SHIPPED = EntityTable.shipped();

  @TempDir Path dir;

  private EntityTable with(String text) throws Exception {
    return EntityTable.with(Files.writeString(dir.resolve("mine.yaml"), text));
  }

  private static EntityRow only(EntityTable table, String key) {
    List<EntityRow> rows = table.of(key, Kind.TEXT);
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  private static List<EntityRow> all() {
    List<EntityRow> rows = new ArrayList<>();
    for (Descriptor descriptor : new Catalogue().all()) {
      rows.addAll(SHIPPED.of(descriptor.key(), Kind.TEXT));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void everyDescriptorHasANameThatDoesNotReadLikeAPath(String language) {
    assertSoftly(
        softly -> {
          for (EntityRow row : all()) {
            String name = SHIPPED.name(row, language);
            softly.assertThat(row.names()).as(row.key()).containsKeys("en", "de");
            softly.assertThat(name).as(row.key()).doesNotContain("<", "vehicle.", "_");
            softly.assertThat(name).as(row.key()).doesNotContainPattern("[a-z]\\.[a-z]");
            softly.assertThat(name).as(row.key()).doesNotContainPattern("[a-zäöü][A-Z]");
            softly.assertThat(name.length()).as(name).isBetween(3, 60);
            softly
                .assertThat(name.substring(0, 1))
                .as(name)
                .isEqualTo(name.substring(0, 1).toUpperCase(Locale.ROOT));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void noTwoEntitiesOfACarAreCalledTheSame(String language) {
    Set<String> names = new HashSet<>();
    for (EntityRow row : all()) {
      assertThat(names.add(row.platform() + " " + SHIPPED.name(row, language)))
          .as("%s, %s", row.key(), SHIPPED.name(row, language))
          .isTrue();
    }
  }

  @Test
  void germanIsNotEnglish() {
    List<String> same =
        all().stream()
            .filter(row -> SHIPPED.name(row, "en").equals(SHIPPED.name(row, "de")))
            .map(row -> SHIPPED.name(row, "en"))
            .toList();
    assertThat(same).containsExactlyInAnyOrder("Alarm", "Teleservice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vehicle.foo.newThing.isSeatOpen | Seat open | New thing seat open",
        "vehicle.drivetrain.battery48V | x | Drivetrain battery 48V",
        "a | x | A",
        "my.house.DOOR | x | House DOOR",
        "vehicle.cabin.door.row1 | x | Door front",
      })
  void aDescriptorThatNoTableKnowsGetsANameFromItsLastLevels(String key, String x, String name) {
    EntityRow row = only(SHIPPED, key);
    assertThat(SHIPPED.name(row, "en")).isEqualTo(name);
    assertThat(row.platform()).isEqualTo(Platform.SENSOR);
    assertThat(SHIPPED.of(key + "x", Kind.BOOLEAN))
        .extracting(EntityRow::platform)
        .containsExactly(Platform.BINARY_SENSOR);
  }

  @Test
  void levelsBecomeWordsOfTheLanguage() {
    EntityRow row = only(SHIPPED, "vehicle.chassis.axle.row2.wheel.left.tire.pressure");
    assertThat(SHIPPED.name(row, "en")).isEqualTo("Tyre pressure rear left");
    assertThat(SHIPPED.name(row, "de")).isEqualTo("Reifendruck hinten links");
  }

  @Test
  void aRowOfOnesOwnTakesFromOursWhatItDoesNotSay() throws Exception {
    EntityTable table =
        with(
            """
            words:
              row2: {en: back}
            sensors:
              - {key: vehicle.vehicle.travelledDistance, en: Clocked}
              - {key: vehicle.drivetrain.fuelSystem.level, hide: true}
              - {key: vehicle.mine.<what>, en: Mine <what>, icon: 'mdi:star', unit: kg, class: weight}
            """);
    EntityRow mileage = only(table, "vehicle.vehicle.travelledDistance");
    assertThat(table.name(mileage, "en")).isEqualTo("Clocked");
    assertThat(table.name(mileage, "de")).isEqualTo("Kilometerstand");
    assertThat(mileage.stateClass()).isEqualTo("total_increasing");
    assertThat(table.of("vehicle.drivetrain.fuelSystem.level", Kind.NUMBER)).isEmpty();
    assertThat(table.name(only(table, "vehicle.mine.weight"), "de")).isEqualTo("Mine weight");
    assertThat(table.name(only(table, "vehicle.chassis.axle.row2.wheel.left.tire.pressure"), "en"))
        .isEqualTo("Tyre pressure back left");
  }

  @Test
  void anotherClassTakesNoStateAndNoUnitFromOurs() throws Exception {
    EntityTable table =
        with(
            """
            sensors:
              - {key: vehicle.vehicle.travelledDistance, class: weight}
              - {key: vehicle.drivetrain.batteryManagement.header, options: [X]}
              - {key: vehicle.drivetrain.batteryManagement.maxEnergy, state: none}
            """);
    EntityRow mileage = only(table, "vehicle.vehicle.travelledDistance");
    assertThat(mileage.shownState()).isNull();
    assertThat(mileage.unit()).isNull();
    EntityRow charge = only(table, "vehicle.drivetrain.batteryManagement.header");
    assertThat(charge.options()).containsExactly("X");
    assertThat(charge.shownState()).isNull();
    assertThat(charge.unit()).isNull();
    EntityRow energy = only(table, "vehicle.drivetrain.batteryManagement.maxEnergy");
    assertThat(energy.shownState()).isNull();
    assertThat(energy.unit()).isEqualTo("kWh");
  }

  @Test
  void aTableMayAddASecondKindOfEntity() throws Exception {
    EntityTable table =
        with(
            """
            binary_sensors:
              - {key: vehicle.vehicle.preConditioning.activity, class: running, on: ['*'], off: [INACTIVE], en: Climate runs}
            """);
    assertThat(table.of("vehicle.vehicle.preConditioning.activity", Kind.TEXT))
        .extracting(EntityRow::platform)
        .containsExactly(Platform.BINARY_SENSOR, Platform.SENSOR);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sensor: []                                      | :1: there is no 'sensor' here — did you mean 'sensors'?",
        "sensors: [{en: x}]                              | :1: a row without a key — write key: and the descriptor",
        "sensors: [{key: a, clas: power}]                | :1: there is no 'clas' here — did you mean 'class'?",
        "sensors: [{key: a, class: powr}]                | :1: there is no 'powr' here — did you mean 'power'?",
        "sensors: [{key: a, class: energy, state: measurement}] | :1: the class energy does not take the state class measurement",
        "sensors: [{key: a, class: power, unit: km}]     | :1: the class power does not take the unit 'km'",
        "sensors: [{key: a, state: mesurement}]          | did you mean 'measurement'?",
        "sensors: [{key: a, state: measurement_angle}]   | needs the unit °",
        "sensors: [{key: a, options: [X], unit: km}]     | options exclude a state class and a unit",
        "sensors: [{key: a, on: [X]}]                    | 'on' is for binary_sensors — leave it out",
        "binary_sensors: [{key: a, unit: km}]            | 'unit' is for sensors — leave it out",
        "sensors: [{key: vehicle.vehicle.travelledDistance, unit: kWh}] | :1: with what the bridge's own table says of vehicle.vehicle.travelledDistance, the class distance does not take the unit 'kWh' — write class",
        "sensors: [{key: 'vehicle.powertrain.electric.battery.<which>.displayed', class: battery, state: total}] | :1: the class battery does not take",
        "sensors: [{key: 'vehicle.vehicle.<what>', state: measurement_angle, unit: °}] | :1: with what the bridge's own table says of vehicle.vehicle.",
        "sensors: [{key: a, icon: car}]                  | an icon looks like mdi:car, in quotes",
        "sensors: [{key: a, category: config}]           | a category is diagnostic, or is left out",
        "sensors: [{key: a, hide: maybe}]                | 'hide' takes true or false",
        "sensors: [{key: a, precision: 9}]               | 'precision' takes a number of decimals from 0 to 6",
        "sensors: [{key: a, value: '{{ x'}]              | a bracket of the template is not closed",
        "sensors: {key: a}                               | 'sensors' takes a list of rows, each beginning with '- '",
        "sensors: [{key: a, key: b}]                     | 'key' stands here twice — keep one",
        "words: {row1: {fr: avant}}                      | there is no 'fr' here — did you mean 'de'?",
        "sensors: [                                      | is no YAML",
      })
  void aMistakeIsSaidInASentenceWithItsLine(String text, String sentence) {
    assertThatThrownBy(() -> with(text))
        .isInstanceOf(BadTableException.class)
        .hasMessageStartingWith(dir.resolve("mine.yaml") + ":")
        .hasMessageContaining(sentence);
  }

  @Test
  void aTableThatIsNotThereIsSaidToo() {
    assertThatThrownBy(() -> EntityTable.with(dir.resolve("none.yaml")))
        .hasMessageContaining("none.yaml: cannot be read (NoSuchFileException)");
  }

  @Test
  void noKeyStandsTwiceInASection() throws Exception {
    String table =
        new String(
            EntityTable.class.getResourceAsStream("entities.yaml").readAllBytes(),
            java.nio.charset.StandardCharsets.UTF_8);
    TableFile.read("entities.yaml", table)
        .rows()
        .values()
        .forEach(rows -> assertThat(rows).extracting(EntityRow::key).doesNotHaveDuplicates());
  }

  @Test
  void theShippedTableIsReadByTheSameRules() throws Exception {
    // Reading it checks each row against Home Assistant's rules.
    assertThat(all()).hasSizeGreaterThan(300);
  }

  // ---- parts of a list ----------------------------------------------------------------------

  @Test
  void aRowOfOnesOwnCanShowOneEntryOfAList() throws Exception {
    EntityTable table =
        with(
            """
            sensors:
              - {key: 'my.list[id=oil].days', en: Oil in days, class: duration, unit: d}
            """);
    CarEvent event =
        Cars.event(
            "my.list",
            List.of(Map.of("id", "oil", "days", 7L), Map.of("id", "air", "days", 9L)),
            null);
    assertThat(table.withParts(event))
        .extracting(CarEvent::key)
        .contains("my.list", "my.list[id=oil].days");
    assertThat(table.name(only(table, "my.list[id=oil].days"), "en")).isEqualTo("Oil in days");
    assertThat(table.of("my.list[id=air].days", Kind.NUMBER)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "my.list[oil].days | mine.yaml:2: 'my.list[oil].days' names no part of a value",
        "my.list[].days | mine.yaml:2: an entity shows one entry of a list — write key[field=word]",
      })
  void aSelectorThatIsNoneIsSaidWithItsLine(String key, String sentence) {
    assertThatThrownBy(() -> with("sensors:\n  - {key: '" + key + "', en: Oil}\n"))
        .isInstanceOf(BadTableException.class)
        .hasMessageContaining(sentence);
  }
}
