// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.cardatabridge.testing.Trust;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of cardata-protocol.md, section 1.4, on demand. */
class LoginFaultTest {

  @TempDir Path directory;

  private Simulator simulator;
  private HttpLogin login;
  private String refreshToken;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorConfig.in(directory));
    login = new HttpLogin(simulator, AccountConfig.first());
    refreshToken = new JsonObject(simulator.tokens(null)).getString("refresh_token");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private HttpResponse<String> call(String place) throws IOException {
    return switch (place) {
      case "device-code" -> login.askCode();
      case "poll" -> login.poll("any");
      default -> login.refresh(refreshToken);
    };
  }

  @Test
  void aFaultOfOneAccountLeavesTheOthersAlone() throws Exception {
    simulator.close();
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .withAccounts(AccountConfig.first(), AccountConfig.second()));
    String second = AccountConfig.second().clientId();
    simulator.fault(Place.DEVICE_CODE, Fault.status(503), 1, second);

    assertThat(new HttpLogin(simulator, AccountConfig.first()).askCode().statusCode())
        .isEqualTo(200);
    assertThat(new HttpLogin(simulator, AccountConfig.second()).askCode().statusCode())
        .isEqualTo(503);
    assertThat(new HttpLogin(simulator, AccountConfig.second()).askCode().statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "poll, authorization_pending, 403",
    "poll, slow_down, 400",
    "poll, expired_token, 401",
    "poll, access_denied, 403",
    "poll, invalid_client, 401",
    "poll, invalid_grant, 400",
    "poll, invalid_request, 400",
    "poll, invalid_token, 400",
    "poll, unauthorized_client, 400",
    "refresh, expired_token, 401",
    "refresh, access_denied, 403",
    "refresh, invalid_client, 401",
    "refresh, invalid_grant, 400",
    "refresh, invalid_request, 400",
    "refresh, invalid_token, 400",
    "refresh, unauthorized_client, 400",
    "refresh, something_new, 400",
    "device-code, invalid_client, 401"
  })
  void anErrorComesOnceWithTheStatusOfTheSwagger(String place, String error, int status)
      throws Exception {
    simulator.fault(Place.of(place), Fault.error(error));
    assertThat(HttpLogin.error(call(place))).isEqualTo(status + " " + error);
    call(place);
    assertThat(simulator.requests()).hasSize(2);
    assertThat(simulator.requests().get(1).outcome())
        .isEqualTo(place.equals("poll") ? "invalid_grant" : "ok");
    assertThat(simulator.requests().get(0).outcome()).isEqualTo(error);
  }

  @Test
  void anErrorCanComeWithAnotherStatusAndSeveralTimes() throws Exception {
    simulator.fault(Place.POLL, Fault.error("authorization_pending", 400), 2);
    assertThat(HttpLogin.error(call("poll"))).isEqualTo("400 authorization_pending");
    assertThat(HttpLogin.error(call("poll"))).isEqualTo("400 authorization_pending");
    assertThat(HttpLogin.error(call("poll"))).isEqualTo("400 invalid_grant");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503})
  void aBareStatusHasNoJsonAndChangesNothing(int status) throws Exception {
    simulator.fault(Place.REFRESH, Fault.status(status));
    HttpResponse<String> response = call("refresh");
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).doesNotContain("{");
    assertThat(response.headers().firstValue("Retry-After")).isEmpty();
    assertThat(call("refresh").statusCode()).isEqualTo(200);
  }

  @Test
  void a429CanSayHowLongToWait() throws Exception {
    simulator.fault(Place.REFRESH, Fault.status(429, Duration.ofSeconds(7)));
    assertThat(call("refresh").headers().firstValue("Retry-After")).contains("7");
  }

  @Test
  void theGatewayFaultBurnsTheDeviceCode() throws Exception {
    simulator.change(b -> b.pollInterval(Duration.ofMillis(1)));
    String code = login.code().getString("device_code");
    simulator.approve();
    simulator.fault(Place.POLL, Fault.gateway());

    HttpResponse<String> response = login.poll(code);

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(
            HttpLogin.json(response)
                .getJsonObject("fault")
                .getJsonObject("detail")
                .getString("errorcode"))
        .isEqualTo("keymanagement.service.invalid_access_token");
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("400 invalid_grant");
  }

  @Test
  void theGatewayFaultLeavesARefreshTokenAlone() throws Exception {
    simulator.fault(Place.REFRESH, Fault.gateway());
    assertThat(call("refresh").statusCode()).isEqualTo(500);
    assertThat(call("refresh").statusCode()).isEqualTo(200);
  }

  @Test
  void anAnswerCanBeNoJson() throws Exception {
    simulator.fault(Place.REFRESH, Fault.garbage("<html>maintenance</html>"));
    HttpResponse<String> response = call("refresh");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("<html>maintenance</html>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gcid", "refresh_token", "id_token", "scope"})
  void aFieldCanBeMissing(String field) throws Exception {
    simulator.fault(Place.REFRESH, Fault.omit(field));
    JsonObject tokens = HttpLogin.json(call("refresh"));
    assertThat(tokens.containsKey(field)).isFalse();
    assertThat(tokens.size()).isEqualTo(6);
  }

  @Test
  void theLinkWithTheCodeInItCanBeMissing() throws Exception {
    simulator.fault(Place.DEVICE_CODE, Fault.omit("verification_uri_complete", "interval"));
    assertThat(login.code().fieldNames()).doesNotContain("verification_uri_complete", "interval");
  }

  @Test
  void anAnswerCanBeLate() throws Exception {
    simulator.fault(Place.REFRESH, Fault.slow(Duration.ofMillis(400)));
    long start = System.nanoTime();
    assertThat(call("refresh").statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(390));
  }

  @ParameterizedTest
  @ValueSource(strings = {"device-code", "poll", "refresh"})
  void theConnectionCanBeReset(String place) {
    simulator.fault(Place.of(place), Fault.reset());
    assertThatThrownBy(() -> call(place)).isInstanceOf(IOException.class);
    assertThat(simulator.requests().get(0).outcome()).isEqualTo("fault:reset");
  }

  @Test
  void thereCanBeNoAnswerAtAll() throws Exception {
    simulator.fault(Place.REFRESH, Fault.silence());
    java.net.http.HttpClient http =
        java.net.http.HttpClient.newBuilder().sslContext(Trust.in(simulator.caFile())).build();
    var request =
        java.net.http.HttpRequest.newBuilder(
                java.net.URI.create(simulator.authUrl() + "/gcdm/oauth/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .timeout(Duration.ofMillis(700))
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString("grant_type=refresh_token"))
            .build();
    assertThatThrownBy(
            () -> http.send(request, java.net.http.HttpResponse.BodyHandlers.discarding()))
        .isInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void anOutageResetsEveryRequestUntilItEnds() throws Exception {
    simulator.perform("outage", "{\"login\":true}");
    assertThatThrownBy(() -> call("refresh")).isInstanceOf(IOException.class);
    simulator.perform("outage", "{\"login\":false}");
    assertThat(call("refresh").statusCode()).isEqualTo(200);
  }

  @Test
  void aFaultWhereItCannotStrikeIsRefused() {
    assertThatThrownBy(() -> simulator.fault(Place.POLL, Fault.code(135)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot happen at poll");
    assertThatThrownBy(() -> simulator.fault(Place.CONNECT, Fault.gateway()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> simulator.fault(Place.CONNECT, Fault.code(142)))
        .hasMessageContaining("no CONNACK code 142");
    assertThatThrownBy(() -> simulator.fault(Place.SUBSCRIBE, Fault.code(1)))
        .hasMessageContaining("no failure");
  }
}
