// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.StreamBench.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.cardatabridge.StreamBench.Flow;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.simulator.SentMessage;
import org.cardatabridge.simulator.SentMessage.Fate;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.testing.Ear;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole bridge as a program under load, killed with SIGKILL again and again on one data
 * directory: what BMW saw acknowledged is in the journal, and everything reaches the local broker.
 */
class CrashIT {

  private static final int KEYS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /**
   * What one kill may double: a caught-up sink is ahead of the file by what waits for a commit and
   * what is in the one under way (256 messages each), and its position goes with every commit, so
   * that it is behind by no more than one run of the sink (500) on top.
   */
  private static final int MOST_DOUBLED_BY_A_KILL = 1_024;

  /** A value comes again only where its own bridge and the next ones die before a commit. */
  private static final int MOST_DELIVERIES = 4;

  /** When to strike. */
  private enum Moment {
    STEADY,
    FIRST_SECOND,
    COMMIT_BURST,
    HISTORY_BEHIND
  }

  @TempDir Path dir;
  private long subscriptionsBefore;

  @BeforeAll
  static void needsMosquitto() {
    Programs.need("mosquitto");
  }

  @Test
  @Timeout(400)
  void fiveKillsLoseNothingThatWasAcknowledged() throws Exception {
    survives(5);
  }

  @Test
  @Tag("long")
  @Timeout(3_600)
  void sixtyKillsLoseNothingThatWasAcknowledged() throws Exception {
    survives(60);
  }

