// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they are written in the control API: {@code 250ms}, {@code 5s}, {@code 2h}. */
final class Span {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Span() {}

  /**
   * Reads a duration; throws {@link IllegalArgumentException} with a sentence for any other form.
   */
  static Duration parse(String text) {
    Matcher m = FORM.matcher(text.trim());
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "reading a duration: got '" + text + "' — write 250ms, 5s, 15m, 2h or 14d");
    }
    long n = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "m" -> Duration.ofMinutes(n);
      case "h" -> Duration.ofHours(n);
      default -> Duration.ofDays(n);
    };
  }

  /** Writes a duration so that {@link #parse} reads it back. */
  static String write(Duration span) {
    return span.toMillis() % 1000 == 0 ? span.toSeconds() + "s" : span.toMillis() + "ms";
  }
}
