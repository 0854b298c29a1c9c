// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;
import org.cardatabridge.stream.StreamReason;
import org.cardatabridge.stream.StreamSnapshot;
import org.cardatabridge.stream.StreamState;

/**
 * How the session with BMW or High Mobility ends up. Where a bridge runs, it only looks; a session
 * that was opened for the doctor is given its time, and watched for a moment, as somebody may take
 * it away. Used on one thread after another.
 */
final class StreamWatch {

  static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration RUNNING = Duration.ofSeconds(3);
  private static final Duration STAYS = Duration.ofSeconds(3);
  private static final Set<String> SAID_AGAIN = Set.of("auth", "unanswered");
  private static final Duration LOOK_EACH = Duration.ofMillis(50);

  private final Supplier<StreamSnapshot> stream;
  private final boolean isRunning;
  private final Clock clock;
  private StreamSnapshot settled;

  StreamWatch(Supplier<StreamSnapshot> stream, boolean isRunning, Clock clock) {
    this.stream = stream;
    this.isRunning = isRunning;
    this.clock = clock;
  }

  /** The session once it has come to rest; looked at once. */
  synchronized StreamSnapshot settled() throws InterruptedException {
    if (settled == null) {
      Instant end = clock.instant().plus(isRunning ? RUNNING : PATIENCE);
      StreamSnapshot now = stream.get();
      while (!isAtRest(now) && clock.instant().isBefore(end)) {
        Thread.sleep(LOOK_EACH.toMillis());
        now = stream.get();
      }
      settled = now;
    }
    return settled;
  }

  private boolean isAtRest(StreamSnapshot now) {
    if (now.state().isSubscribed()) {
      return isRunning || !clock.instant().isBefore(now.since().plus(STAYS));
    }
    if (now.state() == StreamState.CONNECTING || now.state() == StreamState.STOPPED) {
      return false;
    }
    // BMW refuses for 10 s after a goodbye, and once more until the tokens are renewed. High
    // Mobility closes in place of a SUBACK, and only the second time tells what that means.
    return now.state() != StreamState.BACKING_OFF || !SAID_AGAIN.contains(kind(now));
  }

  /** Why the last connection ended, as {@link StreamReason#kind}; empty where it did not. */
  static String kind(StreamSnapshot now) {
    StreamReason reason = now.lastReason();
    return reason == null || reason.kind() == null ? "" : reason.kind();
  }

  /** The same in words; an ellipsis where nobody says. */
  static String why(StreamSnapshot now) {
    return now.lastReason() == null ? "…" : now.lastReason().text();
  }
}
