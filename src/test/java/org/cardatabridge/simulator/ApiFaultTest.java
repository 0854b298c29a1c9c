// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cardatabridge.simulator.HttpApi.VIN;
import static org.cardatabridge.simulator.HttpApi.json;
import static org.cardatabridge.simulator.HttpApi.of;
import static org.cardatabridge.simulator.HttpApi.outcome;
import static org.cardatabridge.simulator.HttpApi.text;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The REST API's faults on demand, and what the control door tells of it. */
class ApiFaultTest {

  private static final String MAPPINGS = "/customers/vehicles/mappings";
  private static final String CONTAINERS = "/customers/containers";
  private static final String BODY = HttpApi.container("ours", Descriptors.MILEAGE);

  @TempDir static Path directory;

  private static final AccountConfig ACCOUNT = AccountConfig.first();
  private static Simulator simulator;
  private HttpApi api;
  private int before;

  @BeforeAll
  static void start() throws Exception {
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory).withAccounts(ACCOUNT, AccountConfig.second()));
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  /** One simulator serves all tests, as its start takes long; each finds it as if it were new. */
  @BeforeEach
  void renew() throws Exception {
    simulator.perform("clear-faults", "{}");
    simulator.perform("forget-containers", "{}");
    simulator.useApiCalls(ACCOUNT.clientId(), 0);
    before = simulator.apiRequests().size();
    api = new HttpApi(simulator);
  }

  private ApiRequest request(int number) {
    return simulator.apiRequests().get(before + number);
  }

  private int used() {
    return simulator.apiCallsUsed(ACCOUNT.clientId());
  }

  private HttpResponse<byte[]> call(Place place) throws IOException {
    return switch (place) {
      case MAPPINGS, API -> api.get(MAPPINGS);
      case BASIC_DATA -> api.get(of(VIN, "basicData"));
      case CONTAINERS -> api.get(CONTAINERS);
      case CREATE_CONTAINER -> api.post(CONTAINERS, BODY);
      case CONTAINER -> api.get(CONTAINERS + "/C0NTAINER0001");
      case DELETE_CONTAINER -> api.delete(CONTAINERS + "/C0NTAINER0001");
      case TELEMATIC_DATA -> api.get(of(VIN, "telematicData?containerId=C0NTAINER0001"));
      case CHARGING_HISTORY ->
          api.get(HttpApi.history("2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"));
      case IMAGE -> api.get(of(VIN, "image"));
      case TYRES -> api.get(of(VIN, "smartMaintenanceTyreDiagnosis"));
      case CHARGING_SETTINGS -> api.get(of(VIN, "locationBasedChargingSettings"));
      default -> throw new IllegalArgumentException(place.word());
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = Place.class,
      mode = EnumSource.Mode.MATCH_NONE,
      names = {"DEVICE_CODE", "POLL", "REFRESH", "(HIGHMOBILITY_)?(CONNECT|SUBSCRIBE)", "API"})
  void eachEndpointHasFaultsOfItsOwn(Place place) throws Exception {
    Place other = place == Place.MAPPINGS ? Place.IMAGE : Place.MAPPINGS;
    simulator.fault(place, Fault.error("CU-503"), 2);
    assertThat(outcome(call(other))).isEqualTo("200");
    assertThat(outcome(call(place))).isEqualTo("503 CU-503");
    assertThat(outcome(call(place))).isEqualTo("503 CU-503");
    assertThat(outcome(call(place))).isNotEqualTo("503 CU-503");
    assertThat(request(1).place()).isEqualTo(place);
    assertThat(request(1).errorId()).isEqualTo("CU-503");
    assertThat(used()).as("calls that count").isEqualTo(4);
  }

  @Test
  void aFaultOfTheWholeApiWaitsBehindThoseOfAPlace() throws Exception {
    simulator.fault(Place.API, Fault.status(502));
    simulator.fault(Place.IMAGE, Fault.status(500));
    assertThat(call(Place.IMAGE).statusCode()).isEqualTo(500);
    assertThat(call(Place.IMAGE).statusCode()).isEqualTo(502);
    assertThat(call(Place.IMAGE).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "CU-100, 401",
    "CU-101, 401",
    "CU-102, 401",
    "CU-103, 403",
    "CU-104, 403",
    "CU-105, 403",
    "CU-120, 400",
    "CU-121, 400",
    "CU-122, 400",
    "CU-124, 400",
    "CU-125, 400",
    "CU-126, 404",
    "CU-127, 404",
    "CU-400, 400",
    "CU-401, 400",
    "CU-402, 400",
    "CU-403, 403",
    "CU-429, 403",
    "CU-500, 500",
    "CU-503, 503",
    "CU-999, 400"
  })
  void everyErrorIdComesOnDemandWithItsUsualStatusOrAnother(String id, int status)
      throws Exception {
    simulator.fault(Place.API, Fault.error(id));
    simulator.fault(Place.API, Fault.error(id, 418));
    HttpResponse<byte[]> usual = api.get(MAPPINGS);
    assertThat(outcome(usual)).isEqualTo(status + " " + id);
    assertThat(json(usual).getString("exveErrorMsg")).isNotBlank();
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("418 " + id);
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("200");
  }

  @Test
  void aBareStatusIsNoJsonAndMayAskForAPause() throws Exception {
    simulator.fault(Place.API, Fault.status(503, Duration.ofSeconds(30)));
    HttpResponse<byte[]> answer = api.get(MAPPINGS);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("30");
    assertThat(text(answer)).doesNotContain("{");
    assertThat(used()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "{\"data\":7}", "[[[", "{", "null"})
  void garbageIsAnyBodyWithAnyStatus(String body) throws Exception {
    simulator.perform(
        "fault",
        new JsonObject().put("at", "basic-data").put("kind", "garbage").put("body", body).encode());
    HttpResponse<byte[]> answer = call(Place.BASIC_DATA);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(text(answer)).isEqualTo(body);
  }

  @Test
  void garbageCanBeLargerThanAnybodyShouldRead() throws Exception {
    simulator.fault(Place.IMAGE, Fault.garbage("x".repeat(11_000_000)));
    assertThat(call(Place.IMAGE).body()).hasSize(11_000_000);
  }

  @Test
  void theGatewayAnswersInItsOwnShape() throws Exception {
    simulator.fault(Place.API, Fault.gateway());
    HttpResponse<byte[]> answer = api.get(MAPPINGS);
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(text(answer)).contains("keymanagement.service.invalid_access_token");
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("json");
  }

  @Test
  void fieldsOfAnAnswerCanBeLeftOut() throws Exception {
    simulator.fault(Place.BASIC_DATA, Fault.omit("modelName", "brand"));
    assertThat(json(call(Place.BASIC_DATA)).fieldNames())
        .contains("vin")
        .doesNotContain("modelName", "brand");
    simulator.fault(Place.MAPPINGS, Fault.omit("vin"));
    assertThat(HttpApi.list(call(Place.MAPPINGS))).hasSize(2);
  }

  @Test
  void aLostAnswerWasCarriedOutAndCounts() throws Exception {
    simulator.fault(Place.CREATE_CONTAINER, Fault.loseAnswer());
    assertThatThrownBy(() -> call(Place.CREATE_CONTAINER)).isInstanceOf(IOException.class);
    assertThat(used()).isEqualTo(1);
    assertThat(json(call(Place.CONTAINERS)).getJsonArray("containers")).hasSize(1);
    assertThat(request(0).outcome()).isEqualTo("fault:lose-answer");
    assertThat(request(0).status()).isZero();
  }

  @Test
  void aResetConnectionDoesNothingAndDoesNotCount() throws Exception {
    simulator.fault(Place.CREATE_CONTAINER, Fault.reset());
    assertThatThrownBy(() -> call(Place.CREATE_CONTAINER)).isInstanceOf(IOException.class);
    assertThat(used()).isZero();
    assertThat(json(call(Place.CONTAINERS)).getJsonArray("containers")).isEmpty();
  }

  @Test
  void aSlowAnswerComesLateAndWhole() throws Exception {
    simulator.fault(Place.IMAGE, Fault.slow(Duration.ofMillis(400)));
    long start = System.nanoTime();
    assertThat(call(Place.IMAGE).statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(390));
  }

  @Test
  void anOutageResetsEveryRequestAndLeavesTheLoginAlone() throws Exception {
    simulator.perform("outage", "{\"api\":true}");
    assertThatThrownBy(() -> api.get(MAPPINGS)).isInstanceOf(IOException.class);
    HttpLogin login = new HttpLogin(simulator, ACCOUNT);
    assertThat(login.askCode().statusCode()).isEqualTo(200);
    simulator.perform("outage", "{\"api\":false}");
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("200");
  }

  @Test
  void aFaultOfOneAccountLeavesTheOthersAlone() throws Exception {
    simulator.fault(Place.MAPPINGS, Fault.error("CU-500"), 1, AccountConfig.second().clientId());
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("200");
    HttpApi other = new HttpApi(simulator, AccountConfig.second());
    assertThat(outcome(other.get(MAPPINGS))).isEqualTo("500 CU-500");
    assertThat(outcome(other.get(MAPPINGS))).isEqualTo("200");
  }

  @Test
  void anMqttCodeCannotStrikeHere() {
    assertThatThrownBy(() -> simulator.fault(Place.IMAGE, Fault.code(135)))
        .hasMessageContaining("cannot happen at image");
  }

  private String control(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(simulator.controlUrl() + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void theControlDoorTellsRequestsAndQuota() throws Exception {
    simulator.fault(Place.MAPPINGS, Fault.status(502));
    api.get(MAPPINGS);
    api.get(of(VIN, "telematicData?containerId=x"));
    JsonArray requests = new JsonArray(control("/api-requests"));
    assertThat(requests.getJsonObject(before).getString("outcome")).isEqualTo("fault:status");
    JsonObject second = requests.getJsonObject(before + 1);
    second.remove("at");
    assertThat(second)
        .isEqualTo(
            new JsonObject()
                .put("clientId", ACCOUNT.clientId())
                .put("place", "telematic-data")
                .put("method", "GET")
                .put("path", "/customers/vehicles/" + VIN + "/telematicData")
                .put("query", "containerId=x")
                .put("status", 400)
                .put("errorId", "CU-121")
                .put("outcome", "CU-121"));
    JsonObject quota = new JsonArray(control("/quota")).getJsonObject(0);
    assertThat(quota.getInteger("used")).isEqualTo(2);
    assertThat(quota.getInteger("limit")).isEqualTo(50);
    assertThat(new JsonObject(control("/counters")).getInteger("apiRequests"))
        .isEqualTo(before + 2);
    assertThat(new JsonObject(control("/")).getString("apiUrl"))
        .isEqualTo(simulator.apiUrl().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quota | {\"used\":-1} | got -1 calls",
        "quota | {\"limit\":-1} | write a whole number",
        "quota | {\"clientId\":\"nobody\"} | nobody has this client id",
        "settings | {\"api-limit\":\"many\"} | write a whole number",
        "settings | {\"api-quota-reset\":\"weekly\"} | write rolling or midnight",
        "settings | {\"api-quota-status\":200} | 400 to 599",
        "settings | {\"api-page-size\":0} | 1 to 1000",
        "settings | {\"api-page-token-life\":\"0s\"} | got 0ms — 1ms or more",
        "settings | {\"api-mappings-as-object\":\"perhaps\"} | write true or false",
        "settings | {\"api-nonsense\":1} | unknown name 'api-nonsense'",
        "vehicle | {\"mapping\":\"TERTIARY\"} | unknown mapping 'TERTIARY'",
        "vehicle | {\"image\":\"no\"} | wrong type",
        "vehicle | {\"vin\":\"X\"} | no account has this VIN",
        "telematic | {\"entry\":{}} | no 'key'",
        "fill-containers | {\"count\":0} | got 0",
        "add-sessions | {\"count\":0} | got 0",
        "fault | {\"at\":\"image\",\"kind\":\"code\",\"code\":135} | cannot happen at image"
      })
  void aBadArgumentIsAnsweredWithASentence(String operation, String arguments, String sentence) {
    assertThatThrownBy(() -> simulator.perform(operation, arguments))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }
}
