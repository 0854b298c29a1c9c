// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT and SUBSCRIBE at the simulated High Mobility, cardata-protocol.md section 6. */
class HighMobilityConnectTest {

  private static final HighMobilityApp APP = HighMobilityApp.first();
  private static final String ROOT = "live/level13/" + APP.appId();

  @TempDir Path directory;

  private Simulator simulator;
  private HighMobility hm;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(SimulatorConfig.in(directory).highMobility(HighMobilityClient.quick()));
    hm = simulator.highMobility();
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private List<SessionEvent.Kind> kinds() {
    return hm.sessionLog().stream().map(SessionEvent::kind).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void theCertificatesIdOpensASession(int level) throws Exception {
    try (RawMqtt client = HighMobilityClient.raw(hm, level)) {
      RawMqtt.Packet answer = client.connect(APP.clientId(), null, null, false);
      assertThat(answer.at(0)).as("session present").isZero();
      assertThat(answer.at(1)).isZero();
      client.ping();
      assertThat(client.read().type()).isEqualTo(RawMqtt.PINGRESP);
      client.disconnect();
      assertThat(client.isClosedByPeer()).isTrue();
    }
    assertThat(kinds())
        .containsExactly(SessionEvent.Kind.CONNECTED, SessionEvent.Kind.CLIENT_DISCONNECT);
  }

  @ParameterizedTest
  @CsvSource({"4, 5", "5, 135"})
  void anotherClientIdIsRefused(int level, int code) throws Exception {
    try (RawMqtt client = HighMobilityClient.raw(hm, level)) {
      assertThat(client.connect("bridge", null, null, true).at(1)).isEqualTo(code);
    }
    assertThat(hm.sessionLog().get(0).detail()).contains("not the certificate's");
  }

  @Test
  void theOlderOfTwoConnectionsIsToldInMqtt5() throws Exception {
    try (RawMqtt old = HighMobilityClient.connected(hm, 5, true);
        RawMqtt next = HighMobilityClient.connected(hm, 4, true)) {
      RawMqtt.Packet goodbye = old.read();
      assertThat(goodbye.type()).isEqualTo(RawMqtt.DISCONNECT);
      assertThat(goodbye.at(0)).isEqualTo(0x8E);
      next.ping();
      assertThat(next.read().type()).isEqualTo(RawMqtt.PINGRESP);
    }
    assertThat(hm.mostOpenSessions(null)).isEqualTo(1);
  }

  @Test
  void theOlderOfTwoConnectionsIsJustClosedIn311() throws Exception {
    try (RawMqtt old = HighMobilityClient.connected(hm, 4, true);
        RawMqtt next = HighMobilityClient.connected(hm, 4, true)) {
      assertThat(old.isClosedByPeer()).isTrue();
      next.ping();
      assertThat(next.read().type()).isEqualTo(RawMqtt.PINGRESP);
    }
  }

  @Test
  void mqtt5IsToldTheHighestQosAndAShorterSession() throws Exception {
    hm.change(b -> b.keptFor(java.time.Duration.ofSeconds(60)));
    try (RawMqtt client = HighMobilityClient.raw(hm, 5)) {
      RawMqtt.Packet answer =
          client.connect(APP.clientId(), null, null, false, 0x11, 0, 0, 0x0E, 0x10);
      assertThat(answer.body()).containsSequence(0x24, 1).containsSequence(0x11, 0, 0, 0, 60);
    }
  }

  @Test
  void faultsStrikeConnectAndSubscribe() throws Exception {
    simulator.fault(Place.HIGHMOBILITY_CONNECT, Fault.code(137));
    try (RawMqtt client = HighMobilityClient.raw(hm, 5)) {
      assertThat(client.connect(APP.clientId(), null, null, true).at(1)).isEqualTo(137);
    }
    simulator.fault(Place.HIGHMOBILITY_SUBSCRIBE, Fault.code(0x97));
    simulator.fault(Place.HIGHMOBILITY_SUBSCRIBE, Fault.silence());
    try (RawMqtt client = HighMobilityClient.connected(hm, 5, true)) {
      assertThat(client.subscribe(1, ROOT + "/#").at(3)).isEqualTo(0x97);
      client.sendSubscribe(1, ROOT + "/#");
      client.timeout(300);
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
    }
    simulator.fault(Place.HIGHMOBILITY_CONNECT, Fault.reset());
    assertThatThrownBy(() -> HighMobilityClient.connected(hm, 5, true))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aSessionIsClosedResetOrFallsSilentAsTold() throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, 5, true)) {
      assertThat(hm.disconnect(null, 139)).isTrue();
      assertThat(client.read().at(0)).isEqualTo(139);
    }
    try (RawMqtt client = HighMobilityClient.connected(hm, 5, true)) {
      assertThat(hm.reset(null)).isTrue();
      assertThatThrownBy(client::read).isInstanceOf(IOException.class);
    }
    try (RawMqtt client = HighMobilityClient.connected(hm, 5, true)) {
      assertThat(hm.stall(null)).isTrue();
      client.ping();
      client.timeout(300);
      assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
    }
    hm.outage(true);
    assertThatThrownBy(() -> HighMobilityClient.raw(hm, 5)).isInstanceOf(IOException.class);
    hm.outage(false);
    HighMobilityClient.connected(hm, 5, true).close();
    await().until(() -> hm.openSessions(null) == 0);
    assertThat(hm.reset(null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/#", "", "/+/diagnostics/get/odometer", "/W1K00TEST00000011/#", "/+/+/get/+"})
  void aFilterUnderTheOwnApplicationIsGrantedWithQosOneAtMost(String rest) throws Exception {
    for (int level : new int[] {4, 5}) {
      try (RawMqtt client = HighMobilityClient.connected(hm, level, true)) {
        RawMqtt.Packet answer = client.subscribe(2, ROOT + rest);
        assertThat(answer.type()).isEqualTo(RawMqtt.SUBACK);
        assertThat(answer.at(answer.body().length - 1)).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "+/level13/5E1F0C9A7B3D2846A1C0E5F7/#",
        "live/level13/+/#",
        "live/level13/#",
        "live/level13/5E1F0C9A7B3D2846A1C0E5F8/#",
        "live/level13/5E1F0C9A7B3D2846A1C0E5F7x/#",
        "sandbox/level13/5E1F0C9A7B3D2846A1C0E5F7/#",
        "live/l13/5E1F0C9A7B3D2846A1C0E5F7/#",
        "live/level13/5e1f0c9a7b3d2846a1c0e5f7/#"
      })
  void anyOtherFilterClosesTheConnectionOrIsRefusedAsSwitched(String filter) throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, 5, true)) {
      client.sendSubscribe(1, filter);
      assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
    }
    assertThat(kinds())
        .containsSequence(SessionEvent.Kind.SUBSCRIBE_REFUSED, SessionEvent.Kind.DROPPED);
    hm.change(b -> b.closesOnForbidden(false));
    try (RawMqtt client = HighMobilityClient.connected(hm, 5, true)) {
      assertThat(client.subscribe(1, filter).at(3)).isEqualTo(0x87);
      assertThat(client.subscribe(1, ROOT + "/#").at(3)).isEqualTo(1);
    }
    try (RawMqtt client = HighMobilityClient.connected(hm, 4, true)) {
      assertThat(client.subscribe(1, filter).at(2)).isEqualTo(0x80);
    }
  }

