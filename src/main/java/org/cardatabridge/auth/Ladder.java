// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: two seconds, doubled up to five minutes; without a
 * network a steady 15 seconds. A fifth more or less by chance, so that many bridges do not knock at
 * the same moment. Not thread-safe.
 */
final class Ladder {

  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration LAST = Duration.ofMinutes(5);
  private static final Duration OFFLINE = Duration.ofSeconds(15);

  private final RandomGenerator random;
  private int failures;

  Ladder(RandomGenerator random) {
    this.random = random;
  }

  /** The pause after one more failure; never shorter than the server asked for. */
  Duration next(Answer.Transient trouble) {
    Duration step = OFFLINE;
    if (!trouble.offline()) {
      step = FIRST.multipliedBy(1L << Math.min(failures++, 20));
      step = step.compareTo(LAST) > 0 ? LAST : step;
    }
    Duration pause =
        Duration.ofMillis((long) (step.toMillis() * (0.8 + 0.4 * random.nextDouble())));
    return pause.compareTo(trouble.retryAfter()) < 0 ? trouble.retryAfter() : pause;
  }

  void reset() {
    failures = 0;
  }
}
