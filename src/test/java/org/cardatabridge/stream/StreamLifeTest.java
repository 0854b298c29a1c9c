// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whole weeks of random events; what must hold at every step is checked at every step. */
class StreamLifeTest {

  private static final List<Integer> CODES = List.of(128, 133, 134, 135, 137, 139, 142, 151, 160);

  private boolean open;
  private boolean loginRequired;
  private boolean trouble;

  @Property(tries = 200)
  void aLongLifeKeepsTheRules(@ForAll long seed) {
    Random random = new Random(seed);
    Bench bench = new Bench(Bench.settings(Duration.ofHours(1)), random);
    open = false;
    loginRequired = false;
    trouble = false;
    bench.observe(this::see);
    bench.start();
    for (int step = 0; step < 400; step++) {
      check(bench);
      happen(bench, random);
      check(bench);
      bench.pass(Duration.ofSeconds((long) Math.pow(2, random.nextInt(13))));
      check(bench);
      watch(bench, random);
    }
    afterwardsItRecovers(bench);
  }

  private void happen(Bench bench, Random random) {
    StreamState state = bench.state();
    switch (random.nextInt(11)) {
      case 0, 1, 2 -> {
        if (state == StreamState.CONNECTING) {
          bench.subscribe();
        }
      }
      case 3 -> bench.did(bench.machine.message(bench.now()));
      case 4 -> bench.end(Bench.RESET);
      case 5 -> bench.code(CODES.get(random.nextInt(CODES.size())));
      case 6 -> {
        loginRequired = false;
        bench.newTokens();
      }
      case 7 -> {
        if (random.nextInt(5) == 0) {
          loginRequired = true;
          bench.did(bench.machine.loginRequired(bench.now()));
        }
      }
      case 8 -> {
        trouble = random.nextBoolean();
        bench.trouble(trouble ? "the disk is full" : null);
      }
      case 9 -> bench.suspend(Duration.ofSeconds(random.nextInt(7200)));
      default -> {
        if (random.nextInt(5) == 0) {
          bench.did(bench.machine.stop(bench.now()));
          check(bench);
          bench.did(
              bench.machine.start(
                  bench.now(), bench.tokens(Duration.ofSeconds(random.nextInt(4000)))));
        }
      }
    }
  }

  private void watch(Bench bench, Random random) {
    Verdict verdict =
        bench.machine.verdict(bench.now(), random.nextInt(20) > 0, random.nextBoolean());
    if (verdict == Verdict.CYCLE) {
      bench.did(bench.machine.cycle(bench.now()));
    } else if (verdict == Verdict.REBUILD) {
      bench.did(bench.machine.rebuild(bench.now()));
    }
    check(bench);
  }

  /** What the client sees: one connection at most, and none while a person must log in. */
  private void see(StreamAction action) {
    if (action instanceof StreamAction.Connect connect) {
      assertThat(open).as("a second connection beside the first").isFalse();
      assertThat(loginRequired).as("a connect while a login is required").isFalse();
      assertThat(trouble).as("a connect while nothing can be kept").isFalse();
      assertThat(connect.credentials()).isNotNull();
      open = true;
    } else if (action instanceof StreamAction.Disconnect) {
      open = false;
    }
  }

  private void check(Bench bench) {
    bench.actions.clear();
    StreamState state = bench.state();
    boolean halted = trouble && bench.machine.wakeAt(bench.now()) == null;
    if (state.isWaiting() && !halted) {
      assertThat(bench.machine.wakeAt(bench.now())).as("an attempt is scheduled").isNotNull();
      assertThat(bench.pause()).isLessThanOrEqualTo(Duration.ofSeconds(720));
      assertThat(bench.shown().nextAttemptAt() != null || bench.shown().state() != state).isTrue();
    }
    if (state == StreamState.CONNECTING) {
      assertThat(bench.pause()).isLessThanOrEqualTo(StreamMachine.ANSWER_TIMEOUT);
    }
    if (state == StreamState.STOPPED || state == StreamState.LOGIN_REQUIRED) {
      assertThat(open).as("a connection nobody wants").isFalse();
      assertThat(bench.machine.wakeAt(bench.now())).isNull();
    }
  }

  private void afterwardsItRecovers(Bench bench) {
    loginRequired = false;
    trouble = false;
    bench.trouble(null);
    bench.newTokens();
    for (int i = 0; i < 100 && !bench.state().isSubscribed(); i++) {
      if (bench.state() == StreamState.CONNECTING) {
        bench.subscribe();
      } else if (bench.state() == StreamState.STOPPED) {
        bench.start();
      } else {
        bench.pass(bench.pause());
      }
    }
    assertThat(bench.state().isSubscribed()).isTrue();
  }
}
