// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.simulator.HttpApi.VIN;
import static org.cardatabridge.simulator.HttpApi.container;
import static org.cardatabridge.simulator.HttpApi.json;
import static org.cardatabridge.simulator.HttpApi.of;
import static org.cardatabridge.simulator.HttpApi.outcome;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers as cardata-protocol.md, section 4.1, has them. */
class ApiContainerTest {

  private static final String CONTAINERS = "/customers/containers";

  @TempDir static Path directory;

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");
  private static final SetClock CLOCK = new SetClock(NOW);
  private static Simulator simulator;
  private HttpApi api;

  @BeforeAll
  static void start() throws Exception {
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .withAccounts(AccountConfig.first(), AccountConfig.second())
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
    simulator.perform("forget-containers", "{}");
    simulator.useApiCalls(AccountConfig.first().clientId(), 0);
    api = new HttpApi(simulator);
  }

  @Test
  void aNewOneIsGivenBackWholeAndListedWithoutDescriptors() throws Exception {
    assertThat(json(api.get(CONTAINERS)).getJsonArray("containers")).isEmpty();
    HttpResponse<byte[]> made =
        api.post(CONTAINERS, container("bridge", Descriptors.MILEAGE, Descriptors.CHARGE));
    assertThat(made.statusCode()).isEqualTo(201);
    JsonObject whole = json(made);
    String id = whole.getString("containerId");
    assertThat(id).matches("[A-Z0-9]{13}");
    assertThat(whole.getString("state")).isEqualTo("ACTIVE");
    assertThat(whole.getString("created")).isEqualTo("2026-01-05T08:00:00.000Z");
    assertThat(whole.getJsonArray("technicalDescriptors"))
        .containsExactly(Descriptors.MILEAGE, Descriptors.CHARGE);
    assertThat(json(api.get(CONTAINERS + "/" + id))).isEqualTo(whole);
    JsonObject listed = json(api.get(CONTAINERS)).getJsonArray("containers").getJsonObject(0);
    JsonObject head = whole.copy();
    head.remove("technicalDescriptors");
    assertThat(listed).isEqualTo(head);
  }

  @Test
  void aDeletedOneIsListedAsSuchRefusedAndPurgedAfter29Days() throws Exception {
    String id = api.newContainer(Descriptors.MILEAGE);
    HttpResponse<byte[]> deleted = api.delete(CONTAINERS + "/" + id);
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    assertThat(state()).isEqualTo("DELETED");
    simulator.perform("settings", "{\"api-deleted-state\":\"INACTIVE\"}");
    assertThat(state()).isEqualTo("INACTIVE");
    assertThat(outcome(api.delete(CONTAINERS + "/" + id))).isEqualTo("400 CU-122");
    assertThat(outcome(telematicData(id))).isEqualTo("400 CU-122");
    CLOCK.move(Duration.ofDays(29));
    api.with(HttpApi.newToken(simulator, AccountConfig.first()));
    assertThat(outcome(telematicData(id))).isEqualTo("403 CU-105");
    assertThat(json(api.get(CONTAINERS)).getJsonArray("containers")).isEmpty();
  }

  private String state() throws Exception {
    return json(api.get(CONTAINERS)).getJsonArray("containers").getJsonObject(0).getString("state");
  }

  private HttpResponse<byte[]> telematicData(String id) throws Exception {
    return api.get(of(VIN, "telematicData?containerId=" + id));
  }

  @Test
  void oneThatVanishedOrBelongsToAnotherAccountIsCu105() throws Exception {
    String id = api.newContainer(Descriptors.MILEAGE);
    HttpApi other = new HttpApi(simulator, AccountConfig.second());
    assertThat(outcome(other.get(CONTAINERS + "/" + id))).isEqualTo("403 CU-105");
    assertThat(outcome(other.delete(CONTAINERS + "/" + id))).isEqualTo("403 CU-105");
    simulator.perform("forget-containers", "{}");
    assertThat(outcome(telematicData(id))).isEqualTo("403 CU-105");
    assertThat(outcome(api.get(CONTAINERS + "/short"))).isEqualTo("400 CU-121");
  }

  @Test
  void tenAreTheMostAndADeletedOneMakesRoom() throws Exception {
    String ours = api.newContainer(Descriptors.MILEAGE);
    simulator.perform("fill-containers", "{\"count\":9}");
    String eleventh = container("ours", Descriptors.CHARGE);
    HttpResponse<byte[]> refused = api.post(CONTAINERS, eleventh);
    assertThat(outcome(refused)).isEqualTo("400 CU-124");
    assertThat(json(refused).getString("exveErrorMsg")).isEqualTo("Max containers reached");
    api.delete(CONTAINERS + "/" + ours);
    assertThat(outcome(api.post(CONTAINERS, eleventh))).isEqualTo("201");
    assertThat(json(api.get(CONTAINERS)).getJsonArray("containers")).hasSize(11);
  }

  @Test
  void oneWithAllKeysIsCu403AndOneWithAnUnknownKeyCu402() throws Exception {
    String[] all = new KnownDescriptors().names().toArray(String[]::new);
    assertThat(all).hasSizeGreaterThan(290);
    assertThat(outcome(api.post(CONTAINERS, container("all", all)))).isEqualTo("403 CU-403");
    assertThat(outcome(api.post(CONTAINERS, container("odd", "vehicle.notThere"))))
        .isEqualTo("400 CU-402");
    simulator.perform("settings", "{\"api-container-keys\":300}");
    assertThat(outcome(api.post(CONTAINERS, container("all", all)))).isEqualTo("201");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json | CU-400",
        "[] | CU-400",
        "{} | CU-400",
        "{\"name\":\"\",\"purpose\":\"p\",\"technicalDescriptors\":[\"vehicle.isMoving\"]} | CU-400",
        "{\"name\":\"n\",\"technicalDescriptors\":[\"vehicle.isMoving\"]} | CU-400",
        "{\"name\":\"n\",\"purpose\":\"p\"} | CU-400",
        "{\"name\":\"n\",\"purpose\":\"p\",\"technicalDescriptors\":[]} | CU-400",
        "{\"name\":\"n\",\"purpose\":\"p\",\"technicalDescriptors\":\"x\"} | CU-400",
        "{\"name\":7,\"purpose\":\"p\",\"technicalDescriptors\":[\"x\"]} | CU-400",
        "{\"name\":null,\"purpose\":\"p\",\"technicalDescriptors\":[\"x\"]} | CU-400",
        "{\"name\":\"n\",\"purpose\":\"p\",\"technicalDescriptors\":[7]} | CU-402"
      })
  void aWishThatIsNoneIsRefused(String body, String error) throws Exception {
    assertThat(outcome(api.post(CONTAINERS, body))).isEqualTo("400 " + error);
    assertThat(json(api.get(CONTAINERS)).getJsonArray("containers")).isEqualTo(new JsonArray());
  }

  @Test
  void aWishIsSentAsJson() throws Exception {
    String body = container("ours", Descriptors.MILEAGE);
    assertThat(outcome(api.post(CONTAINERS, body, "Content-Type", "text/plain")))
        .isEqualTo("400 CU-400");
    assertThat(
            outcome(api.post(CONTAINERS, body, "Content-Type", "application/json;charset=utf-8")))
        .isEqualTo("201");
  }
}
