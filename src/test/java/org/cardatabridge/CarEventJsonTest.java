// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CarEventJsonTest {

  private static CarEvent event(Object value, String unit) {
    return new CarEvent(
        "main",
        "WBY00TEST00000001",
        "mini",
        "vehicle.x",
        value,
        unit,
        Instant.parse("2026-01-31T12:00:00Z"),
        Instant.parse("2026-01-31T12:00:01.250Z"),
        "stream");
  }

  private static String object(Object value, String unit) {
    return new String(CarEventJson.object(event(value, unit)), StandardCharsets.UTF_8);
  }

  @Test
  void theFieldsStandInTheOrderOfTheContract() {
    assertThat(object(81L, "°C"))
        .isEqualTo(
            "{\"account\":\"main\",\"vin\":\"WBY00TEST00000001\",\"vehicle\":\"mini\","
                + "\"key\":\"vehicle.x\",\"value\":81,\"unit\":\"°C\","
                + "\"timestamp\":\"2026-01-31T12:00:00Z\","
                + "\"received\":\"2026-01-31T12:00:01.250Z\",\"source\":\"stream\"}");
  }

  @Test
  void aValueKeepsItsType() {
    assertThat(object(null, null)).contains("\"value\":null,\"unit\":null");
    assertThat(object("a\"b\n", null)).contains("\"value\":\"a\\\"b\\n\"");
    assertThat(object(true, null)).contains("\"value\":true");
    assertThat(object(new BigDecimal("0.10"), null)).contains("\"value\":0.10");
    assertThat(object(Map.of("a", Arrays.asList(1L, null)), null))
        .contains("\"value\":{\"a\":[1,null]}");
  }

  @Test
  void aListIsAListAlsoWithOneOrNone() throws IOException {
    String one = object(1L, null);
    assertThat(CarEventJson.list(List.of(event(1L, null)))).asString().isEqualTo("[" + one + "]");
    assertThat(CarEventJson.list(List.of())).asString().isEqualTo("[]");

    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    CarEventJson.lines(List.of(event(1L, null), event(1L, null)), lines);
    assertThat(lines.toString(StandardCharsets.UTF_8)).isEqualTo(one + "\n" + one + "\n");
  }

  @Test
  void whatIsNoJsonIsRefusedInWords() {
    assertThatThrownBy(() -> CarEventJson.object(event(new Object(), null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing that JSON can express");
    assertThat(CarEventJson.value(List.of(1L, "x"))).isEqualTo("[1,\"x\"]");
  }
}
