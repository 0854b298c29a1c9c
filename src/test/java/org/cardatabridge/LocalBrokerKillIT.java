// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.StreamBench.eventually;
import static org.cardatabridge.StreamBench.millis;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.StreamBench.Flow;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.testing.Ear;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Passage;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The local broker killed for seconds under load, in the middle of catching up again, and away for
 * a very long time: the sink reads from the journal what it missed, in batches and in order.
 */
@Timeout(400)
class LocalBrokerKillIT {

  private static final int KEYS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir Path dir;

  @BeforeAll
  static void needsMosquitto() {
    Programs.need("mosquitto");
  }

  private Mosquitto broker(String... more) throws Exception {
    List<String> lines = new ArrayList<>(List.of(more));
    lines.addAll(
        List.of("allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 0"));
    return Mosquitto.start(dir.resolve("local"), lines);
  }

  private StreamBench bench(Passage passage) throws Exception {
    return new StreamBench(dir, 1, Behaviour.likeBmw().keepSessions(true))
        .logIn(0, Duration.ofHours(1))
        .publishTo(passage.port());
  }

  private static void kill(Mosquitto local, Passage passage) {
    local.kill();
    passage.bar();
  }

  private static void comeBack(Mosquitto local, Passage passage, Ear ear) throws Exception {
    local.start();
    ear.listen();
    passage.unbar();
  }

  @Test
  void killedForSecondsAndAgainWhileCatchingUpItMissesNothing() throws Exception {
    try (Mosquitto local = broker("autosave_interval 100", "autosave_on_changes true");
        Passage passage = new Passage(local.port());
        StreamBench bench = bench(passage);
        Ear ear = Ear.on(local.port())) {
      bench.startLive();
      try (Flow flow = new Flow(bench, 0, KEYS, Duration.ofMillis(3))) {
        eventually("under way", PATIENCE, () -> ear.size() > 500);
        kill(local, passage);
        awayFor(flow, 1_000);
        eventually(
            "the sink is down",
            PATIENCE,
            () -> bench.sink("mqtt").state() == SinkSnapshot.State.DOWN);
        assertThat(bench.state(0)).as("BMW's stream does not mind").isEqualTo("live");

        long lag = bench.sink("mqtt").lag();
        comeBack(local, passage, ear);
        eventually("catching up", PATIENCE, () -> bench.sink("mqtt").lag() < lag - 100);
        kill(local, passage);
        awayFor(flow, 500);

        comeBack(local, passage, ear);
        Instant back = Instant.now();
        long step = largestStepUntilCaughtUp(bench);
        System.out.printf(
            "local broker killed twice: %d values behind, caught up %d ms after its return, steps of"
                + " up to %d values%n",
            lag, millis(back, Instant.now()), step);
        assertThat(step).as("values in one run of the route").isGreaterThan(50);
        flow.end();
        checkTheEnd(bench, flow, ear, local);
      }
    }
  }

  /** The sink counts what it has delivered after each run of its route. */
  private static long largestStepUntilCaughtUp(StreamBench bench) {
    long[] last = {bench.sink("mqtt").delivered()};
    long[] largest = {0};
    await("caught up")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              SinkSnapshot sink = bench.sink("mqtt");
              largest[0] = Math.max(largest[0], sink.delivered() - last[0]);
              last[0] = sink.delivered();
              return sink.lag() < 50;
            });
    return largest[0];
  }

  private static void awayFor(Flow flow, int values) {
    int before = flow.size();
    eventually("values while it is away", PATIENCE, () -> flow.size() > before + values);
  }

  private static void checkTheEnd(StreamBench bench, Flow flow, Ear ear, Mosquitto local)
      throws Exception {
    eventually(
        "everything is in the journal",
        PATIENCE,
        () -> bench.journal().snapshot().messages() >= flow.size());
    eventually("everything is delivered", PATIENCE, () -> bench.sink("mqtt").lag() == 0);
    Map<String, String> newest = new HashMap<>();
    int doubles = 0;
    for (int key = 0; key < KEYS; key++) {
      List<Integer> sent = flow.of(key);
      String topic = topic(bench, "vehicle.bench.k" + key);
      newest.put(topic, sent.get(sent.size() - 1).toString());
      ear.awaitOn(topic, newest.get(topic));
      List<Integer> heard = ear.numbers(topic);
      doubles += heard.size() - (int) heard.stream().distinct().count();
      assertThat(heard.stream().distinct().toList())
          .as("all of key %d, in order", key)
          .isEqualTo(sent);
    }
    System.out.printf("  of %d values %d came twice%n", flow.size(), doubles);
    assertThat(doubles).as("no more than a run of the sink for each kill").isLessThan(2 * 1_024);
    assertThat(Ear.retained(local.port())).containsAllEntriesOf(newest);
    assertThat(bench.sink("mqtt").failed()).isZero();
    assertThat(bench.sink("mqtt").lost()).isZero();
  }

  private static String topic(StreamBench bench, String key) {
    return "cardata/" + bench.vin(0) + "/" + key.replace('.', '/') + "/value";
  }

  @Test
  void awayForTheWholeOfAHundredThousandValuesItCatchesUpWhileNewOnesArrive() throws Exception {
    int messages = 5_000;
    int descriptors = 20;
    try (Mosquitto local = broker();
        Passage passage = new Passage(local.port());
        StreamBench bench = bench(passage);
        Ear ear = Ear.on(local.port())) {
      passage.bar();
      bench.startLive();
      for (int i = 0; i < messages; i++) {
        bench.sayWide(0, "vehicle.far.k", descriptors, i);
      }
      eventually(
          "all of it is in the journal",
          PATIENCE,
          () -> bench.journal().snapshot().messages() >= messages);
      assertThat(bench.sink("mqtt").lag()).isEqualTo((long) messages * descriptors);

      try (Flow flow = new Flow(bench, 0, KEYS, Duration.ofMillis(5))) {
        passage.unbar();
        Instant back = Instant.now();
        eventually("caught up", PATIENCE, () -> bench.sink("mqtt").lag() < 50);
        long took = millis(back, Instant.now());
        System.out.printf(
            "100,000 values behind: caught up in %d ms (%d a second) while %d new ones arrived%n",
            took, 100_000_000L / took, flow.size());
        assertThat(flow.size()).as("new ones arrived meanwhile").isGreaterThan(20);
        flow.end();
        checkTheEnd(bench, flow, ear, local);
      }

      Map<String, List<Integer>> heard = new HashMap<>();
      for (Ear.Heard one : ear.heard()) {
        if (one.topic().endsWith("/value") && one.topic().contains("/far/")) {
          heard
              .computeIfAbsent(one.topic(), t -> new ArrayList<>(messages))
              .add(Integer.valueOf(one.text()));
        }
      }
      assertThat(heard).hasSize(descriptors);
      heard.forEach(
          (topic, values) -> {
            assertThat(values).as(topic).isSorted();
            assertThat(values.stream().distinct().count()).as(topic).isEqualTo(messages);
          });
    }
  }
}
