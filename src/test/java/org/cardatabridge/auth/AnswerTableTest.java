// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.cardatabridge.auth.Answer.Code;
import org.cardatabridge.auth.Answer.CodeDead;
import org.cardatabridge.auth.Answer.Granted;
import org.cardatabridge.auth.Answer.LoginRequired;
import org.cardatabridge.auth.Answer.Misconfigured;
import org.cardatabridge.auth.Answer.Refused;
import org.cardatabridge.auth.Answer.Transient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Row by row: what BMW's answers mean. */
class AnswerTableTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Question CODE = Question.forCode("client-1", FakeLoginServer.SCOPE);
  private static final Question DEVICE = Question.forTokens("client-1", FakeLoginServer.SCOPE);
  private static final TokenSet OLD =
      new TokenSet(
          "client-1", "gcid-old", "openid", "A0", "I0", "R0", NOW, NOW, NOW.plusSeconds(99));
  private static final Question REFRESH =
      Question.forRenewal("client-1", FakeLoginServer.SCOPE, OLD);

  private static Answer answer(Question question, int status, String body) {
    byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    return AnswerTable.decide(question, status, null, bytes, NOW);
  }

  @ParameterizedTest(name = "{0} with {1} is {2} to a poll and {3} to a refresh")
  @CsvSource({
    "authorization_pending, 403, pending, transient",
    "authorization_pending, 400, pending, transient",
    "slow_down, 400, slow-down, transient",
    "slow_down, 429, slow-down, transient",
    "expired_token, 401, code-dead, login-required",
    "expired_token, 400, code-dead, login-required",
    "access_denied, 403, refused, login-required",
    "access_denied, 400, refused, login-required",
    "invalid_client, 401, misconfigured, misconfigured",
    "invalid_client, 400, misconfigured, misconfigured",
    "invalid_grant, 400, code-dead, login-required",
    "invalid_grant, 403, code-dead, login-required",
    "invalid_grant, 500, code-dead, login-required",
    "invalid_request, 400, refused, login-required",
    "invalid_token, 400, code-dead, login-required",
    "invalid_token, 401, code-dead, login-required",
    "unauthorized_client, 400, refused, login-required",
    "something_new, 418, refused, login-required",
    "something_new, 503, transient, transient",
    "something_new, 429, transient, transient",
    "something_new, 408, transient, transient",
    "temporarily_unavailable, 400, transient, transient",
    "server_error, 400, transient, transient",
  })
  void goesByTheErrorInTheBody(String error, int status, String poll, String refresh) {
    String body = "{\"error\":\"" + error + "\"}";

    assertThat(answer(DEVICE, status, body).kind()).isEqualTo(poll);
    assertThat(answer(REFRESH, status, body).kind()).isEqualTo(refresh);
  }

  @ParameterizedTest(name = "{0} has the word {1} during a login and {2} during a refresh")
  @CsvSource({
    "access_denied, access_denied, invalid_grant",
    "expired_token, expired_token, invalid_grant",
    "invalid_grant, invalid_grant, invalid_grant",
    "invalid_client, invalid_client, invalid_client",
    "unauthorized_client, unauthorized_client, unauthorized_client",
    "invalid_scope, invalid_scope, invalid_scope",
    "invalid_request, invalid_request, invalid_grant",
    "<b>no</b>, refused, refused",
  })
  void eachNoHasItsWordAndWhatIsNoneIsRefused(String error, String login, String refresh) {
    String body = "{\"error\":\"" + error + "\"}";

    assertThat(word(answer(DEVICE, 400, body))).isEqualTo(login);
    assertThat(word(answer(REFRESH, 400, body))).isEqualTo(refresh);
  }

  private static String word(Answer no) {
    if (no instanceof CodeDead dead) {
      return dead.error();
    }
    if (no instanceof LoginRequired required) {
      return required.error();
    }
    return no instanceof Misconfigured wrong ? wrong.error() : ((Refused) no).error();
  }

  @ParameterizedTest(name = "status {0} with {1} is transient")
  @MethodSource("bodiesWithoutMeaning")
  void aBodyWithoutErrorOrTokensIsTransient(int status, String body) {
    assertThat(answer(CODE, status, body)).isInstanceOf(Transient.class);
    assertThat(answer(DEVICE, status, body)).isInstanceOf(Transient.class);
    assertThat(answer(REFRESH, status, body)).isInstanceOf(Transient.class);
  }

  static Stream<Arguments> bodiesWithoutMeaning() {
    return Stream.of(500, 502, 503, 429, 408, 404, 403, 400, 200, 204, 302, 0)
        .flatMap(
            status ->
                Stream.of(
                        null,
                        "",
                        "<html>no</html>",
                        "[]",
                        "\"text\"",
                        "{}",
                        "{\"error\":null}",
                        "{\"error\":{\"code\":1}}",
                        "{\"error\":\"\"}",
                        "{\"error\":\"invalid_gr")
                    .map(body -> Arguments.of(status, body)));
  }

  @ParameterizedTest
  @CsvSource({"500", "401", "200"})
  void theGatewayFaultBurnsACodeButNotARefreshToken(int status) {
    String body =
        """
        {"fault":{"faultstring":"Invalid Access Token",
         "detail":{"errorcode":"keymanagement.service.invalid_access_token"}}}""";

    assertThat(answer(DEVICE, status, body)).isInstanceOf(Answer.CodeBurnt.class);
    assertThat(answer(REFRESH, status, body)).isInstanceOf(Transient.class);
    assertThat(answer(CODE, status, body)).isInstanceOf(Transient.class);
  }

  @Test
  void anotherFaultIsTransient() {
    String body = "{\"fault\":{\"detail\":{\"errorcode\":\"policies.ratelimit.Quota\"}}}";

    assertThat(answer(DEVICE, 500, body)).isInstanceOf(Transient.class);
  }

  @Test
  void readsADeviceCode() {
    Code code = (Code) answer(CODE, 200, FakeLoginServer.code("qRtVw3Kd"));

    assertThat(code.userCode()).isEqualTo("qRtVw3Kd");
    assertThat(code.deviceCode()).isEqualTo("DEVICE-CODE-SECRET-qRtVw3Kd");
    assertThat(code.verificationUri()).isEqualTo("https://login.example.org/link");
    assertThat(code.interval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(code.life()).isEqualTo(Duration.ofMinutes(5));
    assertThat(code.toString()).doesNotContain("qRtVw3Kd", "SECRET");
  }

  @Test
  void aDeviceCodeWithoutIntervalIsPolledEachFiveSeconds() {
    Code code =
        (Code)
            answer(
                CODE,
                200,
                """
                {"user_code":"A","device_code":"D","verification_uri":"https://x.example/"}""");

    assertThat(code.interval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(code.life()).isEqualTo(Duration.ofMinutes(5));
    assertThat(code.verificationUriComplete()).isNull();
  }

  @Test
  void neverShowsALinkThatIsAScriptOrACodeThatMovesTheCursor() {
    Answer script =
        answer(
            CODE,
            200,
            "{\"user_code\":\"A\",\"device_code\":\"D\",\"verification_uri\":\"javascript:x\"}");
    Code moving =
        (Code)
            answer(
                CODE,
                200,
                """
                {"user_code":"A\\u001b[2JB","device_code":"D","verification_uri":"https://x.example/"}""");

    assertThat(script).isInstanceOf(Transient.class);
    assertThat(moving.userCode()).isEqualTo("A [2JB");
  }

  @Test
  void takesTokensAndTheExpiryOfTheIdToken() {
    Granted granted =
        (Granted) answer(DEVICE, 200, FakeLoginServer.tokens("1", NOW.plusSeconds(3580)));

    TokenSet tokens = granted.tokens();
    assertThat(tokens.clientId()).isEqualTo("client-1");
    assertThat(tokens.gcid()).isEqualTo("GCID-SECRET");
    assertThat(tokens.accessToken()).isEqualTo("ACCESS-SECRET-1");
    assertThat(tokens.refreshToken()).isEqualTo("REFRESH-SECRET-1");
    assertThat(tokens.expiresAt()).isEqualTo(NOW.plusSeconds(3580));
    assertThat(tokens.refreshExpiresAt()).isEqualTo(NOW.plus(Duration.ofDays(14)));
    assertThat(granted.toString()).doesNotContain("SECRET");
  }

  @Test
  void carriesGcidRefreshTokenAndScopeForwardWhenARenewalLeavesThemOut() {
    String body = "{\"access_token\":\"A1\",\"expires_in\":3599,\"id_token\":\"opaque\"}";

    TokenSet tokens = ((Granted) answer(REFRESH, 200, body)).tokens();

    assertThat(tokens.gcid()).isEqualTo("gcid-old");
    assertThat(tokens.refreshToken()).isEqualTo("R0");
    assertThat(tokens.refreshExpiresAt()).isEqualTo(NOW.plusSeconds(99));
    assertThat(tokens.scope()).isEqualTo("openid");
    assertThat(tokens.idToken()).isEqualTo("opaque");
    assertThat(tokens.expiresAt()).isEqualTo(NOW.plusSeconds(3599));
  }

  @Test
  void aLoginNeverTakesAnythingFromOlderTokens() {
    String body = "{\"access_token\":\"A1\",\"id_token\":\"opaque\"}";

    TokenSet tokens = ((Granted) answer(DEVICE, 200, body)).tokens();

    assertThat(tokens.gcid()).isNull();
    assertThat(tokens.refreshToken()).isNull();
    assertThat(tokens.refreshExpiresAt()).isNull();
    assertThat(tokens.expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(1)));
  }

  @Test
  void anAnswerWithoutIdTokenIsTransientToARefreshAndNamesOpenidAtALogin() {
    String body = "{\"access_token\":\"A1\",\"refresh_token\":\"R1\",\"expires_in\":3599}";

    assertThat(answer(REFRESH, 200, body)).isInstanceOf(Transient.class);
    assertThat(((Refused) answer(DEVICE, 200, body)).why()).contains("openid");
  }

  @Test
  void aClockThatIsHoursOffDoesNotMakeFreshTokensLookDead() {
    Instant bmwNow = NOW.minus(Duration.ofHours(5));
    Granted ahead =
        (Granted) answer(DEVICE, 200, FakeLoginServer.tokens("1", bmwNow.plusSeconds(3600)));
    Granted behind =
        (Granted)
            answer(
                DEVICE,
                200,
                FakeLoginServer.tokens("1", NOW.plus(Duration.ofDays(3)).plusSeconds(3600)));

    assertThat(ahead.tokens().expiresAt()).isEqualTo(NOW.plusSeconds(3600));
    assertThat(behind.tokens().expiresAt()).isEqualTo(NOW.plusSeconds(3600));
  }

  @Test
  void anExpiryInThePastWithoutIssueTimeFallsBackToExpiresIn() {
    String idToken = FakeLoginServer.jwt("{\"exp\":" + NOW.minusSeconds(9).getEpochSecond() + "}");
    String body = "{\"access_token\":\"A\",\"id_token\":\"" + idToken + "\",\"expires_in\":\"60\"}";

    assertThat(((Granted) answer(DEVICE, 200, body)).tokens().expiresAt())
        .isEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void aDescriptionIsShownButNothingThatCouldBeAToken() {
    String body =
        """
        {"error":"invalid_grant","error_description":"token\\nR0abcdefghijklmnopqrstuvwxyz is used"}""";

    assertThat(((LoginRequired) answer(REFRESH, 400, body)).why())
        .contains("token … is used")
        .doesNotContain("abcdef", "\n");
  }

  @ParameterizedTest(name = "Retry-After {0} is a pause of {1} s")
  @CsvSource(
      delimiter = '|',
      value = {
        "120 | 120",
        "0 | 0",
        "-5 | 0",
        "soon | 0",
        "999999999 | 3600",
        "Sat, 21 Nov 2026 10:01:00 GMT | 60",
        "Sat, 21 Nov 2026 09:00:00 GMT | 0",
        " | 0"
      })
  void readsRetryAfter(String header, long seconds) {
    Transient answer = (Transient) AnswerTable.decide(REFRESH, 503, header, null, NOW);

    assertThat(answer.retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void saysInWordsWhyNoAnswerCame() {
    assertThat(unanswered(new UnknownHostException("x"))).contains("name cannot be resolved");
    assertThat(unanswered(new ConnectException("x"))).contains("does not accept");
    assertThat(unanswered(new SocketTimeoutException("x"))).contains("in time");
    assertThat(unanswered(new SocketException("x"))).contains("broke");
    assertThat(unanswered(new SSLHandshakeException("bad\nchain"))).contains("TLS", "bad chain");
    assertThat(unanswered(new IOException("R0secret")))
        .contains("IOException")
        .doesNotContain("R0");
  }

  @Test
  void onlyAMachineWithoutNetworkIsOffline() {
    assertThat(((Transient) AnswerTable.unanswered(new UnknownHostException())).offline()).isTrue();
    assertThat(((Transient) AnswerTable.unanswered(new ConnectException())).offline()).isFalse();
  }

  private static String unanswered(IOException cause) {
    return ((Transient) AnswerTable.unanswered(cause)).why();
  }
}
