// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.TestCertificates;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kept session in MQTT 3.1.1 with a real mosquitto. */
class Mqtt311SessionIT {

  @TempDir Path dir;

  private Mosquitto mosquitto;
  private ClientUnderTest client;

  @AfterEach
  void end() {
    if (client != null) {
      client.close();
    }
    if (mosquitto != null) {
      mosquitto.close();
    }
  }

  private void start(int qos, Duration keepAlive, String... lines) throws IOException {
    Mosquitto.assumeInstalled();
    mosquitto = Mosquitto.start(dir.resolve("broker"), List.of(lines));
    client =
        new ClientUnderTest(
            "tcp://localhost:" + mosquitto.port(),
            MqttProtocol.MQTT_3_1_1,
            keepAlive,
            "live/{app-id}/#",
            qos);
  }

  private static Credentials credentials() throws NoSuchAlgorithmException {
    return new CertificateCredentials("bridge-1", "app", SSLContext.getDefault(), Instant.MAX);
  }

  private void publish(int qos, String... payloads) throws MqttException {
    MqttClient publisher =
        new MqttClient("tcp://localhost:" + mosquitto.port(), "publisher", new MemoryPersistence());
    publisher.connect();
    for (String payload : payloads) {
      publisher.publish("live/app/x", payload.getBytes(StandardCharsets.UTF_8), qos, false);
    }
    publisher.disconnect();
    publisher.close();
  }

  @Test
  void whatIsPublishedWhileWeAreAwayComesLaterAndAgainUntilItIsAcknowledged() throws Exception {
    start(1, Duration.ofSeconds(30), "allow_anonymous true");
    assertThat(client.connect(credentials())).isNull();
    publish(1, "first");
    List<MqttMessage> first = client.next(1);
    client.acknowledge(first);
    client.close();

    publish(1, "a", "b", "c", "d", "e");
    assertThat(client.connect(credentials())).isNull();
    List<MqttMessage> missed = client.next(5);
    assertThat(missed).extracting(MqttMessage::toString).containsExactly("a", "b", "c", "d", "e");
    assertThat(missed).noneMatch(MqttMessage::isDuplicate);
    client.acknowledge(missed.subList(0, 3));
    client.close();

    assertThat(client.connect(credentials())).isNull();
    List<MqttMessage> again = client.next(2);
    assertThat(again).extracting(MqttMessage::toString).containsExactly("d", "e");
    client.acknowledge(again);
    client.close();

    assertThat(client.connect(credentials())).isNull();
    publish(1, "last");
    assertThat(client.next(1)).extracting(MqttMessage::toString).containsExactly("last");
    // Version 4 is what mosquitto calls 2; c0 is a session that is kept.
    assertThat(mosquitto.log()).contains("as bridge-1 (p2, c0, k30").doesNotContain("(p5, c0");
  }

  @Test
  void pingsKeepASilentConnection() throws Exception {
    start(1, Duration.ofSeconds(1), "allow_anonymous true");
    assertThat(client.connect(credentials())).isNull();
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> mosquitto.log().split("Sending PINGRESP to bridge-1").length > 2);
    assertThat(client.client().isConnected()).isTrue();
    assertThat(client.client().subscriptions()).containsExactly(new Subscription("live/…/#", 1));
  }

  @Test
  void messagesOfQos2AndQos0ComeAsWell() throws Exception {
    start(2, Duration.ofSeconds(30), "allow_anonymous true");
    assertThat(client.connect(credentials())).isNull();
    publish(2, "twice is too much", "ä".repeat(40_000));
    List<MqttMessage> two = client.next(2);
    assertThat(two).allMatch(each -> each.getQos() == 2);
    assertThat(two.get(1).toString()).isEqualTo("ä".repeat(40_000));
    client.acknowledge(two);
    publish(0, "never mind");
    assertThat(client.next(1)).allMatch(each -> each.getQos() == 0);
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> mosquitto.log().contains("Received PUBCOMP from bridge-1"));
  }

  @Test
  void aBrokerThatDoesNotKnowUsSaysSoInItsOwnCodeAndWeInOurs() throws Exception {
    start(
        1,
        Duration.ofSeconds(30),
        "allow_anonymous false",
        "password_file " + TestCertificates.passwordFile(dir, "somebody", "else"));
    Ending ending = client.connect(credentials());
    assertThat(ending.code()).isEqualTo(135);
    assertThat(ending.kind()).isEqualTo(Ending.Kind.AUTH);
    assertThat(ending.text()).contains("not authorized");
  }
}
