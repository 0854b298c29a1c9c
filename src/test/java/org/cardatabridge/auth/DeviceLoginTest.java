// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cardatabridge.auth.Answer.Code;
import org.cardatabridge.auth.Answer.CodeBurnt;
import org.cardatabridge.auth.Answer.CodeDead;
import org.cardatabridge.auth.Answer.Granted;
import org.cardatabridge.auth.Answer.Misconfigured;
import org.cardatabridge.auth.Answer.Pending;
import org.cardatabridge.auth.Answer.Refused;
import org.cardatabridge.auth.Answer.SlowDown;
import org.cardatabridge.auth.Answer.Transient;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceLoginTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir Path data;
  private final SetClock clock = new SetClock(NOW);
  private final List<String> terminal = new ArrayList<>();
  private final List<String> required = new ArrayList<>();
  private Map<String, String> settings;
  private TokenStore store;
  private DeviceLogin login;

  @BeforeEach
  void open() {
    settings = new HashMap<>(AuthBench.settings(data, "https://x.example"));
    start();
  }

  private void start() {
    Settings own = Settings.of(settings);
    store = new TokenStore("main", own, clock, List.of());
    login = new DeviceLogin("main", own, store, clock, new Random(1), terminal::add);
    login.onLoginRequired(required::add);
  }

  private static Code code(String userCode) {
    return new Code(
        "D-" + userCode,
        userCode,
        "https://login.example.org/link",
        null,
        Duration.ofSeconds(5),
        Duration.ofMinutes(5));
  }

  private void showCode(String userCode) {
    assertThat(login.wantsCode()).isTrue();
    login.codeForm();
    login.keep(code(userCode));
    login.announce();
  }

  private TokenSet tokens(String scope, String claims) {
    return new TokenSet(
        "client-1",
        "gcid-1",
        scope,
        "A1",
        FakeLoginServer.jwt(claims),
        "R1",
        NOW,
        NOW.plusSeconds(3600),
        NOW.plusSeconds(1_209_600));
  }

  private void logIn(TokenSet tokens) {
    store.save(tokens);
    login.loggedIn(new Granted(tokens));
  }

  private String state() {
    return login.snapshot().state();
  }

  @Test
  void theFirstStartWithoutTokensBeginsOneLoginByItself() {
    assertThat(state()).isEqualTo("login-required");

    showCode("qRtVw3Kd");

    assertThat(state()).isEqualTo("pending");
    assertThat(login.wantsCode()).isFalse();
    LoginSnapshot status = login.snapshot();
    assertThat(status.userCode()).isEqualTo("qRtVw3Kd");
    assertThat(status.verificationUri()).isEqualTo("https://login.example.org/link");
    assertThat(status.codeExpiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
  }

  @Test
  void afterALoginThatTheUserBeganNoneBeginsByItself() {
    login.begin();
    showCode("qRtVw3Kd");
    clock.move(Duration.ofMinutes(5));
    assertThat(login.isPollDue()).isFalse();
    assertThat(state()).isEqualTo("login-required");
    assertThat(login.wantsCode()).isFalse();
  }

  @Test
  void withTokensNoLoginBegins() {
    store.save(tokens(FakeLoginServer.SCOPE, "{}"));

    assertThat(login.wantsCode()).isFalse();
  }

  @Test
  void aLoginThatNobodyConfirmsEndsAndWaitsForTheUser() {
    showCode("one");
    clock.move(Duration.ofMinutes(5));

    assertThat(login.isPollDue()).isFalse();
    assertThat(state()).isEqualTo("login-required");
    assertThat(login.snapshot().userCode()).isNull();
    assertThat(login.snapshot().message()).contains("not confirmed in time", "log in again");
    for (int hour = 0; hour < 48; hour++) {
      clock.move(Duration.ofHours(1));
      assertThat(login.wantsCode()).isFalse();
      assertThat(login.isPollDue()).isFalse();
    }
    assertThat(required).hasSize(1);

    login.begin();
    showCode("two");
    assertThat(login.snapshot().userCode()).isEqualTo("two");
  }

  @Test
  void begunTwiceItGoesOnWithTheCodeThatIsShown() {
    showCode("one");

    assertThat(login.begin().userCode()).isEqualTo("one");
    assertThat(login.wantsCode()).isFalse();
  }

  @Test
  void withoutAClientIdItSaysWhatToDoAndAsksNothing() {
    settings.remove("cardata.client-id");
    start();
    assertThat(error()).isEqualTo("client-id-missing");

    assertThat(login.wantsCode()).isFalse();
    assertThat(login.begin().state()).isEqualTo("login-required");
    assertThat(login.snapshot().message()).contains("cardata.client-id is not set", "portal");
  }

  @Test
  void pollsAfterOneIntervalAndFiveSecondsSlowerWhenTold() {
    showCode("one");
    assertThat(login.isPollDue()).isFalse();
    clock.move(Duration.ofSeconds(5));
    assertThat(login.isPollDue()).isTrue();
    login.pollForm();
    assertThat(login.isPollDue()).isFalse();
    login.keep(new SlowDown());
    clock.move(Duration.ofSeconds(9));
    assertThat(login.isPollDue()).isFalse();
    clock.move(Duration.ofSeconds(1));
    assertThat(login.isPollDue()).isTrue();
    login.pollForm();
    login.keep(new Pending());
    clock.move(Duration.ofSeconds(9));
    assertThat(login.isPollDue()).as("the slower pace stays").isFalse();
  }

  @Test
  void transientTroubleKeepsTheCodeAndItsPace() {
    showCode("one");
    clock.move(Duration.ofSeconds(5));
    login.pollForm();
    login.keep(new Transient("it answered 503", Duration.ofSeconds(30), false));

    assertThat(state()).isEqualTo("pending");
    assertThat(login.snapshot().userCode()).isEqualTo("one");
    assertThat(login.snapshot().message()).contains("it answered 503");
    clock.move(Duration.ofSeconds(29));
    assertThat(login.isPollDue()).isFalse();
    clock.move(Duration.ofSeconds(1));
    assertThat(login.isPollDue()).isTrue();
    login.keep(new Pending());
    assertThat(login.snapshot().message()).isNull();
  }

  @Test
  void withoutAnAnswerForACodeItTriesAgainLater() {
    assertThat(login.wantsCode()).isTrue();
    login.codeForm();
    login.keep(new Transient("its name cannot be resolved", Duration.ZERO, true));

    assertThat(login.wantsCode()).isFalse();
    clock.move(Duration.ofSeconds(18));
    assertThat(login.wantsCode()).isTrue();
  }

  @Test
  void aRequestWhoseExchangeGotLostIsNotRepeatedAtOnce() {
    assertThat(login.wantsCode()).isTrue();
    login.codeForm();

    assertThat(login.wantsCode()).isFalse();
    clock.move(Duration.ofSeconds(5));
    assertThat(login.wantsCode()).isTrue();
  }

  @Test
  void aBurntCodeIsReplacedByANewOneButNotForEver() {
    for (int i = 0; i < 4; i++) {
      showCode("code-" + i);
      clock.move(Duration.ofSeconds(5));
      login.pollForm();
      login.keep(new CodeBurnt("BMW's gateway lost the code"));
    }

    assertThat(login.wantsCode()).isFalse();
    assertThat(state()).isEqualTo("login-required");
    assertThat(terminal).hasSize(4);
  }

  @Test
  void aDeadCodeEndsTheLogin() {
    showCode("one");
    login.keep(new CodeDead("it answered invalid_grant", "invalid_grant"));

    assertThat(state()).isEqualTo("login-required");
    assertThat(login.wantsCode()).isFalse();
  }

  @Test
  void aDefiniteNoIsRefusedAndSaysWhatToCheck() {
    showCode("one");
    login.keep(new Refused("it answered access_denied", "access_denied"));

    assertThat(state()).isEqualTo("refused");
    assertThat(login.snapshot().message()).contains("access_denied", "portal", "subscribed");

    login.begin();
    assertThat(state()).isEqualTo("pending");
    login.keep(new Misconfigured("it answered invalid_client", "invalid_client"));
    assertThat(state()).isEqualTo("refused");
    assertThat(login.snapshot().message()).contains("cardata.client-id");
  }

  private String error() {
    return login.snapshot().error();
  }

  @Test
  void eachEndOfALoginHasItsWordUntilTheNextOneBegins() {
    for (Answer no :
        List.of(
            new CodeDead("it answered invalid_grant", "invalid_grant"),
            new Refused("it answered access_denied", "access_denied"),
            new Refused("it answered unauthorized_client", "unauthorized_client"),
            new Refused("it answered invalid_scope", "invalid_scope"),
            new Misconfigured("it answered invalid_client", "invalid_client"))) {
      login.begin();
      assertThat(error()).isNull();
      showCode("one");
      login.keep(no);
      assertThat(login.snapshot().message()).contains(error());
    }
    login.begin();
    showCode("one");
    clock.move(Duration.ofMinutes(5));
    login.isPollDue();
    assertThat(error()).isEqualTo("expired_token");
    login.begin();
    assertThat(error()).isNull();
  }

  @Test
  void aServerThatCannotBeUsedHasItsWordAsLongAsThatLasts() {
    login.begin();
    showCode("one");
    login.keep(new Transient("it answered 503", Duration.ZERO, false));
    assertThat(error()).isEqualTo("unreachable");
    login.keep(new Answer.Pending());
    assertThat(error()).isNull();
  }

  @Test
  void aCancelledLoginWaitsForTheUser() {
    showCode("one");
    assertThat(login.cancel().state()).isEqualTo("login-required");
    assertThat(login.snapshot().userCode()).isNull();
    assertThat(login.snapshot().message()).contains("it was cancelled", "log in again");
    assertThat(error()).isNull();
    assertThat(login.wantsCode()).as("none begins by itself").isFalse();
    login.begin();
    showCode("two");
    assertThat(login.snapshot().userCode()).isEqualTo("two");
  }

  @Test
  void anAnswerThatComesAfterTheCancelChangesNothing() {
    login.begin();
    login.codeForm();
    login.cancel();
    login.keep(code("late"));
    assertThat(state()).isEqualTo("login-required");
    login.keep(new Transient("its answer holds no code", Duration.ZERO, false));
    assertThat(error()).isNull();

    login.begin();
    login.keep(code("later"));
    assertThat(login.snapshot().userCode()).as("of the attempt before").isNull();
    showCode("new");
    assertThat(login.snapshot().userCode()).isEqualTo("new");
  }

  @Test
  void aCancelledSecondLoginLeavesTheFirstOneInForceUnlessThatHadEnded() {
    logIn(tokens(FakeLoginServer.SCOPE, "{\"dynamic_scopes\":\"read:x\"}"));
    login.begin();
    showCode("again");
    assertThat(login.cancel().state()).isEqualTo("authorized");
    assertThat(login.snapshot().message()).isNull();
    assertThat(login.cancel().state()).as("none under way").isEqualTo("authorized");

    login.require("it answered invalid_grant", "invalid_grant");
    assertThat(error()).isEqualTo("invalid_grant");
    login.begin();
    assertThat(login.cancel().state()).isEqualTo("login-required");
  }

  @Test
  void itsSuccessorGoesOnWithTheLoginUnderWayAndBeginsNoSecondOneByItself() {
    showCode("one");
    DeviceLogin.Handover pending = login.handOver();
    login.keep(new Refused("it answered access_denied", "access_denied"));
    DeviceLogin.Handover ended = login.handOver();

    start();
    login.takeOver(pending);
    assertThat(state()).isEqualTo("pending");
    showCode("two");
    assertThat(login.snapshot().userCode()).isEqualTo("two");

    start();
    login.takeOver(ended);
    assertThat(state()).isEqualTo("refused");
    assertThat(error()).isEqualTo("access_denied");
    assertThat(login.wantsCode()).isFalse();
    assertThat(login.begin().state()).isEqualTo("pending");

    settings.put("cardata.client-id", "another");
    start();
    login.takeOver(ended);
    assertThat(state()).isEqualTo("login-required");
    assertThat(login.wantsCode()).as("a new client id is a new beginning").isTrue();
    assertThat(ended + "" + pending).doesNotContain("client");
  }

  @Test
  void anUnconfirmedSecondLoginLeavesTheFirstOneInForce() {
    logIn(tokens(FakeLoginServer.SCOPE, "{\"dynamic_scopes\":\"read:x\"}"));
    login.begin();
    showCode("again");
    clock.move(Duration.ofMinutes(5));
    login.isPollDue();

    assertThat(state()).isEqualTo("authorized");
    assertThat(required).isEmpty();
    assertThat(login.snapshot().confirmedAt()).as("that of the first one").isEqualTo(NOW);
  }

  @Test
  void aDefiniteNoToASecondLoginLeavesTheFirstOneInForce() {
    for (Answer no :
        List.of(
            new Refused("it answered access_denied", "access_denied"),
            new Misconfigured("invalid_client", "invalid_client"))) {
      logIn(tokens(FakeLoginServer.SCOPE, "{\"dynamic_scopes\":\"read:x\"}"));
      login.begin();
      showCode("again");
      login.keep(no);

      assertThat(state()).isEqualTo("authorized");
      assertThat(login.snapshot().message()).contains("check cardata.client-id", "log in again");
      assertThat(required).isEmpty();
    }
  }

  @Test
  void aDefiniteNoAfterAWrongClientIdIsStillRefused() {
    logIn(tokens(FakeLoginServer.SCOPE, "{\"dynamic_scopes\":\"read:x\"}"));
    login.refuse("it answered invalid_client", "invalid_client");
    login.begin();
    login.codeForm();
    login.keep(new Misconfigured("it answered invalid_client", "invalid_client"));

    assertThat(state()).isEqualTo("refused");
    assertThat(required).hasSize(2);
  }

  @Test
  void aLoginThatEndsWhileTheNextIsPendingIsSeenToHaveEnded() {
    logIn(tokens(FakeLoginServer.SCOPE, "{\"dynamic_scopes\":\"read:x\"}"));
    login.begin();
    showCode("again");
    login.require("it answered invalid_grant", "invalid_grant");
    login.keep(new Refused("it answered access_denied", "access_denied"));

    assertThat(state()).isEqualTo("refused");
    assertThat(required).hasSize(2);
  }

  @Test
  void anUnconfirmedLoginAfterADeadRefreshTokenIsStillRequired() {
    logIn(tokens(FakeLoginServer.SCOPE, "{\"dynamic_scopes\":\"read:x\"}"));
    assertThat(login.snapshot().refreshTokenExpiresAt()).isNotNull();
    login.require("it answered invalid_grant", "invalid_grant");
    assertThat(login.snapshot().refreshTokenExpiresAt()).as("it is dead").isNull();
    login.begin();
    showCode("again");
    clock.move(Duration.ofMinutes(5));
    login.isPollDue();

    assertThat(state()).isEqualTo("login-required");
    assertThat(required).hasSize(2);
  }

  @Test
  void eachCodeHasItsOwnProofKey() {
    String one = form(login.codeForm());
    String two = form(login.codeForm());

    assertThat(one).contains("code_challenge_method=S256", "response_type=device_code");
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void scopesInAnotherOrderAreComplete() {
    logIn(
        tokens(
            "cardata:api:read openid cardata:streaming:read authenticate_user",
            "{\"dynamic_scopes\":\"read:streaming/*/g.*\"}"));

    assertThat(login.snapshot().missingScopes()).isEmpty();
    assertThat(login.snapshot().message()).isNull();
    assertThat(login.snapshot().scopes()).hasSize(4);
    assertThat(login.snapshot().idTokenExpiresAt()).isEqualTo(NOW.plusSeconds(3600));
  }

  @Test
  void missingScopesAreNamedWithTheNextStep() {
    logIn(tokens("openid authenticate_user", "{\"dynamic_scopes\":\"x\"}"));

    assertThat(state()).isEqualTo("authorized");
    assertThat(login.snapshot().missingScopes())
        .containsExactly("cardata:api:read", "cardata:streaming:read");
    assertThat(error()).isEqualTo("missing-scope");
    assertThat(login.snapshot().message())
        .contains("cardata:streaming:read", "the stream will refuse it", "log in again");
  }

  @Test
  void aTokenWithoutDynamicScopesWasMadeBeforeTheSubscription() {
    logIn(tokens(FakeLoginServer.SCOPE, "{\"sub\":\"x\",\"dynamic_scopes\":\"\"}"));

    assertThat(login.snapshot().message()).contains("dynamic_scopes", "subscribed");
  }

  @Test
  void aLoginWithoutAUserNameForTheStreamNamesTheSetting() {
    try (CapturedLog log = CapturedLog.open()) {
      TokenSet tokens =
          new TokenSet(
              "client-1",
              null,
              FakeLoginServer.SCOPE,
              "A",
              "opaque",
              "R",
              NOW,
              NOW.plusSeconds(60),
              null);
      logIn(tokens);
      login.wantsCode();

      assertThat(login.snapshot().message())
          .contains("the server sends no gcid — set cardata.stream.username");
      assertThat(log.warnings()).singleElement().asString().contains("cardata.stream.username");

      start();
      login.wantsCode();
      login.wantsCode();
      assertThat(log.warnings()).as("and once after the next start").hasSize(2);
    }
  }

  @Test
  void anOpaqueTokenOfAnotherServerIsNoReasonToComplain() {
    settings.put("cardata.stream.username", "me");
    start();
    TokenSet tokens = tokens(FakeLoginServer.SCOPE, "{}");
    logIn(
        new TokenSet(
            tokens.clientId(),
            null,
            tokens.scope(),
            "A",
            "opaque",
            "R",
            NOW,
            NOW.plusSeconds(60),
            null));

    assertThat(login.snapshot().message()).isNull();
  }

  @Test
  void remindsEachMinuteHowLongTheCodeIsValid() {
    showCode("one");
    for (int second = 0; second < 300; second += 5) {
      clock.move(Duration.ofSeconds(5));
      if (login.isPollDue()) {
        login.pollForm();
        login.keep(new Pending());
        login.announce();
      }
    }

    assertThat(terminal.get(0)).contains("one", "5 min").contains("█");
    assertThat(terminal.subList(1, terminal.size()))
        .hasSize(5)
        .allSatisfy(line -> assertThat(line).contains("more").doesNotContain("one\n"));
  }

  @Test
  void aListenerMayAskForTheStateFromAnotherThread() throws InterruptedException {
    List<String> seen = new ArrayList<>();
    login.onLoginRequired(
        why -> {
          Thread other = new Thread(() -> seen.add(login.snapshot().state()));
          other.start();
          try {
            other.join(40_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    showCode("one");
    login.keep(new Refused("it answered access_denied", "access_denied"));

    assertThat(seen).containsExactly("refused");
  }

  private static String form(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
