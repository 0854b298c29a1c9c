// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.HighMobility;
import org.cardatabridge.simulator.HighMobilityConfig;
import org.cardatabridge.simulator.HighMobilityVehicle;
import org.cardatabridge.simulator.SentMessage;
import org.cardatabridge.simulator.SentMessage.Fate;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.Ear;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole bridge as a program, killed with SIGKILL while High Mobility's cars go on sending: what
 * the broker kept for its session is all there afterwards, in the journal and at the sink.
 */
class HighMobilityKillIT {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String VIN = HighMobilityVehicle.mercedes().vin();

  @TempDir Path dir;
  private BridgeUnderTest test;
  private HighMobility fleet;
  private final AtomicInteger sent = new AtomicInteger();

  @BeforeEach
  void make() throws Exception {
    test = BridgeUnderTest.in(dir, HighMobilityConfig.oneCar(), AccountConfig.first());
    // A bridge for High Mobility alone.
    test.unset("cardata.client-id").set("cardata.accounts", "");
    fleet = test.highMobility();
  }

  @AfterEach
  void end() throws Exception {
    test.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  @Timeout(240)
  void twoKillsUnderLoadLoseNothingThatTheBrokerQueued(String protocol) throws Exception {
    test.set("cardata.highmobility.protocol", protocol);
    survives(2, Duration.ofSeconds(2), Duration.ofMillis(2));
  }

  /** The issue's own words: killed for minutes, under load. */
  @Test
  @Tag("long")
  @Timeout(2_400)
  void minutesAwayUnderLoadLoseNothingThatTheBrokerQueued() throws Exception {
    survives(4, Duration.ofMinutes(3), Duration.ofMillis(5));
  }

  private void survives(int kills, Duration away, Duration each) throws Exception {
    ScheduledExecutorService cars = Executors.newSingleThreadScheduledExecutor();
    Process bridge = start();
    try (Ear ear = Ear.on(test.broker().port())) {
      awaitSubscribed(bridge);
      cars.scheduleAtFixedRate(this::say, 0, each.toMillis(), TimeUnit.MILLISECONDS);
      for (int kill = 0; kill < kills; kill++) {
        long until = fleet.count(Fate.ACKNOWLEDGED) + 200;
        soon("under way", () -> fleet.count(Fate.ACKNOWLEDGED) >= until);
        bridge.destroyForcibly();
        assertThat(bridge.waitFor(40, TimeUnit.SECONDS)).isTrue();
        soon("High Mobility noticed", () -> fleet.openSessions(null) == 0);
        Set<String> kept = journalled();
        assertThat(missing(fleet.acknowledged(), kept))
            .as("acknowledged, but not in the journal after kill %d", kill + 1)
            .isEmpty();
        Instant back = Instant.now().plus(away);
        await().atMost(away.plusSeconds(60)).until(() -> Instant.now().isAfter(back));
        assertThat(fleet.held(null)).as("queued meanwhile").isPositive();
        bridge = start();
        awaitSubscribed(bridge);
      }
      cars.shutdown();
      assertThat(cars.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
      checkTheEnd(ear);
      bridge.destroy();
      assertThat(bridge.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      cars.shutdownNow();
      bridge.destroyForcibly();
    }
  }

  private void say() {
    int next = sent.get() + 1;
    fleet.publish(
        VIN,
        "diagnostics",
        "odometer",
        new JsonObject().put("unit", "kilometers").put("value", next));
    sent.set(next);
  }

  private void checkTheEnd(Ear ear) throws Exception {
    int all = sent.get();
    soon("all acknowledged", () -> fleet.count(Fate.ACKNOWLEDGED) >= all && fleet.held(null) == 0);
    assertThat(fleet.count(Fate.LOST)).isZero();
    assertThat(fleet.count(Fate.NOBODY)).isZero();
    assertThat(fleet.published()).hasSize(all);
    assertThat(missing(fleet.published(), journalled())).as("not in the journal").isEmpty();

    String topic = "cardata/" + VIN + "/diagnostics/odometer/value";
    ear.awaitOn(topic, Integer.toString(all));
    List<Integer> heard = ear.numbers(topic);
    Set<Integer> never = new HashSet<>();
    for (int value = 1; value <= all; value++) {
      never.add(value);
    }
    heard.forEach(never::remove);
    assertThat(never).as("never at the sink").isEmpty();
    assertThat(fleet.mostOpenSessions(null)).isEqualTo(1);
    System.out.printf(
        "High Mobility, %d messages, %d of them more than once at the sink, 0 lost%n",
        all, heard.size() - new HashSet<>(heard).size());
  }

  private Process start() throws Exception {
    Properties properties = new Properties();
    properties.putAll(test.settings());
    try (OutputStream out = Files.newOutputStream(dir.resolve("application.properties"))) {
      properties.store(out, null);
    }
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx96m",
            "-cp",
            System.getProperty("java.class.path"),
            Bridge.class.getName(),
            "run")
        .directory(dir.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("child.log").toFile()))
        .start();
  }

  private void awaitSubscribed(Process bridge) {
    soon("the bridge is subscribed", () -> fleet.isSubscribed(null) || !bridge.isAlive());
    assertThat(bridge.isAlive())
        .as(() -> "the bridge runs: " + read(dir.resolve("child.log")))
        .isTrue();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  private static void soon(String what, java.util.concurrent.Callable<Boolean> condition) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  /** Every message that the journal's file has. */
  private Set<String> journalled() throws SQLException {
    Set<String> kept = new HashSet<>();
    try (JournalFile file = JournalFile.open(dir.resolve("data/journal.db"))) {
      for (byte[] payload : file.messages(0).values()) {
        kept.add(new String(payload, StandardCharsets.UTF_8));
      }
    }
    return kept;
  }

  private static List<Long> missing(List<SentMessage> wanted, Set<String> kept) {
    Map<Long, String> all = new HashMap<>();
    wanted.forEach(message -> all.put(message.number(), message.text()));
    List<Long> missing = new ArrayList<>();
    all.forEach(
        (number, text) -> {
          if (!kept.contains(text)) {
            missing.add(number);
          }
        });
    return missing;
  }
}
