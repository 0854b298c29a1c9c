// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refresh and rotation against cardata-protocol.md, section 1.5. */
class RefreshTest {

  @TempDir Path directory;

  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T08:00:00.610Z"));
  private Simulator simulator;
  private HttpLogin login;
  private JsonObject tokens;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .withClock(clock)
                .withAccounts(AccountConfig.first(), AccountConfig.second()));
    login = new HttpLogin(simulator, AccountConfig.first());
    tokens = new JsonObject(simulator.tokens(null));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private static String refreshToken(JsonObject tokens) {
    return tokens.getString("refresh_token");
  }

  private JsonObject refreshed(String token) throws IOException {
    return HttpLogin.json(login.refresh(token));
  }

  @Test
  void everyRefreshGivesThreeNewTokens() throws Exception {
    JsonObject next = refreshed(refreshToken(tokens));
    for (String name : new String[] {"access_token", "refresh_token", "id_token"}) {
      assertThat(next.getString(name)).isNotBlank().isNotEqualTo(tokens.getString(name));
    }
    assertThat(next.getString("scope")).isEqualTo(tokens.getString("scope"));
    assertThat(refreshed(refreshToken(next)).containsKey("id_token")).isTrue();
  }

  @Test
  void reuseIsRefusedAndKillsTheNewestTokenToo() throws Exception {
    String old = refreshToken(tokens);
    String current = refreshToken(refreshed(old));
    assertThat(HttpLogin.error(login.refresh(old))).isEqualTo("400 invalid_request");
    assertThat(HttpLogin.error(login.refresh(current))).isEqualTo("400 invalid_request");
  }

  @Test
  void reuseCanLeaveTheNewestTokenAlive() throws Exception {
    simulator.change(b -> b.refreshReuse(Behaviour.RefreshReuse.REFUSED));
    String old = refreshToken(tokens);
    String current = refreshToken(refreshed(old));
    assertThat(HttpLogin.error(login.refresh(old))).isEqualTo("400 invalid_request");
    assertThat(login.refresh(current).statusCode()).isEqualTo(200);
  }

  @Test
  void reuseCanBeAllowed() throws Exception {
    simulator.change(b -> b.refreshReuse(Behaviour.RefreshReuse.ALLOWED));
    String old = refreshToken(tokens);
    refreshed(old);
    assertThat(login.refresh(old).statusCode()).isEqualTo(200);
  }

  @Test
  void aDeadEmptyOrForeignTokenIsAnInvalidRequest() throws Exception {
    assertThat(HttpLogin.error(login.refresh("made-up"))).isEqualTo("400 invalid_request");
    assertThat(HttpLogin.error(login.refresh(""))).isEqualTo("400 invalid_request");
    JsonObject other = new JsonObject(simulator.tokens(AccountConfig.second().clientId()));
    assertThat(HttpLogin.error(login.refresh(refreshToken(other))))
        .isEqualTo("400 invalid_request");
    assertThat(
            new HttpLogin(simulator, AccountConfig.second())
                .refresh(refreshToken(other))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aRefreshTokenDiesAfterFourteenDaysWithoutUse() throws Exception {
    clock.move(Duration.ofDays(14).minusSeconds(1));
    String next = refreshToken(refreshed(refreshToken(tokens)));
    clock.move(Duration.ofDays(14));
    assertThat(HttpLogin.error(login.refresh(next))).isEqualTo("400 invalid_request");
  }

  @Test
  void losingAServiceKillsTheRefreshTokenAtOnce() throws Exception {
    simulator.perform("services", "{\"api\":false}");
    assertThat(HttpLogin.error(login.refresh(refreshToken(tokens))))
        .isEqualTo("400 invalid_request");
  }

  @Test
  void aRefreshTokenCanBeKilled() throws Exception {
    simulator.killRefreshTokens(null);
    assertThat(HttpLogin.error(login.refresh(refreshToken(tokens))))
        .isEqualTo("400 invalid_request");
  }

  @Test
  void aLostAnswerHasRotatedTheToken() {
    simulator.fault(Place.REFRESH, Fault.loseAnswer());
    assertThatThrownBy(() -> login.refresh(refreshToken(tokens))).isInstanceOf(IOException.class);
    simulator.change(b -> b.refreshReuse(Behaviour.RefreshReuse.REFUSED));
    assertThat(refreshAgain()).isEqualTo("400 invalid_request");
  }

  @Test
  void aResetRequestHasNotRotatedTheToken() throws Exception {
    simulator.fault(Place.REFRESH, Fault.reset());
    assertThatThrownBy(() -> login.refresh(refreshToken(tokens))).isInstanceOf(IOException.class);
    assertThat(login.refresh(refreshToken(tokens)).statusCode()).isEqualTo(200);
  }

  private String refreshAgain() {
    try {
      return HttpLogin.error(login.refresh(refreshToken(tokens)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void lifetimesOfNewTokensCanBeSet() throws Exception {
    simulator.change(
        b -> b.accessTokenLife(Duration.ofSeconds(10)).idTokenLife(Duration.ofSeconds(4)));
    assertThat(refreshed(refreshToken(tokens)).getInteger("expires_in")).isEqualTo(9);
  }
}
