// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TariffTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static double cost(String tariff, String from, String to, double energy) {
    return Tariff.parse(tariff, BERLIN)
        .orElseThrow()
        .cost(Instant.parse(from), Instant.parse(to), energy);
  }

  @Test
  void onePriceHoldsAtAnyTime() {
    assertThat(cost("0.32", "2026-03-02T16:00:00Z", "2026-03-03T04:00:00Z", 10))
        .isEqualTo(3.2, within(1e-9));
  }

  @Test
  void energyIsSharedOutByTheMinuteBetweenThePricesOfLocalTime() {
    // 22:00 in Berlin is 21:00 UTC in winter: half of it is cheap.
    assertThat(cost("0.30, 22:00-06:00=0.20", "2026-03-02T20:00:00Z", "2026-03-02T22:00:00Z", 10))
        .isEqualTo(2.5, within(1e-9));
  }

  @Test
  void aWindowMayReachOverMidnightAndEndsBeforeItsEnd() {
    String tariff = "1,23:00-01:00=2,12:00-13:00=3";
    assertThat(cost(tariff, "2026-03-02T22:00:00Z", "2026-03-02T22:00:30Z", 1)).isEqualTo(2);
    assertThat(cost(tariff, "2026-03-02T23:59:00Z", "2026-03-02T23:59:30Z", 1)).isEqualTo(2);
    assertThat(cost(tariff, "2026-03-03T00:00:00Z", "2026-03-03T00:00:30Z", 1)).isEqualTo(1);
    assertThat(cost(tariff, "2026-03-03T11:59:00Z", "2026-03-03T11:59:30Z", 1)).isEqualTo(3);
  }

  @Test
  void theHourThatIsLeftOutInSpringCostsNothing() {
    // From 1:30 to 3:30 on the clock is one hour.
    assertThat(cost("1, 02:00-03:00=9", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", 1))
        .isEqualTo(1, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "cheap", "-1", "0,32", "0.3,22-06=0.2", "0.3,24:00-06:00=0.2", "0.3,=0.2"})
  void anythingElseIsNoTariff(String text) {
    assertThat(Tariff.parse(text, BERLIN)).isEmpty();
  }
}
