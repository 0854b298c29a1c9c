// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLHandshakeException;
import org.cardatabridge.testing.SetClock;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT against cardata-protocol.md, sections 2.1, 2.3 to 2.5. */
class StreamConnectTest {

  private static final String GCID = AccountConfig.first().gcid();

  @TempDir Path directory;

  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T08:00:00.610Z"));
  private Simulator simulator;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .withClock(clock)
                .withAccounts(AccountConfig.first(), AccountConfig.second()));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private String idToken() {
    return new JsonObject(simulator.tokens(null)).getString("id_token");
  }

  private int connackOf(int level, String user, String password) throws Exception {
    try (RawMqtt client = new RawMqtt(simulator, level)) {
      RawMqtt.Packet answer = client.connect("raw", user, password, true);
      assertThat(answer.type()).isEqualTo(RawMqtt.CONNACK);
      return answer.at(1);
    }
  }

  private SessionEvent last() {
    return simulator.sessionLog().get(simulator.sessionLog().size() - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void gcidAndIdTokenOpenASessionThatIsNotPresent(int level) throws Exception {
    try (RawMqtt client = new RawMqtt(simulator, level)) {
      RawMqtt.Packet answer = client.connect(GCID, GCID, idToken(), false);
      assertThat(answer.at(0)).as("session present").isZero();
      assertThat(answer.at(1)).as("code").isZero();
      assertThat(client.tlsProtocol()).isEqualTo("TLSv1.3");
      assertThat(last().kind()).isEqualTo(SessionEvent.Kind.CONNECTED);
      assertThat(last().code()).isEqualTo(level);
      assertThat(simulator.openSessions(GCID)).isEqualTo(1);
    }
  }

  @Test
  void pahoConnectsToo() throws Exception {
    try (PahoClient paho = new PahoClient(simulator, "paho").connect(GCID, idToken())) {
      assertThat(paho.client().isConnected()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2"})
  void olderTlsIsRefused(String protocol) {
    assertThatThrownBy(() -> new RawMqtt(simulator, 5, protocol))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("protocol_version");
  }

  @ParameterizedTest
  @CsvSource({"5, 135", "4, 5"})
  void badCredentialsAreNotAuthorized(int level, int code) throws Exception {
    String token = idToken();
    String foreign =
        new JsonObject(simulator.tokens(AccountConfig.second().clientId())).getString("id_token");
    String access = new JsonObject(simulator.tokens(null)).getString("access_token");
    String forged = token.substring(0, token.length() - 8) + "AAAAAAAA";

    assertThat(connackOf(level, "nobody", token)).isEqualTo(code);
    assertThat(connackOf(level, GCID, "wrong")).isEqualTo(code);
    assertThat(connackOf(level, GCID, foreign)).isEqualTo(code);
    assertThat(connackOf(level, GCID, access)).isEqualTo(code);
    assertThat(connackOf(level, GCID, forged)).isEqualTo(code);
    assertThat(connackOf(level, null, null)).isEqualTo(code);
    assertThat(simulator.sessionLog())
        .hasSize(6)
        .allSatisfy(
            e -> {
              assertThat(e.kind()).isEqualTo(SessionEvent.Kind.REFUSED);
              assertThat(e.code()).isEqualTo(135);
            });
    assertThat(simulator.mostOpenSessions(GCID)).isZero();
  }

  @Test
  void anExpiredTokenIsRefused() throws Exception {
    String token = idToken();
    clock.move(Duration.ofHours(1));
    assertThat(connackOf(5, GCID, token)).isEqualTo(135);
    assertThat(last().detail()).contains("expired");
  }

  @Test
  void aClientWithoutTheStreamingSubscriptionIsRefused() throws Exception {
    simulator.perform("services", "{\"streaming\":false}");
    assertThat(connackOf(5, GCID, idToken())).isEqualTo(135);
  }

  @Test
  void aValidTokenCanBeRefusedUntilARefreshHappened() throws Exception {
    JsonObject tokens = new JsonObject(simulator.tokens(null));
    simulator.refuseTokens(null);
    assertThat(connackOf(5, GCID, tokens.getString("id_token"))).isEqualTo(135);
    assertThat(connackOf(4, GCID, tokens.getString("id_token"))).isEqualTo(5);

    JsonObject refreshed =
        HttpLogin.json(
            new HttpLogin(simulator, AccountConfig.first())
                .refresh(tokens.getString("refresh_token")));

    assertThat(connackOf(5, GCID, refreshed.getString("id_token"))).isZero();
    assertThat(connackOf(5, GCID, tokens.getString("id_token"))).isEqualTo(135);
  }

  @ParameterizedTest
  @CsvSource({"128, 3", "133, 2", "134, 4", "135, 5", "136, 3", "137, 3", "151, 3", "159, 3"})
  void everyRefusalOfSection25CanBePlayed(int code, int oldCode) throws Exception {
    simulator.fault(Place.CONNECT, Fault.code(code), 2);
    assertThat(connackOf(5, GCID, idToken())).isEqualTo(code);
    assertThat(connackOf(4, GCID, idToken())).isEqualTo(oldCode);
    assertThat(connackOf(5, GCID, idToken())).isZero();
  }

  @Test
  void pahoSeesTheReasonOfARefusal() throws Exception {
    simulator.fault(Place.CONNECT, Fault.code(151));
    try (PahoClient paho = new PahoClient(simulator, "paho")) {
      MqttException e =
          catchThrowableOfType(MqttException.class, () -> paho.connect(GCID, idToken()));
      assertThat(e.getReasonCode()).isEqualTo(151);
    }
  }

  @Test
  void thereCanBeNoConnack() throws Exception {
    simulator.fault(Place.CONNECT, Fault.silence());
    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      client.timeout(500);
      client.sendConnect("raw", GCID, idToken(), true);
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aConnackCanBeLate() throws Exception {
    simulator.fault(Place.CONNECT, Fault.slow(Duration.ofMillis(300)));
    long start = System.nanoTime();
    assertThat(connackOf(5, GCID, idToken())).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
  }

  @Test
  void theConnectionCanBeResetInPlaceOfAConnack() throws Exception {
    simulator.fault(Place.CONNECT, Fault.reset());
    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      client.sendConnect("raw", GCID, idToken(), true);
      assertThatThrownBy(client::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aConnectSoonAfterADisconnectIsRefusedWhenToldSo() throws Exception {
    simulator.change(b -> b.refuseAfterDisconnect(Duration.ofSeconds(10)));
    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      client.connect("raw", GCID, idToken(), true);
      client.disconnect();
      assertThat(client.isClosedByPeer()).isTrue();
    }
    clock.move(Duration.ofMillis(9_900));
    assertThat(connackOf(5, GCID, idToken())).isEqualTo(135);
    clock.move(Duration.ofMillis(200));
    assertThat(connackOf(5, GCID, idToken())).isZero();
  }

  @Test
  void aConnectSoonAfterADisconnectIsFineOtherwise() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (PahoClient paho = new PahoClient(simulator, "paho").connect(GCID, idToken())) {
        assertThat(paho.client().isConnected()).isTrue();
      }
    }
    assertThat(simulator.mostOpenSessions(GCID)).isEqualTo(1);
    assertThat(simulator.openSessions(GCID)).isZero();
  }

  @Test
  void aClientWithoutANameGetsOne() throws Exception {
    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      RawMqtt.Packet connack = client.connect("", GCID, idToken(), true);
      assertThat(connack.at(1)).isZero();
      assertThat(connack.at(3)).as("property Assigned Client Identifier").isEqualTo(0x12);
    }
  }

  @Test
  void anOutageEndsSessionsAndRefusesConnections() throws Exception {
    try (RawMqtt client = new RawMqtt(simulator, 5)) {
      client.connect("raw", GCID, idToken(), true);
      simulator.perform("outage", "{\"stream\":true}");
      assertThatThrownBy(client::read).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> new RawMqtt(simulator, 5)).isInstanceOf(IOException.class);
      simulator.perform("outage", "{\"stream\":false}");
      assertThat(connackOf(5, GCID, idToken())).isZero();
    }
  }
}
