// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The device flow against cardata-protocol.md, sections 1.2 to 1.4. */
class DeviceLoginTest {

  @TempDir Path directory;

  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T08:00:00.610Z"));
  private Simulator simulator;
  private HttpLogin login;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .withClock(clock)
                .withAccounts(AccountConfig.first(), AccountConfig.second()));
    login = new HttpLogin(simulator, AccountConfig.first());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private String deviceCode() throws Exception {
    return login.code().getString("device_code");
  }

  private void oneInterval() {
    clock.move(Duration.ofSeconds(5));
  }

  @Test
  void theAnswerToACodeRequestHasBmwsFields() throws Exception {
    JsonObject code = login.code();

    assertThat(code.getString("user_code")).matches("[A-Za-z0-9]{8}");
    assertThat(code.getString("device_code").split("\\.")).hasSize(3);
    assertThat(code.getInteger("interval")).isEqualTo(5);
    assertThat(code.getInteger("expires_in")).isEqualTo(300);
    assertThat(code.getString("verification_uri")).isEqualTo(simulator.authUrl() + "/oneid/link");
    assertThat(code.getString("verification_uri_complete"))
        .isEqualTo(simulator.authUrl() + "/oneid/link?user_code=" + code.getString("user_code"));
  }

  @ParameterizedTest
  @CsvSource({
    "client_id, '', 400 invalid_request",
    "client_id, nobody, 401 invalid_client",
    "response_type, '', 400 invalid_request",
    "response_type, code, 400 invalid_request",
    "scope, '', 400 invalid_request",
    "scope, openid offline_access, 400 invalid_scope",
    "code_challenge, '', 400 invalid_request",
    "code_challenge, short, 400 invalid_request",
    "code_challenge_method, '', 400 invalid_request",
    "code_challenge_method, plain, 400 invalid_request"
  })
  void aBadCodeRequestIsRefused(String field, String value, String expected) throws Exception {
    assertThat(HttpLogin.error(login.askCode(field, value))).isEqualTo(expected);
  }

  @Test
  void aJsonBodyOrARepeatedFieldIsAnInvalidRequest() throws Exception {
    String path = "/gcdm/oauth/device/code";
    assertThat(HttpLogin.error(login.post(path, "{}", "application/json")))
        .isEqualTo("400 invalid_request");
    assertThat(
            HttpLogin.error(
                login.post(path, "client_id=a&client_id=b", "application/x-www-form-urlencoded")))
        .isEqualTo("400 invalid_request");
    assertThat(login.get(path).statusCode()).isEqualTo(405);
    assertThat(login.get("/elsewhere").statusCode()).isEqualTo(404);
  }

  @Test
  void aLoginWaitsForItsUserWith403() throws Exception {
    String code = deviceCode();
    for (int i = 0; i < 3; i++) {
      oneInterval();
      assertThat(HttpLogin.error(login.poll(code))).isEqualTo("403 authorization_pending");
    }
  }

  @Test
  void approvalGivesTokensInBmwsShapeAndTheCodeWorksOnce() throws Exception {
    String code = deviceCode();
    assertThat(simulator.approve()).isEqualTo(1);
    oneInterval();

    JsonObject tokens = HttpLogin.json(login.poll(code));

    assertThat(tokens.fieldNames())
        .containsExactlyInAnyOrder(
            "gcid",
            "token_type",
            "access_token",
            "refresh_token",
            "scope",
            "expires_in",
            "id_token");
    assertThat(tokens.getString("gcid")).isEqualTo(AccountConfig.first().gcid());
    assertThat(tokens.getString("token_type")).isEqualTo("Bearer");
    assertThat(tokens.getInteger("expires_in")).isEqualTo(3599);
    assertThat(tokens.getString("scope"))
        .isNotEqualTo(HttpLogin.ALL_SCOPES)
        .satisfies(
            s ->
                assertThat(Set.of(s.split(" ")))
                    .isEqualTo(Set.of(HttpLogin.ALL_SCOPES.split(" "))));
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("400 invalid_grant");
  }

  @Test
  void theIdTokenIsAJwtOfBmwsLengthWithTheAclInside() throws Exception {
    String idToken = new JsonObject(simulator.tokens(null)).getString("id_token");

    assertThat(idToken.length()).isBetween(1300, 1330);
    assertThat(decoded(idToken.split("\\.")[0]).getString("alg")).isEqualTo("RS256");
    JsonObject claims = decoded(idToken.split("\\.")[1]);
    assertThat(claims.getString("gcid")).isEqualTo(AccountConfig.first().gcid());
    assertThat(claims.getString("sub")).isNotBlank();
    assertThat(claims.getLong("exp")).isEqualTo(clock.instant().getEpochSecond() + 3600);
    assertThat(claims.getString("dynamic_scopes"))
        .isEqualTo("read:streaming/*/" + AccountConfig.first().gcid() + ".*");
  }

  private static JsonObject decoded(String part) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
  }

  @Test
  void aPollBeforeTheIntervalIsToldToSlowDownAndTheIntervalGrowsByFiveSeconds() throws Exception {
    String code = deviceCode();
    clock.move(Duration.ofSeconds(2));
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("400 slow_down");
    clock.move(Duration.ofSeconds(6));
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("400 slow_down");
    clock.move(Duration.ofSeconds(15));
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("403 authorization_pending");
  }

  @Test
  void anInjectedSlowDownRaisesTheIntervalAsWell() throws Exception {
    String code = deviceCode();
    simulator.fault(Place.POLL, Fault.error("slow_down"));
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("400 slow_down");
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("400 slow_down");
  }

  @Test
  void aCodeExpiresAfter300Seconds() throws Exception {
    String code = deviceCode();
    clock.move(Duration.ofSeconds(299));
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("403 authorization_pending");
    clock.move(Duration.ofSeconds(1));
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("401 expired_token");
    assertThat(simulator.approve()).isZero();
  }

  @Test
  void aRefusedLoginIsDenied() throws Exception {
    String code = deviceCode();
    assertThat(simulator.deny()).isEqualTo(1);
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("403 access_denied");
  }

  @Test
  void aWrongVerifierBurnsTheCode() throws Exception {
    String code = deviceCode();
    simulator.approve();
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code, "code_verifier", "wrong")))
        .isEqualTo("400 invalid_grant");
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("400 invalid_grant");
  }

  @ParameterizedTest
  @CsvSource({
    "code_verifier, '', 400 invalid_request",
    "device_code, '', 400 invalid_request",
    "device_code, made-up, 400 invalid_grant",
    "client_id, '', 400 invalid_request",
    "client_id, nobody, 401 invalid_client",
    "client_id, 8d44b9e0-16c3-4f2a-8e0b-7a92f3c5d602, 400 invalid_grant",
    "grant_type, '', 400 invalid_request",
    "grant_type, password, 400 unsupported_grant_type"
  })
  void aBadPollIsRefused(String field, String value, String expected) throws Exception {
    String code = deviceCode();
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code, field, value))).isEqualTo(expected);
  }

  @Test
  void theLinkPageTakesTheCodeInItsExactCase() throws Exception {
    JsonObject code = login.code();
    String userCode = code.getString("user_code");
    assertThat(login.get("/oneid/link?user_code=" + userCode).body()).contains(userCode);
    assertThat(login.get("/oneid/link?user_code=%22%3E%3Cscript%3E").body())
        .doesNotContain("<script>");

    String swapped =
        userCode.equals(userCode.toLowerCase()) ? userCode.toUpperCase() : userCode.toLowerCase();
    assertThat(link(swapped, "approve")).contains("No login waits");
    assertThat(link(userCode, "approve")).contains("Allowed");
    oneInterval();
    assertThat(login.poll(code.getString("device_code")).statusCode()).isEqualTo(200);
  }

  @Test
  void theLinkPageCanRefuse() throws Exception {
    JsonObject code = login.code();
    assertThat(link(code.getString("user_code"), "deny")).contains("Refused");
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code.getString("device_code"))))
        .isEqualTo("403 access_denied");
  }

  private String link(String userCode, String decision) throws Exception {
    return login
        .post("/oneid/link", HttpLogin.form("user_code", userCode, "decision", decision))
        .body();
  }

  @Test
  void aLoginApprovesItselfWhenToldSo() throws Exception {
    simulator.change(b -> b.autoApproveAfter(Duration.ofSeconds(7)));
    String code = deviceCode();
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("403 authorization_pending");
    oneInterval();
    assertThat(login.poll(code).statusCode()).isEqualTo(200);
  }

  @Test
  void withoutOpenidThereIsNoIdToken() throws Exception {
    String code =
        login.code("scope", "authenticate_user cardata:streaming:read").getString("device_code");
    simulator.approve();
    oneInterval();
    assertThat(HttpLogin.json(login.poll(code)).containsKey("id_token")).isFalse();
  }

  @Test
  void withoutTheStreamingSubscriptionScopeAndAclAreMissing() throws Exception {
    simulator.perform("services", "{\"streaming\":false}");
    String code = deviceCode();
    simulator.approve();
    oneInterval();

    JsonObject tokens = HttpLogin.json(login.poll(code));

    assertThat(tokens.getString("scope")).doesNotContain("streaming").contains("cardata:api:read");
    assertThat(decoded(tokens.getString("id_token").split("\\.")[1]).containsKey("dynamic_scopes"))
        .isFalse();
  }

  @Test
  void withoutAnySubscriptionTheLoginIsDenied() throws Exception {
    simulator.perform("services", "{\"streaming\":false,\"api\":false}");
    String code = deviceCode();
    simulator.approve();
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("403 access_denied");
  }

  @Test
  void aDeletedClientIsUnknown() throws Exception {
    String code = deviceCode();
    simulator.perform("client", "{\"known\":false}");
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("401 invalid_client");
  }

  @Test
  void oneStatusForAllErrorsCanBeSet() throws Exception {
    simulator.change(b -> b.errorStatus(400));
    String code = deviceCode();
    oneInterval();
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("400 authorization_pending");
    clock.move(Duration.ofSeconds(300));
    assertThat(HttpLogin.error(login.poll(code))).isEqualTo("400 expired_token");
  }

  @Test
  void everyRequestIsLogged() throws Exception {
    String code = deviceCode();
    oneInterval();
    login.poll(code);
    login.refresh("dead");
    assertThat(simulator.requests())
        .extracting(r -> r.place().word() + " " + r.status() + " " + r.outcome())
        .containsExactly(
            "device-code 200 ok", "poll 403 authorization_pending", "refresh 400 invalid_request");
  }
}
