// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.simulator.CertificateOrder;
import org.cardatabridge.simulator.HighMobility;
import org.cardatabridge.simulator.HighMobilityApp;
import org.cardatabridge.simulator.HighMobilityConfig;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each cause for which High Mobility brings no data: the doctor names it alone. */
class DoctorFleetIT {

  private static final HighMobilityApp APP = HighMobilityApp.first();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private final Map<String, String> settings = new HashMap<>();
  private Simulator simulator;
  private HighMobility hm;
  private RunningBridge bridge;

  @BeforeEach
  void open() throws Exception {
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory.resolve("hm")).highMobility(HighMobilityConfig.oneCar()));
    hm = simulator.highMobility();
    settings.put("cardata.routes.dir", Path.of("routes").toAbsolutePath().toString());
    settings.put("cardata.data-dir", directory.resolve("data").toString());
    settings.put("cardata.sink.mqtt.enabled", "false");
    settings.put("cardata.watchdog.tick", "1s");
    settings.put("cardata.http.port", "0");
  }

  @AfterEach
  void close() {
    if (bridge != null) {
      bridge.close();
    }
    simulator.close();
  }

  private void start() throws Exception {
    bridge =
        RunningBridge.start(
            SettingsLoader.load(directory, hm.environment(), settings), text -> {}, id -> {});
  }

  private void live() throws Exception {
    start();
    await("a subscription").atMost(PATIENCE).until(() -> hm.isSubscribed(null));
  }

  private JsonNode examine() throws Exception {
    JsonNode told = JSON.readTree(bridge.doctor().examine("en").text());
    assertThat(told.toString()).doesNotContain(APP.appId(), APP.clientId());
    return told;
  }

  private static List<String> failed(JsonNode told) {
    return StreamSupport.stream(told.path("checks").spliterator(), false)
        .filter(check -> check.path("verdict").asText().equals("failed"))
        .map(check -> check.path("id").asText())
        .toList();
  }

  private static JsonNode check(JsonNode told, String id) {
    return StreamSupport.stream(told.path("checks").spliterator(), false)
        .filter(check -> check.path("id").asText().equals(id + "-highmobility"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no check " + id + " in " + told));
  }

  private void causeIs(String id, String words) throws Exception {
    JsonNode told = examine();
    assertThat(failed(told)).as(told::toPrettyString).containsExactly(id + "-highmobility");
    assertThat(check(told, id).path("text").asText()).contains(words);
    assertThat(check(told, id).path("action").asText()).isNotBlank();
    assertThat(check(told, "fleet").path("verdict").asText()).isEqualTo("skipped");
  }

  @Test
  void aHealthyBridgeForHighMobilityAloneHasNoFaultAndIsAskedForNoLogin() throws Exception {
    live();
    JsonNode told = examine();
    assertThat(failed(told)).as(told::toPrettyString).isEmpty();
    assertThat(check(told, "fleet").path("verdict").asText()).isEqualTo("warning");
    assertThat(told.toString()).doesNotContain("bmwgroup", "\"tokens", "\"scopes", "\"quota");

    hm.publish(APP.cars().get(0).vin(), "diagnostics", "speed", Map.of("value", 50));
    await("data")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(check(examine(), "fleet").path("text").asText()).contains("Data come"));
    assertThat(check(examine(), "topic").path("text").asText()).contains("{app-id}");
    assertThat(hm.mostOpenSessions(null)).as("sessions at High Mobility").isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "OTHER_KEY, certificate, does not fit",
    "EXPIRED, certificate, has expired",
    "FOREIGN, tls-certificate, does not take the certificate of the bridge",
    "REVOKED, tls-certificate, does not take the certificate of the bridge"
  })
  void aCertificateThatIsNoGood(CertificateOrder.Kind kind, String check, String words)
      throws Exception {
    hm.install(null, CertificateOrder.of(kind));
    start();
    causeIs(check, words);
  }

  @Test
  void aCaFileOfSomebodyElse() throws Exception {
    Path other = Files.createDirectories(directory.resolve("other"));
    try (Simulator foreign =
        Simulator.start(SimulatorConfig.in(other).highMobility(HighMobilityConfig.oneCar()))) {
      settings.put("cardata.highmobility.ca-file", foreign.highMobility().files().ca().toString());
    }
    start();
    causeIs("tls-certificate", "whom the bridge does not trust there");
  }

  @Test
  void aWrongAppId() throws Exception {
    settings.put("cardata.highmobility.app-id", "0123456789ABCDEF01234567");
    start();
    await("a refusal")
        .atMost(PATIENCE)
        .until(() -> !hm.sessionLog().isEmpty() && hm.openSessions(null) == 0);
    causeIs("topic", "{app-id}");
  }
}
