// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import org.cardatabridge.recording.ReplaySnapshot;

/** Follows a replay of the journal to its end. For one thread. */
final class JournalPlayback {

  private static final Duration SAY_EACH = Duration.ofSeconds(5);

  /** Looks how the replay stands. */
  @FunctionalInterface
  interface Look {
    /** May fail with a sentence. */
    ReplaySnapshot now() throws IOException, InterruptedException;
  }

  private final StopSignal signal;
  private final PrintWriter err;

  JournalPlayback(StopSignal signal, PrintWriter err) {
    this.signal = signal;
    this.err = err;
  }

  /** Returns when it is done, failed, or told to stop; the command's exit code. */
  int follow(Look look, Duration lookEach) throws IOException, InterruptedException {
    long said = System.nanoTime();
    ReplaySnapshot now = look.now();
    while (now.state().equals(ReplaySnapshot.RUNNING)) {
      if (signal.await(lookEach)) {
        return said("Replaying " + count(now) + "; the rest goes on where a bridge runs", 1);
      }
      if (System.nanoTime() - said > SAY_EACH.toNanos()) {
        said = System.nanoTime();
        String trouble = now.lastError() == null ? "" : ": " + now.lastError();
        said("… " + count(now) + trouble, 0);
      }
      now = look.now();
    }
    if (now.state().equals(ReplaySnapshot.DONE)) {
      return said("Replayed " + now.done() + (now.done() == 1 ? " value" : " values"), 0);
    }
    String why = now.lastError() == null ? "see /api/status" : now.lastError();
    return said("Replaying the journal, " + count(now) + ": " + why, 1);
  }

  // A sink counts data points (whole messages where it takes those), and each sink its own.
  private static String count(ReplaySnapshot now) {
    return now.done() + " of " + now.total() + " values";
  }

  private int said(String sentence, int code) {
    err.println(sentence);
    err.flush();
    return code;
  }
}
