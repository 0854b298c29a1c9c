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
import org.cardatabridge.auth.Answer.Granted;
import org.cardatabridge.auth.Answer.LoginRequired;
import org.cardatabridge.auth.Answer.Misconfigured;
import org.cardatabridge.auth.Answer.Transient;
import org.cardatabridge.auth.WorseDisk.Fault;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRefreshTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Transient PASSING = new Transient("it answered 503", Duration.ZERO, false);

  @TempDir Path data;
  private final SetClock clock = new SetClock(NOW);
  private final WorseDisk disk = new WorseDisk();
  private final List<String> required = new ArrayList<>();
  private Map<String, String> settings;
  private TokenStore store;
  private DeviceLogin login;
  private TokenRefresh refresh;

  @BeforeEach
  void open() {
    settings = new HashMap<>(AuthBench.settings(data, "https://x.example"));
    start();
  }

  private void start() {
    Settings own = Settings.of(settings);
    store = new TokenStore("main", own, clock, List.of(), disk);
    login = new DeviceLogin("main", own, store, clock, new Random(1), text -> {});
    login.onLoginRequired(required::add);
    refresh = new TokenRefresh("main", own, store, login, clock, new Random(1));
  }

  private TokenSet tokens(String generation, Duration life) {
    Instant now = clock.instant();
    return new TokenSet(
        "client-1",
        "gcid",
        FakeLoginServer.SCOPE,
        "A" + generation,
        FakeLoginServer.idToken(generation, now.plus(life)),
        "R" + generation,
        now,
        now.plus(life),
        now.plus(Duration.ofDays(14)));
  }

  private void renew(TokenSet tokens) {
    refresh.form();
    store.save(tokens);
    refresh.announce(new Granted(tokens));
  }

  private void fail(Answer answer) {
    refresh.form();
    refresh.postpone(answer);
  }

  @Test
  void isNotDueWithoutTokens() {
    assertThat(refresh.isDue()).isFalse();
  }

  @ParameterizedTest(name = "a token that lives {0} s is renewed after {1} s")
  @CsvSource({"3600, 3000", "1200, 600", "1199, 799.333", "60, 40", "9, 6"})
  void isDueAheadOfTheExpiryOrAtTwoThirdsOfAShortLife(long life, double due) {
    store.save(tokens("1", Duration.ofSeconds(life)));

    clock.set(NOW.plusMillis((long) (due * 1000) - 1));
    assertThat(refresh.isDue()).isFalse();
    clock.move(Duration.ofMillis(2));
    assertThat(refresh.isDue()).isTrue();
  }

  @Test
  void anImportedLoginIsDueAtOnce() {
    store.save(new TokenSet("client-1", null, "", null, null, "R0", NOW, NOW, null));

    assertThat(refresh.isDue()).isTrue();
    assertThat(login.snapshot().state()).isEqualTo("pending");
  }

  @Test
  void onlyOneRefreshIsUnderWay() {
    store.save(tokens("1", Duration.ofHours(1)));
    clock.move(Duration.ofMinutes(51));

    assertThat(refresh.isDue()).isTrue();
    refresh.form();
    assertThat(refresh.isDue()).isFalse();
    refresh.force("the stream was refused");
    assertThat(refresh.isDue()).isFalse();
    store.save(tokens("2", Duration.ofHours(1)));
    refresh.announce(new Granted(store.current().orElseThrow()));

    assertThat(refresh.isDue()).as("the forced one is this one").isFalse();
  }

  @Test
  void isAwaitedFromTheQuestionToItsEndAndNotWhereNothingCanBeHopedFor() {
    store.save(tokens("1", Duration.ofHours(1)));
    assertThat(refresh.isAwaited()).isFalse();
    refresh.force("a call was refused");
    assertThat(refresh.isAwaited()).isTrue();
    refresh.form();
    assertThat(refresh.isAwaited()).isTrue();
    store.save(tokens("2", Duration.ofHours(1)));
    refresh.announce(new Granted(store.current().orElseThrow()));
    assertThat(refresh.isAwaited()).isFalse();

    refresh.force("a call was refused");
    fail(PASSING);
    assertThat(refresh.isAwaited()).as("it tries again in seconds").isTrue();
    fail(new Misconfigured("the client id is wrong", "invalid_client"));
    assertThat(refresh.isAwaited()).as("it tries again in an hour").isFalse();
  }

  @Test
  void isNotAwaitedWhereOnlyALoginHelps() {
    store.save(tokens("1", Duration.ofHours(1)));
    refresh.force("a call was refused");
    fail(new LoginRequired("it answered invalid_grant", "invalid_grant"));
    refresh.force("and again");
    assertThat(refresh.isAwaited()).isFalse();
  }

  @Test
  void aRequestWhoseExchangeGotLostDoesNotBlockForEver() {
    store.save(tokens("1", Duration.ofHours(1)));
    clock.move(Duration.ofMinutes(51));
    refresh.form();

    clock.move(Duration.ofMinutes(3));

    assertThat(refresh.isDue()).isTrue();
  }

  @Test
  void aForcedRefreshIsDueAtOnceAndExactlyOnce() {
    store.save(tokens("1", Duration.ofHours(1)));
    assertThat(refresh.isDue()).isFalse();

    refresh.force("the stream refused a token that is still valid");
    refresh.force("and again");

    assertThat(refresh.isDue()).isTrue();
    renew(tokens("2", Duration.ofHours(1)));
    assertThat(refresh.isDue()).isFalse();
  }

  @Test
  void aForcedRefreshWaitsForABackOffLikeAnyOther() {
    store.save(tokens("1", Duration.ofHours(1)));
    refresh.force("the stream was refused");
    fail(PASSING);

    assertThat(refresh.isDue()).isFalse();
    clock.move(Duration.ofSeconds(3));
    assertThat(refresh.isDue()).isTrue();
  }

  @Test
  void transientTroubleBacksOffWithJitterUpToFiveMinutesAndKeepsTheTokens() {
    store.save(tokens("1", Duration.ofHours(1)));
    clock.move(Duration.ofMinutes(51));
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      fail(PASSING);
      Instant failed = clock.instant();
      while (!refresh.isDue()) {
        clock.move(Duration.ofMillis(100));
      }
      pauses.add(Duration.between(failed, clock.instant()).toMillis());
    }

    assertThat(pauses.get(0)).isBetween(1600L, 2500L);
    assertThat(pauses.get(3)).isBetween(12_800L, 19_300L);
    assertThat(pauses.subList(8, 12)).allSatisfy(p -> assertThat(p).isBetween(240_000L, 360_100L));
    assertThat(pauses.subList(8, 12)).doesNotHaveDuplicates();
    assertThat(store.current().orElseThrow().refreshToken()).isEqualTo("R1");
    assertThat(required).isEmpty();
    assertThat(login.snapshot().state()).isEqualTo("authorized");
  }

  @Test
  void withoutANetworkItRetriesSteadily() {
    store.save(tokens("1", Duration.ofHours(1)));
    clock.move(Duration.ofMinutes(51));
    for (int i = 0; i < 20; i++) {
      fail(new Transient("its name cannot be resolved", Duration.ZERO, true));
      clock.move(Duration.ofSeconds(11));
      assertThat(refresh.isDue()).isFalse();
      clock.move(Duration.ofSeconds(8));
      assertThat(refresh.isDue()).isTrue();
    }
  }

  @Test
  void aDeadRefreshTokenIsSaidOnceAndParkedUntilALogin() {
    store.save(tokens("1", Duration.ofHours(1)));
    clock.move(Duration.ofMinutes(51));
    fail(new LoginRequired("it answered invalid_grant", "invalid_grant"));

    clock.move(Duration.ofDays(30));
    refresh.force("the stream was refused");
    assertThat(refresh.isDue()).isFalse();
    assertThat(required).hasSize(1);
    assertThat(login.snapshot().state()).isEqualTo("login-required");
    assertThat(login.wantsCode()).as("no login behind the user's back").isFalse();

    TokenSet fresh = tokens("2", Duration.ofHours(1));
    store.save(fresh);
    login.loggedIn(new Granted(fresh));
    assertThat(login.snapshot().state()).isEqualTo("authorized");
    clock.move(Duration.ofMinutes(51));
    assertThat(refresh.isDue()).isTrue();
  }

  @Test
  void aRefusalOfTokensThatALoginHasReplacedMeanwhileIsIgnored() {
    store.save(tokens("1", Duration.ofHours(1)));
    clock.move(Duration.ofMinutes(51));
    refresh.form();
    store.save(tokens("2", Duration.ofHours(1)));
    refresh.postpone(new LoginRequired("it answered invalid_grant", "invalid_grant"));

    assertThat(required).isEmpty();
    assertThat(login.snapshot().state()).isEqualTo("authorized");
  }

  @Test
  void anAnswerThatComesAfterALoginDoesNotReplaceItsTokens() {
    store.save(tokens("1", Duration.ofHours(1)));
    clock.move(Duration.ofMinutes(51));
    refresh.form();
    TokenSet late = tokens("late", Duration.ofHours(1));
    clock.move(Duration.ofSeconds(20));
    TokenSet login = tokens("login", Duration.ofHours(1));
    store.save(login);

    refresh.save(new Granted(late));
    refresh.announce(new Granted(late));

    assertThat(store.current()).contains(login);
    assertThat(data.resolve("tokens.json")).content().contains("Rlogin").doesNotContain("Rlate");
    assertThat(refresh.isDue()).isFalse();
    clock.move(Duration.ofMinutes(51));
    assertThat(refresh.isDue()).as("the next one is not held up").isTrue();
  }

  @Test
  void tokensThatCannotBeRefreshedEndInALoginWithoutARequest() {
    store.save(
        new TokenSet("client-1", "g", "openid", "A", "I", null, NOW, NOW.plusSeconds(3600), null));
    assertThat(refresh.isDue()).isFalse();
    assertThat(required).isEmpty();

    clock.move(Duration.ofMinutes(51));

    assertThat(refresh.isDue()).isFalse();
    assertThat(refresh.isDue()).isFalse();
    assertThat(required).hasSize(1);
  }

  @Test
  void theEndOfASecondLoginWithoutARefreshTokenIsSaidToo() {
    for (int i = 1; i <= 2; i++) {
      Instant now = clock.instant();
      TokenSet tokens =
          new TokenSet(
              "client-1", "g", "openid", "A", "I" + i, null, now, now.plusSeconds(3600), null);
      store.save(tokens);
      login.loggedIn(new Granted(tokens));
      assertThat(refresh.isDue()).isFalse();
      assertThat(login.snapshot().state()).isEqualTo("authorized");

      clock.move(Duration.ofMinutes(51));

      assertThat(refresh.isDue()).isFalse();
      assertThat(required).hasSize(i);
      assertThat(login.snapshot().state()).isEqualTo("login-required");
    }
  }

  @Test
  void aWrongClientIdIsSaidOnceAndTriedOnceAnHour() {
    store.save(tokens("1", Duration.ofHours(1)));
    clock.move(Duration.ofMinutes(51));
    for (int hour = 0; hour < 3; hour++) {
      assertThat(refresh.isDue()).isTrue();
      fail(new Misconfigured("it answered invalid_client", "invalid_client"));
      clock.move(Duration.ofMinutes(59));
      assertThat(refresh.isDue()).isFalse();
      clock.move(Duration.ofMinutes(1));
    }
    assertThat(required).hasSize(1);
    assertThat(login.snapshot().state()).isEqualTo("refused");
    assertThat(store.current()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"FULL", "READ_ONLY"})
  void isNotSentWhileTheAnswerCouldNotBeWrittenUntilTwoMinutesBeforeExpiry(String fault) {
    store.save(tokens("1", Duration.ofHours(1)));
    disk.fault = Fault.valueOf(fault);

    clock.move(Duration.ofMinutes(51));
    assertThat(refresh.isDue()).isFalse();
    assertThat(login.snapshot().message()).contains("cannot be written", "tokens.json");
    clock.set(NOW.plus(Duration.ofMinutes(58)).minusMillis(1));
    assertThat(refresh.isDue()).isFalse();
    clock.move(Duration.ofMillis(1));
    assertThat(refresh.isDue()).isTrue();

    renew(tokens("2", Duration.ofHours(1)));
    assertThat(store.current().orElseThrow().refreshToken()).isEqualTo("R2");
    assertThat(login.snapshot().message()).contains("make room or make it writable");
    assertThat(login.snapshot().state()).isEqualTo("authorized");

    disk.fault = Fault.NONE;
    clock.move(Duration.ofSeconds(10));
    refresh.isDue();
    assertThat(store.problem()).isEmpty();
    assertThat(login.snapshot().message()).isNull();
    assertThat(data.resolve("tokens.json")).content().contains("\"R2\"");
  }

  @Test
  void isSentAsSoonAsTheFileCanBeWrittenAgain() {
    store.save(tokens("1", Duration.ofHours(1)));
    disk.fault = Fault.FULL;
    clock.move(Duration.ofMinutes(51));
    assertThat(refresh.isDue()).isFalse();

    disk.fault = Fault.NONE;
    clock.move(Duration.ofSeconds(10));

    assertThat(refresh.isDue()).isTrue();
    assertThat(login.snapshot().message()).isNull();
  }

  @Test
  void tokensWithoutAnyLifeDoNotCauseAStorm() {
    store.save(tokens("1", Duration.ofHours(1)));
    refresh.force("test");
    TokenSet odd = tokens("2", Duration.ofHours(1));
    refresh.form();
    refresh.announce(new Granted(odd));

    clock.move(Duration.ofMinutes(51));
    assertThat(refresh.isDue()).isTrue();
    refresh.form();
    // The store step is missing: what is stored stays due.
    refresh.announce(new Granted(odd));
    clock.move(Duration.ofSeconds(29));
    assertThat(refresh.isDue()).isFalse();
  }

  @Test
  void asksWithTheStoredRefreshTokenAndNothingElse() {
    store.save(tokens("1", Duration.ofHours(1)));

    assertThat(new String(refresh.form(), StandardCharsets.US_ASCII))
        .isEqualTo("grant_type=refresh_token&refresh_token=R1&client_id=client-1");
  }

  @Test
  void anAnswerWithoutIdTokenKeepsTheOldTokens() {
    store.save(tokens("1", Duration.ofHours(1)));
    refresh.form();

    Answer answer =
        refresh.decide(
            HttpReply.of(
                200,
                null,
                "{\"access_token\":\"A2\",\"refresh_token\":\"R2\"}"
                    .getBytes(StandardCharsets.UTF_8)));
    refresh.postpone(answer);

    assertThat(answer).isInstanceOf(Transient.class);
    assertThat(store.current().orElseThrow().refreshToken()).isEqualTo("R1");
  }
}
