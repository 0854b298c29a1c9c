// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Reads the HTTP header {@code Retry-After}. Holds nothing. */
public final class RetryAfter {

  private RetryAfter() {}

  /**
   * The pause a server asks for.
   *
   * @param header whole seconds or an HTTP date; null where the server sent none
   * @param now what a date is counted from
   * @return never negative; null where there is no header, or none that can be read
   */
  public static Duration parse(String header, Instant now) {
    String text = header == null ? "" : header.trim();
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    if (text.isEmpty()) {
      return null;
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration left = Duration.between(now, date.toInstant());
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
