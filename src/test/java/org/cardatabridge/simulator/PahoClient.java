// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardatabridge.testing.Trust;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Paho's MQTT 5 client, with what it received and why it was thrown out. */
final class PahoClient implements AutoCloseable, MqttCallback {

  private final MqttClient client;
  private final MqttConnectionOptions options = new MqttConnectionOptions();
  private final List<String> payloads = new CopyOnWriteArrayList<>();
  private final List<Integer> ends = new CopyOnWriteArrayList<>();

  PahoClient(Simulator simulator, String clientId) throws Exception {
    client =
        new MqttClient(
            "ssl://" + simulator.streamHost() + ":" + simulator.streamPort(),
            clientId,
            new MemoryPersistence());
    client.setCallback(this);
    client.setTimeToWait(5_000);
    options.setSocketFactory(Trust.in(simulator.caFile()).getSocketFactory());
    options.setAutomaticReconnect(false);
    options.setConnectionTimeout(5);
    options.setKeepAliveInterval(30);
    options.setCleanStart(true);
  }

  MqttConnectionOptions options() {
    return options;
  }

  MqttClient client() {
    return client;
  }

  PahoClient connect(String user, String password) throws MqttException {
    options.setUserName(user);
    options.setPassword(password.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    client.connect(options);
    return this;
  }

  PahoClient subscribe(String filter, int qos) throws MqttException {
    client.subscribe(filter, qos);
    return this;
  }

  /** What arrived, in its order. */
  List<String> payloads() {
    return payloads;
  }

  /** Reason codes of lost connections; 0 where there was none. */
  List<Integer> ends() {
    return ends;
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {
    int code = response.getReturnCode();
    ends.add(code);
  }

  @Override
  public void messageArrived(String topic, MqttMessage message) {
    payloads.add(new String(message.getPayload(), java.nio.charset.StandardCharsets.UTF_8));
  }

  @Override
  public void mqttErrorOccurred(MqttException exception) {
    ends.add(exception.getReasonCode());
  }

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String serverUri) {}

  @Override
  public void authPacketArrived(int reasonCode, MqttProperties properties) {}

  @Override
  public void close() throws MqttException {
    if (client.isConnected()) {
      client.disconnect();
    }
    client.close();
  }
}
