// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cardatabridge.recording.RecordedMessage;
import org.cardatabridge.recording.RecordingReader;
import org.cardatabridge.recording.RecordingWriter;
import org.cardatabridge.recording.ReplaySnapshot;
import org.cardatabridge.settings.Settings;

/** A replay that the bridge which holds the data directory carries out. For one thread. */
final class RemoteReplay {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK_EACH = Duration.ofMillis(500);
  private static final String PATH = "/api/replay";
  private static final int CHUNK = 256 << 10;
  private static final int MOST_LINES = 1000;

  private final BridgeHttp bridge;
  private final StopSignal signal;
  private final PrintWriter err;

  RemoteReplay(Settings settings, StopSignal signal, PrintWriter err) {
    this.bridge = new BridgeHttp(settings, PATIENCE);
    this.signal = signal;
    this.err = err;
  }

  /** Sends a recording; the command's exit code. */
  int play(ReplayRequest request, InputStream recording) throws IOException, InterruptedException {
    Playback playback = new Playback(request, signal, err);
    playback.play(recording, new Chunks(playback, path(request, false)));
    return playback.ended();
  }

  /** Has the bridge play its own journal; the command's exit code. */
  int playJournal(ReplayRequest request) throws IOException, InterruptedException {
    long id = bridge.post(path(request, true)).path("id").asLong();
    JournalPlayback playback = new JournalPlayback(signal, err);
    return playback.follow(
        () -> {
          JsonNode now = bridge.get(PATH + "?id=" + id);
          return new ReplaySnapshot(
              id,
              now.path("state").asText(),
              now.path("total").asLong(),
              now.path("done").asLong(),
              now.hasNonNull("lastError") ? now.get("lastError").asText() : null);
        },
        LOOK_EACH);
  }

  private static String path(ReplayRequest request, boolean isJournal) {
    Map<String, String> parameters = new TreeMap<>();
    if (!request.sinks().isEmpty()) {
      parameters.put("sink", String.join(",", request.sinks()));
    }
    if (isJournal) {
      if (request.since() != null) {
        parameters.put("since", request.since().toString());
      }
      if (request.until() != null) {
        parameters.put("until", request.until().toString());
      }
      if (request.speed() > 0) {
        parameters.put("speed", Double.toString(request.speed()));
      }
      if (request.setAside()) {
        parameters.put("set-aside", "true");
      }
    }
    return parameters.isEmpty()
        ? PATH
        : parameters.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&", PATH + "?", ""));
  }

  /** Gathers lines, and sends them together. */
  private final class Chunks implements Playback.Target {

    private final Playback playback;
    private final String path;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final List<Long> numbers = new ArrayList<>();

    Chunks(Playback playback, String path) {
      this.playback = playback;
      this.path = path;
    }

    @Override
    public void take(long line, RecordedMessage message) throws IOException, InterruptedException {
      ByteArrayOutputStream one = new ByteArrayOutputStream(message.payload().length + 200);
      try (RecordingWriter writer = new RecordingWriter(one)) {
        writer.write(message);
      }
      if (one.size() > RecordingReader.LONGEST_LINE) {
        playback.notTaken(line, "it is too long for the running bridge — take it out");
        return;
      }
      if (lines.size() + one.size() > CHUNK) {
        flush();
      }
      one.writeTo(lines);
      numbers.add(line);
      if (numbers.size() == MOST_LINES) {
        flush();
      }
    }

    @Override
    public void flush() throws IOException, InterruptedException {
      if (numbers.isEmpty()) {
        return;
      }
      JsonNode answer = bridge.post(path, lines.toByteArray());
      for (JsonNode refusal : answer.path("refused")) {
        int place = refusal.path("line").asInt() - 1;
        playback.notTaken(
            place >= 0 && place < numbers.size() ? numbers.get(place) : 0,
            refusal.path("reason").asText());
      }
      lines.reset();
      numbers.clear();
    }
  }
}
