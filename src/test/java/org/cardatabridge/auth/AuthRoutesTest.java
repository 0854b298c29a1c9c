// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.component.mock.MockEndpoint;
import org.cardatabridge.auth.FakeLoginServer.Reply;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped route files against a server that answers what it was told. */
class AuthRoutesTest {

  private static final String DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

  @TempDir Path data;
  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T10:00:00Z"));
  private FakeLoginServer server;
  private AuthBench bench;

  @BeforeEach
  void open() throws Exception {
    server = FakeLoginServer.tls();
    bench = new AuthBench(clock, true);
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
    server.close();
  }

  private AuthBench start() throws Exception {
    return bench.start(
        server.writeCertificate(data.resolve("ca.pem")),
        Settings.of(AuthBench.settings(data, server.base())),
        "main");
  }

  private TokenStore tokens() {
    return bench.account("main").tokens();
  }

  private LoginSnapshot status() {
    return bench.account("main").login().snapshot();
  }

  private void askAndPoll() {
    bench.tick("auth-login-ask", "main");
    clock.move(Duration.ofSeconds(5));
    bench.tick("auth-login-poll", "main");
  }

  @Test
  void asksShowsPollsStoresAndSaysSo() throws Exception {
    server
        .reply(200, FakeLoginServer.code("qRtVw3Kd"))
        .reply(403, "{\"error\":\"authorization_pending\"}")
        .reply(200, FakeLoginServer.tokens("1", clock.instant().plusSeconds(3600)));
    start();

    askAndPoll();
    assertThat(status().state()).isEqualTo("pending");
    assertThat(status().userCode()).isEqualTo("qRtVw3Kd");
    assertThat(String.join("", bench.terminal))
        .contains("https://login.example.org/link", "qRtVw3Kd", "5 min", "█");
    clock.move(Duration.ofSeconds(5));
    bench.tick("auth-login-poll", "main");

    assertThat(status().state()).isEqualTo("authorized");
    assertThat(status().message()).isNull();
    assertThat(tokens().current().orElseThrow().refreshToken()).isEqualTo("REFRESH-SECRET-1");
    assertThat(data.resolve("tokens.json")).content().contains("REFRESH-SECRET-1");
    FakeLoginServer.Request ask = server.requests.get(0);
    assertThat(ask.path()).isEqualTo("/gcdm/oauth/device/code");
    assertThat(ask.headers())
        .containsEntry("Accept", "application/json")
        .containsEntry("Content-type", "application/x-www-form-urlencoded")
        .doesNotContainKeys("Firetime", "Jobdetail", "Cookie");
    assertThat(ask.form())
        .containsEntry("client_id", "client-1")
        .containsEntry("response_type", "device_code")
        .containsEntry("scope", FakeLoginServer.SCOPE)
        .containsEntry("code_challenge_method", "S256");
    FakeLoginServer.Request poll = server.grants(DEVICE).get(1);
    assertThat(poll.form())
        .containsEntry("device_code", "DEVICE-CODE-SECRET-qRtVw3Kd")
        .containsEntry("client_id", "client-1");
    assertThat(new Pkce(poll.form().get("code_verifier")).challenge())
        .isEqualTo(ask.form().get("code_challenge"));
  }

  @Test
  void neverPollsBeforeOneIntervalHasPassed() throws Exception {
    server.reply(200, FakeLoginServer.code("qRtVw3Kd"));
    start();

    bench.tick("auth-login-ask", "main");
    bench.tick("auth-login-poll", "main");
    clock.move(Duration.ofMillis(4900));
    bench.tick("auth-login-poll", "main");

    assertThat(server.grants(DEVICE)).isEmpty();
  }

  @Test
  void refreshesOnceWhenDueAndStoresTheNewTokens() throws Exception {
    loggedIn();
    server.reply(200, FakeLoginServer.tokens("2", clock.instant().plusSeconds(7200)));

    bench.tick("auth-refresh", "main");
    assertThat(server.grants("refresh_token")).isEmpty();
    clock.move(Duration.ofMinutes(50));
    bench.tick("auth-refresh", "main");
    bench.tick("auth-refresh", "main");

    assertThat(server.grants("refresh_token")).hasSize(1);
    assertThat(server.grants("refresh_token").get(0).form())
        .containsEntry("refresh_token", "REFRESH-SECRET-1")
        .containsEntry("client_id", "client-1")
        .doesNotContainKey("scope");
    assertThat(data.resolve("tokens.json")).content().contains("REFRESH-SECRET-2");
    assertThat(data.resolve("tokens.json.bak")).content().contains("REFRESH-SECRET-1");
  }

