// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.StreamBench.eventually;
import static org.cardatabridge.StreamBench.millis;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.StreamBench.Flow;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.simulator.Behaviour;
import org.cardatabridge.simulator.OddMessage;
import org.cardatabridge.simulator.SentMessage;
import org.cardatabridge.simulator.SentMessage.Fate;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.testing.Ear;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Passage;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The bridge as a whole between the simulated BMW and a real mosquitto: what arrives there, also
 * when mosquitto or the bridge itself is away for a while.
 */
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalBrokerIT {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final int KEYS = 4;

  @TempDir Path dir;

  @BeforeAll
  static void needsMosquitto() {
    Programs.need("mosquitto");
  }

  private Mosquitto broker(String... lines) throws Exception {
    List<String> all = new java.util.ArrayList<>(List.of(lines));
    all.addAll(List.of("allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 0"));
    return Mosquitto.start(dir.resolve("local"), all);
  }

  private StreamBench bench(int accounts) throws Exception {
    StreamBench bench = new StreamBench(dir, accounts, Behaviour.likeBmw().keepSessions(true));
    for (int i = 0; i < accounts; i++) {
      bench.logIn(i, HOUR);
    }
    return bench;
  }

  private static String topic(StreamBench bench, int account, String key) {
    return "cardata/" + bench.vin(account) + "/" + key.replace('.', '/');
  }

  // ---- what arrives -------------------------------------------------------------------------

  @Test
  @Order(4)
  @Execution(ExecutionMode.CONCURRENT)
  void burstsDuplicatesLateAndOddMessagesLeaveTheRightTopicsAndTheRawRelayHasEveryByte()
      throws Exception {
    int plain = 0;
    int late = 1;
    int odd = 2;
    String charge = "vehicle.drivetrain.batteryManagement.header";
    String mileage = "vehicle.vehicle.travelledDistance";
    try (Mosquitto local = broker();
        Ear ear = Ear.on(local.port());
        StreamBench bench = bench(3)) {
      bench.publishTo(local.port()).set("sink.mqtt-raw.enabled", "true").startLive();

      perform(bench, plain, "duplicates", "\"messages\":7");
      perform(bench, plain, "burst", "\"messages\":12");
      perform(bench, plain, "out-of-order", "");
      perform(bench, plain, "gps-apart", "\"pause\":\"700ms\"");
      perform(bench, late, "late", "\"age\":\"10m\"");
      perform(bench, odd, "odd", "");
      bench.proveAlive(odd, 1);

      ear.awaitOn(topic(bench, odd, "vehicle.bench.alive") + "/value", "1");
      ear.awaitOn(topic(bench, plain, mileage) + "/value", "10005");
      assertThat(ear.on(topic(bench, plain, charge) + "/value"))
          .as("seven times the same")
          .containsExactly("64");
      for (int row = 0; row < 4; row++) {
        String tire =
            "vehicle.chassis.axle.row%d.wheel.%s.tire.pressure"
                .formatted(1 + row / 2, row % 2 == 0 ? "left" : "right");
        ear.awaitOn(topic(bench, plain, tire) + "/value", Integer.toString(200 + row));
      }
      String place = "cardata/" + bench.vin(plain) + "/location";
      eventually("location", Duration.ofSeconds(60), () -> !ear.on(place).isEmpty());
      JsonNode location = StreamBench.json(ear.latest().get(place));
      assertThat(location.path("latitude").asDouble()).isEqualTo(50.3512);
      assertThat(location.path("longitude").asDouble()).isEqualTo(11.0731);

      ear.awaitOn(topic(bench, late, charge) + "/value", "64");
      assertThat(ear.on(topic(bench, late, charge) + "/value")).containsExactly("64");

      // A value of the next hour is newer than all odd ones, but not than the one in three days.
      bench.say(odd, mileage, 20_000, Instant.now().plusSeconds(3_600));
      ear.awaitOn(topic(bench, odd, mileage) + "/value", "20000");
      JsonNode journal = bench.status().path("journal");
      System.out.printf(
          "odd messages: %d cases, %d unparsed, %d duplicates%n",
          OddMessage.values().length,
          journal.path("unparsed").asInt(),
          journal.path("duplicates").asInt());
      assertThat(journal.path("unparsed").asInt()).isBetween(4, 8);
      assertThat(journal.path("duplicates").asInt()).isGreaterThanOrEqualTo(6);
      assertThat(bench.sink("mqtt").failed()).isZero();
      assertThat(bench.sink("mqtt-raw").failed()).isZero();

      List<SentMessage> published = bench.simulator().published();
      eventually("all relayed", Duration.ofSeconds(60), () -> bench.sink("mqtt-raw").lag() == 0);
      for (int account = 0; account < 3; account++) {
        String vin = bench.vin(account);
        List<byte[]> sent =
            published.stream()
                .filter(m -> m.topic().endsWith("/" + vin))
                .map(SentMessage::payload)
                .toList();
        for (String topic : List.of("bmw/" + vin, "bmw/raw/" + vin)) {
          eventually(topic, Duration.ofSeconds(60), () -> ear.on(topic).size() >= sent.size());
          List<byte[]> relayed =
              ear.heard().stream()
                  .filter(h -> h.topic().equals(topic))
                  .map(Ear.Heard::payload)
                  .toList();
          assertThat(relayed).hasSameSizeAs(sent);
          for (int i = 0; i < sent.size(); i++) {
            assertThat(relayed.get(i)).isEqualTo(sent.get(i));
          }
        }
      }

      Map<String, String> retained = Ear.retained(local.port());
      assertThat(retained)
          .containsEntry(topic(bench, plain, mileage) + "/value", "10005")
          .containsEntry(topic(bench, late, charge) + "/value", "64")
          .containsEntry("cardata/bridge/state", "online")
          .doesNotContainKey("bmw/" + bench.vin(plain));
      // The account's id is nobody's business but the raw relay's.
      for (int account = 0; account < 3; account++) {
        String gcid = bench.gcid(account);
        assertThat(retained.toString()).doesNotContain(gcid);
      }
      bench.stop();
      assertThat(Ear.retained(local.port())).containsEntry("cardata/bridge/state", "offline");
    }
  }

  private static void perform(StreamBench bench, int account, String operation, String arguments) {
    String more = arguments.isEmpty() ? "" : "," + arguments;
    bench.simulator().perform(operation, "{\"vin\":\"" + bench.vin(account) + "\"" + more + "}");
  }

  @Test
  @Order(6)
  @Execution(ExecutionMode.CONCURRENT)
  void theTreeOfBausi2k() throws Exception {
    try (Mosquitto local = broker();
        Ear ear = Ear.on(local.port());
        StreamBench bench = bench(1)) {
      bench.publishTo(local.port()).set("sink.mqtt.layout", "bausi2k").startLive();
      bench.simulator().publish(bench.vin(0), "vehicle.vehicle.travelledDistance", 81623, "km");
      bench.say(0, "vehicle.isMoving", true);
      ear.awaitOn("home/bmw/live/vehicle/vehicle/travelledDistance/value", "81623");
      ear.awaitOn("home/bmw/live/vehicle/isMoving/value", "true");
      JsonNode whole =
          StreamBench.json(ear.latest().get("home/bmw/live/vehicle/vehicle/travelledDistance"));
      assertThat(whole.path("value").asInt()).isEqualTo(81623);
      assertThat(whole.fieldNames()).toIterable().contains("timestamp", "value", "unit");
      assertThat(ear.latest()).containsEntry("home/bmw/live/bridge/state", "online");
      assertThat(Ear.retained(local.port()))
          .containsEntry("home/bmw/live/vehicle/vehicle/travelledDistance/value", "81623");
    }
  }

  @Test
  @Order(6)
  @Execution(ExecutionMode.CONCURRENT)
  void theTreeOfDj0abr() throws Exception {
    try (Mosquitto local = broker();
        Ear ear = Ear.on(local.port());
        StreamBench bench = bench(1)) {
      bench.publishTo(local.port()).set("sink.mqtt.layout", "dj0abr").startLive();
      bench.say(0, "vehicle.vehicle.travelledDistance", 81623);
      String topic = "bmw/vehicles/" + bench.vin(0) + "/vehicle.vehicle.travelledDistance";
      eventually("value", Duration.ofSeconds(60), () -> !ear.on(topic).isEmpty());
      JsonNode whole = StreamBench.json(ear.latest().get(topic));
      assertThat(whole.path("value").asInt()).isEqualTo(81623);
      eventually(
          "only the status retained",
          Duration.ofSeconds(60),
          () -> Ear.retained(local.port()).keySet().equals(Set.of("bmw/status")));
      eventually(
          "connected",
          Duration.ofSeconds(60),
          () -> StreamBench.json(ear.latest().get("bmw/status")).path("connected").asBoolean());
    }
  }

  // ---- the local broker is away -------------------------------------------------------------

  @Test
  @Order(1)
  @Execution(ExecutionMode.CONCURRENT)
  void aKilledBrokerThatKeepsRetainedTopicsCostsNothing() throws Exception {
    killedUnderLoad(broker("autosave_interval 50", "autosave_on_changes true"), "keeps its topics");
  }

  @Test
  @Order(1)
  @Execution(ExecutionMode.CONCURRENT)
  void aKilledBrokerThatForgetsEverythingCostsNothing() throws Exception {
    killedUnderLoad(broker("persistence false"), "forgets");
  }

  private void killedUnderLoad(Mosquitto started, String which) throws Exception {
    try (Mosquitto local = started;
        Passage passage = new Passage(local.port());
        StreamBench bench = bench(1);
        Ear ear = Ear.on(local.port())) {
      bench.publishTo(passage.port()).startLive();
      try (Flow flow = new Flow(bench, 0, KEYS, Duration.ofMillis(5))) {
        eventually("under way", Duration.ofSeconds(60), () -> ear.size() > 300);
        local.kill();
        passage.bar();
        int before = flow.size();
        eventually(
            "several attempts met the outage",
            Duration.ofSeconds(60),
            () -> flow.size() > before + 700);
        assertThat(bench.sink("mqtt").state()).isEqualTo(SinkSnapshot.State.DOWN);
        assertThat(bench.sink("mqtt").lag()).isGreaterThan(300);
        assertThat(bench.state(0)).as("BMW's stream does not mind").isEqualTo("live");
        local.start();
        ear.listen();
        passage.unbar();
        Instant back = Instant.now();
        eventually("first delivery", Duration.ofSeconds(60), () -> bench.sink("mqtt").lag() < 50);
        System.out.printf(
            "mosquitto killed (%s): caught up %d ms after its return%n",
            which, millis(back, Instant.now()));
        flow.end();
        bench.say(0, "vehicle.bench.end", 1);
        ear.awaitOn(topic(bench, 0, "vehicle.bench.end") + "/value", "1");

        int doubles = 0;
        for (int key = 0; key < KEYS; key++) {
          List<Integer> heard = ear.numbers(topic(bench, 0, "vehicle.bench.k" + key) + "/value");
          doubles += heard.size() - new HashSet<>(heard).size();
          assertThat(heard.stream().distinct().toList())
              .as("all of key %d, in order", key)
              .isEqualTo(flow.of(key));
        }
        System.out.printf("  of %d values %d came twice%n", flow.size(), doubles);
        Map<String, String> retained = Ear.retained(local.port());
        for (int key = 0; key < KEYS; key++) {
          List<Integer> sent = flow.of(key);
          assertThat(retained)
              .containsEntry(
                  topic(bench, 0, "vehicle.bench.k" + key) + "/value",
                  sent.get(sent.size() - 1).toString());
        }
        assertThat(retained).containsEntry("cardata/bridge/state", "online");
        assertThat(bench.sink("mqtt").failed()).isZero();
        assertThat(bench.sink("mqtt").lost()).isZero();
      }
    }
  }

  @Test
  @Order(5)
  @Execution(ExecutionMode.CONCURRENT)
  void aBrokerThatIsNotThereAtTheStartGetsEverythingLater() throws Exception {
    try (Mosquitto local = broker();
        StreamBench bench = bench(1)) {
      local.stop();
      bench.publishTo(local.port()).startLive();
      for (int i = 1; i <= 20; i++) {
        bench.say(0, "vehicle.bench.k0", i);
      }
      bench.say(0, "vehicle.bench.k1", "b");
      eventually(
          "noticed",
          Duration.ofSeconds(60),
          () -> bench.sink("mqtt").state() == SinkSnapshot.State.DOWN);
      assertThat(bench.status().path("sinks").toString()).contains("\"down\"");
      assertThat(bench.get("/observe/health/ready").statusCode())
          .as("BMW's side is well")
          .isEqualTo(200);
      local.start();
      Instant back = Instant.now();
      eventually("delivered", Duration.ofSeconds(60), () -> bench.sink("mqtt").lag() == 0);
      System.out.printf(
          "no broker at the start: delivered %d ms after it came%n", millis(back, Instant.now()));
      assertThat(Ear.retained(local.port()))
          .containsEntry(topic(bench, 0, "vehicle.bench.k0") + "/value", "20")
          .containsEntry(topic(bench, 0, "vehicle.bench.k1") + "/value", "b")
          .containsEntry("cardata/bridge/state", "online");
    }
  }

  @Test
  @Order(5)
  @Execution(ExecutionMode.CONCURRENT)
  void afterARestartOfTheBridgeAnOlderValueThatArrivesLateDoesNotWin() throws Exception {
    Instant now = Instant.now();
    try (Mosquitto local = broker();
        StreamBench bench = bench(1)) {
      bench.publishTo(local.port()).startLive();
      bench.say(0, "vehicle.bench.k0", 50, now);
      bench.say(0, "vehicle.bench.k1", 50, now);
      eventually("delivered", Duration.ofSeconds(60), () -> bench.sink("mqtt").delivered() == 2);
      bench.stop();

      bench.startLive();
      bench.say(0, "vehicle.bench.k0", 40, now.minusSeconds(60));
      bench.say(0, "vehicle.bench.k1", 60, now.plusSeconds(1));
      eventually("delivered", Duration.ofSeconds(60), () -> bench.sink("mqtt").delivered() == 2);
      assertThat(Ear.retained(local.port()))
          .containsEntry(topic(bench, 0, "vehicle.bench.k0") + "/value", "50")
          .containsEntry(topic(bench, 0, "vehicle.bench.k1") + "/value", "60");
      assertThat(bench.count(0, SessionEvent.Kind.CLIENT_DISCONNECT)).isEqualTo(1);
      assertThat(bench.simulator().mostOpenSessions(bench.gcid(0))).isEqualTo(1);
    }
  }

  @Test
  @Order(3)
  @Execution(ExecutionMode.CONCURRENT)
  void aFloodWhileTheBrokerIsAwayIsAcknowledgedAndWaitsWithinBounds() throws Exception {
    int messages = 34_000;
    try (Mosquitto local = broker();
        StreamBench bench = bench(1)) {
      bench.publishTo(local.port()).startLive();
      bench.proveAlive(0, 1);
      eventually("delivered", Duration.ofSeconds(60), () -> bench.sink("mqtt").delivered() == 1);
      local.stop();
      Instant from = Instant.now();
      bench.flood(0, messages);
      eventually(
          "everything is acknowledged",
          Duration.ofSeconds(60),
          () -> bench.simulator().count(Fate.ACKNOWLEDGED) == messages + 1);
      long took = millis(from, Instant.now());
      SinkSnapshot behind = bench.sink("mqtt");
      System.out.printf(
          "flood while the broker is away: %d messages acknowledged in %d ms, lag %d, dropped %d,"
              + " journal %d bytes%n",
          messages, took, behind.lag(), behind.lost(), bench.journal().snapshot().bytes());
      assertThat(behind.state()).isEqualTo(SinkSnapshot.State.DOWN);
      assertThat(behind.lag() + behind.lost()).isEqualTo(messages);
      assertThat(bench.journal().snapshot().bytes()).isLessThanOrEqualTo(16L << 20);
      assertThat(bench.state(0)).isEqualTo("live");
      assertThat(bench.count(0, SessionEvent.Kind.CONNECTED)).as("never cut off").isEqualTo(1);
      local.start();
      Instant back = Instant.now();
      eventually("caught up", Duration.ofSeconds(60), () -> bench.sink("mqtt").lag() == 0);
      System.out.printf(
          "  caught up %d ms after the broker's return%n", millis(back, Instant.now()));
      assertThat(bench.sink("mqtt").delivered() + bench.sink("mqtt").lost())
          .isEqualTo(messages + 1);
      String key = "vehicle.bench.flood";
      assertThat(Ear.retained(local.port()))
          .containsEntry(topic(bench, 0, key) + "/value", Integer.toString(messages));
    }
  }

  // ---- the bridge itself is away ------------------------------------------------------------

  @Test
  @Order(2)
  @Execution(ExecutionMode.CONCURRENT)
  void aKilledBridgeGetsAgainWhatItHadNotAcknowledgedAndASignalMakesItSayGoodbye()
      throws Exception {
    int messages = 15_000;
    String key = "vehicle.bench.flood";
    try (Mosquitto local = broker();
        Ear ear = Ear.on(local.port());
        StreamBench bench = bench(1)) {
      bench.publishTo(local.port());
      Process first = bench.startChild();
      Process second = null;
      try {
        awaitChild(bench, first, 1);
        CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> bench.flood(0, messages));
        eventually(
            "in the middle",
            Duration.ofSeconds(60),
            () -> bench.simulator().count(Fate.ACKNOWLEDGED) > 2_000);
        first.destroyForcibly();
        assertThat(first.waitFor(40, TimeUnit.SECONDS)).isTrue();
        eventually(
            "BMW noticed",
            Duration.ofSeconds(60),
            () -> bench.simulator().openSessions(bench.gcid(0)) == 0);
        flood.get(60, TimeUnit.SECONDS);
        Set<Integer> kept = new HashSet<>();
        for (SentMessage message : bench.simulator().published()) {
          if (message.fate() == Fate.HELD) {
            kept.add(StreamBench.json(message.text()).path("data").path(key).path("value").asInt());
          }
        }
        assertThat(kept).as("kept by BMW meanwhile").isNotEmpty();
        ear.awaitOn("cardata/bridge/state", "offline");

        Instant from = Instant.now();
        second = bench.startChild();
        awaitChild(bench, second, 2);
        System.out.printf(
            "bridge killed with %d messages on their way or waiting: subscribed %d ms after its"
                + " start%n",
            kept.size(), millis(from, Instant.now()));
        eventually(
            "all acknowledged",
            Duration.ofSeconds(60),
            () -> bench.simulator().count(Fate.ACKNOWLEDGED) == messages);
        assertThat(bench.simulator().count(Fate.LOST)).isZero();
        String topic = topic(bench, 0, key) + "/value";
        ear.awaitOn(topic, Integer.toString(messages));
        // What was in the journal of the first, sent or not, is known and comes but once.
        Set<Integer> heard = new HashSet<>();
        ear.heard().stream()
            .filter(h -> h.topic().equals(topic))
            .forEach(h -> heard.add(Integer.valueOf(h.text())));
        assertThat(heard).containsAll(kept).hasSize(messages);
        assertThat(ear.latest()).containsEntry("cardata/bridge/state", "online");

        Instant signal = Instant.now();
        second.destroy();
        assertThat(second.waitFor(40, TimeUnit.SECONDS)).isTrue();
        System.out.printf("SIGTERM: ended after %d ms%n", millis(signal, Instant.now()));
        assertThat(second.exitValue()).isZero();
        List<SessionEvent> events = bench.events(0);
        assertThat(events.get(events.size() - 1).kind())
            .isEqualTo(SessionEvent.Kind.CLIENT_DISCONNECT);
        assertThat(Ear.retained(local.port())).containsEntry("cardata/bridge/state", "offline");
        assertThat(bench.simulator().mostOpenSessions(bench.gcid(0))).isEqualTo(1);
        assertThat(bench.count(0, SessionEvent.Kind.REFUSED)).isZero();
      } finally {
        first.destroyForcibly();
        if (second != null) {
          second.destroyForcibly();
        }
      }
    }
  }

  private static void awaitChild(StreamBench bench, Process child, int subscription) {
    await("the child is subscribed")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () ->
                assertThat(bench.count(0, SessionEvent.Kind.SUBSCRIBED))
                    .as(() -> child + ": " + read(bench.dir().resolve("child.log")))
                    .isEqualTo(subscription));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
