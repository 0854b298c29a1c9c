// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between attempts. Not safe for use by many threads.
 *
 * <p>What BMW answered climbs a ladder: 5 s, doubled up to 300 s, 600 s from the tenth failure on,
 * never below the floor of the reason code. A lost network never climbs: each second for half a
 * minute, each 5 s up to two minutes, each 15 s from then on. Jitter adds up to a fifth.
 */
final class BackOff {

  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration TOP = Duration.ofSeconds(300);
  private static final Duration LONG = Duration.ofSeconds(600);
  private static final int LONG_FROM = 10;

  private final RandomGenerator random;
  private int failures;
  private Duration networkLostAt;

  BackOff(RandomGenerator random) {
    this.random = random;
  }

  /** The next rung, at least {@code floor}. */
  Duration climb(Duration floor) {
    failures = Math.min(failures + 1, LONG_FROM);
    Duration rung = failures >= LONG_FROM ? LONG : FIRST.multipliedBy(1L << (failures - 1));
    if (failures < LONG_FROM && rung.compareTo(TOP) > 0) {
      rung = TOP;
    }
    return jitter(rung.compareTo(floor) > 0 ? rung : floor);
  }

  /** The pause after a loss without any answer, at monotonic time {@code now}. */
  Duration steady(Duration now) {
    if (networkLostAt == null) {
      networkLostAt = now;
    }
    Duration lost = now.minus(networkLostAt);
    if (lost.compareTo(Duration.ofSeconds(30)) < 0) {
      return jitter(Duration.ofSeconds(1));
    }
    return jitter(Duration.ofSeconds(lost.compareTo(Duration.ofMinutes(2)) < 0 ? 5 : 15));
  }

  /** Back to the first rung: a session did its work. */
  void reset() {
    failures = 0;
    networkLostAt = null;
  }

  private Duration jitter(Duration pause) {
    return pause.plusMillis((long) (pause.toMillis() * 0.2 * random.nextDouble()));
  }
}
