// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of High Mobility's messages: kept sessions, order, duplicates, limits. */
class HighMobilityDeliveryTest {

  private static final HighMobilityApp APP = HighMobilityApp.first();
  private static final String ROOT = "live/level13/" + APP.appId();
  private static final String VIN = APP.cars().get(0).vin();
  private static final String TOPIC = ROOT + "/" + VIN + "/diagnostics/get/odometer";

  /** MQTT 5 property Session Expiry Interval: one hour. */
  private static final int[] EXPIRY = {0x11, 0, 0, 0x0E, 0x10};

  @TempDir Path directory;

  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T08:00:00.610Z"));
  private Simulator simulator;
  private HighMobility hm;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .withClock(clock)
                .highMobility(HighMobilityClient.quick()));
    hm = simulator.highMobility();
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private void publish(int from, int to) {
    for (int i = from; i <= to; i++) {
      hm.publish(VIN, TOPIC, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static int[] expiry(int level) {
    return level == 5 ? EXPIRY : new int[0];
  }

  private RawMqtt subscribed(int level, boolean clean) throws Exception {
    RawMqtt client = HighMobilityClient.connected(hm, level, clean, expiry(level));
    client.subscribe(1, ROOT + "/#");
    return client;
  }

  private void gone() {
    await().until(() -> hm.openSessions(null) == 0);
  }

  private List<String> acknowledged() {
    return hm.acknowledged().stream().map(SentMessage::text).toList();
  }

  private static List<String> read(RawMqtt client, int level, int count) throws Exception {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RawMqtt.Packet message = client.read();
      texts.add(HighMobilityClient.text(message, level));
      client.acknowledge(RawMqtt.packetId(message));
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void aKeptSessionQueuesForAnAbsentClientAndSendsAgainWhatWasNotAcknowledged(int level)
      throws Exception {
    RawMqtt.Packet second;
    try (RawMqtt client = subscribed(level, false)) {
      publish(1, 2);
      client.acknowledge(RawMqtt.packetId(client.read()));
      second = client.read();
      assertThat(second.isAgain()).isFalse();
      await().until(() -> hm.count(SentMessage.Fate.ACKNOWLEDGED) == 1);
    }
    gone();
    publish(3, 4);
    assertThat(hm.held(null)).isEqualTo(3);
    assertThat(hm.count(SentMessage.Fate.HELD)).isEqualTo(3);
    clock.move(Duration.ofMinutes(59));

    try (RawMqtt client = HighMobilityClient.raw(hm, level)) {
      RawMqtt.Packet answer = client.connect(APP.clientId(), null, null, false, expiry(level));
      assertThat(answer.at(0)).as("session present").isEqualTo(1);
      RawMqtt.Packet again = client.read();
      assertThat(HighMobilityClient.text(again, level)).isEqualTo("2");
      assertThat(HighMobilityClient.topic(again)).isEqualTo(TOPIC);
      assertThat(again.isAgain()).isTrue();
      assertThat(RawMqtt.packetId(again)).isEqualTo(RawMqtt.packetId(second));
      client.acknowledge(RawMqtt.packetId(again));
      assertThat(read(client, level, 2)).containsExactly("3", "4");
      await().untilAsserted(() -> assertThat(acknowledged()).containsExactly("1", "2", "3", "4"));
    }
    assertThat(hm.published().get(1).deliveries()).isEqualTo(2);
    assertThat(hm.held(null)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void aCleanSessionIsForgottenWithItsMessages(int level) throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, level, true)) {
      client.subscribe(1, ROOT + "/#");
      publish(1, 1);
      client.read();
    }
    gone();
    publish(2, 2);
    assertThat(hm.count(SentMessage.Fate.LOST)).isEqualTo(1);
    assertThat(hm.count(SentMessage.Fate.NOBODY)).isEqualTo(1);
    try (RawMqtt client = HighMobilityClient.raw(hm, level)) {
      assertThat(client.connect(APP.clientId(), null, null, false).at(0)).isZero();
    }
  }

  @Test
  void aCleanConnectForgetsWhatWasKept() throws Exception {
    subscribed(4, false).close();
    gone();
    publish(1, 3);
    HighMobilityClient.connected(hm, 4, true).close();
    assertThat(hm.count(SentMessage.Fate.LOST)).isEqualTo(3);
  }

  @Test
  void aSessionIsKeptForItsTimeOnly() throws Exception {
    subscribed(5, false).close();
    gone();
    publish(1, 1);
    clock.move(Duration.ofHours(1));
    await().until(() -> hm.count(SentMessage.Fate.LOST) == 1);
    subscribed(4, false).close();
    gone();
    publish(2, 2);
    clock.move(Duration.ofDays(7));
    await().until(() -> hm.count(SentMessage.Fate.LOST) == 2);
  }

  @Test
  void onlySoManyWaitAndTheRestIsCountedAsLost() throws Exception {
    hm.change(b -> b.queueLimit(2));
    subscribed(4, false).close();
    gone();
    publish(1, 5);
    assertThat(hm.count(SentMessage.Fate.HELD)).isEqualTo(2);
    assertThat(hm.count(SentMessage.Fate.LOST)).isEqualTo(3);
    try (RawMqtt client = HighMobilityClient.connected(hm, 4, false)) {
      assertThat(read(client, 4, 2)).containsExactly("1", "2");
    }
  }

  @Test
  void aTakeoverKeepsTheMessages() throws Exception {
    try (RawMqtt old = subscribed(5, false)) {
      publish(1, 1);
      assertThat(HighMobilityClient.text(old.read(), 5)).isEqualTo("1");
      try (RawMqtt next = HighMobilityClient.connected(hm, 5, false, EXPIRY)) {
        assertThat(HighMobilityClient.text(next.read(), 5)).isEqualTo("1");
      }
    }
  }

  @Test
  void atQosZeroAnAbsentClientGetsNothing() throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, 4, false)) {
      client.subscribe(0, ROOT + "/#");
      publish(1, 1);
      assertThat(client.read().qos()).isZero();
    }
    gone();
    publish(2, 2);
    assertThat(hm.count(SentMessage.Fate.NOBODY)).isEqualTo(1);
  }

  @Test
  void receiveMaximumIsRespected() throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, 5, true, 0x21, 0, 1)) {
      client.subscribe(1, ROOT + "/#");
      publish(1, 2);
      RawMqtt.Packet one = client.read();
      client.ping();
      assertThat(client.read().type()).as("not the second").isEqualTo(RawMqtt.PINGRESP);
      client.acknowledge(RawMqtt.packetId(one));
      assertThat(HighMobilityClient.text(client.read(), 5)).isEqualTo("2");
    }
  }

  @Test
  void aFilterPicksItsTopics() throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, 4, true)) {
      client.subscribe(1, ROOT + "/+/charging/#");
      hm.publish(VIN, "diagnostics", "odometer", 1);
      hm.publish(VIN, "charging", "status", "charging");
      assertThat(HighMobilityClient.topic(client.read())).endsWith("/charging/get/status");
    }
    assertThat(hm.count(SentMessage.Fate.NOBODY)).isEqualTo(1);
  }

  @Test
  void aDuplicateHasTheSameMessageId() throws Exception {
    try (RawMqtt client = subscribed(4, true)) {
      simulator.perform("highmobility/duplicates", "{\"messages\":3}");
      List<String> texts = read(client, 4, 3);
      assertThat(texts).allMatch(texts.get(0)::equals);
    }
    assertThat(hm.published()).extracting(HighMobility::messageId).doesNotContainNull();
  }

  @Test
  void eachSoManyThMessageComesTwiceWhereToldSo() throws Exception {
    hm.change(b -> b.duplicateEach(3));
    simulator.perform("highmobility/burst", "{\"messages\":9}");
    List<String> ids = hm.published().stream().map(HighMobility::messageId).toList();
    assertThat(ids).hasSize(12);
    assertThat(List.copyOf(new java.util.HashSet<>(ids))).hasSize(9);
    assertThat(ids.get(2)).isEqualTo(ids.get(3)).hasSize(64).matches("[0-9A-F]+");
  }

  @Test
  void shuffledMessagesAllComeButInAnotherOrder() throws Exception {
    hm.change(b -> b.shuffle(true));
    simulator.perform("highmobility/burst", "{\"messages\":30}");
    await().until(() -> hm.published().size() == 30);
    List<Instant> times =
        hm.published().stream()
            .map(m -> Instant.parse(new JsonObject(m.text()).getString("timestamp")))
            .toList();
    assertThat(times).doesNotHaveDuplicates().isNotEqualTo(times.stream().sorted().toList());
  }

  @Test
  void theNewestOfFiveMileagesIsTheThirdAndALateOneIsOlder() {
    simulator.perform("highmobility/out-of-order", "{}");
    simulator.perform("highmobility/late", "{\"age\":\"10m\"}");
    List<Instant> times =
        hm.published().stream()
            .map(m -> Instant.parse(new JsonObject(m.text()).getString("timestamp")))
            .toList();
    assertThat(times.subList(0, 5)).allSatisfy(t -> assertThat(t).isBeforeOrEqualTo(times.get(2)));
    assertThat(times.get(6)).isEqualTo(times.get(5).minus(Duration.ofMinutes(10)));
  }

  @Test
  void aFloodArrivesWholeAndEachIdOnce() throws Exception {
    try (RawMqtt client = subscribed(4, true)) {
      simulator.perform("highmobility/flood", "{\"messages\":3000}");
      List<String> texts = read(client, 4, 3000);
      await().until(() -> hm.count(SentMessage.Fate.ACKNOWLEDGED) == 3000);
      assertThat(texts).doesNotHaveDuplicates();
    }
    assertThat(hm.acknowledged())
        .extracting(HighMobility::messageId)
        .doesNotHaveDuplicates()
        .isEqualTo(hm.published().stream().map(HighMobility::messageId).toList());
  }
}
