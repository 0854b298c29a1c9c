// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times in payloads read as Java writes them. */
class TimeTextTest {

  private static String text(Instant time) {
    return TimeText.append(new Utf8Text(), time).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "2024-02-29T23:59:59.999999999Z",
        "2000-02-29T00:00:00.100Z",
        "1900-03-01T00:00:00.000001Z",
        "2026-12-31T23:59:59.5Z",
        "0001-01-01T00:00:00Z",
        "0000-12-31T23:59:59Z",
        "9999-12-31T23:59:59.999Z",
        "+10000-01-01T00:00:00Z",
        "-0001-06-30T12:00:00Z"
      })
  void aTimeIsWrittenAsJavaDoes(String time) {
    Instant instant = Instant.parse(time);

    assertThat(text(instant)).isEqualTo(instant.toString());
  }

  @Test
  void anyTimeIsWrittenAsJavaDoes() {
    Random random = new Random(1);
    int[] units = {1, 1000, 1_000_000, 1_000_000_000};
    for (int i = 0; i < 100_000; i++) {
      long seconds = random.nextLong(-63_000_000_000L, 254_000_000_000L);
      int unit = units[i % units.length];
      Instant time = Instant.ofEpochSecond(seconds, random.nextInt(1_000_000_000) / unit * unit);
      assertThat(text(time)).isEqualTo(time.toString());
    }
  }
}
