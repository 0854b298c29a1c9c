// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.Test;

/** Passwords that are guessed. */
class GuessesTest {

  private final SetClock clock = new SetClock(Instant.parse("2026-03-14T08:00:00Z"));
  private final Guesses guesses = new Guesses(clock);

  private void guess(String address, int times) {
    for (int i = 0; i < times; i++) {
      guesses.wrong(address);
    }
  }

  @Test
  void afterTenWrongOnesNoMoreAreTakenForAMinute() {
    guess("10.0.0.1", 9);
    assertThat(guesses.left("10.0.0.1")).isZero();
    clock.move(Duration.ofSeconds(20));
    guess("10.0.0.1", 1);
    assertThat(guesses.left("10.0.0.1")).isEqualTo(Duration.ofSeconds(40));
    assertThat(guesses.left("10.0.0.2")).isZero();
    clock.move(Duration.ofSeconds(40));
    assertThat(guesses.left("10.0.0.1")).isZero();
  }

  @Test
  void aSlowTypistIsNeverKeptWaiting() {
    for (int i = 0; i < 50; i++) {
      guess("10.0.0.1", 1);
      clock.move(Duration.ofSeconds(7));
      assertThat(guesses.left("10.0.0.1")).isZero();
    }
  }

  @Test
  void aNetworkOfIpv6IsOneAddressAndAnotherIsNot() {
    for (int i = 0; i < 10; i++) {
      guesses.wrong("2001:db8:1:2::" + i);
    }
    assertThat(guesses.left("2001:db8:1:2:ffff::1")).isPositive();
    assertThat(guesses.left("2001:db8:1:3::1")).isZero();
    assertThat(guesses.left("no:address")).isZero();
  }

  @Test
  void aClockThatIsSetBackBarsNobodyForLong() {
    guess("10.0.0.1", 10);
    clock.move(Duration.ofDays(-300));
    assertThat(guesses.left("10.0.0.1")).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void manyAddressesTakeLittleMemory() {
    guess("10.0.0.1", 10);
    for (int i = 0; i < 5_000; i++) {
      guesses.wrong("10.1." + i / 250 + "." + i % 250);
      assertThat(guesses.left("10.0.0.1")).as("one that goes on asking stays known").isPositive();
    }
    assertThat(guesses.size()).isEqualTo(1_000);
  }
}
