// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the session does while the journal cannot keep messages. */
class StreamHaltTest {

  private static final String FULL = "the disk is full — free some space";
  private static final String LOCKED = "another program holds the file — end it";

  private final Bench bench = new Bench();

  private void haltLive() {
    bench.startLive();
    bench.trouble(FULL);
    bench.seconds(10);
  }

  @Test
  void leavesBmwInOrderWhenTheTroubleHasLastedTenSeconds() {
    bench.startLive();
    bench.trouble(FULL);
    bench.actions.clear();
    bench.seconds(9);
    assertThat(bench.actions).isEmpty();
    assertThat(bench.state()).isEqualTo(StreamState.LIVE);
    bench.seconds(1);

    assertThat(bench.actions).first().isEqualTo(new StreamAction.Disconnect());
    assertThat(bench.shown().state()).isEqualTo(StreamState.BACKING_OFF);
    assertThat(bench.shown().nextAttemptAt()).isNull();
    assertThat(bench.shown().lastReason().code()).isNull();
    assertThat(bench.shown().lastReason().text())
        .startsWith("BMW's stream is halted")
        .endsWith(FULL);
  }

  @Test
  void aShorterTroubleLeavesTheSessionAlone() {
    bench.startLive();
    bench.seconds(100);
    bench.actions.clear();
    for (int i = 0; i < 10; i++) {
      bench.trouble(FULL);
      bench.seconds(5);
      bench.trouble(LOCKED);
      bench.seconds(4);
      bench.trouble(null);
      bench.seconds(1);
    }

    assertThat(bench.actions).isEmpty();
    assertThat(bench.state()).isEqualTo(StreamState.LIVE);
  }

  @Test
  void connectsAtOnceWhenTheTroubleEndsAndNotBefore() {
    haltLive();
    bench.actions.clear();
    bench.pass(Duration.ofMinutes(40));
    assertThat(bench.connects()).isEmpty();
    bench.trouble(null);
    assertThat(bench.connects()).hasSize(1);
    bench.subscribe();

    assertThat(bench.state()).isEqualTo(StreamState.LIVE);
    assertThat(bench.shown().reconnects()).isEqualTo(1);
  }

  @Test
  void nothingMakesItConnectWhileTheTroubleLasts() {
    haltLive();
    bench.actions.clear();
    bench.did(bench.machine.cycle(bench.now()));
    bench.newTokens();
    bench.did(bench.machine.rebuild(bench.now()));
    bench.did(bench.machine.stop(bench.now()));
    bench.start();
    bench.pass(Duration.ofDays(1));

    assertThat(bench.connects()).isEmpty();
    assertThat(bench.shown().lastReason().text()).endsWith(FULL);
    bench.newTokens();
    bench.trouble(null);
    assertThat(bench.connects()).hasSize(1);
  }

  @Test
  void aTroubleFromTheStartKeepsItFromConnecting() {
    bench.trouble(FULL);
    bench.start();
    assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    bench.trouble(null);

    assertThat(bench.connects()).hasSize(1);
  }

  @Test
  void theWatchdogFindsNothingWrong() {
    haltLive();
    for (int i = 0; i < 10; i++) {
      assertThat(bench.machine.verdict(bench.now(), false, true)).isEqualTo(Verdict.FINE);
      bench.seconds(15);
    }
  }

  @Test
  void showsTheNewestSentenceAndSaysTheFirst() {
    haltLive();
    bench.trouble(LOCKED);

    assertThat(bench.shown().lastReason().text()).endsWith(LOCKED);
    List<StreamAction.Announce> said = bench.of(StreamAction.Announce.class);
    assertThat(said).hasSize(1);
    assertThat(said.get(0).sentence()).endsWith(FULL);
    assertThat(said.get(0).mustAct()).isTrue();
    bench.trouble(null);
    assertThat(bench.of(StreamAction.Announce.class)).hasSize(2);
  }

  @Test
  void aPauseThatBmwAskedForIsNotCutShort() {
    bench.startLive();
    bench.code(151);
    bench.actions.clear();
    bench.trouble(FULL);
    bench.seconds(30);
    bench.trouble(null);
    assertThat(bench.connects()).isEmpty();
    assertThat(bench.state()).isEqualTo(StreamState.QUOTA);
    bench.trouble(FULL);
    bench.pass(bench.pause());
    assertThat(bench.connects()).isEmpty();
    assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    bench.trouble(null);

    assertThat(bench.connects()).hasSize(1);
  }

  @Test
  void aTroubleThatComesAndGoesIsNoStormOfConnections() {
    haltLive();
    bench.actions.clear();
    for (int i = 0; i < 30; i++) {
      bench.trouble(null);
      if (bench.state() == StreamState.CONNECTING) {
        bench.subscribe();
      }
      bench.seconds(1);
      bench.trouble(FULL);
      bench.seconds(11);
    }

    assertThat(bench.connects()).as("in six minutes").hasSizeBetween(5, 13);
  }

  @Test
  void aLoginThatIsRequiredMeanwhileIsStillRequired() {
    bench.startLive();
    bench.did(bench.machine.loginRequired(bench.now()));
    bench.trouble(FULL);
    bench.seconds(10);
    assertThat(bench.state()).isEqualTo(StreamState.LOGIN_REQUIRED);
    bench.actions.clear();
    bench.trouble(null);
    assertThat(bench.connects()).isEmpty();
    bench.trouble(FULL);
    bench.newTokens();
    assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    bench.did(bench.machine.loginRequired(bench.now()));
    assertThat(bench.state()).isEqualTo(StreamState.LOGIN_REQUIRED);
    bench.trouble(null);

    assertThat(bench.connects()).isEmpty();
  }

  @Test
  void anExpiredTokenIsNotSentWhenTheTroubleEnds() {
    haltLive();
    bench.pass(Duration.ofHours(2));
    bench.actions.clear();
    bench.trouble(null);
    assertThat(bench.connects()).isEmpty();
    assertThat(bench.refreshes()).hasSize(1);
    bench.newTokens();

    assertThat(bench.connects()).hasSize(1);
  }
}
