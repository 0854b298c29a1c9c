// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real mosquitto that comes back without its retained topics gets all of them again, in every
 * layout and of every sink; one that kept them is left in peace.
 */
@Timeout(120)
class ForgetfulBrokerIT {

  private static final AccountConfig ACCOUNT = AccountConfig.first();
  private static final String VIN = ACCOUNT.vins().get(0);
  private static final String SOC = "vehicle.drivetrain.batteryManagement.header";
  private static final String CHARGING = "vehicle.drivetrain.electricEngine.charging.status";
  private static final String POWER = "vehicle.powertrain.electric.battery.charging.power";

  @TempDir Path dir;
  private BridgeUnderTest test;

  @BeforeEach
  void prepare() throws Exception {
    test =
        BridgeUnderTest.in(dir, ACCOUNT)
            .set("cardata.sink.evcc.enabled", "true")
            .set("cardata.sink.homeassistant.enabled", "true")
            .set("cardata.sink.homie.enabled", "true")
            .set("cardata.derived.enabled", "true")
            .set("cardata.api.enabled", "false");
    test.store("main", ACCOUNT);
  }

  @AfterEach
  void end() throws Exception {
    test.close();
  }

  private void say(String key, Object value, String unit) {
    test.bmw().publish(VIN, key, value, unit);
  }

  /** What is retained, but for what changes by itself. */
  private Map<String, String> retained() throws Exception {
    Map<String, String> all = new TreeMap<>(Ear.retained(test.broker().port()));
    all.keySet().removeIf(topic -> topic.endsWith("/status") && !topic.contains("/evcc/"));
    all.keySet().removeIf(topic -> topic.matches("(?i).*derived.*state-*of-*charge.*"));
    all.replaceAll((topic, text) -> topic.endsWith("/$description") ? "described" : text);
    return all;
  }

  private Map<String, String> aCharge() throws Exception {
    test.start();
    test.awaitStream("main", "live");
    say(SOC, 60, "percent");
    say("vehicle.body.chargingPort.status", "CONNECTED", null);
    say(CHARGING, "CHARGINGACTIVE", null);
    say(POWER, 11_000, "W");
    say("vehicle.isMoving", false, null);
    await("everything is there")
        .atMost(BridgeUnderTest.PATIENCE)
        .until(
            () -> {
              String all = retained().toString();
              return all.contains("/evcc/status=C")
                  && all.contains("chargingPower")
                  && all.contains("isMoving")
                  && all.contains("vehicle_isMoving")
                  && all.contains("is-moving");
            });
    Map<String, String> all = retained();
    await("and nothing more comes")
        .atMost(BridgeUnderTest.PATIENCE)
        .pollInterval(Duration.ofMillis(700))
        .until(
            () -> {
              Map<String, String> before = Map.copyOf(all);
              all.clear();
              all.putAll(retained());
              return all.equals(before);
            });
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "bausi2k", "dj0abr"})
  void aBrokerThatForgotEverythingGetsAllOfIt(String layout) throws Exception {
    test.set("cardata.sink.mqtt.layout", layout).set("cardata.sink.mqtt.retain", "true");
    Map<String, String> before = aCharge();
    // Nothing is on its disk yet, so it begins with nothing.
    test.broker().kill();
    test.broker().start();
    Instant back = Instant.now();
    await("all of it again")
        .atMost(BridgeUnderTest.PATIENCE)
        .untilAsserted(() -> assertThat(retained()).isEqualTo(before));
    System.out.printf(
        "layout %s: %d retained topics again %d ms after the broker's return%n",
        layout, before.size(), Duration.between(back, Instant.now()).toMillis());
  }

  @Test
  void aBrokerThatKeptItsTopicsHearsNoValueASecondTime() throws Exception {
    Map<String, String> before = aCharge();
    test.broker().stop();
    test.broker().start();
    try (Ear ear = Ear.on(test.broker().port())) {
      await("the bridge is back")
          .atMost(BridgeUnderTest.PATIENCE)
          .until(() -> !live(ear, "cardata/bridge/status").isEmpty());
      await("no value in the time of a look at it")
          .during(Duration.ofSeconds(4))
          .atMost(Duration.ofSeconds(40))
          .until(
              () ->
                  live(ear, "cardata/" + VIN).entrySet().stream()
                      .allMatch(heard -> heard.getKey().contains("/derived/")));
    }
    assertThat(retained()).isEqualTo(before);
  }

  private static Map<String, String> live(Ear ear, String begin) {
    Map<String, String> live = new TreeMap<>();
    ear.heard().stream()
        .filter(heard -> !heard.retained() && heard.topic().startsWith(begin))
        .forEach(heard -> live.put(heard.topic(), heard.text()));
    return live;
  }

  @Test
  void anotherCopyOfTheTopicsWithSomethingNewerKeepsIt() throws Exception {
    aCharge();
    String soc = "cardata/" + VIN + "/vehicle/drivetrain/batteryManagement/header";
    test.broker().kill();
    test.broker().start();
    String newer =
        "{\"value\":99,\"unit\":\"%\",\"timestamp\":\"" + Instant.now().plusSeconds(60) + "\"}";
    retain(soc, newer);
    await("the other topics")
        .atMost(BridgeUnderTest.PATIENCE)
        .until(() -> retained().containsKey("cardata/" + VIN + "/vehicle/isMoving"));
    assertThat(retained()).containsEntry(soc, newer);
  }

  private void retain(String topic, String text) throws Exception {
    String url = "tcp://127.0.0.1:" + test.broker().port();
    MqttClient client = new MqttClient(url, "another", new MemoryPersistence());
    client.connect();
    client.publish(topic, text.getBytes(StandardCharsets.UTF_8), 1, true);
    client.disconnect();
    client.close();
  }
}
