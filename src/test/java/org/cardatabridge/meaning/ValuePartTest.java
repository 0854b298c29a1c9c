// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuePartTest {

  private static final List<Object> DOORS =
      List.of(
          Map.of("location", "front_left", "position", "open"),
          Map.of("location", "rear_right", "position", "closed"));

  private static Object in(String part, Object value) {
    return ValuePart.of(part).in(value, null).value();
  }

  @Test
  void aDescriptorAloneIsItsWholeValueWithItsUnit() {
    ValuePart whole = ValuePart.of("charging.battery_level");
    assertThat(whole.isWhole()).isTrue();
    assertThat(whole.in(64.0, "%")).isEqualTo(new ValuePart.Found(64.0, "%"));
  }

  @Test
  void anEntryIsFoundByOneOfItsFieldsWithoutCase() {
    assertThat(in("doors.positions[location=front_left].position", DOORS)).isEqualTo("open");
    assertThat(in("doors.positions[location=REAR_RIGHT].position", DOORS)).isEqualTo("closed");
    assertThat(in("doors.positions[location=rear_left].position", DOORS)).isNull();
    assertThat(in("doors.positions[location=front_left].colour", DOORS)).isNull();
    assertThat(in("doors.positions[location=front_left]", DOORS)).isEqualTo(DOORS.get(0));
  }

  @Test
  void aLoneObjectCountsAsAListOfOne() {
    assertThat(in("doors.positions[location=front_left].position", DOORS.get(0))).isEqualTo("open");
  }

  @Test
  void everyEntrysFieldIsAListWithoutThoseThatLackIt() {
    assertThat(in("doors.positions[].position", DOORS)).isEqualTo(List.of("open", "closed"));
    assertThat(in("doors.positions[].colour", DOORS)).isEqualTo(List.of());
  }

  @Test
  void aNumberInsideBringsTheUnitBesideIt() {
    Object tyres =
        List.of(
            Map.of("location", "front_left", "pressure", Map.of("value", 260.0, "unit", "kPa")),
            Map.of("location", "front_right", "pressure", Map.of("value", 255.0)));
    assertThat(ValuePart.of("t[location=front_left].pressure").in(tyres, null))
        .isEqualTo(new ValuePart.Found(260.0, "kPa"));
    assertThat(ValuePart.of("t[location=front_right].pressure").in(tyres, null))
        .isEqualTo(new ValuePart.Found(255.0, null));
  }

  @Test
  void whatIsNoListOfObjectsHasNoParts() {
    for (Object value : new Object[] {null, "open", 5L, List.of("a", 7L), Map.of("x", 1L)}) {
      assertThat(in("a.b[location=front_left].position", value)).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "a.b[c=d].e", "a.b[c=d]", "a.b[].e", "a.b[]", "a[c=d e].f"})
  void itIsWrittenAsItIsRead(String text) {
    assertThat(ValuePart.of(text)).hasToString(text);
    assertThat(ValuePart.keyOf(text)).isEqualTo(ValuePart.of(text).key());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a[b", "a]b", "a[b].c", "a[b=].c", "a[=b].c", "a[b=c]d", "a[b=c].d.e"})
  void anythingElseIsRefusedWithASentence(String text) {
    assertThatThrownBy(() -> ValuePart.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "'" + text + "' names no part of a value — write key[field=word].field");
  }
}
