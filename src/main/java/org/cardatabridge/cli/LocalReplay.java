// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Phaser;
import org.cardatabridge.RunningBridge;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.recording.Intake;
import org.cardatabridge.recording.RecordedMessage;
import org.cardatabridge.recording.SinkNames;
import org.cardatabridge.settings.BadSettingException;

/** A replay by a bridge of its own, which has sinks but no intake. For one thread. */
final class LocalReplay {

  private static final Duration LOOK_EACH = Duration.ofMillis(100);

  /** A sink that connects, or whose broker restarts, is down for a while without being so. */
  static final Duration DOWN_FOR = Duration.ofSeconds(15);

  private final RunningBridge bridge;
  private final StopSignal signal;
  private final PrintWriter err;
  private final Duration downFor;

  /**
   * On a bridge that was started for it.
   *
   * @param downFor how long a sink may be down before it is given up
   */
  LocalReplay(RunningBridge bridge, StopSignal signal, PrintWriter err, Duration downFor) {
    this.downFor = downFor;
    this.bridge = bridge;
    this.signal = signal;
    this.err = err;
  }

  /** Plays a recording; the command's exit code. */
  int play(ReplayRequest request, InputStream recording) throws IOException, InterruptedException {
    Set<String> sinks = checked(request);
    Playback playback = new Playback(request, signal, err);
    playback.play(recording, new Direct(playback, request.sinks()));
    int code = playback.ended();
    return Math.max(code, delivered(sinks));
  }

  /** Plays the journal; the command's exit code. */
  int playJournal(ReplayRequest request) throws IOException, InterruptedException {
    Set<String> sinks = checked(request);
    long id =
        bridge
            .replays()
            .replay(
                request.since(),
                request.until(),
                request.sinks(),
                request.speed(),
                request.setAside());
    int code =
        new JournalPlayback(signal, err)
            .follow(() -> bridge.replays().replay(id).orElseThrow(), LOOK_EACH);
    return code == 0 ? delivered(sinks) : code;
  }

  /** Who is to get it. */
  private Set<String> checked(ReplayRequest request) {
    SinkNames names = bridge.sinkNames();
    Optional<String> problem = names.problem(request.sinks());
    if (problem.isPresent()) {
      throw new BadSettingException("--sink: " + problem.get());
    }
    return request.sinks().isEmpty() ? names.running() : request.sinks();
  }

  /** Waits until the sinks have everything, or one of them has been down for too long. */
  private int delivered(Set<String> wanted) throws InterruptedException {
    Map<String, Long> downSince = new HashMap<>();
    while (true) {
      List<SinkSnapshot> waiting =
          bridge.sinks().stream()
              .filter(sink -> wanted.contains(sink.name()) && sink.lag() > 0)
              .toList();
      if (waiting.isEmpty()) {
        return 0;
      }
      for (SinkSnapshot sink : waiting) {
        if (sink.state() == SinkSnapshot.State.UP) {
          downSince.remove(sink.name());
          continue;
        }
        long since = downSince.computeIfAbsent(sink.name(), name -> System.nanoTime());
        if (System.nanoTime() - since > downFor.toNanos()) {
          return failed(sink, "the rest waits in the journal, bring its target back and run again");
        }
      }
      if (signal.await(LOOK_EACH)) {
        return failed(waiting.get(0), "ended before the end, as it was told to");
      }
    }
  }

  private int failed(SinkSnapshot sink, String more) {
    err.println(
        "Delivering to sink "
            + sink.name()
            + ", which has "
            + sink.lag()
            + " to read: "
            + (sink.lastError() == null ? "it is not done" : sink.lastError())
            + " — "
            + more);
    err.flush();
    return 1;
  }

  /** Hands each message to the flatten route. */
  private final class Direct implements Playback.Target {

    private final Playback playback;
    private final Set<String> sinks;
    private final Phaser open = new Phaser(1);

    Direct(Playback playback, Set<String> sinks) {
      this.playback = playback;
      this.sinks = sinks;
    }

    @Override
    public void take(long line, RecordedMessage message) throws InterruptedException {
      open.register();
      bridge
          .intake()
          .take(
              message,
              sinks,
              failure -> {
                if (failure != null) {
                  playback.notTaken(line, Intake.reason(failure));
                }
                open.arriveAndDeregister();
              });
    }

    @Override
    public void flush() throws InterruptedException {
      open.awaitAdvanceInterruptibly(open.arrive());
    }
  }
}
