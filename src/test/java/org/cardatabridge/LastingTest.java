// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastingTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms",
    "PT0.25S, 250 ms",
    "PT1.9S, 1 s",
    "PT59.999S, 59 s",
    "PT3M8S, 3 min 8 s",
    "PT10M, 10 min",
    "PT2H5M8S, 2 h 5 min",
    "PT2H8S, 2 h",
    "P1D, 1 day",
    "P3DT4H, 3 days 4 h",
    "PT-3M-8S, 3 min 8 s"
  })
  void aTimeIsSaidInItsTwoLargestUnits(Duration length, String words) {
    assertThat(Lasting.text(length)).isEqualTo(words);
  }
}
