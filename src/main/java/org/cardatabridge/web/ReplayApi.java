// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Phaser;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.Headers;
import org.cardatabridge.recording.Intake;
import org.cardatabridge.recording.RecordedLine;
import org.cardatabridge.recording.RecordingReader;
import org.cardatabridge.recording.Replays;
import org.cardatabridge.recording.SinkNames;

/** The answers of {@code /api/replay}. Safe for use by many threads. */
public final class ReplayApi {

  private static final int BAD_REQUEST = 400;
  private static final int CONFLICT = 409;

  private final Replays replays;
  private final Intake intake;
  private final Supplier<SinkNames> sinks;

  /**
   * Answers by these parts.
   *
   * @param replays plays what the journal has
   * @param intake takes what is sent here
   * @param sinks tells who can be named
   */
  public ReplayApi(Replays replays, Intake intake, Supplier<SinkNames> sinks) {
    this.replays = replays;
    this.intake = intake;
    this.sinks = sinks;
  }

  /**
   * {@code POST /api/replay}. With lines as body they are taken in, and the answer comes when the
   * journal has them. Without a body it begins a replay of the journal.
   *
   * @param body NDJSON; null or empty for the journal, unless the content type says NDJSON
   * @param parameters {@code sink}, and for the journal {@code since}, {@code until}, {@code speed}
   *     and {@code set-aside}
   * @throws InterruptedException when interrupted while waiting for the journal
   */
  public Answer post(@Body byte[] body, @Headers Map<String, Object> parameters)
      throws InterruptedException {
    try {
      Set<String> wanted = names(text(parameters, "sink"));
      Optional<String> problem = sinks.get().problem(wanted);
      if (problem.isPresent()) {
        return Answer.error(BAD_REQUEST, "sink: " + problem.get());
      }
      String type = text(parameters, "Content-Type");
      boolean hasLines = body != null && body.length > 0;
      return hasLines || type != null && type.toLowerCase(Locale.ROOT).contains("ndjson")
          ? lines(hasLines ? body : new byte[0], wanted)
          : journal(parameters, wanted);
    } catch (IllegalArgumentException e) {
      return Answer.error(BAD_REQUEST, e.getMessage());
    } catch (IllegalStateException e) {
      return Answer.error(CONFLICT, e.getMessage());
    }
  }

  private Answer journal(Map<String, Object> parameters, Set<String> wanted) {
    Instant since = time(parameters, "since");
    Instant until = time(parameters, "until");
    if (since != null && until != null && since.isAfter(until)) {
      throw new IllegalArgumentException("until: got a time before since, takes one after it");
    }
    boolean setAside = "true".equals(text(parameters, "set-aside"));
    return Answer.json(
        200, Map.of("id", replays.replay(since, until, wanted, speed(parameters), setAside)));
  }

  private Answer lines(byte[] body, Set<String> wanted) throws InterruptedException {
    Map<Long, String> refused = Collections.synchronizedMap(new TreeMap<>());
    Phaser open = new Phaser(1);
    long sent = 0;
    long bad = 0;
    try (RecordingReader reader = new RecordingReader(new ByteArrayInputStream(body))) {
      for (Optional<RecordedLine> next = reader.next(); next.isPresent(); next = reader.next()) {
        RecordedLine line = next.get();
        if (line.isUsable()) {
          sent++;
          open.register();
          take(line, wanted, refused, open);
        } else {
          bad++;
          refused.put(line.number(), line.problem());
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("Reading what was sent", e);
    }
    open.awaitAdvanceInterruptibly(open.arrive());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("taken", sent + bad - refused.size());
    answer.put(
        "refused",
        refused.entrySet().stream().map(e -> new Refusal(e.getKey(), e.getValue())).toList());
    return Answer.json(200, answer);
  }

  /**
   * A line that was not taken.
   *
   * @param line its number in the body, from 1
   * @param reason why
   */
  public record Refusal(long line, String reason) {}

  private void take(RecordedLine line, Set<String> wanted, Map<Long, String> refused, Phaser open)
      throws InterruptedException {
    try {
      intake.take(
          line.message(),
          wanted,
          failure -> {
            if (failure != null) {
              refused.put(line.number(), Intake.reason(failure));
            }
            open.arriveAndDeregister();
          });
    } catch (InterruptedException | RuntimeException e) {
      open.arriveAndDeregister();
      throw e;
    }
  }

  /** {@code GET /api/replay?id=}. */
  public Answer state(String id) {
    try {
      return replays
          .replay(Long.parseLong(id == null ? "" : id))
          .map(snapshot -> Answer.json(200, snapshot))
          .orElseGet(() -> Answer.error(404, "no replay of this id"));
    } catch (NumberFormatException e) {
      return Answer.error(BAD_REQUEST, "id: takes the number that POST /api/replay answered");
    }
  }

  private static Set<String> names(String list) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : list == null ? List.<String>of() : List.of(list.split(","))) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }

  private static Instant time(Map<String, Object> parameters, String name) {
    String text = text(parameters, name);
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(name + ": takes a time such as 2026-01-31T12:00:00Z", e);
    }
  }

  private static double speed(Map<String, Object> parameters) {
    String text = text(parameters, "speed");
    try {
      double speed = text == null ? 0 : Double.parseDouble(text);
      if (speed >= 0 && speed < Double.POSITIVE_INFINITY) {
        return speed;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("speed: takes a number such as 10", e);
    }
    throw new IllegalArgumentException("speed: takes a number such as 10");
  }

  /** Null where it is absent or blank; the first where there are several. */
  private static String text(Map<String, Object> parameters, String name) {
    Object value = parameters.get(name);
    if (value instanceof List<?> list && !list.isEmpty()) {
      value = list.get(0);
    }
    return value == null || value.toString().isBlank() ? null : value.toString();
  }
}
