// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.time.Duration;

/** How long something lasts, as a sentence in English says it. */
public final class Lasting {

  private static final int SECOND_MILLIS = 1_000;

  private Lasting() {}

  /**
   * The two largest units that say it, smaller ones cut off: {@code 3 min 8 s}, {@code 2 h}, {@code
   * 250 ms}. A negative one is said as its length.
   */
  public static String text(Duration duration) {
    Duration length = duration.abs();
    if (length.toMillis() < SECOND_MILLIS) {
      return length.toMillis() + " ms";
    }
    if (length.toMinutes() < 1) {
      return length.toSeconds() + " s";
    }
    if (length.toHours() < 1) {
      return of(length.toMinutes(), "min", length.toSecondsPart(), "s");
    }
    if (length.toDays() < 1) {
      return of(length.toHours(), "h", length.toMinutesPart(), "min");
    }
    String days = length.toDays() == 1 ? "day" : "days";
    return of(length.toDays(), days, length.toHoursPart(), "h");
  }

  private static String of(long large, String unit, int small, String smallUnit) {
    String text = large + " " + unit;
    return small == 0 ? text : text + " " + small + " " + smallUnit;
  }
}
