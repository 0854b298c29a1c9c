// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.time.Instant;

/**
 * Writes a time as {@link Instant#toString} does, {@code 2026-07-27T12:36:57.5Z} with as many
 * digits as it takes in groups of three, without its formatter. Stateless.
 */
final class TimeText {

  private static final int SECONDS_A_DAY = 86_400;

  /** 0000-03-01 in days before 1970-01-01, where a year that ends with its leap day begins. */
  private static final int MARCH_OF_YEAR_0 = 719_468;

  private static final int DAYS_IN_400_YEARS = 146_097;
  private static final long EARLIEST = -62_135_596_800L; // the year 1
  private static final long LATEST = 253_402_300_799L; // the end of 9999

  private TimeText() {}

  /** Appends it. */
  static Utf8Text append(Utf8Text out, Instant time) {
    long seconds = time.getEpochSecond();
    if (seconds < EARLIEST || seconds > LATEST) {
      return out.append(time.toString());
    }
    date(out, (int) Math.floorDiv(seconds, SECONDS_A_DAY) + MARCH_OF_YEAR_0);
    int second = (int) Math.floorMod(seconds, (long) SECONDS_A_DAY);
    out.append('T').append(second / 3600, 2);
    out.append(':').append(second / 60 % 60, 2);
    out.append(':').append(second % 60, 2);
    return fraction(out, time.getNano()).append('Z');
  }

  private static Utf8Text fraction(Utf8Text out, int nanos) {
    if (nanos == 0) {
      return out;
    }
    out.append('.');
    if (nanos % 1_000_000 == 0) {
      return out.append(nanos / 1_000_000, 3);
    }
    return nanos % 1000 == 0 ? out.append(nanos / 1000, 6) : out.append(nanos, 9);
  }

  private static void date(Utf8Text out, int day) {
    int era = day / DAYS_IN_400_YEARS;
    int dayOfEra = day % DAYS_IN_400_YEARS;
    int yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / (DAYS_IN_400_YEARS - 1)) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int monthFromMarch = (5 * dayOfYear + 2) / 153;
    int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    out.append(yearOfEra + 400 * era + (month <= 2 ? 1 : 0), 4);
    out.append('-').append(month, 2);
    out.append('-').append(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2);
  }
}
