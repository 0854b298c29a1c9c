// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Another program at the local broker, which hears all topics; with a kept session if asked. */
public final class Subscriber implements AutoCloseable {

  /** One message as it was heard. */
  public record Heard(String topic, String payload, int qos, boolean retained) {}

  private final MqttClient client;
  private final List<Heard> heard = new CopyOnWriteArrayList<>();

  private Subscriber(MqttClient client) {
    this.client = client;
  }

  /** Hears all topics of a broker on this machine. */
  public static Subscriber on(int port) throws MqttException {
    return on("tcp://127.0.0.1:" + port, "#", false);
  }

  /** Hears one filter; with a kept session it comes back by itself after an outage. */
  public static Subscriber on(String url, String filter, boolean keptSession) throws MqttException {
    Subscriber subscriber =
        new Subscriber(
            new MqttClient(url, "subscriber-" + url.hashCode(), new MemoryPersistence()));
    subscriber.client.setCallback(subscriber.new Ears());
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(!keptSession);
    options.setSessionExpiryInterval(keptSession ? 600L : 0L);
    options.setAutomaticReconnect(keptSession);
    options.setAutomaticReconnectDelay(1, 1);
    subscriber.client.connect(options);
    subscriber.client.subscribe(filter, 1);
    return subscriber;
  }

  /** Everything so far, in order. */
  public List<Heard> heard() {
    return heard;
  }

  /** What came live on one topic, in order. */
  public List<String> live(String topic) {
    return heard.stream().filter(h -> h.topic().equals(topic)).map(Heard::payload).toList();
  }

  /** The last payload of each topic. */
  public Map<String, String> latest() {
    Map<String, String> latest = new TreeMap<>();
    heard.forEach(h -> latest.put(h.topic(), h.payload()));
    return latest;
  }

  /** Waits until this is the last payload of a topic. */
  public void awaitOn(String topic, String payload) {
    await(topic + " = " + payload)
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> payload.equals(latest().get(topic)));
  }

  @Override
  public void close() throws MqttException {
    client.disconnectForcibly(0, 500, false);
    client.close(true);
  }

  private final class Ears implements MqttCallback {

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      String payload = new String(message.getPayload(), StandardCharsets.UTF_8);
      heard.add(new Heard(topic, payload, message.getQos(), message.isRetained()));
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
}
