// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.simulator.HttpApi.SECOND_VIN;
import static org.cardatabridge.simulator.HttpApi.VIN;
import static org.cardatabridge.simulator.HttpApi.history;
import static org.cardatabridge.simulator.HttpApi.json;
import static org.cardatabridge.simulator.HttpApi.of;
import static org.cardatabridge.simulator.HttpApi.outcome;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error id of cardata-protocol.md, section 4.7, that follows from a rule. */
class ApiRuleTest {

  private static final String MAPPINGS = "/customers/vehicles/mappings";
  private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

  @TempDir static Path directory;

  private static final SetClock CLOCK = new SetClock(NOW);
  private static final AccountConfig ACCOUNT = AccountConfig.first();
  private static Simulator simulator;
  private HttpApi api;

  @BeforeAll
  static void start() throws Exception {
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .withAccounts(ACCOUNT, AccountConfig.second())
                .withClock(CLOCK));
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  /** One simulator serves all tests, as its start takes long; each finds it as if it were new. */
  @BeforeEach
  void renew() throws Exception {
    CLOCK.set(NOW);
    simulator.change(b -> Behaviour.likeBmw());
    simulator.perform("client", "{\"known\":true}");
    simulator.perform("services", "{\"api\":true}");
    for (String vin : ACCOUNT.vins()) {
      simulator.perform(
          "vehicle",
          new JsonObject()
              .put("mapping", "PRIMARY")
              .put("telematics", true)
              .put("image", true)
              .put("charging-settings", true)
              .put("vin", vin)
              .encode());
    }
    simulator.useApiCalls(ACCOUNT.clientId(), 0);
    api = new HttpApi(simulator);
  }

  @Test
  void withoutATokenItIsCu100AndWithAnUnknownOneCu101() throws Exception {
    assertThat(outcome(api.get(MAPPINGS, "Authorization", ""))).isEqualTo("401 CU-100");
    assertThat(outcome(api.get(MAPPINGS, "Authorization", "Basic eDp5"))).isEqualTo("401 CU-100");
    assertThat(outcome(api.with("A0nonsense").get(MAPPINGS))).isEqualTo("401 CU-101");
    String idToken = new JsonObject(simulator.tokens(ACCOUNT.clientId())).getString("id_token");
    assertThat(outcome(api.with(idToken).get(MAPPINGS))).isEqualTo("401 CU-101");
    assertThat(simulator.apiCallsUsed(ACCOUNT.clientId())).isZero();
  }

  @Test
  void anAccessTokenLivesAsLongAsItIsToldAndARefreshCuresIt() throws Exception {
    CLOCK.move(Duration.ofSeconds(3599));
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("200");
    CLOCK.move(Duration.ofSeconds(1));
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("401 CU-102");
    assertThat(outcome(api.with(HttpApi.newToken(simulator, ACCOUNT)).get(MAPPINGS)))
        .isEqualTo("200");
  }

  @Test
  void allAccessTokensOfOneAccountCanBeExpiredAtOnce() throws Exception {
    HttpApi other = new HttpApi(simulator, AccountConfig.second());
    simulator.expireAccessTokens(ACCOUNT.clientId());
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("401 CU-102");
    assertThat(outcome(other.get(MAPPINGS))).isEqualTo("200");
    assertThat(outcome(api.with(HttpApi.newToken(simulator, ACCOUNT)).get(MAPPINGS)))
        .isEqualTo("200");
  }

  @Test
  void aLoginWithoutTheScopeOrAClientWithoutTheServiceIsCu103() throws Exception {
    HttpLogin login = new HttpLogin(simulator, ACCOUNT);
    JsonObject code = login.code("scope", "authenticate_user openid cardata:streaming:read");
    simulator.approve();
    CLOCK.move(Duration.ofSeconds(6));
    String token =
        HttpLogin.json(login.poll(code.getString("device_code"))).getString("access_token");
    assertThat(outcome(api.with(token).get(MAPPINGS))).isEqualTo("403 CU-103");
    simulator.perform("services", "{\"api\":false}");
    assertThat(outcome(new HttpApi(simulator).get(MAPPINGS))).isEqualTo("403 CU-103");
  }

  @Test
  void aClientIdThatWasDeletedIsCu101() throws Exception {
    simulator.perform("client", "{\"known\":false}");
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("401 CU-101");
  }

