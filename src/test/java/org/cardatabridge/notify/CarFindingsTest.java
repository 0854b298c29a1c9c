// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.cardatabridge.CarEvent;
import org.cardatabridge.meaning.CarState;
import org.junit.jupiter.api.Test;

class CarFindingsTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String VIN = "WBY00TEST00000001";

  private static CarState parkedWith(String key, Object value) {
    return CarState.empty()
        .with(event("vehicle.isMoving", false))
        .with(event("vehicle.cabin.sunroof.status", "CLOSED"))
        .with(event(key, value));
  }

  private static CarEvent event(String key, Object value) {
    return new CarEvent("main", VIN, VIN, key, value, null, NOON, NOON, "stream");
  }

  @Test
  void aSunroofThatIsTiltedOnlyIsAnOpenWindow() {
    String tilt = "vehicle.cabin.sunroof.tiltStatus";
    assertThat(CarFindings.windowOpen(parkedWith(tilt, "INTERMEDIATE")))
        .isInstanceOf(Finding.Holds.class);
    assertThat(CarFindings.windowOpen(parkedWith(tilt, "CLOSED"))).isEqualTo(Finding.OVER);
  }
}
