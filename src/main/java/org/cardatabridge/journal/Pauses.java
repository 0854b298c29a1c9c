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

  private static boolean isAway(Throwable error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      if (cause instanceof IOException) {
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
