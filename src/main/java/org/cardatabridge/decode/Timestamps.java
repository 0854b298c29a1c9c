// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Reads the forms in which BMW writes a point in time. Stateless and safe for many threads.
 *
 * <p>Taken are ISO 8601 dates with a time ({@code Z}, {@code +01:00}, {@code +0100}, {@code +01},
 * {@code UTC} or no zone, which means UTC; up to nine decimals), {@code dd.mm.yyyy hh:mm[:ss]} and
 * {@code mm/dd/yyyy hh:mm[:ss]} with or without {@code UTC}.
 */
public final class Timestamps {

  private static final int NONE = -1;
  private static final long SECONDS_BELOW = 100_000_000_000L;
  private static final long MILLIS_BELOW = 100_000_000_000_000L;

  private final char[] text;
  private final int end;
  private int at;

  private Timestamps(char[] text, int from, int end) {
    this.text = text;
    this.at = from;
    this.end = end;
  }

  /** The instant a text stands for; null for null and for anything that is no point in time. */
  public static Instant parse(String text) {
    return text == null ? null : parse(text.toCharArray(), 0, text.length());
  }

  /** As {@link #parse(String)}, for a part of an array. */
  static Instant parse(char[] text, int from, int length) {
    int end = from + length;
    while (from < end && text[from] == ' ') {
      from++;
    }
    while (end > from && text[end - 1] == ' ') {
      end--;
    }
    return new Timestamps(text, from, end).read();
  }

  /** Seconds since 1970, or milliseconds where the number is too large for seconds; else null. */
  public static Instant ofNumber(long number) {
    if (number <= 0 || number >= MILLIS_BELOW) {
      return null;
    }
    return number < SECONDS_BELOW ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
  }

  private Instant read() {
    if (end - at < "dd.mm.yyyy hh:mm".length()) {
      return null;
    }
    int year;
    int month;
    int day;
    if (text[at + 2] == '.' || text[at + 2] == '/') {
      char separator = text[at + 2];
      int first = digits(2);
      boolean well = is(separator);
      int second = digits(2);
      well &= is(separator);
      year = digits(4);
      if (!well) {
        return null;
      }
      day = separator == '.' ? first : second;
      month = separator == '.' ? second : first;
    } else {
      year = digits(4);
      boolean well = is('-');
      month = digits(2);
      well &= is('-');
      day = digits(2);
      if (!well) {
        return null;
      }
    }
    if (year < 0 || month < 0 || day < 0 || !(is('T') || is(' ') || is('t'))) {
      return null;
    }
    return time(year, month, day);
  }

  private Instant time(int year, int month, int day) {
    int hour = digits(2);
    boolean colon = is(':');
    int minute = digits(2);
    int second = 0;
    int nanos = 0;
    if (is(':')) {
      second = digits(2);
      if (is('.') || is(',')) {
        nanos = fraction();
      }
    }
    int offset = offset();
    boolean well = colon && in(hour, 23) && in(minute, 59) && in(second, 60) && nanos != NONE;
    if (!well || offset == Integer.MIN_VALUE || at != end) {
      return null;
    }
    try {
      long days = LocalDate.of(year, month, day).toEpochDay();
      return Instant.ofEpochSecond(
          days * 86_400 + hour * 3600L + minute * 60L + second - offset, nanos);
    } catch (DateTimeException e) {
      return null; // the 31st of a month with 30 days, a 13th month
    }
  }

  private int offset() {
    if (at == end || is('Z') || is('z')) {
      return 0;
    }
    is(' ');
    if (end - at == 3) {
      String zone = new String(text, at, 3);
      if (zone.equalsIgnoreCase("UTC") || zone.equalsIgnoreCase("GMT")) {
        at = end;
        return 0;
      }
    }
    boolean west = is('-');
    if (!west && !is('+')) {
      return Integer.MIN_VALUE;
    }
    int hours = digits(2);
    int minutes = 0;
    if (at < end) {
      is(':');
      minutes = digits(2);
    }
    if (!in(hours, 18) || !in(minutes, 59)) {
      return Integer.MIN_VALUE;
    }
    int seconds = hours * 3600 + minutes * 60;
    return west ? -seconds : seconds;
  }

  /** Nanoseconds of the decimals; those beyond the ninth are dropped. */
  private int fraction() {
    int nanos = 0;
    int count = 0;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      if (count < 9) {
        nanos = nanos * 10 + (text[at] - '0');
        count++;
      }
      at++;
    }
    if (count == 0) {
      return NONE;
    }
    for (; count < 9; count++) {
      nanos *= 10;
    }
    return nanos;
  }

  private int digits(int count) {
    if (end - at < count) {
      at = end;
      return NONE;
    }
    int number = 0;
    for (int i = 0; i < count; i++) {
      char c = text[at++];
      if (c < '0' || c > '9') {
        return NONE;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  private boolean is(char c) {
    if (at < end && text[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  private static boolean in(int number, int most) {
    return number >= 0 && number <= most;
  }
}
