// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time: ISO 8601, a day in UTC, or how long ago it was. */
final class TimeText implements ITypeConverter<Instant> {

  private final Clock clock;

  TimeText(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Instant convert(String text) {
    try {
      return Settings.parseDuration(text)
          .map(ago -> clock.instant().minus(ago))
          .orElseGet(() -> time(text));
    } catch (DateTimeException | ArithmeticException e) {
      throw new TypeConversionException(
          "got '"
              + text
              + "', takes a time such as 2026-01-31T12:00:00Z or 2026-01-31, or how long ago it"
              + " was, such as 24h or 30d");
    }
  }

  private static Instant time(String text) {
    return text.indexOf('T') < 0
        ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
        : OffsetDateTime.parse(text).toInstant();
  }

  /** Refuses a time that ends before it begins; either may be null. */
  static void checkOrder(Instant since, Instant until) {
    if (since != null && until != null && since.isAfter(until)) {
      throw new BadSettingException("--until", until.toString(), "a time after --since, " + since);
    }
  }
}
