// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.cardatabridge.bench.Rig.say;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.cardatabridge.bench.Rig.Kind;
import org.cardatabridge.journal.LargeJournal;
import org.cardatabridge.testing.HeldPort;

/**
 * A bridge whose journal is 400 days old beside one whose journal is empty, in turns. {@code
 * docs/performance.md} has the command.
 */
public final class LargeJournalBench implements AutoCloseable {

  private static final int MESSAGES = 4_000;

  /** Medians: milliseconds, but for the rate, which is publishes a second. */
  record Figures(double live, double firstMessage, double status, double rate, long megabytes) {}

  private final Rig rig;
  private final HttpClient http = HttpClient.newHttpClient();

  LargeJournalBench(Rig rig) {
    this.rig = rig;
  }

  /**
   * Prints the figures: number of data points; rounds, none for queries and retention alone; a
   * directory whose journal.db is taken.
   */
  public static void main(String[] args) throws Exception {
    long points = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Path dir = Files.createTempDirectory("cardata-large");
    Path large = args.length > 2 ? Path.of(args[2]) : dir.resolve("large");
    say("%s, load %s", Instant.now(), Rig.load());
    Path file = large.resolve("data/journal.db");
    if (!Files.exists(file)) {
      long begin = System.nanoTime();
      LargeJournal.write(Files.createDirectories(large.resolve("data")), points, Instant.now());
      say("written in %.0f s", (System.nanoTime() - begin) / 1e9);
    }
    long bytes = Files.size(file);
    say("%,d data points, %,d bytes, %.0f a data point", points, bytes, (double) bytes / points);
    try (Rig rig = Rig.in(dir);
        LargeJournalBench bench = new LargeJournalBench(rig)) {
      rig.makeArchive(Kind.BRIDGE);
      if (rounds > 0) {
        Figures[] figures = bench.compare(dir.resolve("empty"), large, rounds);
        say("empty %s", figures[0]);
        say("large %s", figures[1]);
      }
      bench.queries(large);
      bench.retention(large);
      say("load %s", Rig.load());
    }
  }

