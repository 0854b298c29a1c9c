// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.cardatabridge.bench.Rig.say;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.RunningBridge;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.settings.SettingsLoader;

/**
 * How fast a sink works off a backlog in the journal's file, with its shipped route and a target
 * that is there already. Prints data points a second for three passes; asserts nothing. {@code
 * docs/performance.md} has the command.
 */
public final class SinkThroughput {

  private static final int PASSES = 3;
  private static final int POINTS_A_MESSAGE = 20;
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final String sink;
  private final Map<String, String> settings = new TreeMap<>();
  private int published;

  private SinkThroughput(Path dir, String sink, List<String> settings) {
    this.sink = sink;
    this.settings.put("cardata.data-dir", dir.toString());
    this.settings.put("cardata.sink.mqtt.enabled", "false");
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      this.settings.put("cardata.sink." + sink + "." + parts[0], parts[1]);
    }
  }

  /**
   * Takes the sink's name and its settings as {@code key=value}, the keys without {@code
   * cardata.sink.<name>.}. How many data points make the backlog is {@code -Dbench.points=}.
   */
  public static void main(String[] args) throws Exception {
    Path dir = Files.createTempDirectory("cardata-throughput");
    int points = Integer.getInteger("bench.points", 100_000);
    SinkThroughput bench = new SinkThroughput(dir, args[0], List.of(args).subList(1, args.length));
    say("sink %s, %d data points, load %s", args[0], points, Rig.load());
    // A sink's position begins when it is switched on for the first time.
    bench.running(true).close();
    for (int pass = 1; pass <= PASSES; pass++) {
      try (RunningBridge bridge = bench.running(false)) {
        bench.fill(bridge.part("journal", Journal.class), points);
      }
      try (RunningBridge bridge = bench.running(true)) {
        bench.drain(bridge.part("journal", Journal.class), pass);
      }
    }
    say("load %s", Rig.load());
  }

  private RunningBridge running(boolean isOn) throws Exception {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("cardata.sink." + sink + ".enabled", Boolean.toString(isOn));
    return RunningBridge.startForReplay(
        SettingsLoader.load(Path.of("").toAbsolutePath(), Map.of(), all), hide -> {}, vin -> {});
  }

  private void fill(Journal journal, int points) throws InterruptedException {
    CountDownLatch safe = new CountDownLatch(points / POINTS_A_MESSAGE);
    for (int n = 0; n < points / POINTS_A_MESSAGE; n++) {
      List<CarEvent> events = new ArrayList<>();
      Instant at = NOON.plusSeconds(published++);
      for (int i = 0; i < POINTS_A_MESSAGE; i++) {
        Object value = i % 5 == 0 ? (Object) ("STATE_" + n % 7) : i % 5 == 1 ? n % 2 == 0 : n + i;
        events.add(
            new CarEvent(
                "main",
                "WBY00TEST00000001",
                "ix",
                "vehicle.bench.group" + i % 4 + ".value" + i,
                value instanceof Integer whole ? Long.valueOf(whole) : value,
                "km",
                at,
                at.plusMillis(250),
                "stream"));
      }
      journal.publish(
          new CarMessage("main", "stream", "gcid/WBY00TEST00000001", at, new byte[400], events),
          false,
          failure -> safe.countDown());
    }
    safe.await();
  }

  private void drain(Journal journal, int pass) {
    SinkSnapshot first = await(journal, false);
    long from = System.nanoTime();
    SinkSnapshot last = await(journal, true);
    Duration took = Duration.ofNanos(System.nanoTime() - from);
    long delivered = last.delivered() - first.delivered();
    say(
        "pass %d: %d in %.2f s, %.0f/s, set aside %d%s",
        pass,
        delivered,
        took.toMillis() / 1000.0,
        delivered * 1000.0 / Math.max(took.toMillis(), 1),
        last.failed(),
        last.lastError() == null ? "" : ", last error: " + last.lastError());
  }

  /** Waits for the first delivery, or for the last one. */
  private SinkSnapshot await(Journal journal, boolean last) {
    while (true) {
      SinkSnapshot now =
          journal.sinks().stream().filter(s -> s.name().equals(sink)).findFirst().orElse(null);
      if (now != null && now.delivered() > 0 && (!last || now.lag() == 0)) {
        return now;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
