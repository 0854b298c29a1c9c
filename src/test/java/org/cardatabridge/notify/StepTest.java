// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepTest {

  private static final Instant NOON = Instant.parse("2026-07-27T12:00:00Z");
  private static final Duration AFTER = Duration.ofMinutes(10);
  private static final Duration MAX_AGE = Duration.ofHours(2);

  private static Finding.Holds since(Instant since) {
    return Finding.Holds.since(since, since, Map.of());
  }

  private static Step step(Episode before, Finding finding, Instant now) {
    return Step.of(before, finding, AFTER, MAX_AGE, now);
  }

  @Test
  void aConditionIsSaidWhenItHasHeldLongEnoughAndNeverAgain() {
    Step first = step(null, since(NOON), NOON);
    Step early = step(first.after(), since(NOON), NOON.plus(AFTER).minusMillis(1));
    Step due = step(early.after(), since(NOON), NOON.plus(AFTER));
    Step later = step(due.after(), since(NOON), NOON.plus(AFTER.multipliedBy(3)));
    assertThat(first.says() || early.says() || later.says()).isFalse();
    assertThat(due.says()).isTrue();
    assertThat(later.after()).isEqualTo(due.after());
  }

  @Test
  void itsEndIsNewsOnlyWhereItWasSaid() {
    Episode untold = new Episode(NOON, false, "");
    assertThat(step(untold, Finding.OVER, NOON)).isEqualTo(new Step(null, false, false));
    assertThat(step(untold.asTold(), Finding.OVER, NOON)).isEqualTo(new Step(null, false, true));
    assertThat(step(null, Finding.OVER, NOON)).isEqualTo(new Step(null, false, false));
  }

  @Test
  void whoIsUnsureRemembers() {
    Episode told = new Episode(NOON, true, "x");
    assertThat(step(told, Finding.UNSURE, NOON.plusSeconds(9999)).after()).isEqualTo(told);
  }

  @Test
  void anotherMarkIsAnotherEpisode() {
    Step step = step(new Episode(NOON, true, "a"), since(NOON).marked("b").withoutWaiting(), NOON);
    assertThat(step.says()).isTrue();
    assertThat(step.after().mark()).isEqualTo("b");
  }

  @Test
  void oldNewsIsNotSaidButFreshNewsOfTheSameIs() {
    Instant now = NOON.plus(AFTER).plus(MAX_AGE).plusSeconds(1);
    Step old = step(null, since(NOON), now);
    assertThat(old.says()).isFalse();
    Step fresh = step(old.after(), Finding.Holds.since(NOON, now, Map.of()), now);
    assertThat(fresh.says()).isTrue();
  }

  @Test
  void aCarThatIsAheadOfUsIsTakenToMeanNow() {
    Step step = step(null, since(NOON.plus(Duration.ofHours(3))), NOON);
    assertThat(step.after().since()).isEqualTo(NOON);
  }

  @Test
  void anEndIsNewsOnlyBehindItsBeginning() {
    assertThat(step(null, since(NOON).onlyAfterArming(), NOON.plus(AFTER)).after()).isNull();
    Episode armed = step(null, new Finding.Arms(NOON, Episode.ARMED), NOON).after();
    assertThat(armed.isArmed()).isTrue();
    Episode ended = step(armed, since(NOON).onlyAfterArming(), NOON).after();
    assertThat(step(ended, since(NOON).onlyAfterArming(), NOON.plus(AFTER)).says()).isTrue();
    assertThat(step(ended.asTold(), new Finding.Arms(NOON, Episode.ARMED), NOON).ends()).isTrue();
  }
}
