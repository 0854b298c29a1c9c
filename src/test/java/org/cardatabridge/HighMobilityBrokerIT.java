// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.testing.HeldPort;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.TestCertificates;
import org.cardatabridge.web.AccountStatus;
import org.cardatabridge.web.StatusApi;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A mosquitto that asks for client certificates and keeps sessions, in High Mobility's place: a
 * broker of other people's making that the bridge has to get along with, in both versions of MQTT.
 */
@Timeout(240)
class HighMobilityBrokerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String APP = "0123456789ABCDEF01234567";
  private static final String VIN = "W1K00TEST00000011";
  private static final int WHILE_AWAY = 1_500;

  @TempDir Path dir;
  private TestCertificates certificates;
  private HeldPort cars;
  private Mosquitto broker;
  private RunningBridge bridge;
  private MqttClient car;

  @BeforeEach
  void start() throws Exception {
    Mosquitto.assumeInstalled();
    certificates = TestCertificates.in(dir);
    Files.setPosixFilePermissions(
        certificates.serverKey(), PosixFilePermissions.fromString("rw-r--r--"));
    cars = HeldPort.take();
    broker =
        Mosquitto.start(
            dir.resolve("hm"),
            List.of(
                "cafile " + certificates.ca(),
                "certfile " + certificates.serverCert(),
                "keyfile " + certificates.serverKey(),
                "require_certificate true",
                "use_identity_as_username true",
                "allow_anonymous true",
                "max_queued_messages 0",
                "max_inflight_messages 20",
                // High Mobility's own way in, for its cars.
                "listener " + cars.number() + " 127.0.0.1"));
    connectCar();
  }

  private void connectCar() throws Exception {
    // mosquitto opens its listeners one after the other.
    await("the way in for cars").atMost(PATIENCE).until(cars::answers);
    car = new MqttClient("tcp://127.0.0.1:" + cars.number(), "car", new MemoryPersistence());
    car.connect();
  }

  @AfterEach
  void end() throws Exception {
    away();
    if (car != null) {
      car.disconnectForcibly(0, 500, false);
      car.close(true);
    }
    if (broker != null) {
      broker.close();
    }
    cars.close();
  }

  private void away() {
    if (bridge != null) {
      bridge.close();
      bridge = null;
    }
  }

  private void bridge(String protocol) throws Exception {
    start(protocol, certificates.clientCert(), certificates.clientKey());
    awaitLive();
  }

  private void start(String protocol, Path certificate, Path key) throws Exception {
    String own = "cardata.highmobility.";
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                own + "enabled",
                "true",
                own + "host",
                "localhost",
                own + "port",
                Integer.toString(broker.port()),
                own + "app-id",
                APP,
                own + "ca-file",
                certificates.ca().toString(),
                own + "client-cert-file",
                certificate.toString(),
                own + "client-key-file",
                key.toString(),
                own + "client-id",
                "b7a4c2d1-58e3-4f90-a6b2-19c0d7e85f31",
                own + "protocol",
                protocol,
                "cardata.http.port",
                "0"));
    settings.put("cardata.data-dir", dir.resolve("data").toString());
    settings.put("cardata.routes.dir", Path.of("routes").toAbsolutePath().toString());
    settings.put("cardata.sink.mqtt.enabled", "false");
    settings.put("cardata.watchdog.tick", "1s");
    bridge =
        RunningBridge.start(SettingsLoader.load(dir, Map.of(), settings), text -> {}, secret -> {});
  }

  private void awaitLive() {
    await("live")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> account().stream().state().equals("live"));
  }

  private AccountStatus account() {
    return bridge.part("status", StatusApi.class).current().accounts().get(0);
  }

  private void say(int kilometers) throws Exception {
    String json =
"""
{"message_id":"%064X","version":1,"vin":"%s","capability":"diagnostics","property":"odometer",\
"data":{"diagnostics":{"odometer":{"data":{"unit":"kilometers","value":%d},"timestamp":"%s"}}}}\
"""
            .formatted(kilometers, VIN, kilometers, Instant.now());
    byte[] payload = json.getBytes(StandardCharsets.UTF_8);
    if (!published(payload)) {
      await("room for one more").atMost(PATIENCE).until(() -> published(payload));
    }
  }

  /** False where Paho is not through with those before, although they were acknowledged. */
  private boolean published(byte[] payload) throws Exception {
    try {
      car.publish(
          "live/level13/" + APP + "/" + VIN + "/diagnostics/get/odometer", payload, 1, false);
      return true;
    } catch (MqttException e) {
      if (e.getReasonCode() != MqttClientException.REASON_CODE_MAX_INFLIGHT) {
        throw e;
      }
      return false;
    }
  }

  private void awaitNewest(int kilometers) {
    await(kilometers + " km")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                bridge
                    .part("journal", Journal.class)
                    .newest()
                    .newest(VIN, "diagnostics.odometer")
                    .map(event -> ((Number) event.value()).intValue())
                    .filter(value -> value == kilometers)
                    .isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void whatWasPublishedWhileTheBridgeOrTheBrokerWasAwayArrivesAfterwards(String protocol)
      throws Exception {
    bridge(protocol);
    say(1);
    awaitNewest(1);

    away();
    for (int km = 2; km <= WHILE_AWAY; km++) {
      say(km);
    }
    bridge(protocol);
    awaitNewest(WHILE_AWAY);

    broker.stop();
    await("it is missed").atMost(PATIENCE).until(() -> !account().stream().state().equals("live"));
    assertThat(account().stream().lastReason().text().toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("bmw");
    broker.start();
    car.disconnectForcibly(0, 500, false);
    car.close(true);
    connectCar();
    // Some come while the bridge is not back yet: the broker kept its session over its own end.
    for (int km = WHILE_AWAY + 1; km <= WHILE_AWAY + 100; km++) {
      say(km);
    }
    awaitNewest(WHILE_AWAY + 100);

    assertThat(broker.log()).contains(protocol.equals("5") ? "(p5, c0," : "(p2, c0,");
    away();
    Set<Integer> kept = new HashSet<>();
    try (JournalFile file = JournalFile.open(dir.resolve("data/journal.db"))) {
      file.messages(0).values().forEach(payload -> kept.add(JournalFile.valueIn(payload)));
    }
    assertThat(kept).hasSize(WHILE_AWAY + 100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void aCertificateThatAnotherCaSignedGetsItsSentenceAndAGoodOneMendsIt(String protocol)
      throws Exception {
    TestCertificates foreign = TestCertificates.in(Files.createDirectories(dir.resolve("foreign")));
    Path certificate = Files.copy(foreign.clientCert(), dir.resolve("mine.crt"));
    Path key = Files.copy(foreign.clientKey(), dir.resolve("mine.key"));
    start(protocol, certificate, key);
    await("refused").atMost(PATIENCE).until(() -> account().stream().state().equals("refused"));
    assertThat(account().stream().lastReason().text())
        .contains("client certificate", " — ")
        .doesNotContainIgnoringCase("bmw")
        .doesNotContainIgnoringCase("token");

    Files.copy(certificates.clientKey(), key, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(certificates.clientCert(), certificate, StandardCopyOption.REPLACE_EXISTING);
    awaitLive();
    say(7);
    awaitNewest(7);
  }
}
