// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Brokers that speak another version of MQTT than we do, or none. */
class OlderBrokerTest {

  private ServerSocket server;
  private CompletableFuture<Void> serving;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getByName("localhost"));
  }

  @AfterEach
  void end() throws Exception {
    server.close();
    serving.get(40, TimeUnit.SECONDS);
  }

  /** How connecting ends with a broker that takes CONNECT, answers so and waits until we go. */
  private Ending answered(MqttProtocol protocol, int... answer) throws Exception {
    serving =
        CompletableFuture.runAsync(
            () -> {
              try (Socket accepted = server.accept()) {
                accepted.getInputStream().readNBytes(12);
                for (int b : answer) {
                  accepted.getOutputStream().write(b);
                }
                accepted.shutdownOutput();
                accepted.getInputStream().readAllBytes();
              } catch (IOException e) {
                // The client looks.
              }
            });
    try (ClientUnderTest client =
        new ClientUnderTest(
            "tcp://localhost:" + server.getLocalPort(),
            protocol,
            Duration.ofSeconds(30),
            "live/level13/{app-id}/#",
            1)) {
      return client.connect(
          new CertificateCredentials("id-1", "app", SSLContext.getDefault(), Instant.MAX));
    }
  }

  @Test
  void oneThatAnswersMqtt5InMqtt311IsToldWithTheSetting() throws Exception {
    Ending ending = answered(MqttProtocol.MQTT_5, 0x20, 2, 0, 1);
    assertThat(ending.kind()).isEqualTo(Ending.Kind.BROKER);
    assertThat(ending.text())
        .isEqualTo("High Mobility answers in MQTT 3.1.1 — set cardata.highmobility.protocol=3.1.1");
  }

  @Test
  void oneThatRefusesTheVersionInMqtt5IsTold() throws Exception {
    for (MqttProtocol protocol : MqttProtocol.values()) {
      Ending ending = answered(protocol, 0x20, 3, 0, 132, 0);
      assertThat(ending.code()).isEqualTo(132);
      assertThat(ending.text())
          .contains("this version of MQTT")
          .contains(" — choose the other one in cardata.highmobility.protocol");
      serving.get(40, TimeUnit.SECONDS);
    }
  }

  @Test
  void oneThatRefusesTheVersionInMqtt311IsTold() throws Exception {
    assertThat(answered(MqttProtocol.MQTT_3_1_1, 0x20, 2, 0, 1).code()).isEqualTo(132);
  }

  @Test
  void oneThatJustHangsUpIsClosed() throws Exception {
    Ending ending = answered(MqttProtocol.MQTT_5);
    assertThat(ending.kind()).isEqualTo(Ending.Kind.CLOSED);
    assertThat(Peer.HIGH_MOBILITY.closedAdvice()).contains("cardata.highmobility.protocol");
  }

  @Test
  void oneThatSpeaksSomethingElseIsToldWhatItSaid() throws Exception {
    Ending ending = answered(MqttProtocol.MQTT_3_1_1, 'H', 2, 'T', 'P');
    assertThat(ending.kind()).isEqualTo(Ending.Kind.BROKER);
    assertThat(ending.text())
        .isEqualTo("High Mobility's stream: no MQTT 3.1.1: a packet that begins with 72");
  }
}
