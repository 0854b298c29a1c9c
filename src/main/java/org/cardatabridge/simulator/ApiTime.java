// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as BMW's REST API writes and reads them. */
final class ApiTime {

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private ApiTime() {}

  /** With milliseconds, be they zero: {@code 2026-03-14T16:54:10.000Z}. */
  static String millis(Instant at) {
    return MILLIS.format(at);
  }

  /** Reads a time of a query; refuses anything else. */
  static Instant parse(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new ApiRefusal(ApiError.BAD_PARAMETER);
    }
  }
}
