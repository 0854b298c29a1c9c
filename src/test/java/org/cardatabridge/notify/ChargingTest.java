// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the end of charging, where the car tells little, late, or twice. */
class ChargingTest {

  private static final String STATE = "vehicle.drivetrain.electricEngine.charging.status";
  private static final String SOC = "vehicle.drivetrain.batteryManagement.header";
  private static final String TARGET = "vehicle.powertrain.electric.battery.stateOfCharge.target";
  private static final String PORT = "vehicle.body.chargingPort.status";

  @TempDir Path dir;
  private NotifyBench bench;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void begin() {
    bench =
        new NotifyBench(dir, new SetClock(Instant.parse("2026-07-27T12:00:00Z")), "language", "en")
            .restartingAlways();
  }

  private void hears(String key, Object value) {
    said.addAll(bench.hears(key, value));
  }

  private void waits(int minutes) {
    for (int i = 0; i < minutes; i++) {
      said.addAll(bench.waits(Duration.ofMinutes(1)));
    }
  }

  private void charges(long soc) {
    hears(TARGET, 80L);
    hears(SOC, soc);
    hears(STATE, "CHARGINGACTIVE");
  }

  @Test
  void anOldStateOfChargeIsNotTakenForTheEnd() {
    hears(PORT, "CONNECTED");
    charges(41);
    waits(60);
    hears(SOC, 78L);
    waits(8);
    hears(STATE, "CHARGINGENDED");
    waits(10);
    assertThat(said).containsExactly("i4: Charging has ended.");
  }

  @Test
  void theStartsStateOfChargeWithANewTimeIsNotTakenForTheEnd() {
    hears(PORT, "CONNECTED");
    charges(41);
    waits(60);
    hears(STATE, "CHARGINGENDED");
    hears(SOC, 41L);
    waits(10);
    assertThat(said).containsExactly("i4: Charging has ended.");
  }

  @Test
  void aStateOfChargeThatComesWithinAMinuteTellsHowItEnded() {
    hears(PORT, "CONNECTED");
    charges(41);
    waits(60);
    hears(STATE, "CHARGINGENDED");
    said.addAll(bench.waits(Duration.ofSeconds(20)));
    hears(SOC, 62L);
    waits(10);
    assertThat(said)
        .containsExactly(
            "i4: Charging stopped at 62 %, before it was done. The cable is still plugged in.");
  }

  @Test
  void whetherTheCableIsPluggedInIsSaidOnlyWhereThatIsKnown() {
    charges(41);
    waits(60);
    hears(SOC, 62L);
    hears(STATE, "CHARGINGERROR");
    waits(10);
    assertThat(said).containsExactly("i4: Charging stopped at 62 %, before it was done.");
  }

  @Test
  void aCableThatIsPulledUnderLoadIsNoTrouble() {
    hears(PORT, "CONNECTED");
    charges(41);
    waits(60);
    hears(SOC, 62L);
    hears(STATE, "CHARGINGERROR");
    hears(PORT, "DISCONNECTED");
    waits(10);
    assertThat(said).isEmpty();
  }
}
