// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.mqtt.BrokerSettings;
import org.cardatabridge.mqtt.Presence;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.mqtt.Publisher;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * What one would write with the same two libraries and nothing else: Paho takes a message, Jackson
 * splits it, Netty's codec publishes each descriptor. No routes, journal, typing, page or login.
 */
public final class BareClient implements MqttCallback {

  private static final int IN_FLIGHT = 256;

  private final ObjectMapper json = new ObjectMapper();
  private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
  private final MqttAsyncClient bmw;
  private final Publisher local;
  private final int qos;

  private BareClient(MqttAsyncClient bmw, Publisher local, int qos) {
    this.bmw = bmw;
    this.local = local;
    this.qos = qos;
  }

  /** Runs until it is killed; takes the bridge's own environment variables. */
  public static void main(String[] args) throws Exception {
    Map<String, String> env = System.getenv();
    JsonNode tokens = new ObjectMapper().readTree(Files.readString(Path.of("data", "tokens.json")));
    Publisher local =
        new Publisher(
            BrokerSettings.tcp(
                "127.0.0.1",
                Integer.parseInt(env.get("CARDATA_SINK_MQTT_URL").replaceAll(".*:", "")),
                "bare"),
            Presence.on("bare/state"));
    local.start();
    String gcid = tokens.get("gcid").asText();
    MqttAsyncClient bmw =
        new MqttAsyncClient(
            "ssl://localhost:" + env.get("CARDATA_STREAM_PORT"), gcid, new MemoryPersistence());
    bmw.setManualAcks(true);
    bmw.setCallback(new BareClient(bmw, local, Integer.parseInt(env.get("CARDATA_SINK_MQTT_QOS"))));
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(false);
    options.setSessionExpiryInterval(3600L);
    options.setReceiveMaximum(IN_FLIGHT);
    options.setUserName(gcid);
    options.setPassword(tokens.get("id_token").asText().getBytes(StandardCharsets.UTF_8));
    options.setSocketFactory(
        new BmwTrust(Path.of(env.get("CARDATA_TLS_CA_FILE"))).sslContext().getSocketFactory());
    bmw.connect(options).waitForCompletion();
    bmw.subscribe(gcid + "/+", 1).waitForCompletion();
    System.out.println("is up");
    new CountDownLatch(1).await();
  }

  @Override
  public void messageArrived(String topic, MqttMessage message) throws Exception {
    inFlight.acquire();
    JsonNode root = json.readTree(message.getPayload());
    String base = "cardata/" + root.get("vin").asText() + "/";
    List<Publication> publications = new ArrayList<>();
    root.get("data")
        .properties()
        .forEach(
            entry -> {
              String path = base + entry.getKey().replace('.', '/');
              publications.add(Publication.of(path, entry.getValue().toString(), qos, true));
            });
    local.publish(
        publications,
        failure -> {
          inFlight.release();
          if (failure == null) {
            acknowledge(message);
          }
        });
  }

  private void acknowledge(MqttMessage message) {
    try {
      bmw.messageArrivedComplete(message.getId(), message.getQos());
    } catch (MqttException e) {
      System.out.println("acknowledging: " + e.getMessage());
    }
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {
    System.out.println("disconnected: " + response.getReasonString());
  }

  @Override
  public void mqttErrorOccurred(MqttException exception) {
    System.out.println("trouble: " + exception.getMessage());
  }

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String serverUri) {}

  @Override
  public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}
