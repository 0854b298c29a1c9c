// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Life and end of a session against cardata-protocol.md, sections 2.3 to 2.5. */
class StreamSessionTest {

  private static final AccountConfig FIRST = AccountConfig.first();
  private static final AccountConfig SECOND = AccountConfig.second();

  @TempDir Path directory;

  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T08:00:00.610Z"));
  private Simulator simulator;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(SimulatorConfig.in(directory).withClock(clock).withAccounts(FIRST, SECOND));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private String idToken(AccountConfig account) {
    return new JsonObject(simulator.tokens(account.clientId())).getString("id_token");
  }

  private RawMqtt connected(int level, String clientId, AccountConfig account) throws Exception {
    RawMqtt client = new RawMqtt(simulator, level);
    assertThat(client.connect(clientId, account.gcid(), idToken(account), true).at(1)).isZero();
    return client;
  }

  private List<SessionEvent.Kind> kinds() {
    return simulator.sessionLog().stream().map(SessionEvent::kind).toList();
  }

  @Test
  void aSecondClientTakesTheSessionOverAndTheFirstIsToldWith142() throws Exception {
    try (PahoClient first =
            new PahoClient(simulator, "first").connect(FIRST.gcid(), idToken(FIRST));
        PahoClient second =
            new PahoClient(simulator, "second").connect(FIRST.gcid(), idToken(FIRST))) {
      await().untilAsserted(() -> assertThat(first.ends()).contains(142));
      assertThat(second.client().isConnected()).isTrue();
      assertThat(simulator.openSessions(FIRST.gcid())).isEqualTo(1);
      assertThat(simulator.mostOpenSessions(FIRST.gcid())).isEqualTo(1);
      assertThat(kinds())
          .containsExactly(
              SessionEvent.Kind.CONNECTED,
              SessionEvent.Kind.TAKEN_OVER,
              SessionEvent.Kind.CONNECTED);
    }
  }

  @Test
  void aRefusedClientTakesNothingOver() throws Exception {
    try (RawMqtt first = connected(5, "first", FIRST);
        RawMqtt second = new RawMqtt(simulator, 5)) {
      assertThat(second.connect("second", FIRST.gcid(), "wrong", true).at(1)).isEqualTo(135);
      first.ping();
      assertThat(first.read().type()).isEqualTo(RawMqtt.PINGRESP);
    }
  }

  @Test
  void anOldClientIsJustClosedAtATakeover() throws Exception {
    try (RawMqtt first = connected(4, "first", FIRST);
        RawMqtt second = connected(4, "second", FIRST)) {
      assertThat(first.isClosedByPeer()).isTrue();
      second.ping();
      assertThat(second.read().type()).isEqualTo(RawMqtt.PINGRESP);
    }
  }

  @Test
  void accountsDoNotDisturbEachOther() throws Exception {
    try (RawMqtt first = connected(5, "same-name", FIRST);
        RawMqtt second = connected(5, "same-name", SECOND)) {
      for (RawMqtt client : List.of(first, second)) {
        client.ping();
        assertThat(client.read().type()).isEqualTo(RawMqtt.PINGRESP);
      }
    }
  }

  @Test
  void theSessionEndsWithItsIdToken() throws Exception {
    try (RawMqtt client = connected(5, "raw", FIRST)) {
      clock.move(Duration.ofSeconds(3599));
      client.ping();
      assertThat(client.read().type()).isEqualTo(RawMqtt.PINGRESP);
      clock.move(Duration.ofSeconds(1));
      assertThat(client.isClosedByPeer()).isTrue();
      assertThat(kinds()).endsWith(SessionEvent.Kind.EXPIRED);
    }
  }