  @Test
  void theVersionHeaderIsNeeded() throws Exception {
    assertThat(outcome(api.get(MAPPINGS, "x-version", ""))).isEqualTo("400 CU-400");
    assertThat(outcome(api.get(MAPPINGS, "x-version", "v2"))).isEqualTo("400 CU-401");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "basicData",
        "telematicData?containerId=C0NTAINER0001",
        "chargingHistory?from=2026-06-01T00:00:00Z&to=2026-06-02T00:00:00Z",
        "image",
        "smartMaintenanceTyreDiagnosis",
        "locationBasedChargingSettings"
      })
  void eachVehiclePathKnowsForeignSecondaryAndMalformedVins(String what) throws Exception {
    String foreign = AccountConfig.second().vins().get(0);
    assertThat(outcome(api.get(of(foreign, what), "Accept", "*/*"))).isEqualTo("403 CU-104");
    assertThat(outcome(api.get(of("WBY00TEST00000009", what), "Accept", "*/*")))
        .isEqualTo("403 CU-104");
    for (String malformed : new String[] {"WBY00", "wby00test00000001", "WBY00TEST0000000%C3%9F"}) {
      assertThat(outcome(api.get(of(malformed, what), "Accept", "*/*"))).isEqualTo("400 CU-120");
    }
    simulator.perform("vehicle", "{\"vin\":\"" + VIN + "\",\"mapping\":\"SECONDARY\"}");
    assertThat(outcome(api.get(of(VIN, what), "Accept", "*/*"))).isEqualTo("403 CU-104");
    simulator.perform("vehicle", "{\"vin\":\"" + SECOND_VIN + "\",\"telematics\":false}");
    assertThat(outcome(api.get(of(SECOND_VIN, what), "Accept", "*/*")))
        .isEqualTo(what.equals("basicData") ? "200" : "403 CU-104");
  }

  @Test
  void aMissingImageIsCu126AndMissingSettingsAreCu127() throws Exception {
    simulator.perform("vehicle", "{\"image\":false,\"charging-settings\":false}");
    assertThat(outcome(api.get(of(VIN, "image")))).isEqualTo("404 CU-126");
    assertThat(outcome(api.get(of(VIN, "locationBasedChargingSettings")))).isEqualTo("404 CU-127");
    assertThat(outcome(api.get(of(SECOND_VIN, "image")))).isEqualTo("200");
  }

  @ParameterizedTest
  @CsvSource({
    "chargingHistory, 400 CU-400",
    "chargingHistory?from=2026-06-01T00:00:00Z, 400 CU-400",
    "chargingHistory?to=2026-06-01T00:00:00Z, 400 CU-400",
    "chargingHistory?from=2026-06-01&to=2026-06-02, 400 CU-401",
    "chargingHistory?from=1780315200&to=1780415200, 400 CU-401",
    "chargingHistory?from=2026-06-02T00:00:00Z&to=2026-06-01T00:00:00Z, 400 CU-401",
    "telematicData, 400 CU-400",
    "telematicData?containerId=short, 400 CU-121",
    "telematicData?containerId=C0NTAINER0001, 403 CU-105",
    "nothing, 404 CU-400",
    "basicData/more, 404 CU-400"
  })
  void aParameterThatIsMissingOrWrongIsRefused(String what, String refusal) throws Exception {
    assertThat(outcome(api.get(of(VIN, what)))).isEqualTo(refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /customers/vehicles/mappings",
    "DELETE, /customers/containers",
    "PUT, /customers/containers/C0NTAINER0001",
    "GET, /",
    "GET, /customers",
    "GET, /oneid/link"
  })
  void aPathOrMethodThatDoesNotExistIs404(String method, String path) throws Exception {
    assertThat(outcome(api.send(method, path, null))).isEqualTo("404 CU-400");
    List<ApiRequest> all = simulator.apiRequests();
    assertThat(all.get(all.size() - 1).place()).isEqualTo(Place.API);
  }

  @Test
  void aPageTokenExpiresBelongsToOneListAndCanBeUsedAgain() throws Exception {
    String june = history("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z");
    simulator.change(b -> b.api(b.api().withPageSize(2)));
    String token = json(api.get(june)).getString("next_token");
    JsonObject page = json(api.get(june + "&nextToken=" + token));
    assertThat(json(api.get(june + "&nextToken=" + token)).getJsonArray("data"))
        .isEqualTo(page.getJsonArray("data"));
    String may = history("2026-05-01T00:00:00Z", "2026-07-01T00:00:00Z");
    assertThat(outcome(api.get(may + "&nextToken=" + token))).isEqualTo("400 CU-125");
    assertThat(outcome(api.get(of(VIN, "locationBasedChargingSettings?nextToken=" + token))))
        .isEqualTo("400 CU-125");
    assertThat(outcome(api.get(june + "&nextToken=nonsense"))).isEqualTo("400 CU-125");
    CLOCK.move(Duration.ofMinutes(10));
    assertThat(outcome(api.get(june + "&nextToken=" + token))).isEqualTo("400 CU-125");
    String fresh = json(api.get(june)).getString("next_token");
    simulator.perform("expire-page-tokens", "{}");
    assertThat(outcome(api.get(june + "&nextToken=" + fresh))).isEqualTo("400 CU-125");
  }

  @Test
  void aListCanHaveMorePagesThanAnybodyShouldAskFor() throws Exception {
    simulator.perform("add-sessions", "{\"count\":40}");
    simulator.change(b -> b.api(b.api().withPageSize(1)));
    String path = history("2026-06-01T00:00:00Z", "2026-07-02T00:00:00Z");
    JsonObject page = json(api.get(path));
    int pages = 1;
    while (page.containsKey("next_token") && pages < 30) {
      page = json(api.get(path + "&nextToken=" + page.getString("next_token")));
      assertThat(page.getJsonArray("data")).hasSize(1);
      pages++;
    }
    assertThat(pages).isEqualTo(30);
  }

  @Test
  void referenceAndNoteComeWithSomeErrorsOnly() throws Exception {
    JsonObject expired = json(api.get(of("X", "image")));
    assertThat(expired.fieldNames()).contains("exveErrorId", "exveErrorMsg", "exveErrorRef");
    JsonObject foreign = json(api.get(of("WBY00TEST00000009", "image")));
    JsonObject unknown = json(api.with("x").get(MAPPINGS));
    assertThat(unknown.fieldNames()).containsExactly("exveErrorId", "exveErrorMsg");
    assertThat(foreign.fieldNames()).contains("exveErrorId", "exveErrorMsg");
  }
}