  @Test
  void aRefreshThatIsAnsweredAfterALoginIsDropped() throws Exception {
    loggedIn();
    server.reply(200, FakeLoginServer.tokens("2", clock.instant().plusSeconds(7200)));
    clock.move(Duration.ofMinutes(50));
    TokenSet login = TokenFileTest.tokens(3);
    server.meanwhile = () -> tokens().save(login);

    bench.tick("auth-refresh", "main");

    assertThat(server.grants("refresh_token")).hasSize(1);
    assertThat(tokens().current()).contains(login);
    assertThat(data.resolve("tokens.json")).content().doesNotContain("REFRESH-SECRET-2");
    assertThat(status().state()).isEqualTo("authorized");
  }

  @Test
  void refreshKeepsTheOldTokensWhenBmwAnswers500AndTriesAgain() throws Exception {
    loggedIn();
    server
        .reply(500, "<html>oops</html>")
        .reply(Reply.reset())
        .reply(200, FakeLoginServer.tokens("2", clock.instant().plusSeconds(7200)));

    clock.move(Duration.ofMinutes(50));
    bench.tick("auth-refresh", "main");
    bench.tick("auth-refresh", "main");
    assertThat(server.grants("refresh_token")).as("backs off").hasSize(1);
    assertThat(tokens().current().orElseThrow().refreshToken()).isEqualTo("REFRESH-SECRET-1");
    clock.move(Duration.ofSeconds(3));
    bench.tick("auth-refresh", "main");
    assertThat(status().message()).contains("the bridge keeps trying");
    assertThat(status().state()).isEqualTo("authorized");
    clock.move(Duration.ofSeconds(5));
    bench.tick("auth-refresh", "main");

    assertThat(server.grants("refresh_token")).hasSize(3);
    assertThat(tokens().current().orElseThrow().refreshToken()).isEqualTo("REFRESH-SECRET-2");
    assertThat(status().message()).isNull();
  }

  @Test
  void honoursRetryAfter() throws Exception {
    loggedIn();
    server.reply(new Reply(429, "{}", Map.of("Retry-After", "120")));

    clock.move(Duration.ofMinutes(50));
    bench.tick("auth-refresh", "main");
    clock.move(Duration.ofSeconds(119));
    bench.tick("auth-refresh", "main");
    assertThat(server.grants("refresh_token")).hasSize(1);
    clock.move(Duration.ofSeconds(1));
    bench.tick("auth-refresh", "main");
    assertThat(server.grants("refresh_token")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 9_000, 300_000, 3_000_000})
  void anAnswerOfAnyLengthIsRead(int length) throws Exception {
    loggedIn();
    server
        .reply(
            new Reply(
                503, "x".repeat(length), Map.of("Retry-After", "Sat, 21 Nov 2026 10:51:05 GMT")))
        .reply(
            200,
            FakeLoginServer.tokens("2", clock.instant().plusSeconds(9000)) + " ".repeat(length));

    clock.move(Duration.ofMinutes(50));
    bench.tick("auth-refresh", "main");
    assertThat(status().message()).contains("503");
    clock.move(Duration.ofSeconds(59));
    bench.tick("auth-refresh", "main");
    assertThat(server.grants("refresh_token")).hasSize(1);
    clock.move(Duration.ofSeconds(1));
    bench.tick("auth-refresh", "main");

    assertThat(tokens().current().orElseThrow().refreshToken()).isEqualTo("REFRESH-SECRET-2");
  }

  @Test
  void aHeaderFromTheServerIsNeverAnExpression() throws Exception {
    loggedIn();
    server.reply(new Reply(503, "{}", Map.of("Retry-After", "${sys.java.home}, 5)")));

    clock.move(Duration.ofMinutes(50));
    bench.tick("auth-refresh", "main");

    assertThat(status().message()).contains("503").doesNotContain("home");
  }

  @Test
  void aDeadRefreshTokenWaitsForTheUserAndNeverAsksAgain() throws Exception {
    loggedIn();
    server.reply(400, "{\"error\":\"invalid_request\"}");

    clock.move(Duration.ofMinutes(50));
    for (int i = 0; i < 20; i++) {
      bench.tick("auth-refresh", "main");
      bench.tick("auth-login-ask", "main");
      bench.tick("auth-login-poll", "main");
      clock.move(Duration.ofHours(2));
    }

    assertThat(server.grants("refresh_token")).hasSize(1);
    assertThat(status().state()).isEqualTo("login-required");
    assertThat(status().message()).contains("invalid_request").contains("log in again");
    assertThat(data.resolve("tokens.json")).content().contains("REFRESH-SECRET-1");
    assertThat(server.requests).as("no login behind the user's back").hasSize(3);
  }

