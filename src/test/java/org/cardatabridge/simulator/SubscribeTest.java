// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE against cardata-protocol.md, section 2.2. */
class SubscribeTest {

  private static final String GCID = AccountConfig.first().gcid();
  private static final String VIN = AccountConfig.first().vins().get(0);

  @TempDir Path directory;

  private Simulator simulator;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .withAccounts(AccountConfig.first(), AccountConfig.second()));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private RawMqtt connected(int level) throws Exception {
    RawMqtt client = new RawMqtt(simulator, level);
    String token = new JsonObject(simulator.tokens(null)).getString("id_token");
    assertThat(client.connect("raw", GCID, token, true).at(1)).isZero();
    return client;
  }

  private SessionEvent.Kind lastKind() {
    return simulator.sessionLog().get(simulator.sessionLog().size() - 1).kind();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "2, 1"})
  void theAskedQosIsGrantedUpToOne(int asked, int granted) throws Exception {
    try (RawMqtt client = connected(5)) {
      RawMqtt.Packet suback = client.subscribe(asked, GCID + "/+");
      assertThat(suback.type()).isEqualTo(RawMqtt.SUBACK);
      assertThat(suback.at(3)).isEqualTo(granted);
      assertThat(simulator.isSubscribed(GCID)).isTrue();
      assertThat(lastKind()).isEqualTo(SessionEvent.Kind.SUBSCRIBED);
    }
  }

  @Test
  void aFilterForOneCarGetsOnlyThatCar() throws Exception {
    try (RawMqtt client = connected(5)) {
      client.subscribe(0, GCID + "/" + VIN);
      simulator.publish(AccountConfig.first().vins().get(1), new byte[] {1});
      simulator.publish(VIN, new byte[] {2});
      RawMqtt.Packet message = client.read();
      assertThat(message.at(message.body().length - 1)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "+/+",
        "{gcid}",
        "{gcid}/#",
        "{gcid}/+/x",
        "{gcid}/WBA00TEST00000003",
        "9c40d7e3-81b5-4a6f-b2d0-3e75f1a8c964/+"
      })
  void aFilterOutsideTheAclIsRefusedAndTheConnectionDroppedWithTheGoodFilter(String filter)
      throws Exception {
    try (RawMqtt client = connected(5)) {
      RawMqtt.Packet suback = client.subscribe(1, GCID + "/" + VIN, filter.replace("{gcid}", GCID));
      assertThat(suback.at(3)).isEqualTo(1);
      assertThat(suback.at(4)).isEqualTo(0x87);
      assertThat(client.isClosedByPeer()).isTrue();
      assertThat(simulator.isSubscribed(GCID)).isFalse();
      assertThat(lastKind()).isEqualTo(SessionEvent.Kind.DROPPED);
    }
  }

  @Test
  void anOldClientSees128ForAFilterOutsideTheAcl() throws Exception {
    try (RawMqtt client = connected(4)) {
      assertThat(client.subscribe(1, "#").at(2)).isEqualTo(128);
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void theHashFilterCanBeAllowed() throws Exception {
    simulator.change(b -> b.hashFilter(true));
    try (RawMqtt client = connected(5)) {
      assertThat(client.subscribe(1, GCID + "/#").at(3)).isEqualTo(1);
      simulator.publish(VIN, new byte[] {7});
      assertThat(client.read().type()).isEqualTo(RawMqtt.PUBLISH);
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 128, 128", "5, 135, 135", "5, 151, 151", "4, 135, 128"})
  void aRefusedSubscribeCanLeaveTheClientConnectedButDeaf(int level, int code, int seen)
      throws Exception {
    simulator.fault(Place.SUBSCRIBE, Fault.code(code));
    try (RawMqtt client = connected(level)) {
      RawMqtt.Packet suback = client.subscribe(1, GCID + "/+");
      assertThat(suback.at(suback.body().length - 1)).isEqualTo(seen);
      simulator.publish(VIN, new byte[] {7});
      client.ping();
      assertThat(client.read().type()).isEqualTo(RawMqtt.PINGRESP);
      assertThat(simulator.published().get(0).fate()).isEqualTo(SentMessage.Fate.NOBODY);
      RawMqtt.Packet again = client.subscribe(1, GCID + "/+");
      assertThat(again.at(again.body().length - 1)).isEqualTo(1);
    }
  }

  @Test
  void thereCanBeNoSuback() throws Exception {
    simulator.fault(Place.SUBSCRIBE, Fault.silence());
    try (RawMqtt client = connected(5)) {
      client.timeout(500);
      client.sendSubscribe(1, GCID + "/+");
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
      assertThat(lastKind()).isEqualTo(SessionEvent.Kind.SUBSCRIBE_REFUSED);
    }
  }

  @Test
  void aSubackCanBeLateOrTheConnectionReset() throws Exception {
    simulator.fault(Place.SUBSCRIBE, Fault.slow(Duration.ofMillis(200)));
    simulator.fault(Place.SUBSCRIBE, Fault.reset());
    try (RawMqtt client = connected(5)) {
      assertThat(client.subscribe(1, GCID + "/+").at(3)).isEqualTo(1);
      client.sendSubscribe(1, GCID + "/+");
      assertThatThrownBy(client::read).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void unsubscribeIsAnsweredAndEndsTheMessages(int level) throws Exception {
    try (RawMqtt client = connected(level)) {
      client.subscribe(1, GCID + "/+");
      RawMqtt.Packet unsuback = client.unsubscribe(GCID + "/+");
      assertThat(unsuback.type()).isEqualTo(RawMqtt.UNSUBACK);
      simulator.publish(VIN, new byte[] {7});
      client.ping();
      assertThat(client.read().type()).isEqualTo(RawMqtt.PINGRESP);
    }
  }

  @Test
  void pahoSubscribesAndUnsubscribes() throws Exception {
    String token = new JsonObject(simulator.tokens(null)).getString("id_token");
    try (PahoClient paho = new PahoClient(simulator, "paho").connect(GCID, token)) {
      paho.subscribe(GCID + "/+", 1);
      simulator.publish(VIN, "hello".getBytes());
      await().untilAsserted(() -> assertThat(paho.payloads()).containsExactly("hello"));
      paho.client().unsubscribe(GCID + "/+");
      assertThat(simulator.isSubscribed(GCID)).isFalse();
    }
  }
}
