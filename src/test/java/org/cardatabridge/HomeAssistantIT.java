// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.Ear;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Home Assistant finds on a real mosquitto, from BMW's stream on. */
@Timeout(120)
class HomeAssistantIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AccountConfig ACCOUNT = AccountConfig.first();
  private static final String VIN = ACCOUNT.vins().get(0);
  private static final String BRIDGE = "homeassistant/device/cardata_bridge/config";

  @TempDir Path dir;
  private BridgeUnderTest test;

  @BeforeEach
  void prepare() throws Exception {
    test = BridgeUnderTest.in(dir, ACCOUNT).set("cardata.sink.homeassistant.enabled", "true");
    test.store("main", ACCOUNT);
  }

  @AfterEach
  void end() throws Exception {
    test.close();
  }

  private Map<String, String> announced() throws Exception {
    Map<String, String> devices = new TreeMap<>();
    test.local()
        .latest()
        .forEach(
            (topic, payload) -> {
              if (topic.startsWith("homeassistant/device/") && !topic.equals(BRIDGE)) {
                devices.put(topic, payload);
              }
            });
    return devices;
  }

  private String carTopic() throws Exception {
    await("the car is announced")
        .atMost(BridgeUnderTest.PATIENCE)
        .until(() -> announced().values().stream().anyMatch(p -> p.contains("travelledDistance")));
    return announced().keySet().iterator().next();
  }

  private void say(String topic, String text) throws Exception {
    String url = "tcp://127.0.0.1:" + test.broker().port();
    MqttClient client = new MqttClient(url, "home-assistant", new MemoryPersistence());
    client.connect();
    client.publish(topic, text.getBytes(java.nio.charset.StandardCharsets.UTF_8), 1, false);
    client.disconnect();
    client.close();
  }

  @Test
  void findsACarWithTheTopicsOfItsEntitiesHearsAllAfterItsBirthAndNothingAfterTheEnd()
      throws Exception {
    test.local();
    test.start();
    test.proveFlow(ACCOUNT, 4711);
    String topic = carTopic();
    JsonNode mileage =
        JSON.readTree(announced().get(topic)).at("/cmps/vehicle_vehicle_travelledDistance");
    String state = mileage.get("stat_t").asText();
    Map<String, String> retained = Ear.retained(test.broker().port());
    assertThat(retained).containsKeys(topic, BRIDGE, state, "cardata/bridge/state");
    assertThat(state).startsWith("cardata/" + VIN + "/");
    assertThat(JSON.readTree(retained.get(state)).get("value").asInt()).isEqualTo(4711);
    assertThat(
            JSON.readTree(retained.get("cardata/bridge/status"))
                .at("/accounts/0/login/state")
                .asText())
        .as("what the bridge's entities read")
        .isEqualTo("authorized");

    int before = test.local().live(topic).size();
    say("homeassistant/status", "online");
    await("everything anew")
        .atMost(BridgeUnderTest.PATIENCE)
        .until(() -> test.local().live(topic).size() > before);

    test.stop();
    test.set("cardata.sink.homeassistant.enabled", "false").start();
    await("taken back")
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                Ear.retained(test.broker().port()).keySet().stream()
                    .noneMatch(t -> t.startsWith("homeassistant/")));
    assertThat(dir.resolve("data/homeassistant.json")).doesNotExist();
  }
}
