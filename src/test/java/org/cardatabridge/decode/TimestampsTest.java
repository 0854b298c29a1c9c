// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

  @ParameterizedTest
  @CsvSource({
    "2026-07-27T12:36:57Z, 2026-07-27T12:36:57Z",
    "2026-07-27T12:36:57.974Z, 2026-07-27T12:36:57.974Z",
    "2026-07-27T12:36:57.61Z, 2026-07-27T12:36:57.610Z",
    "2026-07-27T12:36:57.123456Z, 2026-07-27T12:36:57.123456Z",
    "2026-07-27T12:36:57.1234567891Z, 2026-07-27T12:36:57.123456789Z",
    "2026-07-27T12:36:57+0000, 2026-07-27T12:36:57Z",
    "2026-07-27T12:36:57.5+0200, 2026-07-27T10:36:57.5Z",
    "2026-07-27T12:36:57-01:30, 2026-07-27T14:06:57Z",
    "2026-07-27T12:36:57+02, 2026-07-27T10:36:57Z",
    "2026-07-27T12:36Z, 2026-07-27T12:36:00Z",
    "2026-07-27T12:36:57, 2026-07-27T12:36:57Z",
    "2026-07-27 12:36:57 UTC, 2026-07-27T12:36:57Z",
    "27.07.2026 12:36 UTC, 2026-07-27T12:36:00Z",
    "27.07.2026 12:36:57 UTC, 2026-07-27T12:36:57Z",
    "07/27/2026 12:36 UTC, 2026-07-27T12:36:00Z",
    "07/27/2026 12:36:57 UTC, 2026-07-27T12:36:57Z",
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    "1969-12-31T23:59:59Z, 1969-12-31T23:59:59Z",
  })
  void aFormThatBmwWritesIsRead(String text, Instant instant) {
    assertThat(Timestamps.parse(text)).isEqualTo(instant);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "soon",
        "12:36",
        "2026-07-27",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-07-27T24:00:00Z",
        "2026-07-27T12:60:00Z",
        "2026-07-27T12:36:57.Z",
        "2026-07-27T12:36:57ZZ",
        "2026-07-27T12:36:57 CET",
        "2026-07-27T12:36:57+1",
        "27-07-2026 12:36 UTC",
        "27.13.2026 12:36 UTC",
        "2026x07-27T12:36:57Z",
        "２０２６-07-27T12:36:57Z",
      })
  void whatIsNoPointInTimeGivesNone(String text) {
    assertThat(Timestamps.parse(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "1772388000, 2026-03-01T18:00:00Z",
    "1772388000123, 2026-03-01T18:00:00.123Z",
    "0, ",
    "-5, ",
    "9223372036854775807, ",
  })
  void aNumberIsSecondsOrMillisecondsSince1970(long number, Instant instant) {
    assertThat(Timestamps.ofNumber(number)).isEqualTo(instant);
  }

  @Property
  void everyInstantOfFourDigitYearsSurvivesToTheNanosecond(
      @ForAll @LongRange(min = -62_167_219_200L, max = 253_402_300_799L) long seconds,
      @ForAll @LongRange(min = 0, max = 999_999_999) long nanos) {
    Instant instant = Instant.ofEpochSecond(seconds, nanos);

    assertThat(Timestamps.parse(instant.toString())).isEqualTo(instant);
  }

  @Property
  void noTextMakesItThrow(@ForAll String text) {
    Timestamps.parse(text);
    Timestamps.parse("2026-07-27T12:36:57" + text);
    Timestamps.parse("27.07.2026 " + text);
  }
}
