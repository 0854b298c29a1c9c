// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {

  private final Instant now = Instant.parse("2026-07-27T12:00:00Z");
  private final SetClock clock = new SetClock(now);
  private List<AccountStatus> accounts = List.of(Accounts.live("main", now));
  private boolean works = true;
  private String trouble;
  private final Health health =
      new Health(
          clock,
          () -> works,
          () -> Optional.ofNullable(trouble),
          Duration.ofSeconds(45),
          () -> accounts);

  @ParameterizedTest(name = "a stream that is {0} for {1} s: {2}")
  @CsvSource({
    "live, 100000, 200",
    "quiet, 100000, 200",
    "connecting, 5, 200",
    "connecting, 61, 503",
    "backing-off, 1, 503",
    "refused, 1, 503",
    "quota, 1, 503",
    "stopped, 1, 503",
    "login-required, 1, 503",
  })
  void readinessFollowsTheStream(String state, long seconds, int code) {
    accounts = List.of(Accounts.with("main", state, now.minusSeconds(seconds), now));
    assertThat(health.ready().code()).isEqualTo(code);
    assertThat(health.live().code()).isEqualTo(200);
    assertThat(health.health().code()).isEqualTo(code);
  }

  @Test
  void aSecondLoginUnderWayIsJudgedByTokensAndStream() {
    accounts = List.of(Accounts.with("main", "pending", "live", now, now));
    assertThat(health.ready().code()).isEqualTo(200);
    accounts = List.of(Accounts.with("main", "pending", "refused", now, now));
    assertThat(health.ready().text()).contains("stream is refused");
    accounts = List.of(Accounts.with("main", "login-required", "live", now, now));
    assertThat(health.ready().text()).contains("login is login-required");

    accounts = List.of(Accounts.with("main", "pending", "live", now, now));
    clock.move(Duration.ofSeconds(3_000));
    assertThat(health.ready().text()).as("its tokens are over").contains("login is pending");
  }

  @Test
  void everyAccountHasToBeReady() {
    accounts = List.of(Accounts.live("main", now), Accounts.pending("wife", now));
    assertThat(health.ready().text()).contains("account wife: login is pending");
    accounts = List.of();
    assertThat(health.ready().code()).isEqualTo(503);
  }

  @Test
  void aJournalThatCannotKeepMessagesIsAliveAndNotReady() {
    trouble = "the disk is full — free some space";
    assertThat(health.ready().code()).isEqualTo(503);
    assertThat(health.ready().text()).contains("journal: the disk is full — free some space");
    assertThat(health.live().code()).isEqualTo(200);
    trouble = null;
    assertThat(health.ready().code()).isEqualTo(200);
  }

  @Test
  void aMainLoopThatStandsStillIsNotAlive() {
    assertThat(health.live().code()).isEqualTo(200);
    health.beat("main");
    clock.move(Duration.ofSeconds(45));
    assertThat(health.live().code()).isEqualTo(200);
    clock.move(Duration.ofSeconds(1));
    assertThat(health.live().code()).isEqualTo(503);
    assertThat(health.health().code()).isEqualTo(503);
    health.beat("wife");
    assertThat(health.live().text()).contains("watchdog of account main");
    health.beat("main");
    assertThat(health.live().code()).isEqualTo(200);
    works = false;
    assertThat(health.live().code()).isEqualTo(503);
  }
}