  /** The empty one and the large one, in turns. */
  Figures[] compare(Path empty, Path large, int rounds) throws Exception {
    Path[] homes = {empty, large};
    double[][][] values = new double[2][5][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < 2; i++) {
        int which = round % 2 == 0 ? i : 1 - i;
        if (which == 0) {
          for (String name : new String[] {"journal.db", "journal.db-wal", "journal.db-shm"}) {
            Files.deleteIfExists(empty.resolve("data").resolve(name));
          }
        }
        double[] one = measure(homes[which]);
        for (int v = 0; v < one.length; v++) {
          values[which][v][round] = one[v];
        }
      }
    }
    Figures[] figures = new Figures[2];
    for (int which = 0; which < 2; which++) {
      double[][] of = values[which];
      figures[which] =
          new Figures(
              BridgeBenchmark.median(of[0]),
              BridgeBenchmark.median(of[1]),
              BridgeBenchmark.median(of[2]),
              BridgeBenchmark.median(of[3]),
              Math.round(BridgeBenchmark.median(of[4])));
    }
    return figures;
  }

  private double[] measure(Path home) throws Exception {
    rig.send(1, 20);
    rig.counter().reset();
    int port = HeldPort.free();
    try (Child child = start(home, port, Map.of())) {
      double live = awaitLive(child, port);
      double first = rig.firstMessage(child);
      child.awaitUp();
      rig.trickle(20, 50);
      rig.drain(child, 20, MESSAGES);
      double[] rates = new double[3];
      for (int pass = 0; pass < rates.length; pass++) {
        rates[pass] = rig.drain(child, 20, MESSAGES);
      }
      double status = millis(port, "/api/status");
      double memory = child.megabytes("VmRSS");
      child.stop();
      return new double[] {live, first, status, BridgeBenchmark.median(rates), memory};
    }
  }

  private Child start(Path home, int port, Map<String, String> further) throws IOException {
    Map<String, String> env = new java.util.HashMap<>(further);
    env.put("CARDATA_HTTP_PORT", Integer.toString(port));
    return rig.start(Kind.BRIDGE, home, 1, env);
  }

  private double awaitLive(Child child, int port) throws InterruptedException {
    while (System.nanoTime() - child.startedAt() < Duration.ofMinutes(1).toNanos()) {
      try {
        if (get(port, "/observe/health/live").statusCode() == 200) {
          return (System.nanoTime() - child.startedAt()) / 1e6;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      LockSupport.parkNanos(5_000_000);
    }
    throw new IllegalStateException("it did not come up");
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The median of some requests. */
  private double millis(int port, String... paths) throws Exception {
    double[] millis = new double[15];
    for (int i = 0; i < millis.length; i++) {
      long begin = System.nanoTime();
      HttpResponse<String> answer = get(port, paths[i % paths.length]);
      millis[i] = (System.nanoTime() - begin) / 1e6;
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
    }
    return BridgeBenchmark.median(millis);
  }

  /** Milliseconds of a query over a day, and over a year: the first, and the median of some. */
  double[] queries(Path large) throws Exception {
    int port = HeldPort.free();
    try (Child child = start(large, port, Map.of())) {
      awaitLive(child, port);
      Instant now = Instant.now();
      String[] days = new String[15];
      for (int day = 0; day < days.length; day++) {
        days[day] = history(now.minus(Duration.ofDays(20L * day + 2)), Duration.ofDays(1));
      }
      long begin = System.nanoTime();
      int size = get(port, days[0]).body().length();
      double cold = (System.nanoTime() - begin) / 1e6;
      double day = millis(port, days);
      String[] months = new String[12];
      for (int month = 0; month < months.length; month++) {
        months[month] = history(now.minus(Duration.ofDays(395 - 30L * month)), Duration.ofDays(30));
      }
      double[] year = new double[2];
      for (int pass = 0; pass < year.length; pass++) {
        begin = System.nanoTime();
        for (String month : months) {
          get(port, month);
        }
        year[pass] = (System.nanoTime() - begin) / 1e6;
      }
      say(
          "history of a key, ms: a day %.1f (first %.1f, %,d bytes), a year in twelve requests %.0f"
              + " (first %.0f)",
          day, cold, size, year[1], year[0]);
      child.stop();
      return new double[] {day, year[1]};
    }
  }

  private static String history(Instant since, Duration time) {
    return "/api/vehicles/%s/history?key=%s&since=%s&until=%s&limit=10000"
        .formatted(LargeJournal.VIN, LargeJournal.KEY, since, since.plus(time));
  }

  /** The largest size is lowered by a tenth: how the intake fares meanwhile. */
  private void retention(Path large) throws Exception {
    Path file = large.resolve("data/journal.db");
    long before = Files.size(file);
    int port = HeldPort.free();
    try (Child child =
        start(large, port, Map.of("CARDATA_JOURNAL_MAX_SIZE", (before * 9 / 10 >> 20) + "MB"))) {
      child.awaitUp();
      say("while it shrinks: %s", LatencyBench.measure(rig, 20, 50, Duration.ofSeconds(15)));
      double[] rates = new double[3];
      for (int pass = 0; pass < rates.length; pass++) {
        rates[pass] = rig.drain(child, 20, MESSAGES);
      }
      long begin = child.startedAt();
      Duration most = Duration.ofMinutes(5);
      // A fiftieth of a file stays unused, so nine tenths in use are 91.8 % of it at the end.
      while (Files.size(file) > before * 92 / 100 && System.nanoTime() - begin < most.toNanos()) {
        LockSupport.parkNanos(100_000_000);
      }
      say(
          "publishes/s meanwhile %.0f; from %,d to %,d bytes in %.0f s, CPU s %.1f, resident MB %d",
          BridgeBenchmark.median(rates),
          before,
          Files.size(file),
          (System.nanoTime() - begin) / 1e9,
          child.cpuSeconds(),
          child.megabytes("VmHWM"));
      child.stop();
    }
  }

  @Override
  public void close() {
    // The JDK's client of Java 17 has nothing to close.
  }
}
