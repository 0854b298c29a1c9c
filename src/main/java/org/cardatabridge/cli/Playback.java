// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.cardatabridge.recording.RecordedLine;
import org.cardatabridge.recording.RecordedMessage;
import org.cardatabridge.recording.RecordingReader;

/**
 * Plays a recording to a bridge, in its own time or as fast as it goes. A line that cannot be used
 * is named, and the rest goes on. The reading is for one thread; refusals may come from any.
 */
final class Playback {

  private static final long SAY_EACH_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int MOST_NAMED = 100;

  /** A bridge. */
  interface Target {
    /** Takes a message, now or at the next flush. */
    void take(long line, RecordedMessage message) throws IOException, InterruptedException;

    /** Returns when everything taken so far is journalled or refused. */
    void flush() throws IOException, InterruptedException;
  }

  private final ReplayRequest request;
  private final StopSignal signal;
  private final PrintWriter err;
  private long taken;
  private long refused;
  private boolean isEnded;
  private Instant before;
  private double ahead;
  private long began;
  private long said;

  Playback(ReplayRequest request, StopSignal signal, PrintWriter err) {
    this.request = request;
    this.signal = signal;
    this.err = err;
  }

  /**
   * Plays a recording to its end, or until it is told to stop.
   *
   * @throws IOException with a sentence where the recording cannot be read or the target fails
   */
  void play(InputStream recording, Target target) throws IOException, InterruptedException {
    began = System.nanoTime();
    said = began;
    try (RecordingReader reader = new RecordingReader(recording)) {
      for (Optional<RecordedLine> next = next(reader, target);
          next.isPresent() && !isEnded;
          next = next(reader, target)) {
        RecordedLine line = next.get();
        if (!line.isUsable()) {
          refused(line.number(), line.problem());
        } else if (request.takes(line.message().received())) {
          play(line, target);
        }
        sayNowAndThen();
      }
      target.flush();
    }
  }

  private Optional<RecordedLine> next(RecordingReader reader, Target target)
      throws IOException, InterruptedException {
    isEnded |= signal.isGiven();
    if (isEnded) {
      return Optional.empty();
    }
    if (reader.mayWait()) {
      target.flush();
    }
    return reader.next();
  }

  private void play(RecordedLine line, Target target) throws IOException, InterruptedException {
    Duration pause = pause(line.message().received());
    if (!pause.isZero()) {
      target.flush();
      isEnded = signal.await(pause);
    }
    if (!isEnded) {
      took(1);
      target.take(line.number(), line.message());
    }
  }

  /** A clock that was set back makes no pause. */
  private Duration pause(Instant received) {
    if (request.speed() == 0) {
      return Duration.ZERO;
    }
    if (before != null && received.isAfter(before)) {
      ahead += Duration.between(before, received).toMillis() / request.speed();
    }
    before = received;
    long played = (System.nanoTime() - began) / 1_000_000;
    return Duration.ofMillis(Math.max(0, (long) ahead - played));
  }

  private synchronized void took(long messages) {
    taken += messages;
  }

  /** A line was not taken. */
  synchronized void refused(long line, String reason) {
    refused++;
    if (refused <= MOST_NAMED) {
      err.println("Line " + line + ": " + reason);
    } else if (refused == MOST_NAMED + 1) {
      err.println("… and more; only the first " + MOST_NAMED + " are named");
    }
    err.flush();
  }

  /** A message that was counted was refused after all. */
  synchronized void notTaken(long line, String reason) {
    taken--;
    refused(line, reason);
  }

  private synchronized void sayNowAndThen() {
    long now = System.nanoTime();
    if (now - said > SAY_EACH_NANOS) {
      said = now;
      err.println("… " + taken + " messages");
      err.flush();
    }
  }

  /** Says in one line how it ended; the command's exit code. */
  synchronized int ended() {
    err.println(
        "Replayed "
            + taken
            + (taken == 1 ? " message" : " messages")
            + (refused == 0 ? "" : ", refused " + refused + (refused == 1 ? " line" : " lines"))
            + (isEnded ? "; ended before the end, as it was told to" : ""));
    err.flush();
    return refused == 0 && !isEnded ? 0 : 1;
  }
}