  @Test
  void aServerThatCannotBeReachedIsTransient() throws Exception {
    loggedIn();
    server.close();

    clock.move(Duration.ofMinutes(50));
    bench.tick("auth-refresh", "main");

    assertThat(status().message()).contains("does not accept the connection");
    assertThat(tokens().current()).isPresent();
  }

  @Test
  void anUntrustedServerIsTransientAndNamed() throws Exception {
    bench.start(null, Settings.of(AuthBench.settings(data, server.base())), "main");

    bench.tick("auth-login-ask", "main");

    assertThat(server.requests).isEmpty();
    assertThat(status().message()).contains("no trusted TLS connection");
  }

  @Test
  void aServerWithoutTlsWorksWhereTheUserNamesOne() throws Exception {
    try (FakeLoginServer plain = FakeLoginServer.plain()) {
      plain.reply(200, FakeLoginServer.code("AAAA-BBBB"));
      bench.start(
          server.writeCertificate(data.resolve("ca.pem")),
          Settings.of(AuthBench.settings(data, plain.base())),
          "main");

      bench.tick("auth-login-ask", "main");

      assertThat(status().userCode()).isEqualTo("AAAA-BBBB");
    }
  }

  @Test
  void neverFollowsARedirectWithItsSecrets() throws Exception {
    server.reply(new Reply(307, "{}", Map.of("Location", server.base() + "/elsewhere")));
    start();

    bench.tick("auth-login-ask", "main");

    assertThat(server.requests).hasSize(1);
  }

  @Test
  void twoAccountsDoNotMix() throws Exception {
    Map<String, String> settings = new HashMap<>(AuthBench.settings(data, server.base()));
    settings.put("cardata.account.second.client-id", "client-2");
    bench.start(
        server.writeCertificate(data.resolve("ca.pem")), Settings.of(settings), "main", "second");
    server
        .reply(200, FakeLoginServer.code("code-one"))
        .reply(200, FakeLoginServer.code("code-two"))
        .reply(200, FakeLoginServer.tokens("B", clock.instant().plusSeconds(3600)))
        .reply(400, "{\"error\":\"expired_token\"}");

    bench.tick("auth-login-ask", "main");
    bench.tick("auth-login-ask", "second");
    clock.move(Duration.ofSeconds(5));
    bench.tick("auth-login-poll", "second");
    bench.tick("auth-login-poll", "main");

    assertThat(server.grants(DEVICE).get(0).form())
        .containsEntry("client_id", "client-2")
        .containsEntry("device_code", "DEVICE-CODE-SECRET-code-two");
    assertThat(bench.account("second").login().snapshot().state()).isEqualTo("authorized");
    assertThat(status().state()).isEqualTo("login-required");
    assertThat(tokens().current()).isEmpty();
    assertThat(data.resolve("accounts/second/tokens.json"))
        .content()
        .contains("REFRESH-SECRET-B", "client-2");
    assertThat(data.resolve("tokens.json")).doesNotExist();
  }