  @Test
  void aRefreshDoesNotHelpTheOpenSession() throws Exception {
    try (RawMqtt client = connected(5, "raw", FIRST)) {
      clock.move(Duration.ofSeconds(3590));
      simulator.tokens(null);
      clock.move(Duration.ofSeconds(10));
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void theEndByExpiryCanHaveAReason() throws Exception {
    simulator.change(b -> b.expiryCode(160));
    try (RawMqtt client = connected(5, "raw", FIRST)) {
      clock.move(Duration.ofHours(1));
      RawMqtt.Packet packet = client.read();
      assertThat(packet.type()).isEqualTo(RawMqtt.DISCONNECT);
      assertThat(packet.at(0)).isEqualTo(160);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 131, 135, 137, 139, 141, 142, 151, 152, 160})
  void everyDisconnectOfSection25CanBePlayed(int code) throws Exception {
    try (PahoClient paho =
        new PahoClient(simulator, "paho").connect(FIRST.gcid(), idToken(FIRST))) {
      assertThat(simulator.disconnect(FIRST.gcid(), code)).isTrue();
      await().untilAsserted(() -> assertThat(paho.ends()).contains(code));
      assertThat(kinds()).endsWith(SessionEvent.Kind.KICKED);
      assertThat(simulator.openSessions(FIRST.gcid())).isZero();
      assertThat(simulator.disconnect(FIRST.gcid(), code)).isFalse();
    }
  }

  @Test
  void aReasonThatMqttDoesNotAllowThereIsNamed() {
    assertThatThrownBy(() -> simulator.disconnect(FIRST.gcid(), 134))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CONNACK only");
  }

  @Test
  void aSessionCanJustBeClosed() throws Exception {
    try (RawMqtt client = connected(5, "raw", FIRST)) {
      simulator.disconnect(FIRST.gcid(), 0);
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void aSessionCanBeReset() throws Exception {
    try (RawMqtt client = connected(5, "raw", FIRST)) {
      assertThat(simulator.reset(FIRST.gcid())).isTrue();
      assertThatThrownBy(client::read)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      assertThat(kinds()).endsWith(SessionEvent.Kind.RESET);
    }
  }

  @Test
  void aStalledSessionStaysOpenAndSaysNothingMore() throws Exception {
    try (RawMqtt client = connected(5, "raw", FIRST)) {
      client.subscribe(1, FIRST.gcid() + "/+");
      assertThat(simulator.stall(FIRST.gcid())).isTrue();
      client.timeout(700);
      client.ping();
      simulator.car(FIRST.vins().get(0), CarAction.DRIVE);
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
      client.ping();
      assertThat(kinds()).endsWith(SessionEvent.Kind.STALLED);
      assertThat(simulator.openSessions(FIRST.gcid())).isEqualTo(1);
    }
    await().untilAsserted(() -> assertThat(simulator.openSessions(FIRST.gcid())).isZero());
  }

  @Test
  void notEvenTheEndOfItsTokenReachesAStalledClient() throws Exception {
    try (RawMqtt client = connected(5, "raw", FIRST)) {
      simulator.stall(FIRST.gcid());
      clock.move(Duration.ofHours(2));
      await().untilAsserted(() -> assertThat(kinds()).endsWith(SessionEvent.Kind.EXPIRED));
      client.timeout(500);
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aNewClientReplacesAStalledOne() throws Exception {
    try (RawMqtt stalled = connected(5, "raw", FIRST)) {
      simulator.stall(FIRST.gcid());
      try (RawMqtt next = connected(5, "raw", FIRST)) {
        next.ping();
        assertThat(next.read().type()).isEqualTo(RawMqtt.PINGRESP);
        stalled.timeout(300);
        assertThatThrownBy(stalled::read).isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Test
  void theLogTellsAnOrderlyLeaveFromALostConnection() throws Exception {
    try (RawMqtt client = connected(5, "orderly", FIRST)) {
      client.disconnect();
      assertThat(client.isClosedByPeer()).isTrue();
    }
    await().untilAsserted(() -> assertThat(kinds()).endsWith(SessionEvent.Kind.CLIENT_DISCONNECT));
    try (RawMqtt client = connected(5, "lost", FIRST)) {
      client.ping();
      assertThat(client.read().type()).isEqualTo(RawMqtt.PINGRESP);
    }
    await().untilAsserted(() -> assertThat(kinds()).endsWith(SessionEvent.Kind.CLOSED));
    assertThat(simulator.sessionLog())
        .extracting(SessionEvent::clientId)
        .containsExactly("orderly", "orderly", "lost", "lost");
  }

  @Test
  void aClientThatPublishesIsDropped() throws Exception {
    try (RawMqtt client = connected(5, "raw", FIRST)) {
      client.publish("somewhere");
      assertThat(client.read().at(0)).isEqualTo(135);
      assertThat(kinds()).endsWith(SessionEvent.Kind.DROPPED);
    }
  }

  @Test
  void aClientThatPingsStaysConnected() throws Exception {
    PahoClient paho = new PahoClient(simulator, "paho");
    paho.options().setKeepAliveInterval(1);
    try (paho) {
      paho.connect(FIRST.gcid(), idToken(FIRST));
      await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(40))
          .until(() -> paho.client().isConnected());
    }
  }
}
