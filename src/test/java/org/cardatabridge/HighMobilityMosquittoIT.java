// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.bouncycastle.asn1.x509.GeneralName;
import org.cardatabridge.highmobility.CertificateFiles;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.TestAuthority;
import org.cardatabridge.web.AccountStatus;
import org.cardatabridge.web.Health;
import org.cardatabridge.web.StatusApi;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real mosquitto that asks for client certificates, as High Mobility does. */
class HighMobilityMosquittoIT {

  private static final String APP = "0123456789ABCDEF01234567";
  private static final String CLIENT = "3f0c1c5e-7d9c-4f1e-9a51-0c4d5e6f7a8b";
  private static final String VIN = "WBA00TEST00000006";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path dir;
  private final TestAuthority authority = TestAuthority.named("CN=Test CA");
  private final KeyPair keys = TestAuthority.rsa();
  private final List<String> hidden = new ArrayList<>();
  private Mosquitto broker;
  private RunningBridge bridge;
  private int number;

  @BeforeEach
  void begin() throws Exception {
    Mosquitto.assumeInstalled();
    Path own = Files.createDirectories(dir.resolve("broker"));
    KeyPair server = TestAuthority.ec();
    String ca = TestAuthority.pem(authority.certificate());
    GeneralName localhost = new GeneralName(GeneralName.dNSName, "localhost");
    broker =
        Mosquitto.start(
            own,
            List.of(
                "cafile " + TestAuthority.file(own, "ca.pem", ca),
                "certfile "
                    + TestAuthority.file(
                        own,
                        "server.pem",
                        TestAuthority.pem(authority.issue("CN=server", server, localhost))),
                "keyfile "
                    + TestAuthority.file(
                        own, "server.key", TestAuthority.pkcs8(server.getPrivate())),
                "require_certificate true",
                "use_identity_as_username true"));
    TestAuthority.file(dir, CLIENT + "-ca_certificates.pem", ca);
    handOut(APP, 300);
    TestAuthority.file(dir, CLIENT + "-private.pem.key", TestAuthority.pkcs1(keys.getPrivate()));
    TestAuthority.file(
        dir, "publisher.pem", TestAuthority.pem(authority.issue("CN=publisher", keys)));
  }

