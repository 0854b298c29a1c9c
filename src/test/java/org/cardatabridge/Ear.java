// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Another program at the local broker: hears everything, byte for byte, a lot of it if need be. */
final class Ear implements AutoCloseable, MqttCallback {

  /** One message as it was heard. */
  record Heard(String topic, byte[] payload, boolean retained) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  private final int port;
  private final List<Heard> heard = new ArrayList<>();
  private MqttClient client;

  private Ear(int port) {
    this.port = port;
  }

  static Ear on(int port) throws MqttException {
    Ear ear = new Ear(port);
    ear.listen();
    return ear;
  }

  /** Connects and subscribes, again after the broker was away. */
  void listen() throws MqttException {
    close();
    client = new MqttClient("tcp://127.0.0.1:" + port, "ear", new MemoryPersistence());
    client.setCallback(this);
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(true);
    client.connect(options);
    client.subscribe("#", 1);
  }

  /** Everything heard so far, in order. */
  List<Heard> heard() {
    synchronized (heard) {
      return List.copyOf(heard);
    }
  }

  int size() {
    synchronized (heard) {
      return heard.size();
    }
  }

  /** What came on one topic, in order. */
  List<String> on(String topic) {
    return heard().stream().filter(h -> h.topic().equals(topic)).map(Heard::text).toList();
  }

  /** The numbers that came on one topic while it listened, in order. */
  List<Integer> numbers(String topic) {
    return heard().stream()
        .filter(h -> h.topic().equals(topic) && !h.retained())
        .map(h -> Integer.valueOf(h.text()))
        .toList();
  }

  /** The last payload of each topic. */
  Map<String, String> latest() {
    Map<String, String> latest = new TreeMap<>();
    heard().forEach(h -> latest.put(h.topic(), h.text()));
    return latest;
  }

  void awaitOn(String topic, String payload) {
    await(topic + " = " + payload)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () ->
                org.assertj.core.api.Assertions.assertThat(latest()).containsEntry(topic, payload));
  }

  /** What a newcomer finds retained on the broker: topics with payloads. */
  static Map<String, String> retained(int port) throws MqttException {
    try (Ear newcomer = Ear.on(port)) {
      AtomicEnd end = new AtomicEnd();
      await("retained topics")
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(150))
          .until(() -> end.isStill(newcomer.size()));
      Map<String, String> all = new TreeMap<>();
      newcomer.heard().stream().filter(Heard::retained).forEach(h -> all.put(h.topic(), h.text()));
      return all;
    }
  }

  /** Whether a number stopped growing. */
  private static final class AtomicEnd {
    private int before = -1;

    boolean isStill(int now) {
      boolean still = now == before;
      before = now;
      return still;
    }
  }

  @Override
  public void close() throws MqttException {
    if (client != null) {
      try {
        client.disconnectForcibly(0, 500, false);
      } finally {
        client.close(true);
      }
    }
  }

  @Override
  public void messageArrived(String topic, MqttMessage message) {
    synchronized (heard) {
      heard.add(new Heard(topic, message.getPayload(), message.isRetained()));
    }
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {}

  @Override
  public void mqttErrorOccurred(MqttException exception) {}

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String serverUri) {}

  @Override
  public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}
