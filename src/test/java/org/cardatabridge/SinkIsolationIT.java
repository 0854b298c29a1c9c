// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.StreamBench.eventually;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.cardatabridge.StreamBench.Flow;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.testing.Ear;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A healthy sink beside one whose target is stopped, one that always fails and one that takes 50 ms
 * for each event: it notices none of them.
 */
@Timeout(240)
class SinkIsolationIT {

  private static final int ROUNDS = 3;
  private static final int MESSAGES = 500;
  private static final int KEYS = 20;
  private static final int FLOOD = MESSAGES * KEYS;
  private static final List<String> OTHERS = List.of("stopped", "failing", "slow");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path dir;

  @BeforeAll
  static void needsMosquitto() {
    Programs.need("mosquitto");
  }

  /** Where the failing and the slow sink deliver to. */
  private static final class Targets implements AutoCloseable {

    private final HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();

    Targets() throws IOException {
      http.createContext(
          "/failing",
          exchange -> {
            refused.incrementAndGet();
            answer(exchange, 503);
          });
      http.createContext(
          "/slow", exchange -> later.schedule(() -> take(exchange), 50, TimeUnit.MILLISECONDS));
      http.start();
    }

    private void take(HttpExchange exchange) {
      try {
        taken.incrementAndGet();
        answer(exchange, 204);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    }

    String url(String path) {
      return "http://127.0.0.1:" + http.getAddress().getPort() + path;
    }

    @Override
    public void close() {
      http.stop(0);
      later.shutdownNow();
    }
  }

  private Path routes(Map<String, String> urls) throws IOException {
    Path folder = Files.createDirectories(dir.resolve("routes"));
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".camel.yaml")).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    for (String sink : OTHERS) {
      Files.writeString(
          folder.resolve("sink-" + sink + ".camel.yaml"),
          """
          - route:
              id: sink-%1$s
              from:
                uri: events:%1$s
                steps:
                  - setBody:
                      expression:
                        simple:
                          expression: "${body.key} ${body.value}"
                  - to:
                      uri: %2$s
                      parameters:
                        httpMethod: POST
          """
              .formatted(sink, urls.get(sink)));
    }
    return folder;
  }

  /** What a phase measured: values a second, and the median delay of a value in milliseconds. */
  private record Figures(double rate, double delay) {}

  @Test
  void aHealthySinkNoticesNoneOfTheOthers() throws Exception {
    try (Targets targets = new Targets();
        Mosquitto local =
            Mosquitto.start(
                dir.resolve("local"),
                List.of(
                    "allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 0"));
        Ear ear = Ear.on(local.port());
        StreamBench bench =
            new StreamBench(dir, 1, Behaviour.likeBmw().keepSessions(true))
                .logIn(0, Duration.ofHours(1))
                .publishTo(local.port())) {
      bench.set(
          "routes.dir",
          routes(
                  Map.of(
                      "stopped", "http://127.0.0.1:" + Page.freePort() + "/",
                      "failing", targets.url("/failing"),
                      "slow", targets.url("/slow")))
              .toString());
      bench.startLive();
      measure(bench, ear, 0);

      List<Figures> without = new ArrayList<>();
      List<Figures> with = new ArrayList<>();
      for (int round = 1; round <= ROUNDS; round++) {
        run(bench, false);
        without.add(measure(bench, ear, 2 * round - 1));
        run(bench, true);
        with.add(measure(bench, ear, 2 * round));
      }

      for (String name : List.of("stopped", "failing")) {
        assertThat(bench.sink(name).state()).as(name).isEqualTo(SinkSnapshot.State.DOWN);
        assertThat(bench.sink(name).delivered()).as(name).isZero();
        assertThat(bench.sink(name).failed()).as(name + " sets nothing aside").isZero();
      }
      assertThat(targets.refused.get()).isGreaterThan(1);
      assertThat(targets.taken.get()).as("the slow one moves on").isGreaterThan(10);
      assertThat(bench.sink("slow").lag()).isGreaterThan(FLOOD);
      double rate = median(with, Figures::rate) / median(without, Figures::rate);
      double delay = median(with, Figures::delay) / median(without, Figures::delay);
      System.out.printf(
          "healthy sink with the other three / without: rate %.2f (%.0f / %.0f a second), median"
              + " delay %.2f (%.1f / %.1f ms)%n  without %s%n  with %s%n",
          rate,
          median(with, Figures::rate),
          median(without, Figures::rate),
          delay,
          median(with, Figures::delay),
          median(without, Figures::delay),
          without,
          with);
      // Less than a tenth on an idle machine; others on this one move both figures by more.
      assertThat(rate).isGreaterThan(0.2);
      assertThat(delay).isLessThan(10);
    }
  }

  private static double median(List<Figures> all, ToDoubleFunction<Figures> which) {
    double[] sorted = all.stream().mapToDouble(which).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static void run(StreamBench bench, boolean others) throws Exception {
    for (String sink : OTHERS) {
      if (others) {
        bench.camel().getRouteController().startRoute("sink-" + sink);
      } else {
        bench.camel().getRouteController().stopRoute("sink-" + sink);
      }
    }
  }

  private static Figures measure(StreamBench bench, Ear ear, int phase) {
    int heard = ear.size();
    long delivered = bench.sink("mqtt").delivered();
    long from = System.nanoTime();
    for (int i = 0; i < MESSAGES; i++) {
      bench.sayWide(0, "vehicle.phase" + phase + ".k", KEYS, i);
    }
    eventually(
        "the flood is delivered",
        PATIENCE,
        () -> bench.sink("mqtt").delivered() >= delivered + FLOOD);
    long last = from;
    for (Ear.Heard one : ear.heard().subList(heard, ear.size())) {
      last = Math.max(last, one.nanos());
    }
    double rate = FLOOD * 1e9 / (last - from);
    return new Figures(rate, medianDelay(bench, ear));
  }

  private static double medianDelay(StreamBench bench, Ear ear) {
    int heard = ear.size();
    try (Flow flow = new Flow(bench, 0, KEYS, Duration.ofMillis(10))) {
      eventually("values for the delay", PATIENCE, () -> flow.size() >= 150);
      flow.end();
      eventually("they are there", PATIENCE, () -> bench.sink("mqtt").lag() == 0);
      Map<String, Long> arrived = new HashMap<>();
      eventually(
          "they are heard",
          PATIENCE,
          () -> {
            arrived.clear();
            ear.heard().stream()
                .skip(heard)
                .filter(h -> h.topic().contains("/bench/") && h.topic().endsWith("/value"))
                .forEach(h -> arrived.putIfAbsent(h.topic() + h.text(), h.nanos()));
            return arrived.size() >= flow.size();
          });
      double[] delays =
          flow.sent().stream()
              .mapToDouble(
                  sent ->
                      (arrived.get(
                                  "cardata/"
                                      + bench.vin(0)
                                      + "/"
                                      + sent.key().replace('.', '/')
                                      + "/value"
                                      + sent.value())
                              - sent.nanos())
                          / 1e6)
              .sorted()
              .toArray();
      return delays[delays.length / 2];
    }
  }
}
