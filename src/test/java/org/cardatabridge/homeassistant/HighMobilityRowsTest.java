// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cardatabridge.highmobility.Facts;
import org.cardatabridge.homeassistant.Sighting.Kind;
import org.cardatabridge.meaning.ValuePart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table's rows for High Mobility, held against the facts of what there is. */
class HighMobilityRowsTest {

  private static final EntityTable SHIPPED = EntityTable.shipped();

  private static List<EntityRow> ofHighMobility() {
    List<EntityRow> rows = new ArrayList<>();
    for (Facts.Property property : new Facts().all()) {
      rows.addAll(SHIPPED.of(property.key(), Kind.TEXT));
      for (String field : List.of("location", "axle", "name")) {
        for (String word : List.of("front_left", "hatch", "front")) {
          for (String part : property.members().keySet()) {
            if (part.contains(".")) {
              continue; // a part of a part has no entity
            }
            String key = property.key() + "[" + field + "=" + word + "]." + part;
            rows.addAll(SHIPPED.of(key, Kind.TEXT));
          }
        }
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void whateverHighMobilityTellsHasANameOfItsOwn(String language) {
    Set<String> names = new HashSet<>();
    assertSoftly(
        softly -> {
          for (EntityRow row : ofHighMobility()) {
            String name = SHIPPED.name(row, language);
            softly.assertThat(name).as(row.key()).doesNotContain("<", "_", "[");
            softly.assertThat(name.length()).as(name).isBetween(3, 60);
            softly
                .assertThat(names.add(row.platform() + " " + name))
                .as("%s, %s", row.key(), name)
                .isTrue();
          }
        });
  }

  @Test
  void eachRowForHighMobilityIsForSomethingThatItHas() {
    Set<String> known = new HashSet<>(Set.of("universal.brand", "vehicle_information.brand"));
    new Facts().all().forEach(property -> known.add(property.key()));
    assertThat(SHIPPED.keys())
        .filteredOn(key -> key.matches("[a-z_]+\\.[a-z_]+(\\[.*)?"))
        .filteredOn(key -> !key.startsWith("image."))
        .hasSizeGreaterThan(300)
        .allMatch(key -> known.contains(ValuePart.keyOf(key)));
  }
}
