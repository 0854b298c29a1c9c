// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.SocketTimeoutException;
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

/** What becomes of published messages: QoS, acknowledgements, kept sessions, limits. */
class DeliveryTest {

  private static final String GCID = AccountConfig.first().gcid();
  private static final String VIN = AccountConfig.first().vins().get(0);

  /** MQTT 5 property Session Expiry Interval: one hour. */
  private static final int[] EXPIRY = {0x11, 0, 0, 0x0E, 0x10};

  @TempDir Path directory;

  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T08:00:00.610Z"));
  private Simulator simulator;
  private String token;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorConfig.in(directory).withClock(clock));
    simulator.change(b -> b.idTokenLife(Duration.ofDays(1)));
    token = new JsonObject(simulator.tokens(null)).getString("id_token");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private RawMqtt subscribed(boolean clean, int qos, int... properties) throws Exception {
    RawMqtt client = new RawMqtt(simulator, 5);
    assertThat(client.connect("bridge", GCID, token, clean, properties).at(1)).isZero();
    assertThat(client.subscribe(qos, GCID + "/+").at(3)).isEqualTo(qos);
    return client;
  }

  private void publish(int from, int to) {
    for (int i = from; i <= to; i++) {
      simulator.publish(VIN, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String text(RawMqtt.Packet message) {
    // Topic with its length, packet id, one byte for no properties.
    int start = 2 + GCID.length() + 1 + VIN.length() + (message.qos() > 0 ? 2 : 0) + 1;
    byte[] body = message.body();
    return new String(body, start, body.length - start, StandardCharsets.UTF_8);
  }

  private static void acknowledge(RawMqtt client, RawMqtt.Packet message) throws Exception {
    client.acknowledge(RawMqtt.packetId(message));
  }

  private List<String> acknowledged() {
    return simulator.acknowledged().stream().map(SentMessage::text).toList();
  }

  @Test
  void withNobodyThereAMessageIsGone() {
    publish(1, 1);
    assertThat(simulator.count(SentMessage.Fate.NOBODY)).isEqualTo(1);
  }

  @Test
  void aMessageArrivesOnGcidAndVinWithoutRetain() throws Exception {
    try (PahoClient paho = new PahoClient(simulator, "paho").connect(GCID, token)) {
      paho.subscribe(GCID + "/+", 1);
      publish(1, 3);
      await().untilAsserted(() -> assertThat(paho.payloads()).containsExactly("1", "2", "3"));
      await().untilAsserted(() -> assertThat(acknowledged()).containsExactly("1", "2", "3"));
    }
    assertThat(simulator.published()).allMatch(m -> m.topic().equals(GCID + "/" + VIN));
  }

  @Test
  void nothingIsRetained() throws Exception {
    publish(1, 1);
    try (RawMqtt client = subscribed(true, 1)) {
      client.timeout(300);
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void atQosZeroNothingIsAcknowledged() throws Exception {
    try (RawMqtt client = subscribed(true, 0)) {
      publish(1, 2);
      assertThat(client.read().qos()).isZero();
      assertThat(text(client.read())).isEqualTo("2");
      assertThat(simulator.count(SentMessage.Fate.SENT)).isEqualTo(2);
      assertThat(simulator.acknowledged()).isEmpty();
    }
  }

  @Test
  void acknowledgementsAreRecordedInTheOrderTheyCame() throws Exception {
    try (RawMqtt client = subscribed(true, 1)) {
      publish(1, 3);
      List<RawMqtt.Packet> three = List.of(client.read(), client.read(), client.read());
      acknowledge(client, three.get(2));
      acknowledge(client, three.get(0));
      await().untilAsserted(() -> assertThat(acknowledged()).containsExactly("3", "1"));
      assertThat(simulator.count(SentMessage.Fate.HELD)).isEqualTo(1);
    }
    await().untilAsserted(() -> assertThat(simulator.count(SentMessage.Fate.LOST)).isEqualTo(1));
    assertThat(simulator.published().get(1).fate()).isEqualTo(SentMessage.Fate.LOST);
  }

  @Test
  void receiveMaximumIsRespected() throws Exception {
    try (RawMqtt client = subscribed(true, 1, 0x21, 0, 2)) {
      publish(1, 5);
      client.timeout(300);
      RawMqtt.Packet one = client.read();
      assertThat(text(client.read())).isEqualTo("2");
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
      acknowledge(client, one);
      assertThat(text(client.read())).isEqualTo("3");
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aMessageLargerThanTheClientTakesIsNotSent() throws Exception {
    try (RawMqtt client = subscribed(true, 1, 0x27, 0, 0, 0x10, 0)) {
      simulator.publish(VIN, new byte[5_000]);
      publish(1, 1);
      assertThat(text(client.read())).isEqualTo("1");
      assertThat(simulator.count(SentMessage.Fate.LOST)).isEqualTo(1);
    }
  }

  @Test
  void likeWithBmwNoSessionIsKeptByDefault() throws Exception {
    try (RawMqtt client = subscribed(false, 1, EXPIRY)) {
      client.disconnect();
      assertThat(client.isClosedByPeer()).isTrue();
    }
    publish(1, 1);
    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      assertThat(client.connect("bridge", GCID, token, false, EXPIRY).at(0)).isZero();
      assertThat(simulator.isSubscribed(GCID)).isFalse();
      assertThat(simulator.count(SentMessage.Fate.NOBODY)).isEqualTo(1);
    }
  }

  @Test
  void aKeptSessionQueuesAndSendsAgainWhatWasNotAcknowledged() throws Exception {
    simulator.change(b -> b.keepSessions(true));
    RawMqtt.Packet second;
    try (RawMqtt client = subscribed(false, 1, EXPIRY)) {
      publish(1, 2);
      acknowledge(client, client.read());
      second = client.read();
      client.disconnect();
      assertThat(client.isClosedByPeer()).isTrue();
    }
    publish(3, 4);
    assertThat(simulator.count(SentMessage.Fate.HELD)).isEqualTo(3);

    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      assertThat(client.connect("bridge", GCID, token, false, EXPIRY).at(0))
          .as("session present")
          .isEqualTo(1);
      List<RawMqtt.Packet> rest = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        rest.add(client.read());
        acknowledge(client, rest.get(i));
      }
      assertThat(rest).extracting(DeliveryTest::text).containsExactly("2", "3", "4");
      assertThat(rest).extracting(RawMqtt.Packet::isAgain).containsExactly(true, false, false);
      assertThat(RawMqtt.packetId(rest.get(0))).isEqualTo(RawMqtt.packetId(second));
      await().untilAsserted(() -> assertThat(acknowledged()).containsExactly("1", "2", "3", "4"));
      assertThat(simulator.published().get(1).deliveries()).isEqualTo(2);
    }
  }

  @Test
  void sendingAgainRespectsTheNewReceiveMaximum() throws Exception {
    simulator.change(b -> b.keepSessions(true));
    try (RawMqtt client = subscribed(false, 1, EXPIRY)) {
      publish(1, 3);
      client.read();
    }
    await().untilAsserted(() -> assertThat(simulator.openSessions(GCID)).isZero());
    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      client.connect("bridge", GCID, token, false, 0x21, 0, 1);
      client.timeout(300);
      RawMqtt.Packet one = client.read();
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
      acknowledge(client, one);
      assertThat(text(client.read())).isEqualTo("2");
    }
  }

  @Test
  void aCleanStartAnotherClientIdOrTimeEndsAKeptSession() throws Exception {
    simulator.change(b -> b.keepSessions(true));
    leaveKeptSession();
    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      assertThat(client.connect("bridge", GCID, token, true, EXPIRY).at(0)).isZero();
    }
    leaveKeptSession();
    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      assertThat(client.connect("another", GCID, token, false, EXPIRY).at(0)).isZero();
    }
    leaveKeptSession();
    clock.move(Duration.ofHours(1));
    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      assertThat(client.connect("bridge", GCID, token, false, EXPIRY).at(0)).isZero();
    }
    assertThat(simulator.count(SentMessage.Fate.LOST)).isEqualTo(3);
  }

  private void leaveKeptSession() throws Exception {
    try (RawMqtt client = subscribed(false, 1, EXPIRY)) {
      client.disconnect();
      assertThat(client.isClosedByPeer()).isTrue();
    }
    publish(1, 1);
  }

  @Test
  void aKeptSessionOfAnOldClientIsPresentToo() throws Exception {
    simulator.change(b -> b.keepSessions(true));
    for (int present = 0; present < 2; present++) {
      try (RawMqtt client = new RawMqtt(simulator, 4)) {
        assertThat(client.connect("old", GCID, token, false).at(0)).isEqualTo(present);
        client.disconnect();
        assertThat(client.isClosedByPeer()).isTrue();
      }
    }
  }

  @Test
  void aTakeoverByTheSameClientKeepsItsMessages() throws Exception {
    simulator.change(b -> b.keepSessions(true));
    try (RawMqtt old = subscribed(false, 1, EXPIRY)) {
      publish(1, 1);
      assertThat(text(old.read())).isEqualTo("1");
      try (RawMqtt next = new RawMqtt(simulator, 5)) {
        assertThat(next.connect("bridge", GCID, token, false, EXPIRY).at(0)).isEqualTo(1);
        assertThat(text(next.read())).isEqualTo("1");
      }
    }
  }

  @Test
  void aFloodArrivesWholeAndInOrder() throws Exception {
    try (PahoClient paho = new PahoClient(simulator, "paho").connect(GCID, token)) {
      paho.subscribe(GCID + "/+", 1);
      simulator.perform("flood", "{\"messages\":3000,\"descriptors\":2}");
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(
              () -> assertThat(simulator.count(SentMessage.Fate.ACKNOWLEDGED)).isEqualTo(3000));
      assertThat(simulator.acknowledged())
          .extracting(SentMessage::number)
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(paho.payloads()).hasSize(3000);
    }
  }
}