  @Test
  void twoFiltersInOneSubscribeCloseTheConnection() throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, 4, true)) {
      client.sendSubscribe(1, ROOT + "/+/diagnostics/#", ROOT + "/+/charging/#");
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void aSecondFilterClosesTheConnectionAndTheSameOneDoesNot() throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, 5, true)) {
      client.subscribe(1, ROOT + "/+/diagnostics/#");
      assertThat(client.subscribe(1, ROOT + "/+/diagnostics/#").at(3)).isEqualTo(1);
      client.sendSubscribe(1, ROOT + "/#");
      assertThat(client.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void anotherFilterIsFineAfterUnsubscribeAndAfterAReconnect() throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, 4, false)) {
      client.subscribe(1, ROOT + "/+/diagnostics/#");
      assertThat(client.unsubscribe(ROOT + "/+/diagnostics/#").type()).isEqualTo(RawMqtt.UNSUBACK);
      assertThat(client.subscribe(1, ROOT + "/+/charging/#").at(2)).isEqualTo(1);
    }
    await().until(() -> hm.openSessions(null) == 0);
    try (RawMqtt client = HighMobilityClient.connected(hm, 4, false)) {
      assertThat(hm.isSubscribed(null)).as("the kept filter").isTrue();
      assertThat(client.subscribe(1, ROOT + "/#").at(2)).isEqualTo(1);
      hm.publish(APP.cars().get(0).vin(), "diagnostics", "odometer", 1);
      assertThat(client.read().type()).isEqualTo(RawMqtt.PUBLISH);
    }
  }

  @Test
  void aPublisherIsThrownOut() throws Exception {
    try (RawMqtt client = HighMobilityClient.connected(hm, 5, true)) {
      client.publish(ROOT + "/x");
      assertThat(client.read().at(0)).isEqualTo(135);
    }
    assertThat(hm.published()).isEmpty();
  }
}
