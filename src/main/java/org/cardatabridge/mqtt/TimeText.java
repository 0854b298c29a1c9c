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
  private static final int LONGEST = 30;
  private static final long EARLIEST = -62_135_596_800L; // the year 1
  private static final long LATEST = 253_402_300_799L; // the end of 9999

  private TimeText() {}

  /** Appends it. */
  static StringBuilder append(StringBuilder out, Instant time) {
    long seconds = time.getEpochSecond();
    if (seconds < EARLIEST || seconds > LATEST) {
      return out.append(time);
    }
    char[] text = new char[LONGEST];
    date(text, (int) Math.floorDiv(seconds, SECONDS_A_DAY) + MARCH_OF_YEAR_0);
    int second = (int) Math.floorMod(seconds, (long) SECONDS_A_DAY);
    text[10] = 'T';
    digits(text, 11, 2, second / 3600);
    text[13] = ':';
    digits(text, 14, 2, second / 60 % 60);
    text[16] = ':';
    digits(text, 17, 2, second % 60);
    int end = fraction(text, 19, time.getNano());
    text[end] = 'Z';
    return out.append(text, 0, end + 1);
  }

  private static int fraction(char[] text, int at, int nanos) {
    if (nanos == 0) {
      return at;
    }
    int digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : 9;
    text[at] = '.';
    digits(
        text, at + 1, digits, digits == 3 ? nanos / 1_000_000 : digits == 6 ? nanos / 1000 : nanos);
    return at + 1 + digits;
  }

  private static void date(char[] text, int day) {
    int era = day / DAYS_IN_400_YEARS;
    int dayOfEra = day % DAYS_IN_400_YEARS;
    int yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / (DAYS_IN_400_YEARS - 1)) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int monthFromMarch = (5 * dayOfYear + 2) / 153;
    int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    digits(text, 0, 4, yearOfEra + 400 * era + (month <= 2 ? 1 : 0));
    text[4] = '-';
    digits(text, 5, 2, month);
    text[7] = '-';
    digits(text, 8, 2, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
  }

  private static void digits(char[] text, int at, int count, int number) {
    int rest = number;
    for (int i = at + count - 1; i >= at; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
