// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cardatabridge.cli.ApiRequest;
import org.cardatabridge.cli.BridgeActions;
import org.cardatabridge.cli.Redaction;
import org.cardatabridge.cli.StopSignal;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.Page;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people ask for, by topic, HTTP and command, between the simulated BMW and mosquitto. */
@Timeout(120)
class ActionsIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AccountConfig ACCOUNT = AccountConfig.first();
  private static final String VIN = ACCOUNT.vins().get(0);

  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private BridgeUnderTest test;

  @BeforeEach
  void prepare() throws Exception {
    test = BridgeUnderTest.in(dir, ACCOUNT);
    test.set("cardata.api.url", test.bmw().apiUrl().toString())
        .set("cardata.api.enabled", "true")
        .set("cardata.api.plan", "false")
        .set("cardata.http.port", Integer.toString(Page.freePort()));
    test.store("main", ACCOUNT);
  }

  @AfterEach
  void end() throws Exception {
    test.close();
  }

  private JsonNode byTopic(String action, String payload) throws Exception {
    String topic = "cardata/bridge/response/" + action;
    int before = test.local().live(topic).size();
    say(action, payload, false);
    await(action)
        .atMost(BridgeUnderTest.PATIENCE)
        .until(() -> test.local().live(topic).size() > before);
    return JSON.readTree(test.local().live(topic).get(before));
  }

  private void say(String action, String payload, boolean retained) throws Exception {
    String url = "tcp://127.0.0.1:" + test.broker().port();
    MqttClient client = new MqttClient(url, "somebody", new MemoryPersistence());
    client.connect();
    client.publish(
        "cardata/bridge/request/" + action, payload.getBytes(StandardCharsets.UTF_8), 1, retained);
    client.disconnect();
    client.close();
  }

  private JsonNode byHttp(int code, String path) throws Exception {
    HttpResponse<String> response = test.http("POST", "/api/actions/" + path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
    return JSON.readTree(response.body());
  }

  private int byCommand(boolean running, String action, Map<String, String> given)
      throws Exception {
    LoadedSettings settings = SettingsLoader.load(dir, Map.of(), test.settings());
    BridgeActions actions = new BridgeActions(new Redaction(), new StopSignal());
    ApiRequest request = new ApiRequest(action, given, true);
    PrintWriter o = new PrintWriter(out, true);
    PrintWriter e = new PrintWriter(err, true);
    return running
        ? actions.apiThroughRunningBridge(settings, request, o, e)
        : actions.api(settings, request, o, e);
  }

  private List<String> calls() {
    return test.bmw().apiRequests().stream().map(r -> r.method() + " " + r.path()).toList();
  }

  @Test
  void allThreeDoorsLeadToBmwAndTheResultsToTheTopics() throws Exception {
    say("tyres", "", true);
    test.start();
    test.awaitStream("main", "live");

    assertThat(byTopic("mappings", "").path("status").asText()).isEqualTo("ok");
    JsonNode data = byTopic("telematic-data", "{\"vin\":\"" + VIN + "\",\"transaction\":\"1\"}");
    assertThat(data.path("status").asText()).as("%s", data).isEqualTo("ok");
    assertThat(data.path("transaction").asText()).isEqualTo("1");
    assertThat(calls())
        .contains(
            "POST /customers/containers", "GET /customers/vehicles/" + VIN + "/telematicData");
    await()
        .atMost(BridgeUnderTest.PATIENCE)
        .until(() -> test.local().latest().containsKey(BridgeUnderTest.mileage(ACCOUNT)));
    assertThat(test.local().live("cardata/bridge/response/tyres"))
        .as("a request that the broker kept")
        .isEmpty();
    String container = test.account("main").containers().id();
    assertThat(byHttp(200, "create-container").at("/data/containerId").asText())
        .isEqualTo(container);
    for (String action :
        List.of("basic-data", "charging-history", "image", "tyres", "charging-settings")) {
      assertThat(byHttp(200, action + "?vin=" + VIN).path("status").asText()).isEqualTo("ok");
    }
    assertThat(byHttp(404, "walk").path("error").asText()).contains("telematic-data");
    assertThat(byHttp(200, "login").at("/data/userCode").asText()).isNotEmpty();
    test.approve();

    assertThat(byCommand(true, "containers", Map.of())).isZero();
    assertThat(out).asString().contains(container, "\"used\":true");
    assertThat(byCommand(true, "delete-container", Map.of("containerId", "C0"))).isEqualTo(2);
    assertThat(byCommand(true, "delete-container", Map.of("containerId", container))).isEqualTo(2);
    assertThat(
            byCommand(true, "delete-container", Map.of("containerId", container, "force", "true")))
        .isZero();
    assertThat(calls()).contains("DELETE /customers/containers/" + container);

    test.bmw().useApiCalls(ACCOUNT.clientId(), 50);
    assertThat(byHttp(429, "containers").path("error").asText()).contains(" — ");
    assertThat(byTopic("containers", "").path("status").asText()).isEqualTo("error");
  }

  @Test
  void withoutARunningBridgeTheCommandWorksAlone() throws Exception {
    assertThat(byCommand(false, "telematic-data", Map.of("vin", VIN))).as("%s", err).isZero();
    assertThat(JSON.readTree(out.toString()).at("/data/vehicles/0/status").asText())
        .isEqualTo("ok");
    assertThat(calls()).as("containers, a new one, the data").hasSize(3);
    assertThat(byCommand(false, "refresh", Map.of())).isZero();
    int before = calls().size();

    // What it brought waits in the journal for the sinks, and the container is remembered.
    test.start();
    await()
        .atMost(BridgeUnderTest.PATIENCE)
        .until(() -> test.local().latest().containsKey(BridgeUnderTest.mileage(ACCOUNT)));
    assertThat(test.account("main").containers().id()).isNotEmpty();
    // The ledger opens its file with the first call.
    byHttp(200, "containers");
    assertThat(test.account("main").quota().used()).isGreaterThan(before);
  }
}