  @Test
  void quartzDrivesAWholeLogin() throws Exception {
    bench.close();
    bench = new AuthBench(Clock.systemUTC(), false);
    server
        .reply(200, FakeLoginServer.code("qRtVw3Kd").replace("\"interval\":5", "\"interval\":1"))
        .reply(400, "{\"error\":\"authorization_pending\"}")
        .reply(200, FakeLoginServer.tokens("1", Instant.now().plusSeconds(3600)));
    start();

    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(status().state()).isEqualTo("authorized"));
    assertThat(server.requests).hasSize(3);
  }

  @EditsRoute("auth-login-answer")
  void withoutTheStoreStepNothingIsStored() throws Exception {
    bench.edited(ShippedRoute.of("auth-login-answer").without("method: save"));
    server
        .reply(200, FakeLoginServer.code("qRtVw3Kd"))
        .reply(200, FakeLoginServer.tokens("1", clock.instant().plusSeconds(3600)));
    start();

    askAndPoll();

    assertThat(tokens().current()).isEmpty();
    assertThat(data.resolve("tokens.json")).doesNotExist();
  }

  @EditsRoute("auth-login-answer")
  void withoutTheAnnounceStepTheTerminalStaysEmpty() throws Exception {
    bench.edited(ShippedRoute.of("auth-login-answer").without("method: announce"));
    server.reply(200, FakeLoginServer.code("qRtVw3Kd"));
    start();

    bench.tick("auth-login-ask", "main");

    assertThat(bench.terminal).isEmpty();
    assertThat(status().userCode()).isEqualTo("qRtVw3Kd");
  }

  @EditsRoute("auth-login-answer")
  void withoutTheKeepStepTheAnswerChangesNothing() throws Exception {
    bench.edited(ShippedRoute.of("auth-login-answer").without("method: keep"));
    server.reply(200, FakeLoginServer.code("qRtVw3Kd"));
    start();

    bench.tick("auth-login-ask", "main");

    assertThat(status().userCode()).isNull();
  }

  @EditsRoute({"auth-login-ask", "auth-login-poll"})
  void withoutTheirFormsTheQuestionsAreEmpty() throws Exception {
    bench.edited(
        ShippedRoute.of("auth-login").without("method: codeForm").without("method: pollForm"));
    server.reply(200, FakeLoginServer.code("qRtVw3Kd"));
    start();

    askAndPoll();

    assertThat(server.requests)
        .extracting(FakeLoginServer.Request::path)
        .containsExactly("/gcdm/oauth/device/code", "/gcdm/oauth/token");
    assertThat(server.requests).allSatisfy(r -> assertThat(r.form()).isEmpty());
  }

  @EditsRoute("auth-refresh")
  void withAPathOfOnesOwnTheRefreshGoesThere() throws Exception {
    bench.edited(
        ShippedRoute.of("auth-refresh")
            .writing("{{account:{{account}}:auth.token-path}}", "elsewhere?tenant=7"));
    loggedIn();

    clock.move(Duration.ofMinutes(50));
    bench.tick("auth-refresh", "main");

    assertThat(server.requests.get(2).path()).isEqualTo("/elsewhere?tenant=7");
  }

  @EditsRoute("auth-refresh")
  void aFilterPutInHoldsTheRefreshBack() throws Exception {
    bench.edited(ShippedRoute.of("auth-refresh").before("method: form", "- stop: {}"));
    loggedIn();

    clock.move(Duration.ofMinutes(50));
    bench.tick("auth-refresh", "main");

    assertThat(server.grants("refresh_token")).isEmpty();
  }

  @EditsRoute("auth-refresh-answer")
  void withoutTheStoreStepARefreshIsForNothing() throws Exception {
    bench.edited(ShippedRoute.of("auth-refresh").without("method: save"));
    loggedIn();
    server.reply(200, FakeLoginServer.tokens("2", clock.instant().plusSeconds(7200)));

    clock.move(Duration.ofMinutes(50));
    bench.tick("auth-refresh", "main");

    assertThat(server.grants("refresh_token")).hasSize(1);
    assertThat(tokens().current().orElseThrow().refreshToken()).isEqualTo("REFRESH-SECRET-1");
    assertThat(data.resolve("tokens.json")).content().doesNotContain("REFRESH-SECRET-2");
  }

  @EditsRoute("auth-http")
  void withoutTheCallNothingIsAsked() throws Exception {
    bench.edited(ShippedRoute.of("auth-http").without("httpMethod: POST"));
    start();

    bench.tick("auth-login-ask", "main");

    assertThat(server.requests).isEmpty();
    assertThat(status().userCode()).isNull();
  }

  @EditsRoute({"auth-http", "auth-login-answer"})
  void withoutItsLastStepTheServersHeadersGoOn() throws Exception {
    bench.edited(ShippedRoute.of("auth-http").without("removeHeaders:"));

    assertThat(headersAfterDecide()).containsEntry("X-Token", "secret");
  }

  @EditsRoute("auth-login-answer")
  void aStepPutInSeesTheOutcomeAndNoSecretInHeaders() throws Exception {
    assertThat(headersAfterDecide()).isEmpty();
  }

  private Map<String, Object> headersAfterDecide() throws Exception {
    bench.edited(
        ShippedRoute.of("auth-login-answer")
            .after("method: decide", "- to:\n    uri: mock:outcome"));
    server.reply(
        new Reply(
            200,
            FakeLoginServer.code("qRtVw3Kd"),
            Map.of("Set-Cookie", "session=1", "X-Token", "secret")));
    start();
    MockEndpoint outcome = bench.context().getEndpoint("mock:outcome", MockEndpoint.class);
    outcome.expectedMessageCount(1);

    bench.tick("auth-login-ask", "main");

    outcome.assertIsSatisfied();
    Message message = outcome.getExchanges().get(0).getMessage();
    assertThat(message.getBody()).isInstanceOf(Answer.Code.class);
    return message.getHeaders();
  }

  private void loggedIn() throws Exception {
    server
        .reply(200, FakeLoginServer.code("qRtVw3Kd"))
        .reply(200, FakeLoginServer.tokens("1", clock.instant().plusSeconds(3600)));
    start();
    askAndPoll();
    assertThat(status().state()).isEqualTo("authorized");
  }
}
