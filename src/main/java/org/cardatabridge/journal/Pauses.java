// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

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

  /** From 1 second to 5 minutes. */
  public static Pauses standard() {
    return new Pauses(
        Duration.ofSeconds(1),
        Duration.ofMinutes(5),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  /** The pause after so many failures in a row, counted from 1. */
  Duration after(int failures) {
    long doubled = first.toMillis() << Math.min(Math.max(failures - 1, 0), 30);
    long whole = Math.min(doubled, longest.toMillis());
    return Duration.ofMillis(whole - (long) (whole / 2.0 * chance.getAsDouble()));
  }
}
