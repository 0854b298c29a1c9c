// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.cardatabridge.settings.CannotStartException;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that are changed by HTTP take effect in the same process. */
class RenewalIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final int RESTARTS = 20;

  /** More than the server has to do its work. */
  private static final int WORKERS = 6;

  @TempDir Path directory;
  private BridgeUnderTest test;
  private RenewableBridge bridge;

  /** Such a port may be another program's while no bridge runs. */
  private boolean anyPort;

  private Page page;
  private final List<LoadedSettings> told = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final SetClock clock = new SetClock(Instant.parse("2026-03-14T08:00:00Z"));
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private volatile Runnable betweenBridges = () -> {};
  private volatile Runnable whilePausing = () -> {};

  @BeforeEach
  void make() throws Exception {
    test = BridgeUnderTest.in(directory);
  }

  @AfterEach
  void end() throws Exception {
    if (bridge != null) {
      bridge.close();
    }
    test.close();
  }

  /** The broker's address stands in a file: an override would be stronger than the page. */
  private void start() throws Exception {
    Map<String, String> settings = new HashMap<>(test.settings());
    if (!anyPort) {
      settings.put("cardata.http.port", Integer.toString(Page.freePort()));
    }
    Files.writeString(
        directory.resolve("application.properties"),
        "cardata.sink.mqtt.url=" + settings.remove("cardata.sink.mqtt.url") + "\n");
    bridge =
        RenewableBridge.start(
            SettingsLoader.load(directory, Map.of(), settings),
            new RenewableBridge.Outside(
                test.terminal()::add,
                secret -> {},
                vin -> {},
                List::of,
                this::tell,
                ended::countDown),
            clock,
            this::pause);
    page = new Page(bridge.ask(RunningBridge::httpPort));
  }

  /** Comes between the end of a bridge and the start of the next. */
  private void tell(LoadedSettings settings) {
    told.add(settings);
    betweenBridges.run();
  }

  private void pause(Duration time) {
    pauses.add(time);
    whilePausing.run();
  }

  private JsonNode json(String path) throws Exception {
    return new ObjectMapper().readTree(page.get(path).body());
  }

  /** The status; null while the bridge does not answer, or not yet with it. */
  private JsonNode status() throws Exception {
    try {
      JsonNode status = json("/api/status");
      return status.has("startedAt") ? status : null;
    } catch (IOException e) {
      return null;
    }
  }

  private JsonNode awaitLive(String notStartedAt) {
    return await("live")
        .atMost(BridgeUnderTest.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            this::status,
            status ->
                status != null
                    && !status.get("startedAt").asText().equals(notStartedAt)
                    && status.at("/accounts/0/stream/state").asText().equals("live"));
  }

  private void save(String json) throws Exception {
    var answer = page.post("/api/settings", json);
    assertThat(answer.body()).contains("\"effect\":\"now\"");
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void aChangedSettingTakesEffectAtOnceOnTheSamePortWithOneOrderlyReconnect() throws Exception {
    anyPort = true;
    test.store("main", BMW);
    start();
    String first = awaitLive("").get("startedAt").asText();
    test.proveFlow(BMW, 81_000);

    long begun = System.nanoTime();
    save("{\"cardata.vehicle." + BMW.vins().get(0) + ".alias\":\"i4\"}");
    awaitLive(first);
    Duration gap = Duration.ofNanos(System.nanoTime() - begun);
    System.out.println("From POST to live again: " + gap.toMillis() + " ms");

    assertThat(told).hasSize(1);
    String topic = BridgeUnderTest.mileage(BMW).replace(BMW.vins().get(0), "i4");
    await("a value under the new name")
        .atMost(BridgeUnderTest.PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              test.bmw()
                  .publish(BMW.vins().get(0), "vehicle.vehicle.travelledDistance", 81_001L, "km");
              return "81001".equals(test.local().latest().get(topic));
            });
    assertThat(test.bmw().mostOpenSessions(BMW.gcid())).isEqualTo(1);
    assertThat(
            test.bmw().sessionLog().stream()
                .map(SessionEvent::toString)
                .filter(event -> event.toUpperCase(java.util.Locale.ROOT).contains("DISCONNECT")))
        .isNotEmpty();
    assertThat(test.requests(BMW, Place.DEVICE_CODE)).isZero();
    assertThat(json("/api/settings").has("problem")).isFalse();
  }

  @Test
  void whatTheBridgeCannotStartWithIsTakenBack() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      test.set("cardata.embedded.port", Integer.toString(taken.getLocalPort()));
      test.store("main", BMW);
      start();
      String first = awaitLive("").get("startedAt").asText();
      Path file = directory.resolve("data/settings.properties");

      save("{\"cardata.sink.mqtt.url\":\"embedded\"}");
      awaitLive(first);

      JsonNode settings = json("/api/settings");
      assertThat(settings.get("problem").asText())
          .startsWith("Starting the bridge with the changed settings: ")
          .contains("Starting the embedded broker", "taken back");
      assertThat(Files.readString(file)).doesNotContain("embedded");
      test.proveFlow(BMW, 82_000);

      String second = status().get("startedAt").asText();
      save("{\"cardata.units\":\"as-sent\"}");
      awaitLive(second);
      assertThat(json("/api/settings").has("problem")).isFalse();
    }
  }

  @Test
  void whereNoBridgeStartsAnyMoreTheProgramIsToldWhy() throws Exception {
    start();
    try (ServerSocket another = new ServerSocket()) {
      betweenBridges =
          () -> {
            try {
              another.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), page.port()));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      save("{\"cardata.units\":\"as-sent\"}");
      assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(bridge::orThrow)
          .isInstanceOf(CannotStartException.class)
          .hasMessageContaining("Opening the page on 127.0.0.1:" + page.port());
      assertThat(Files.readString(directory.resolve("data/settings.properties")))
          .doesNotContain("as-sent");
    }
    assertThat(pauses).as("twice, with the new settings and with the old ones").hasSize(10);
  }

  @SuppressWarnings("try")
  @Test
  void aPortThatAnotherProgramHoldsForAMomentIsWaitedFor() throws Exception {
    start();
    String first =
        await().until(this::status, java.util.Objects::nonNull).get("startedAt").asText();
    try (ServerSocket another = new ServerSocket()) {
      betweenBridges =
          () -> {
            try {
              another.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), page.port()));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      whilePausing =
          () -> {
            try {
              another.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      save("{\"cardata.units\":\"as-sent\"}");
      await()
          .atMost(BridgeUnderTest.PATIENCE)
          .until(
              this::status,
              status -> status != null && !status.get("startedAt").asText().equals(first));
    }
    assertThat(pauses).containsExactly(Duration.ofMillis(500));
    assertThat(json("/api/settings").has("problem")).isFalse();
    assertThat(Files.readString(directory.resolve("data/settings.properties"))).contains("as-sent");
  }

  @Test
  void anErrorOfTheMachineEndsTheProgramAsWell() throws Exception {
    start();
    betweenBridges =
        () -> {
          throw new NoClassDefFoundError("gone");
        };
    save("{\"cardata.units\":\"as-sent\"}");
    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(bridge::orThrow).hasRootCauseInstanceOf(NoClassDefFoundError.class);
  }

  @Test
  void whatChangesNothingStartsNothingAnew() throws Exception {
    start();
    String first =
        await().until(this::status, java.util.Objects::nonNull).get("startedAt").asText();
    save("{\"cardata.units\":\"metric\"}");
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(5))
        .until(() -> status().get("startedAt").asText().equals(first));
  }

  @Test
  void aLoginThatWaitsForTheUserGoesOnAndADeniedOneDoesNotBeginAgain() throws Exception {
    test.bmw(b -> b.pollInterval(Duration.ofSeconds(1)));
    start();
    await().until(() -> status().at("/accounts/0/login").has("userCode"));
    String first = status().get("startedAt").asText();
    String code = status().at("/accounts/0/login/userCode").asText();

    save("{\"cardata.units\":\"as-sent\"}");
    JsonNode next =
        await()
            .atMost(BridgeUnderTest.PATIENCE)
            .until(
                this::status,
                status ->
                    status != null
                        && !status.get("startedAt").asText().equals(first)
                        && status.at("/accounts/0/login").has("userCode"));
    assertThat(next.at("/accounts/0/login/userCode").asText()).isNotEqualTo(code);

    test.bmw().deny();
    await()
        .atMost(BridgeUnderTest.PATIENCE)
        .until(() -> status().at("/accounts/0/login/error").asText("").equals("access_denied"));
    int asked = test.requests(BMW, Place.DEVICE_CODE);
    String second = status().get("startedAt").asText();
    save("{\"cardata.units\":\"metric\"}");
    await()
        .atMost(BridgeUnderTest.PATIENCE)
        .until(
            this::status,
            status -> status != null && !status.get("startedAt").asText().equals(second));
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(6))
        .until(() -> test.requests(BMW, Place.DEVICE_CODE) == asked);
    assertThat(status().at("/accounts/0/login/error").asText()).isEqualTo("access_denied");
  }

  /** Names of the threads without their numbers, and how many have each. */
  private static Map<String, Long> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getName().replaceAll("\\d+", "#"))
        .filter(name -> !name.startsWith("HttpClient") && !name.startsWith("ForkJoinPool"))
        .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
  }

  /** The same when the server has all its own: each of the first requests brings one. */
  private Map<String, Long> allThreads() throws Exception {
    for (int i = 0; i < WORKERS; i++) {
      assertThat(page.get("/api/status").statusCode()).isEqualTo(200);
    }
    return threads();
  }

  @Test
  void twentyRestartsLeaveNoThreadAndNoBridgeBehind() throws Exception {
    test.store("main", BMW);
    start();
    String startedAt = awaitLive("").get("startedAt").asText();
    List<WeakReference<RunningBridge>> before = new ArrayList<>();
    Map<String, Long> threads = null;
    for (int i = 0; i < RESTARTS; i++) {
      before.add(bridge.ask(WeakReference::new));
      save("{\"cardata.units\":\"" + (i % 2 == 0 ? "as-sent" : "metric") + "\"}");
      startedAt = awaitLive(startedAt).get("startedAt").asText();
      threads = i == 1 ? allThreads() : threads;
    }
    var next = page.post("/api/settings", "{\"cardata.units\":\"as-sent\"}");
    assertThat(next.statusCode()).as("one more within minutes").isEqualTo(429);
    clock.move(Duration.ofMinutes(5));
    save("{\"cardata.units\":\"as-sent\"}");
    awaitLive(startedAt);

    Map<String, Long> first = threads;
    await("no thread more than after the second restart")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                threads()
                    .forEach(
                        (name, count) ->
                            assertThat(count)
                                .as(name)
                                .isLessThanOrEqualTo(first.getOrDefault(name, 0L) + 1)));
    await("bridges that ended are forgotten")
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(before.stream().filter(old -> old.get() != null).count()).isLessThan(3);
            });
    System.out.println("Threads after " + RESTARTS + " restarts: " + threads());
  }
}
