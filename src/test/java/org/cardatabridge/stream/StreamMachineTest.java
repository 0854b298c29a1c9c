// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamMachineTest {

  private final Bench bench = new Bench();

  // ---- success ---------------------------------------------------------------------------

  @Test
  void connackAloneIsNoSuccess() {
    bench.start();
    bench.did(bench.machine.connected(bench.attempt(), bench.now()));

    assertThat(bench.state()).isEqualTo(StreamState.CONNECTING);
  }

  @Test
  void takesTheNewestTokensAtEachConnect() {
    bench.startLive();
    bench.end(Bench.RESET);
    Credentials newer = bench.tokens();
    bench.did(bench.machine.tokensChanged(bench.now(), newer));
    bench.seconds(2);

    assertThat(bench.connects()).last().extracting("credentials").isEqualTo(newer);
  }

  @Test
  void eventsOfAnOlderConnectionAreIgnored() {
    bench.startLive();
    int old = bench.attempt();
    bench.newTokens();
    bench.did(bench.machine.subscribed(old, bench.now()));
    bench.did(bench.machine.ended(old, Ending.ofCode(142, Peer.BMW), bench.now()));

    assertThat(bench.state()).isEqualTo(StreamState.CONNECTING);
  }

  // ---- the orderly cycle -----------------------------------------------------------------

  @Test
  void newTokensCycleALiveSessionAtOnceAndInOrder() {
    bench.startLive();
    bench.seconds(3000);
    bench.actions.clear();
    bench.newTokens();

    assertThat(bench.actions)
        .satisfiesExactly(
            a -> assertThat(a).isInstanceOf(StreamAction.Disconnect.class),
            a -> assertThat(a).isInstanceOf(StreamAction.Connect.class));
  }

  @Test
  void anOrderlyCycleNeitherFlickersNorCounts() {
    bench.startLive();
    bench.seconds(3000);
    StreamSnapshot before = bench.shown();
    bench.newTokens();
    assertThat(bench.shown()).isEqualTo(before);
    bench.seconds(4);
    assertThat(bench.shown()).isEqualTo(before);
    bench.subscribe();

    assertThat(bench.shown()).isEqualTo(before);
    assertThat(bench.shown().reconnects()).isZero();
    assertThat(bench.shown().lastReason()).isNull();
  }

  @Test
  void aCycleThatTakesLongerThanFiveSecondsShows() {
    bench.startLive();
    bench.newTokens();
    bench.seconds(6);

    assertThat(bench.shown().state()).isEqualTo(StreamState.CONNECTING);
  }

  @Test
  void aQuietSessionStaysQuietThroughACycle() {
    bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ofHours(8))));
    bench.subscribe();
    bench.pass(Duration.ofHours(7));
    bench.newTokens();
    bench.subscribe();

    assertThat(bench.state()).isEqualTo(StreamState.QUIET);
  }

  @Test
  void asksForARefreshOnceBeforeTheTokenDiesAndWaitsForIt() {
    bench.startLive();
    bench.seconds(3590);

    assertThat(bench.refreshes()).hasSize(1);
    assertThat(bench.connects()).hasSize(1);
    assertThat(bench.state()).isEqualTo(StreamState.LIVE);
  }

  @Test
  void aSessionThatBmwClosesAtExpiryIsReplacedAtOnceWhereATokenIsThere() {
    bench.startLive();
    bench.did(bench.machine.loginRequired(bench.now()));
    bench.seconds(3601);
    bench.code(135);
    assertThat(bench.state()).isEqualTo(StreamState.LOGIN_REQUIRED);
    bench.newTokens();

    assertThat(bench.state()).isEqualTo(StreamState.CONNECTING);
  }

  @Test
  void anExpiredTokenIsNotSentBeforeARefreshWasAskedForAndGivenTime() {
    bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ofSeconds(-5))));
    assertThat(bench.refreshes()).hasSize(1);
    bench.seconds(29);
    assertThat(bench.connects()).isEmpty();
    bench.seconds(1);

    assertThat(bench.connects()).as("a wrong local clock must not lock us out").hasSize(1);
  }

  @Test
  void anExpiredTokenThatBmwRefusedIsNotSentAgainHoweverLongTheLoginServerIsDown() {
    bench.startLive();
    bench.seconds(3601);
    bench.code(135);
    bench.seconds(30);
    assertThat(bench.connects()).as("once, the local clock may be wrong").hasSize(2);
    bench.code(135);
    int asked = bench.refreshes().size();
    for (int minute = 0; minute < 360; minute++) {
      bench.seconds(60);
      assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    }

    assertThat(bench.connects()).hasSize(2);
    assertThat(bench.refreshes().size() - asked).isBetween(60, 80);
    assertThat(bench.shown().lastReason().text()).contains("waiting for a new one");
    assertThat(bench.of(StreamAction.Announce.class)).isEmpty();
    bench.newTokens();
    assertThat(bench.connects()).hasSize(3);
    assertThat(bench.state()).isEqualTo(StreamState.CONNECTING);
  }

  @Test
  void refusalsOfExpiredTokensAreNotAmongTheThree() {
    bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ofSeconds(-5))));
    bench.seconds(30);
    bench.code(135);
    bench.newTokens();
    bench.code(135);
    bench.pass(bench.pause());
    bench.code(135);
    assertThat(bench.of(StreamAction.Announce.class)).isEmpty();
    bench.pass(bench.pause());
    bench.code(135);

    assertThat(bench.of(StreamAction.Announce.class)).hasSize(1);
  }

  @Test
  void anExpiredTokenThatNeverReachedBmwWasNotTried() {
    bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ofSeconds(-5))));
    bench.seconds(30);
    bench.end(Ending.of(new UnknownHostException("x"), Peer.BMW));
    bench.pass(bench.pause());

    assertThat(bench.connects()).hasSize(2);
  }

  @Test
  void anExpiredTokenThatBmwTookMayBeSentAgain() {
    bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ofSeconds(-5))));
    bench.seconds(30);
    bench.subscribe();
    bench.end(Bench.RESET);
    bench.seconds(30);

    assertThat(bench.connects()).hasSize(2);
  }

  // ---- refused -----------------------------------------------------------------------------

  @Test
  void aRefusedValidTokenForcesExactlyOneRefreshAndARetryThenTheLadder() {
    bench.start();
    bench.code(135);
    assertThat(bench.state()).isEqualTo(StreamState.REFUSED);
    assertThat(bench.refreshes()).hasSize(1);
    assertThat(bench.shown().lastReason().code()).isEqualTo(135);

    bench.newTokens();
    assertThat(bench.connects()).hasSize(2);
    for (int i = 0; i < 5; i++) {
      bench.code(135);
      bench.pass(bench.pause());
    }

    assertThat(bench.refreshes()).hasSize(1);
  }

  @Test
  void aRefusalOfTokensThatWereReplacedMeanwhileIsAnsweredWithTheNewestAtOnce() {
    bench.start();
    Credentials newer = bench.tokens();
    bench.did(bench.machine.tokensChanged(bench.now(), newer));
    bench.code(135);

    assertThat(bench.refreshes()).isEmpty();
    assertThat(bench.connects()).hasSize(2).last().extracting("credentials").isEqualTo(newer);
    assertThat(bench.state()).isEqualTo(StreamState.CONNECTING);
    bench.code(135);
    assertThat(bench.refreshes()).as("the newest ones earn the forced refresh").hasSize(1);
  }

  @Test
  void aRefreshThatNeverComesLeavesTheLadderInCharge() {
    bench.start();
    bench.code(134);
    assertThat(bench.pause()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(36));
    bench.pass(bench.pause());

    assertThat(bench.connects()).hasSize(2);
  }

  @Test
  void theForcedRefreshIsEarnedAnewByAMinuteOfSubscription() {
    bench.start();
    bench.code(135);
    bench.newTokens();
    bench.subscribe();
    bench.seconds(61);
    bench.code(135);

    assertThat(bench.refreshes()).hasSize(2);
  }

  @Test
  void aRefusalWithinTenSecondsOfOurOwnGoodbyeDoesNotCount() {
    bench.startLive();
    bench.seconds(100);
    bench.newTokens();
    bench.seconds(1);
    bench.code(135);

    assertThat(bench.refreshes()).isEmpty();
    assertThat(bench.shown().state()).isEqualTo(StreamState.LIVE);
    assertThat(bench.pause()).isLessThanOrEqualTo(Duration.ofSeconds(9));
    bench.seconds(9);
    assertThat(bench.connects()).hasSize(3);
    bench.code(135);
    assertThat(bench.state()).as("now it counts").isEqualTo(StreamState.REFUSED);
    assertThat(bench.refreshes()).hasSize(1);
  }

  @Test
  void aRefusalAfterStopAndStartIsBmwNotHavingLetGo() {
    bench.startLive();
    bench.did(bench.machine.stop(bench.now()));
    bench.seconds(2);
    bench.start();
    bench.code(135);

    assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    assertThat(bench.refreshes()).isEmpty();
  }

  @Test
  void aRefusalWithinTenSecondsOfTheProgramsStartIsBmwNotHavingLetGoOfTheProcessBefore() {
    bench.startAgain();
    bench.seconds(1);
    bench.code(135);

    assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    assertThat(bench.refreshes()).isEmpty();
    assertThat(bench.shown().lastReason().text()).doesNotContain("portal");
    bench.newTokens();
    assertThat(bench.connects()).as("nor do new tokens shorten the wait").hasSize(1);
    bench.seconds(9);
    assertThat(bench.connects()).hasSize(2);
    bench.code(135);
    assertThat(bench.state()).as("now it counts").isEqualTo(StreamState.REFUSED);
  }

  @Test
  void onceLetInARefusalCountsHoweverSoonAfterTheStart() {
    bench.startAgain();
    bench.subscribe();
    bench.end(Bench.RESET);
    bench.seconds(2);
    bench.code(135);

    assertThat(bench.refreshes()).hasSize(1);
  }

  @Test
  void aLoginThatIsRefusedAtOnceCountsAsItEndsNoSession() {
    bench.start();
    bench.code(135);

    assertThat(bench.state()).isEqualTo(StreamState.REFUSED);
  }

  @Test
  void threeRefusalsTellThePersonWhatToDo() {
    bench.start();
    for (int i = 0; i < 3; i++) {
      bench.code(135);
      bench.pass(bench.pause());
    }

    assertThat(bench.of(StreamAction.Announce.class)).hasSize(1);
    assertThat(bench.shown().lastReason().text()).contains("portal");
  }

  // ---- the ladder --------------------------------------------------------------------------

  @Test
  void theLadderDoublesToFiveMinutesAndIsTenFromTheTenthFailure() {
    bench.start();
    List<Long> seconds = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      bench.code(139);
      seconds.add((long) (bench.pause().toMillis() / 1000.0 / 1.0));
      bench.pass(bench.pause());
    }

    long[] rungs = {5, 10, 20, 40, 80, 160, 300, 300, 300, 600, 600};
    for (int i = 0; i < rungs.length; i++) {
      assertThat(seconds.get(i)).isBetween(rungs[i], (long) (rungs[i] * 1.2));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "128,20", "133,20", "134,30", "135,30", "136,20", "137,20", "139,5", "141,5", "142,10",
    "151,60", "152,5", "160,5", "255,5"
  })
  void aReasonCodeHasAFloorBelowTheLadder(int code, long floor) {
    bench.start();
    bench.code(code);

    assertThat(bench.pause()).isBetween(Duration.ofSeconds(floor), Duration.ofMillis(floor * 1200));
    assertThat(bench.shown().lastReason().code()).isEqualTo(code);
  }

  @Test
  void theFloorDoesNotReplaceTheLadder() {
    bench.start();
    for (int i = 0; i < 6; i++) {
      bench.code(135);
      bench.pass(bench.pause());
    }
    bench.code(135);

    assertThat(bench.pause()).isGreaterThanOrEqualTo(Duration.ofSeconds(300));
  }

  @Test
  void aShortSessionDoesNotResetTheLadderAndALongOneDoes() {
    bench.start();
    for (int i = 0; i < 4; i++) {
      bench.code(139);
      bench.pass(bench.pause());
    }
    bench.subscribe();
    bench.seconds(59);
    bench.code(139);
    assertThat(bench.pause()).isGreaterThanOrEqualTo(Duration.ofSeconds(80));
    bench.pass(bench.pause());
    bench.subscribe();
    bench.seconds(60);
    bench.code(139);

    assertThat(bench.pause()).isLessThanOrEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void jitterDependsOnTheRandomSourceGiven() {
    Bench other = new Bench(Bench.settings(null), new Random(2));
    bench.start();
    other.start();
    bench.code(139);
    other.code(139);

    assertThat(bench.pause()).isNotEqualTo(other.pause());
  }

  @Test
  void quotaHasAStateOfItsOwnAndAFloorOfAMinute() {
    bench.startLive();
    bench.code(151);

    assertThat(bench.state()).isEqualTo(StreamState.QUOTA);
    assertThat(bench.pause()).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
    assertThat(bench.shown().nextAttemptAt()).isEqualTo(bench.now().wall().plus(bench.pause()));
  }

  // ---- the network -------------------------------------------------------------------------

  @Test
  void aLostNetworkIsTriedEachSecondThenEachFiveThenEachFifteenAndNeverClimbs() {
    bench.startLive();
    bench.end(Bench.RESET);
    int early = attemptsIn(Duration.ofSeconds(29));
    int middle = attemptsIn(Duration.ofSeconds(91));
    int late = attemptsIn(Duration.ofHours(1));

    assertThat(early).isBetween(24, 29);
    assertThat(middle).isBetween(15, 20);
    assertThat(late).isBetween(200, 240);
    assertThat(bench.pause()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(18));
    bench.pass(bench.pause());
    bench.code(139);
    assertThat(bench.pause()).as("the ladder was not climbed").isLessThan(Duration.ofSeconds(7));
  }

  private int attemptsIn(Duration time) {
    int before = bench.connects().size();
    Duration end = bench.now().mono().plus(time);
    while (bench.now().mono().plus(bench.pause()).compareTo(end) <= 0) {
      bench.pass(bench.pause());
      bench.end(Ending.of(new ConnectException("refused"), Peer.BMW));
    }
    return bench.connects().size() - before;
  }

  @Test
  void endingsWithoutACodeHaveWordsAndNoCode() {
    bench.start();
    bench.end(Ending.of(new UnknownHostException("x"), Peer.BMW));
    assertThat(bench.shown().lastReason().code()).isNull();
    assertThat(bench.shown().lastReason().text()).contains("DNS");
    bench.pass(bench.pause());
    bench.end(Ending.of(new EOFException(), Peer.BMW));
    assertThat(bench.shown().lastReason().text()).contains("without a reason");
  }

  @Test
  void aReconnectAfterALossCounts() {
    bench.startLive();
    bench.end(Bench.RESET);
    bench.pass(bench.pause());
    bench.end(Bench.RESET);
    bench.pass(bench.pause());
    bench.subscribe();

    assertThat(bench.shown().reconnects()).isEqualTo(1);
  }

  // ---- answers that never come -------------------------------------------------------------

  @Test
  void noConnackInTwentySecondsIsAFailure() {
    bench.start();
    bench.seconds(20);

    assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    assertThat(bench.shown().lastReason().text()).contains("CONNACK");
    assertThat(bench.of(StreamAction.Disconnect.class)).hasSize(1);
  }

  @Test
  void noSubackIsAFailure() {
    bench.start();
    bench.did(bench.machine.connected(bench.attempt(), bench.now()));
    bench.seconds(20);

    assertThat(bench.shown().lastReason().text()).contains("SUBACK");
  }

  @Test
  void aRefusedSubackIsAFailedSession() {
    bench.start();
    bench.did(bench.machine.connected(bench.attempt(), bench.now()));
    bench.end(Ending.ofSubAck(135, Peer.BMW));
    assertThat(bench.of(StreamAction.Announce.class))
        .singleElement()
        .satisfies(
            said -> assertThat(said.sentence()).contains("cardata.stream.topics — set it to"));
    bench.pass(bench.pause());
    bench.did(bench.machine.connected(bench.attempt(), bench.now()));
    bench.end(Ending.ofSubAck(135, Peer.BMW));
    assertThat(bench.of(StreamAction.Announce.class)).as("said once").hasSize(1);

    assertThat(bench.state()).isEqualTo(StreamState.BACKING_OFF);
    assertThat(bench.shown().lastReason().text()).contains("cardata.stream.topics");
    assertThat(bench.refreshes()).isEmpty();
  }

  // ---- two clients ---------------------------------------------------------------------------

  @Test
  void threeTakeoversInTenMinutesAreSaidOnceInPlainWordsAndSlowUsDown() {
    bench.start();
    for (int i = 0; i < 5; i++) {
      bench.subscribe();
      bench.seconds(3);
      bench.code(142);
      if (i >= 2) {
        assertThat(bench.pause()).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
      }
      bench.pass(bench.pause());
    }

    assertThat(bench.of(StreamAction.Announce.class))
        .singleElement()
        .satisfies(a -> assertThat(a.sentence()).contains("another client uses this account"));
    assertThat(bench.shown().lastReason().text()).contains("another client");
  }

  @Test
  void threeSessionsThatWereClosedShortlyWithoutACodeMayBeAFightAndKeepTheQuickRetries() {
    bench.start();
    for (int i = 0; i < 5; i++) {
      bench.subscribe();
      bench.seconds(2);
      bench.end(Ending.of(new EOFException(), Peer.BMW));
      assertThat(bench.pause()).isLessThan(Duration.ofSeconds(2));
      bench.pass(bench.pause());
    }

    assertThat(bench.of(StreamAction.Announce.class))
        .singleElement()
        .satisfies(a -> assertThat(a.sentence()).contains("perhaps another client"));
    assertThat(bench.shown().lastReason().text()).contains("perhaps another client");
    assertThat(bench.shown().otherClient().sure()).isFalse();
  }

  @Test
  void aTakeoverAmongTheThreeSettlesIt() {
    bench.start();
    Ending closed = Ending.of(new EOFException(), Peer.BMW);
    for (Ending ending : List.of(closed, closed, closed, Ending.ofCode(142, Peer.BMW))) {
      bench.subscribe();
      bench.seconds(2);
      bench.end(ending);
      if (ending == closed) {
        bench.pass(bench.pause());
      }
    }

    assertThat(bench.pause()).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
    assertThat(bench.shown().otherClient().sure()).isTrue();
    assertThat(bench.of(StreamAction.Announce.class))
        .extracting(StreamAction.Announce::sentence)
        .satisfiesExactly(
            first -> assertThat(first).contains("perhaps another client"),
            second -> assertThat(second).contains("another client uses this account and takes"));
  }

  @Test
  void aFlappingNetworkIsNoFight() {
    bench.start();
    for (int i = 0; i < 6; i++) {
      bench.subscribe();
      bench.seconds(2);
      bench.end(i % 2 == 0 ? Bench.RESET : Ending.of(new MqttException(32000), Peer.BMW));
      assertThat(bench.pause()).isLessThan(Duration.ofSeconds(2));
      bench.pass(bench.pause());
    }

    assertThat(bench.of(StreamAction.Announce.class)).isEmpty();
    assertThat(bench.shown().lastReason().text()).doesNotContain("client");
  }

  @Test
  void oneTakeoverIsNoFight() {
    bench.startLive();
    bench.seconds(3);
    bench.code(142);

    assertThat(bench.of(StreamAction.Announce.class)).isEmpty();
    assertThat(bench.pause()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(12));
  }

  @Test
  void threeTakeoversInADayAreNoFight() {
    bench.start();
    for (int i = 0; i < 3; i++) {
      bench.subscribe();
      bench.seconds(660);
      bench.code(142);
      bench.pass(bench.pause());
    }

    assertThat(bench.of(StreamAction.Announce.class)).isEmpty();
  }

  // ---- login ---------------------------------------------------------------------------------

  @Test
  void neverConnectsWhileALoginIsRequired() {
    bench.startLive();
    bench.did(bench.machine.loginRequired(bench.now()));
    bench.end(Bench.RESET);
    int before = bench.connects().size();
    bench.pass(Duration.ofDays(2));

    assertThat(bench.state()).isEqualTo(StreamState.LOGIN_REQUIRED);
    assertThat(bench.connects()).hasSize(before);
  }

  @Test
  void aWorkingSessionIsLeftToItsEndWhenALoginIsRequired() {
    bench.startLive();
    bench.did(bench.machine.loginRequired(bench.now()));

    assertThat(bench.state()).isEqualTo(StreamState.LIVE);
    assertThat(bench.of(StreamAction.Disconnect.class)).isEmpty();
  }

  // ---- silence -------------------------------------------------------------------------------

  @Test
  void silenceIsShownAsQuietAndAMessageEndsIt() {
    bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ofDays(2))));
    bench.subscribe();
    bench.pass(Duration.ofHours(5));
    assertThat(bench.state()).isEqualTo(StreamState.LIVE);
    bench.pass(Duration.ofHours(2));
    assertThat(bench.state()).isEqualTo(StreamState.QUIET);
    bench.did(bench.machine.message(bench.now()));

    assertThat(bench.state()).isEqualTo(StreamState.LIVE);
  }

  @Test
  void aParkedCarCausesNotOneReconnectInADayOfTicks() {
    bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ofDays(9))));
    bench.subscribe();
    for (int tick = 0; tick < 24 * 240; tick++) {
      bench.seconds(15);
      assertThat(bench.machine.verdict(bench.now(), true, false)).isEqualTo(Verdict.FINE);
    }

    assertThat(bench.connects()).hasSize(1);
    assertThat(bench.state()).isEqualTo(StreamState.QUIET);
  }

  @Test
  void anActiveCarThatIsSilentEarnsOneReconnectWhereThatIsAskedFor() {
    Bench opted = new Bench(Bench.settings(Duration.ofHours(2)), new Random(1));
    opted.did(opted.machine.start(opted.now(), opted.tokens(Duration.ofDays(2))));
    opted.subscribe();
    opted.pass(Duration.ofHours(2));
    assertThat(opted.machine.verdict(opted.now(), true, false)).isEqualTo(Verdict.FINE);
    assertThat(opted.machine.verdict(opted.now(), true, true)).isEqualTo(Verdict.CYCLE);
    opted.did(opted.machine.cycle(opted.now()));
    opted.subscribe();
    opted.pass(Duration.ofHours(5));
    assertThat(opted.machine.verdict(opted.now(), true, true)).isEqualTo(Verdict.FINE);
    opted.did(opted.machine.message(opted.now()));
    opted.pass(Duration.ofHours(2));

    assertThat(opted.machine.verdict(opted.now(), true, true)).isEqualTo(Verdict.CYCLE);
  }

  @Test
  void aClockJumpDoesNotUseUpTheReconnectOfAnActiveCarThatIsSilent() {
    Bench opted = new Bench(Bench.settings(Duration.ofHours(2)), new Random(1));
    opted.did(opted.machine.start(opted.now(), opted.tokens(Duration.ofDays(2))));
    opted.subscribe();
    opted.machine.verdict(opted.now(), true, false);
    opted.suspend(Duration.ofMinutes(5));
    assertThat(opted.machine.verdict(opted.now(), true, false)).isEqualTo(Verdict.CYCLE);
    opted.did(opted.machine.cycle(opted.now()));
    opted.subscribe();
    opted.pass(Duration.ofHours(2));

    assertThat(opted.machine.verdict(opted.now(), true, true)).isEqualTo(Verdict.CYCLE);
    opted.did(opted.machine.cycle(opted.now()));
    opted.subscribe();
    assertThat(opted.machine.verdict(opted.now(), true, true)).isEqualTo(Verdict.FINE);
  }

  @Test
  void anActiveCarThatIsSilentIsLeftAloneWhereNobodyAsked() {
    bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ofDays(2))));
    bench.subscribe();
    bench.pass(Duration.ofDays(1));

    assertThat(bench.machine.verdict(bench.now(), true, true)).isEqualTo(Verdict.FINE);
  }

  // ---- stalls --------------------------------------------------------------------------------

  @Test
  void aClockJumpAsksForAnOrderlyCycle() {
    bench.startLive();
    bench.machine.verdict(bench.now(), true, false);
    bench.suspend(Duration.ofMinutes(5));

    assertThat(bench.machine.verdict(bench.now(), true, false)).isEqualTo(Verdict.CYCLE);
    bench.did(bench.machine.cycle(bench.now()));
    assertThat(bench.connects()).hasSize(2);
    assertThat(bench.shown().state()).isEqualTo(StreamState.LIVE);
    assertThat(bench.machine.verdict(bench.now(), true, false)).isEqualTo(Verdict.FINE);
  }

  @Test
  void aClockThatIsSetBackOrASmallCorrectionIsNoJump() {
    bench.startLive();
    bench.machine.verdict(bench.now(), true, false);
    bench.suspend(Duration.ofSeconds(59));
    assertThat(bench.machine.verdict(bench.now(), true, false)).isEqualTo(Verdict.FINE);
    bench.suspend(Duration.ofHours(-3));

    assertThat(bench.machine.verdict(bench.now(), true, false)).isEqualTo(Verdict.FINE);
  }

  @Test
  void theTokensEndIsSeenOnTheWallClockEvenWhenTheMonotonicOneStoodStill() {
    bench.startLive();
    bench.suspend(Duration.ofMinutes(56));
    bench.seconds(1);

    assertThat(bench.refreshes()).hasSize(1);
  }

  @Test
  void theTokensEndIsSeenOnTheMonotonicClockEvenWhenTheWallWasSetBack() {
    bench.startLive();
    bench.suspend(Duration.ofHours(-5));
    bench.seconds(3400);

    assertThat(bench.refreshes()).hasSize(1);
  }

  @Test
  void aClientThatIsGoneWithoutAWordIsRebuiltAtTheSecondTick() {
    bench.startLive();
    assertThat(bench.machine.verdict(bench.now(), false, false)).isEqualTo(Verdict.FINE);
    assertThat(bench.machine.verdict(bench.now(), false, false)).isEqualTo(Verdict.REBUILD);
    bench.did(bench.machine.rebuild(bench.now()));

    assertThat(bench.state()).isEqualTo(StreamState.CONNECTING);
    assertThat(bench.shown().lastReason().text()).contains("rebuilt");
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 135, 151})
  void aRunningBackOffIsNoStallButAMissedAttemptIs(int code) {
    bench.start();
    bench.code(code);
    Duration pause = bench.pause();
    assertThat(bench.machine.verdict(bench.now(), false, false)).isEqualTo(Verdict.FINE);
    StreamMachine.Now late =
        new StreamMachine.Now(
            bench.now().wall().plus(pause).plusSeconds(31),
            bench.now().mono().plus(pause).plusSeconds(31));

    assertThat(bench.machine.verdict(late, false, false)).isEqualTo(Verdict.REBUILD);
  }

  // ---- the end -------------------------------------------------------------------------------

  @Test
  void stoppingSaysGoodbyeAndStaysAway() {
    bench.startLive();
    bench.actions.clear();
    bench.did(bench.machine.stop(bench.now()));
    bench.pass(Duration.ofDays(1));
    bench.newTokens();

    assertThat(bench.actions).containsExactly(new StreamAction.Disconnect());
    assertThat(bench.state()).isEqualTo(StreamState.STOPPED);
  }

  @Test
  void theSecretsAreInNoText() {
    Credentials credentials = bench.tokens();

    assertThat(credentials.toString()).doesNotContain("gcid").doesNotContain("token-");
    assertThat(new StreamAction.Connect(1, credentials).toString()).doesNotContain("token-");
  }
}
