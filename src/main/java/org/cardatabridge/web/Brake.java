// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Lets something happen so many times within a time and no more. Not safe for many threads. */
public final class Brake {

  private final int most;
  private final Duration within;
  private final Deque<Instant> times = new ArrayDeque<>();

  /** For at most so many within any stretch of so long. */
  public Brake(int most, Duration within) {
    this.most = most;
    this.within = within;
  }

  /** Takes note that it has happened. */
  public void count(Instant now) {
    if (times.size() == most) {
      times.removeFirst();
    }
    times.addLast(now);
  }

  /** How long until it may happen again; zero where it may now. */
  public Duration left(Instant now) {
    if (times.size() < most) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(now, times.peekFirst().plus(within));
    // A clock that is set back must not bar anybody for long.
    return left.isNegative() ? Duration.ZERO : left.compareTo(within) > 0 ? within : left;
  }

  /** Whole seconds of {@link #left}, rounded up, as {@code Retry-After} has them; 0 for none. */
  static long seconds(Duration left) {
    return left.plusMillis(999).toSeconds();
  }
}
