// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CarEventTest {

  private static final String VIN = "WBY00TEST00000001";

  private final CarEvent event =
      new CarEvent(
          "main",
          VIN,
          VIN,
          "vehicle.vehicle.travelledDistance",
          81623L,
          "km",
          Instant.parse("2026-07-27T12:36:57Z"),
          Instant.parse("2026-07-27T12:36:58Z"),
          "stream");

  @Test
  void pathHasSlashesForDots() {
    assertThat(event.path()).isEqualTo("vehicle/vehicle/travelledDistance");
  }

  @Test
  void anotherValueLeavesTheRestAsItIs() {
    CarEvent other = event.withValue(81624L);
    assertThat(other.value()).isEqualTo(81624L);
    assertThat(other.withValue(event.value())).isEqualTo(event);
  }

  @Test
  void textShowsNeitherTheWholeVinNorTheValue() {
    assertThat(event.toString()).contains("…0001").doesNotContain(VIN).doesNotContain("81623");
  }
}
