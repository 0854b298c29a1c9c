// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How long a sink waits between attempts: the first pause doubled each time up to the longest, each
 * cut by chance to between a half and the whole of it, so that sinks of one target do not knock
 * together. Immutable; as safe for use by many threads as its source of chance.
 *
 * @param first the first pause
 * @param longest the longest pause
 * @param chance numbers from 0 to 1
 */
public record Pauses(Duration first, Duration longest, DoubleSupplier chance) {

  /** The longest pause for a target that cannot be reached, or with which the connection broke. */
  private static final Duration AWAY = Duration.ofSeconds(15);

  /** No target can ask for more than this, by mistake or not. */
  private static final Duration LONGEST_ASKED_FOR = Duration.ofHours(1);

  private static final int DEEPEST_CAUSE = 20;

  /** From 1 second to 5 minutes. */
  public static Pauses standard() {
    return new Pauses(
        Duration.ofSeconds(1),
        Duration.ofMinutes(5),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  /** The same, but short where the target is only away: its return should be noticed soon. */
  Duration after(int failures, Throwable error) {
    Duration pause = after(failures);
    return pause.compareTo(AWAY) > 0 && isAway(error) ? after(failures, AWAY) : pause;
  }

  /**
   * The pause that a target asks for, never shorter than the first and never above an hour.
   *
   * @param asked null where it asked for none: then as after any other failure
   */
  Duration asked(Duration asked, int failures, Throwable error) {
    if (asked == null) {
      return after(failures, error);
    }
    Duration atLeast = asked.compareTo(first) < 0 ? first : asked;
    return atLeast.compareTo(LONGEST_ASKED_FOR) > 0 ? LONGEST_ASKED_FOR : atLeast;
  }

  private static boolean isAway(Throwable error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      if (cause instanceof IOException || cause instanceof TargetAwayException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** The pause after so many failures in a row, counted from 1. */
  Duration after(int failures) {
    return after(failures, longest);
  }

  private Duration after(int failures, Duration limit) {
    long doubled = first.toMillis() << Math.min(Math.max(failures - 1, 0), 30);
    long whole = Math.min(doubled, limit.toMillis());
    return Duration.ofMillis(whole - (long) (whole / 2.0 * chance.getAsDouble()));
  }
}