  @AfterEach
  void end() {
    if (bridge != null) {
      bridge.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private void handOut(String name, int days) {
    TestAuthority.file(
        dir,
        CLIENT + "-certificate.pem.crt",
        TestAuthority.pem(
            authority.issue(
                "C=DE,CN=" + name, keys, TestAuthority.day(-2), TestAuthority.day(days))));
  }

  private void startBridge(String protocol) throws Exception {
    Map<String, String> settings = new TreeMap<>();
    settings.put("cardata.highmobility.enabled", "true");
    settings.put("cardata.highmobility.host", "localhost");
    settings.put("cardata.highmobility.port", Integer.toString(broker.port()));
    settings.put("cardata.highmobility.app-id", APP);
    settings.put("cardata.highmobility.ca-file", CLIENT + "-ca_certificates.pem");
    settings.put("cardata.highmobility.client-cert-file", CLIENT + "-certificate.pem.crt");
    settings.put("cardata.highmobility.client-key-file", CLIENT + "-private.pem.key");
    settings.put("cardata.highmobility.protocol", protocol);
    settings.put("cardata.routes.dir", Path.of("routes").toAbsolutePath().toString());
    settings.put("cardata.data-dir", dir.resolve("data").toString());
    settings.put("cardata.watchdog.tick", "1s");
    settings.put("cardata.sink.mqtt.enabled", "false");
    settings.put("cardata.http.port", "0");
    bridge =
        RunningBridge.start(SettingsLoader.load(dir, Map.of(), settings), text -> {}, hidden::add);
  }

  private AccountStatus account() {
    List<AccountStatus> all = bridge.part("status", StatusApi.class).current().accounts();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private AccountStatus await(String what, Predicate<AccountStatus> wanted) {
    return org.awaitility.Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(this::account, wanted);
  }

  private void awaitStream(String state) {
    await("stream " + state, a -> a.stream().state().equals(state));
  }

  /** Messages since the bridge's start; one that came twice counts twice. */
  private long kept() {
    return bridge.part(EventsComponent.JOURNAL_BEAN, Journal.class).snapshot().messages();
  }

  private int ready() {
    return bridge.part("health", Health.class).ready().code();
  }

  private void publish(int many) throws Exception {
    CertificateFiles files =
        new CertificateFiles(
            dir.resolve(CLIENT + "-ca_certificates.pem"),
            dir.resolve("publisher.pem"),
            dir.resolve(CLIENT + "-private.pem.key"));
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setSocketFactory(files.read(Clock.systemUTC()).sslContext().getSocketFactory());
    MqttClient client =
        new MqttClient("ssl://localhost:" + broker.port(), "publisher", new MemoryPersistence());
    try {
      client.connect(options);
      for (int i = 0; i < many; i++) {
        client.publish(
            "live/level13/" + APP + "/" + VIN + "/diagnostics/get/odometer",
            message(++number).getBytes(StandardCharsets.UTF_8),
            1,
            false);
      }
      client.disconnect();
    } finally {
      client.close();
    }
  }

  private static String message(int number) {
    return "{\"message_id\":\"m-"
        + number
        + "\",\"version\":1,\"vin\":\""
        + VIN
        + "\",\"capability\":\"diagnostics\",\"property\":\"odometer\",\"data\":{\"diagnostics\":"
        + "{\"odometer\":{\"data\":{\"unit\":\"kilometers\",\"value\":"
        + number
        + "},\"timestamp\":\""
        + Instant.parse("2026-03-14T08:00:00Z").plusSeconds(number)
        + "\"}}}}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void theThreeFilesAreEnoughAndNothingIsLostNorDoesOtherFilesNeedARestart(String protocol)
      throws Exception {
    try (CapturedLog log = CapturedLog.open()) {
      startBridge(protocol);
      awaitStream("live");
      assertThat(ready()).isEqualTo(200);
      assertThat(account().source()).isEqualTo("highmobility");
      assertThat(account().login()).isNull();
      assertThat(account().certificate().state()).isEqualTo("valid");
      assertThat(account().stream().subscriptions())
          .extracting(s -> s.filter() + " " + s.qos())
          .containsExactly("live/level13/…/# 1");
      publish(3);
      await("three messages", a -> kept() >= 3);

      // The broker keeps what comes while nobody is there, over its own restart as well.
      bridge.close();
      publish(40);
      broker.stop();
      broker.start();
      startBridge(protocol);
      await("what was queued", a -> kept() >= 40);
      broker.stop();
      broker.start();
      publish(10);
      await("what came after a restart of the broker", a -> kept() >= 50);

      handOut("SECOND0123456789ABCDEF01", 300);
      await("a session with the other certificate", a -> logged("u'SECOND0123456789ABCDEF01'"));
      awaitStream("live");

      // A certificate of no use leaves what works alone, and is told when that ends.
      handOut(APP, -1);
      await("an expired certificate", a -> a.certificate().state().equals("expired"));
      assertThat(account().stream().state()).isIn("live", "connecting");
      broker.stop();
      awaitStream("refused");
      assertThat(ready()).isEqualTo(503);
      assertThat(account().stream().lastReason().text()).contains("has expired");
      broker.start();
      handOut(APP, 300);
      awaitStream("live");
      publish(1);
      await("a message by the new certificate", a -> kept() >= 51);

      assertThat(hidden).contains(CLIENT, APP);
      assertThat(log.warnings())
          .noneMatch(line -> line.contains("BMW") || line.contains(APP) || line.contains(CLIENT))
          .anyMatch(line -> line.contains("has expired"));
    }
  }

  private boolean logged(String text) {
    try {
      return broker.log().contains(text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
