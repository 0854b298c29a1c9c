// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built program on a machine that has nothing of ours: from no client id to live data by HTTP
 * alone.
 */
class FirstStartIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String WRONG = "99999999-8888-7777-6666-555555555555";

  @TempDir Path directory;

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static JsonNode awaitAccount(Page page, String what, Predicate<JsonNode> wanted) {
    return await(what)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              try {
                return json(page.get("/api/status").body()).at("/accounts/0");
              } catch (IOException e) {
                return json("{}");
              }
            },
            wanted);
  }

  private static Predicate<JsonNode> login(String field, String value) {
    return account -> account.at("/login/" + field).asText("").equals(value);
  }

  @Test
  void fromNoClientIdOverAWrongOneToLiveDataByThePageAlone() throws Exception {
    Path data = directory.resolve("data");
    try (Simulator bmw = Simulator.start(SimulatorConfig.in(directory.resolve("bmw")))) {
      bmw.change(b -> b.pollInterval(Duration.ofSeconds(1)));
      Map<String, String> variables = new HashMap<>(bmw.environment());
      String clientId = variables.remove("CARDATA_CLIENT_ID");
      Page page = new Page(Page.freePort());
      variables.put("CARDATA_HTTP_PORT", Integer.toString(page.port()));
      variables.put("CARDATA_API_PLAN", "false");
      variables.put("CARDATA_SINK_MQTT_ENABLED", "false");
      try (Child run = Child.bridge(directory, variables, "run")) {
        awaitAccount(page, "no client id", login("error", "client-id-missing"));
        assertThat(page.post("/api/login/cancel", "").statusCode()).isEqualTo(200);

        JsonNode saved = json(save(page, WRONG));
        assertThat(saved.toString())
            .isEqualTo("{\"saved\":[\"cardata.client-id\"],\"effect\":\"now\"}");
        JsonNode refused = awaitAccount(page, "a refusal", login("error", "invalid_client"));
        assertThat(refused.at("/login/state").asText()).isEqualTo("refused");
        assertThat(page.get("/api/login/qr").statusCode()).isEqualTo(404);

        save(page, clientId);
        awaitAccount(page, "a code", account -> account.at("/login").has("userCode"));
        JsonNode begun = json(page.post("/api/login", "").body());
        assertThat(begun.get("state").asText()).isEqualTo("pending");
        assertThat(begun.get("userCode").asText()).isEqualTo(bmw.waitingCodes().get(0));
        assertThat(begun.has("error")).isFalse();
        assertThat(page.get("/api/login/qr").body()).startsWith("<svg ");

        assertThat(json(page.post("/api/login/cancel", "").body()).get("state").asText())
            .isEqualTo("login-required");
        page.post("/api/login", "");
        awaitAccount(page, "another code", account -> account.at("/login").has("userCode"));
        assertThat(bmw.deny()).isPositive();
        awaitAccount(page, "a denied login", login("error", "access_denied"));
        page.post("/api/login", "");
        JsonNode again =
            awaitAccount(page, "a third code", account -> account.at("/login").has("userCode"));
        assertThat(again.at("/login").has("error")).isFalse();
        assertThat(bmw.approve()).isPositive();
        awaitAccount(page, "a login", login("state", "authorized"));
        awaitAccount(
            page, "the stream", account -> account.at("/stream/state").asText("").equals("live"));

        String tokens = Files.readString(data.resolve("tokens.json"));
        assertThat(json(page.post("/api/login", "").body()).get("state").asText())
            .as("a second login while tokens are in use")
            .isEqualTo("pending");
        awaitAccount(page, "its code", account -> account.at("/login").has("userCode"));
        assertThat(Files.readString(data.resolve("tokens.json"))).isEqualTo(tokens);
        bmw.approve();
        awaitAccount(page, "the second login", login("state", "authorized"));
        assertThat(Files.readString(data.resolve("tokens.json"))).isNotEqualTo(tokens);

        assertThat(Files.getPosixFilePermissions(data.resolve("settings.properties")))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String settings = page.get("/api/settings").body();
        assertThat(settings).contains("cardata.client-id").doesNotContain(clientId);
        assertThat(run.isAlive()).isTrue();
        run.terminate();
        assertThat(run.exitCode(SOON)).isZero();
        assertThat(run.out() + run.err()).doesNotContain(clientId, WRONG, "Exception");
      }
    }
  }

  private static String save(Page page, String clientId) throws Exception {
    var answer = page.post("/api/settings", "{\"cardata.client-id\":\"" + clientId + "\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