  private void survives(int kills) throws Exception {
    long seed = System.nanoTime();
    System.out.printf("%d kills, random numbers from %d%n", kills, seed);
    Random random = new Random(seed);
    Instant began = Instant.now();
    List<String> lines =
        List.of("allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 0");
    try (Mosquitto local = Mosquitto.start(dir.resolve("local"), lines);
        Ear ear = Ear.on(local.port());
        StreamBench bench =
            new StreamBench(dir, 1, Behaviour.likeBmw().keepSessions(true))
                .logIn(0, Duration.ofHours(6))
                .publishTo(local.port())) {
      Process bridge = bench.startChild();
      try {
        awaitSubscription(bench, bridge, 1);
        try (Flow flow = new Flow(bench, 0, KEYS, Duration.ofMillis(2))) {
          for (int kill = 0; kill < kills; kill++) {
            Moment moment = Moment.values()[kill % Moment.values().length];
            strike(bench, bridge, moment, random);
            bridge = bench.startChild();
            assertEverythingAcknowledgedIsIn(journal(bench), bench, kill + 1);
          }
          flow.end();
          awaitSubscription(bench, bridge, 1 + subscriptionsBefore);
          checkTheEnd(bench, flow, ear, local, kills);
        }
        bridge.destroy();
        assertThat(bridge.waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(bridge.exitValue()).isZero();
      } finally {
        bridge.destroyForcibly();
      }
    }
    System.out.printf(
        "%d kills took %d s%n", kills, Duration.between(began, Instant.now()).toSeconds());
  }

  private void strike(StreamBench bench, Process bridge, Moment moment, Random random)
      throws Exception {
    if (moment == Moment.FIRST_SECOND) {
      assertThat(bridge.waitFor(random.nextInt(1_000), TimeUnit.MILLISECONDS))
          .as("ends by itself: " + read(bench.dir().resolve("child.log")))
          .isFalse();
    } else {
      awaitSubscription(bench, bridge, 1 + subscriptionsBefore);
      awaitMoment(bench, moment, random);
    }
    bridge.destroyForcibly();
    assertThat(bridge.waitFor(40, TimeUnit.SECONDS)).isTrue();
    eventually(
        "BMW noticed",
        Duration.ofSeconds(60),
        () -> bench.simulator().openSessions(bench.gcid(0)) == 0);
    subscriptionsBefore = bench.count(0, SessionEvent.Kind.SUBSCRIBED);
  }

  private static void awaitMoment(StreamBench bench, Moment moment, Random random)
      throws Exception {
    switch (moment) {
      case COMMIT_BURST -> {
        long until = bench.simulator().count(Fate.ACKNOWLEDGED) + 1 + random.nextInt(600);
        soon(() -> bench.simulator().count(Fate.ACKNOWLEDGED) >= until, PATIENCE);
      }
      case HISTORY_BEHIND -> {
        try (JournalFile file = JournalFile.open(journal(bench))) {
          // It may be too quick to be caught behind; then this is one more kill in the flow.
          soon(() -> isBehind(file, 1 + random.nextInt(100)), Duration.ofSeconds(1));
        } catch (ConditionTimeoutException e) {
          System.out.println("the history was never seen behind");
        }
      }
      default -> {
        soon(() -> bench.simulator().count(Fate.HELD) < 100, PATIENCE);
        long until = bench.simulator().count(Fate.ACKNOWLEDGED) + 1 + random.nextInt(400);
        soon(() -> bench.simulator().count(Fate.ACKNOWLEDGED) >= until, PATIENCE);
      }
    }
  }

  private static boolean isBehind(JournalFile file, int messages) throws SQLException {
    return file.behind() >= messages;
  }

  private static void soon(Callable<Boolean> condition, Duration limit) {
    await()
        .atMost(limit)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(condition);
  }

  private static Path journal(StreamBench bench) {
    return bench.dir().resolve("data/journal.db");
  }

  private static void awaitSubscription(StreamBench bench, Process bridge, long wanted) {
    await("the bridge is subscribed")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> bench.count(0, SessionEvent.Kind.SUBSCRIBED) >= wanted || !bridge.isAlive());
    assertThat(bridge.isAlive())
        .as(() -> "the bridge runs: " + read(bench.dir().resolve("child.log")))
        .isTrue();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  // ---- what must hold -----------------------------------------------------------------------

  /** What BMW has seen acknowledged comes never again, so all of it must be in the file by now. */
  private static void assertEverythingAcknowledgedIsIn(Path journal, StreamBench bench, int kill)
      throws SQLException {
    List<SentMessage> acknowledged = bench.simulator().acknowledged();
    Map<Integer, byte[]> kept = new HashMap<>();
    try (JournalFile file = JournalFile.open(journal)) {
      long next = 0;
      for (Map.Entry<Long, byte[]> message : file.messages(0).entrySet()) {
        assertThat(message.getKey()).as("numbers without gaps").isEqualTo(next++);
        kept.putIfAbsent(JournalFile.valueIn(message.getValue()), message.getValue());
      }
    }
    List<Long> missing =
        acknowledged.stream()
            .filter(m -> !Arrays.equals(m.payload(), kept.get(JournalFile.valueIn(m.payload()))))
            .map(SentMessage::number)
            .toList();
    assertThat(missing).as("acknowledged, but not in the journal after kill %d", kill).isEmpty();
  }

  private static void checkTheEnd(StreamBench bench, Flow flow, Ear ear, Mosquitto local, int kills)
      throws Exception {
    int all = flow.size();
    await("all acknowledged")
        .atMost(PATIENCE)
        .until(() -> bench.simulator().count(Fate.ACKNOWLEDGED) >= all);
    assertThat(bench.simulator().count(Fate.LOST)).isZero();
    assertEverythingAcknowledgedIsIn(journal(bench), bench, kills);
    for (int key = 0; key < KEYS; key++) {
      List<Integer> sent = flow.of(key);
      ear.awaitOn(topic(bench, key), sent.get(sent.size() - 1).toString());
    }

    Map<Integer, Integer> deliveries = new HashMap<>();
    int mostDoubled = checkEachLife(bench, ear, deliveries);
    Set<Integer> never = new HashSet<>();
    flow.sent().stream()
        .map(Flow.Sent::value)
        .filter(v -> !deliveries.containsKey(v))
        .forEach(never::add);
    assertThat(never).as("never delivered").isEmpty();
    long doubled = deliveries.values().stream().filter(n -> n > 1).count();
    int most = deliveries.values().stream().mapToInt(n -> n).max().orElse(0);
    System.out.printf(
        "of %d values %d came more than once, none more than %d times, at most %d doubled in one"
            + " life of the bridge%n",
        all, doubled, most, mostDoubled);
    assertThat(most).isLessThanOrEqualTo(MOST_DELIVERIES);
    assertThat(mostDoubled).isLessThanOrEqualTo(MOST_DOUBLED_BY_A_KILL);

    Map<String, String> retained = Ear.retained(local.port());
    for (int key = 0; key < KEYS; key++) {
      List<Integer> sent = flow.of(key);
      assertThat(retained).containsEntry(topic(bench, key), sent.get(sent.size() - 1).toString());
    }
    try (JournalFile file = JournalFile.open(journal(bench))) {
      eventually("the history is complete", PATIENCE, () -> file.behind() == 0);
      assertThat(file.number("SELECT count(*) FROM history")).as("history").isEqualTo(all);
      assertThat(file.number("SELECT count(DISTINCT value) FROM history")).isEqualTo(all);
      assertThat(file.number("SELECT count(*) FROM dead_letters")).isZero();
    }
  }

  private static String topic(StreamBench bench, int key) {
    return "cardata/" + bench.vin(0) + "/vehicle/bench/k" + key + "/value";
  }

  /**
   * In one life of the bridge each value comes once and in order. Gives the most values that one
   * life brought though an earlier one had.
   */
  private static int checkEachLife(StreamBench bench, Ear ear, Map<Integer, Integer> deliveries) {
    Map<String, Integer> keys = new HashMap<>();
    for (int key = 0; key < KEYS; key++) {
      keys.put(topic(bench, key), key);
    }
    int mostDoubled = 0;
    int doubled = 0;
    int[] last = new int[KEYS];
    List<String> outOfOrder = new ArrayList<>();
    for (Ear.Heard heard : ear.heard()) {
      if (heard.topic().equals("cardata/bridge/state")) {
        doubled = 0;
        Arrays.fill(last, 0);
        continue;
      }
      Integer key = keys.get(heard.topic());
      if (key == null) {
        continue;
      }
      int value = Integer.parseInt(heard.text());
      if (value <= last[key]) {
        outOfOrder.add(value + " after " + last[key]);
      }
      last[key] = value;
      if (deliveries.merge(value, 1, Integer::sum) > 1) {
        mostDoubled = Math.max(mostDoubled, ++doubled);
      }
    }
    assertThat(outOfOrder).as("within one life of the bridge").isEmpty();
    return mostDoubled;
  }
}
