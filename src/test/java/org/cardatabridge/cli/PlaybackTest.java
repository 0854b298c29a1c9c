// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cardatabridge.recording.RecordedMessage;
import org.cardatabridge.recording.RecordingWriter;
import org.cardatabridge.recording.ReplaySnapshot;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pace of a replay, and what the terminal says of one that a running bridge carries out. */
@Timeout(120)
class PlaybackTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final StringWriter err = new StringWriter();
  private final StopSignal signal = new StopSignal();
  private final List<String> done = new ArrayList<>();

  private final Playback.Target target =
      new Playback.Target() {
        @Override
        public void take(long line, RecordedMessage message) {
          done.add("take " + line);
        }

        @Override
        public void flush() {
          done.add("flush");
        }
      };

  private static byte[] recording(int... seconds) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RecordingWriter writer = new RecordingWriter(out)) {
      for (int second : seconds) {
        writer.write(
            new RecordedMessage(NOON.plusSeconds(second), "stream", "main", "", new byte[0]));
      }
    }
    return out.toByteArray();
  }

  private Playback playback(double speed) {
    return new Playback(
        new ReplayRequest("-", null, null, Set.of(), speed, false),
        signal,
        new PrintWriter(err, true));
  }

  @Test
  void theDistancesAreKeptDividedBySpeed() throws Exception {
    long began = System.nanoTime();
    Playback playback = playback(10);
    playback.play(new ByteArrayInputStream(recording(0, 1, 0, 2)), target);

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .as("1 s, a step back, 2 s")
        .isBetween(Duration.ofMillis(300), Duration.ofSeconds(20));
    assertThat(done.indexOf("flush")).isLessThan(done.indexOf("take 2"));
    assertThat(done).contains("take 1", "take 2", "take 3", "take 4").endsWith("flush");
    assertThat(playback.ended()).isZero();
  }

  @Test
  void withoutASpeedNothingWaits() throws Exception {
    Playback playback = playback(0);
    playback.play(new ByteArrayInputStream(recording(0, 1_000_000, 2_000_000)), target);
    assertThat(done).containsSubsequence("take 1", "take 2", "take 3", "flush");
    assertThat(playback.ended()).isZero();
  }

  @Test
  void whenToldToStopItStopsInAPauseToo() throws Exception {
    Playback playback = playback(1);
    Playback.Target stops =
        new Playback.Target() {
          @Override
          public void take(long line, RecordedMessage message) {
            signal.give();
          }

          @Override
          public void flush() {
            done.add("flush");
          }
        };
    playback.play(new ByteArrayInputStream(recording(0, 1_000_000)), stops);
    assertThat(playback.ended()).isEqualTo(1);
    assertThat(err).asString().contains("Replayed 1 message; ended before the end");
  }

  @Test
  void ofManyBadLinesOnlyTheFirstAreNamed() throws Exception {
    Playback playback = playback(0);
    playback.play(
        new ByteArrayInputStream("x\n".repeat(1000).getBytes(StandardCharsets.UTF_8)), target);
    assertThat(playback.ended()).isEqualTo(1);
    assertThat(err.toString().lines()).hasSizeLessThan(110);
    assertThat(err).asString().contains("refused 1000 lines");
  }

  private int journal(String... answers) throws Exception {
    Deque<String> left = new ArrayDeque<>(Arrays.asList(answers));
    HttpServer bridge =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    bridge.createContext(
        "/api/replay",
        exchange -> {
          done.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getQuery());
          byte[] answer = left.pop().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          boolean isError = new String(answer, StandardCharsets.UTF_8).contains("error\"");
          exchange.sendResponseHeaders(isError ? 409 : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    bridge.start();
    try {
      Settings settings =
          Settings.of(
              Map.of(
                  "cardata.http.host",
                  "127.0.0.1",
                  "cardata.http.port",
                  Integer.toString(bridge.getAddress().getPort())));
      return new RemoteReplay(settings, signal, new PrintWriter(err, true))
          .playJournal(new ReplayRequest(null, NOON, null, Set.of("mqtt"), 10, true));
    } finally {
      bridge.stop(0);
    }
  }

  @Test
  void aReplayOfTheJournalIsFollowedToItsEnd() throws Exception {
    int code =
        journal(
            "{\"id\":3}",
            "{\"id\":3,\"state\":\"running\",\"total\":5,\"done\":2}",
            "{\"id\":3,\"state\":\"done\",\"total\":5,\"done\":5}");
    assertThat(code).isZero();
    assertThat(done)
        .containsExactly(
            "POST set-aside=true&since=2026-01-31T12:00:00Z&sink=mqtt&speed=10.0",
            "GET id=3",
            "GET id=3");
    assertThat(err).asString().contains("Replayed 5 values");
  }

  @Test
  void oneThatFailedIsAFailureWithItsReason() throws Exception {
    int code =
        journal(
            "{\"id\":3}",
            "{\"id\":3,\"state\":\"failed\",\"total\":5,\"done\":2,\"lastError\":\"mqtt is down\"}");
    assertThat(code).isEqualTo(1);
    assertThat(err).asString().contains("2 of 5 values: mqtt is down");
  }

  @Test
  void aReplayThatIsToldToStopSaysHowFarItCame() throws Exception {
    signal.give();
    int code =
        new JournalPlayback(signal, new PrintWriter(err, true))
            .follow(
                () -> new ReplaySnapshot(1, ReplaySnapshot.RUNNING, 9, 4, null),
                Duration.ofMinutes(1));
    assertThat(code).isEqualTo(1);
    assertThat(err).asString().contains("4 of 9 values");
  }
}
