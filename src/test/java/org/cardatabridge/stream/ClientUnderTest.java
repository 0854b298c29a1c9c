// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** The client of a certificate without Camel and session, in a test's own hands. */
final class ClientUnderTest implements AutoCloseable {

  private final BmwMqttClient client;
  private final BlockingQueue<MqttMessage> received = new LinkedBlockingQueue<>();

  /** One that is not connected; it keeps its session for a week. */
  ClientUnderTest(String uri, MqttProtocol protocol, Duration keepAlive, String filter, int qos) {
    StreamSettings settings =
        new StreamSettings(
            uri,
            CertificateCredentials.CLIENT_ID,
            keepAlive,
            Duration.ofDays(7),
            Duration.ZERO,
            Duration.ofHours(6),
            Duration.ofSeconds(30),
            null,
            protocol,
            Peer.HIGH_MOBILITY);
    client = BmwMqttClient.of("fleet", settings, null);
    client.subscribe(filter, qos);
    client.setCallback(new Intake());
  }

  BmwMqttClient client() {
    return client;
  }

  /** How connecting ended; null where the subscription stands. */
  Ending connect(Credentials credentials) throws Exception {
    CompletableFuture<Ending> outcome = new CompletableFuture<>();
    client.connect(
        credentials,
        new BmwMqttClient.Listener() {
          @Override
          public void connected() {
            // SUBACK is what counts.
          }

          @Override
          public void subscribed() {
            outcome.complete(null);
          }

          @Override
          public void ended(Ending ending) {
            outcome.complete(ending);
          }

          @Override
          public void message() {
            // The callback has it.
          }
        });
    return outcome.get(40, TimeUnit.SECONDS);
  }

  /** The next messages, in their order. */
  List<MqttMessage> next(int count) throws InterruptedException {
    List<MqttMessage> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      MqttMessage message = received.poll(40, TimeUnit.SECONDS);
      assertThat(message).as("message %d of %d", i + 1, count).isNotNull();
      all.add(message);
    }
    return all;
  }

  void acknowledge(List<MqttMessage> messages) {
    messages.forEach(each -> client.messageArrivedComplete(each.getId(), each.getQos()));
  }

  @Override
  public void close() {
    client.hangUp();
  }

  /** Puts what comes into the queue. */
  private final class Intake implements MqttCallback {

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      received.add(message);
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      // The listener hears it.
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      // The listener hears it.
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      // Nothing is published here.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
      // The listener hears it.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
      // Not asked for.
    }
  }
}
