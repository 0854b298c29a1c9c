// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.highmobility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FactsTest {

  private final Facts facts = new Facts();

  @Test
  void holdsEveryPropertyOfEachCapabilityOnce() throws Exception {
    assertThat(facts.capabilities())
        .hasSize(50)
        .contains("charging", "diagnostics", "doors", "maintenance", "theft_alarm", "trips")
        .contains("usage", "vehicle_location", "windows");
    assertThat(facts.all())
        .hasSize(512)
        .extracting(Facts.Property::key)
        .doesNotHaveDuplicates()
        .isSorted();
    try (InputStream in = Facts.class.getResourceAsStream("facts.tsv")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text.lines().filter(line -> !line.startsWith("#"))).hasSize(512);
    }
  }

  @Test
  void itsNamesCanBeTopicsAndItsUnitsAreThoseOfTheBridge() {
    Set<String> units =
        Set.of("%", "km", "m", "mm", "min", "h", "s", "d", "weeks", "months", "°C", "kW", "W", "A");
    Set<String> more =
        Set.of("V", "kWh", "L", "mm³", "km/h", "°", "°/s", "rpm", "kPa", "lx", "kg", "Nm", "1/min");
    Set<String> rates = Set.of("L/100km", "kWh/100km", "km/kWh", "m/s²");
    assertThat(facts.all())
        .allSatisfy(
            property -> {
              assertThat(property.key()).matches("[a-z0-9_]+\\.[a-z0-9_]+");
              if (property.unit() != null) {
                assertThat(List.of(units, more, rates))
                    .anyMatch(known -> known.contains(property.unit()));
              }
            });
  }

  @Test
  void whatHasAUnitIsANumberAndWhatHasMembersIsAnObject() {
    assertThat(facts.all())
        .allSatisfy(
            property -> {
              assertThat(property.type() == Facts.Type.PERCENT)
                  .isEqualTo("%".equals(property.unit()));
              assertThat(property.unit() == null || property.type().isNumber()).isTrue();
              assertThat(property.members().isEmpty())
                  .isEqualTo(property.type() != Facts.Type.OBJECT);
              property
                  .members()
                  .forEach(
                      (name, member) -> {
                        assertThat(name).matches("[a-z0-9_.]+");
                        assertThat(member.type()).isNotEqualTo(Facts.Type.OBJECT);
                      });
            });
  }

  @Test
  void everyPositionIsAnObjectOfTwoNumbers() {
    assertThat(facts.all())
        .filteredOn(property -> property.name().contains("coordinates"))
        .hasSize(6)
        .allSatisfy(
            property -> assertThat(property.members()).containsOnlyKeys("latitude", "longitude"));
  }

  @Test
  void knowsListsFromSingleValues() {
    assertThat(facts.find("doors", "positions").orElseThrow().isList()).isTrue();
    assertThat(facts.find("charging", "battery_level").orElseThrow().isList()).isFalse();
    assertThat(facts.find("charging", "no_such_thing")).isEmpty();
    assertThat(facts.find("no_such_thing", "battery_level")).isEmpty();
    assertThat(facts.find(null, null)).isEmpty();
  }

  @Test
  void findsTheOnlyCapabilityOfAProperty() {
    assertThat(facts.onlyCapabilityOf("time_to_next_service")).contains("maintenance");
    assertThat(facts.onlyCapabilityOf("battery_level")).isEmpty();
    assertThat(facts.onlyCapabilityOf("no_such_thing")).isEmpty();
  }
}
