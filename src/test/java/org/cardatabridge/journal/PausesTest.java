// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PausesTest {

  @Test
  void theyDoubleUpToTheLongest() {
    Pauses pauses = new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(5), () -> 0);
    assertThat(pauses.after(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(pauses.after(4)).isEqualTo(Duration.ofSeconds(8));
    assertThat(pauses.after(10)).isEqualTo(Duration.ofMinutes(5));
    assertThat(pauses.after(1_000_000)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aTargetThatIsAwayIsAskedAgainSoon() {
    Pauses pauses = Pauses.standard();
    Exception away = new IllegalStateException(new java.net.ConnectException("refused"));
    assertThat(pauses.after(20, away)).isBetween(Duration.ofMillis(7_500), Duration.ofSeconds(15));
    assertThat(pauses.after(20, new java.io.IOException("gone")))
        .isLessThanOrEqualTo(Duration.ofSeconds(15));
    assertThat(pauses.after(20, new IllegalStateException("HTTP 500")))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(150));
  }

  @Test
  void chanceCutsThemByHalfAtMost() {
    Pauses pauses = new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(5), () -> 1);
    assertThat(pauses.after(4)).isEqualTo(Duration.ofSeconds(4));
  }
}
