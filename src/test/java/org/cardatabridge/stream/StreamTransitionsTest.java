// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.cardatabridge.stream.StreamTransitions.Arrow;
import org.cardatabridge.stream.StreamTransitions.Trigger;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StreamTransitionsTest {

  /** Drives the real machine along each arrow of the table. */
  @TestFactory
  Stream<DynamicTest> everyArrowIsTaken() {
    return StreamTransitions.TABLE.stream()
        .map(
            arrow ->
                DynamicTest.dynamicTest(
                    arrow.from().text() + " on " + arrow.trigger().words(), () -> take(arrow)));
  }

  private void take(Arrow arrow) {
    Bench bench = new Bench();
    reach(bench, arrow);
    assertThat(bench.state()).isEqualTo(arrow.from());

    fire(bench, arrow.trigger());

    assertThat(bench.state()).isEqualTo(arrow.to());
  }

  private void reach(Bench bench, Arrow arrow) {
    boolean expires = arrow.trigger() == Trigger.TOKEN_EXPIRED;
    switch (arrow.from()) {
      case STOPPED -> {}
      case LOGIN_REQUIRED -> bench.did(bench.machine.start(bench.now(), null));
      case CONNECTING -> {
        if (arrow.trigger() == Trigger.GOODBYE_REFUSED) {
          bench.startLive();
          bench.seconds(90);
          bench.newTokens();
        } else if (arrow.trigger() == Trigger.SUBSCRIBED_SILENT) {
          startQuiet(bench);
          bench.newTokens();
        } else if (expires) {
          bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ofSeconds(10))));
          bench.seconds(12);
        } else {
          bench.start();
        }
      }
      case LIVE -> bench.startLive();
      case QUIET -> startQuiet(bench);
      case BACKING_OFF -> {
        if (arrow.trigger() == Trigger.RESUMED) {
          bench.trouble("the disk is full");
          bench.start();
        } else if (arrow.trigger() == Trigger.TOKENS) {
          bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ZERO)));
        } else {
          bench.start(bench.tokens(expires ? Duration.ofSeconds(1) : HOUR));
          bench.code(128);
        }
      }
      case REFUSED -> {
        bench.start(bench.tokens(expires ? Duration.ofSeconds(1) : HOUR));
        bench.code(135);
      }
      case QUOTA -> {
        bench.did(
            bench.machine.start(bench.now(), bench.tokens(expires ? Duration.ofSeconds(1) : HOUR)));
        bench.code(151);
      }
    }
  }

  private static final Duration HOUR = Duration.ofHours(1);

  private void startQuiet(Bench bench) {
    bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ofDays(2))));
    bench.subscribe();
    bench.pass(Bench.QUIET_AFTER);
  }

  private void fire(Bench bench, Trigger trigger) {
    switch (trigger) {
      case START -> bench.startAgain();
      case START_WITHOUT_LOGIN -> bench.did(bench.machine.start(bench.now(), null));
      case STOP -> bench.did(bench.machine.stop(bench.now()));
      case LOGIN_REQUIRED -> {
        bench.did(bench.machine.loginRequired(bench.now()));
        if (!bench.state().isWaiting() && bench.state() != StreamState.LOGIN_REQUIRED) {
          bench.end(Bench.RESET);
        }
      }
      case UNUSABLE -> {
        bench.unusable("the certificate has expired");
        if (bench.state() == StreamState.STOPPED) {
          bench.did(bench.machine.start(bench.now(), null));
        } else if (!bench.state().isWaiting()) {
          bench.end(Bench.RESET);
        }
      }
      case TOKENS -> bench.newTokens();
      case TOKEN_EXPIRED -> expire(bench);
      case SUBSCRIBED, SUBSCRIBED_SILENT -> bench.subscribe();
      case MESSAGE -> bench.did(bench.machine.message(bench.now()));
      case SILENCE -> bench.pass(Bench.QUIET_AFTER);
      case CYCLE -> bench.did(bench.machine.cycle(bench.now()));
      case DUE -> bench.pass(bench.pause());
      case STALLED -> bench.did(bench.machine.rebuild(bench.now()));
      case LOST -> bench.end(Bench.RESET);
      case GOODBYE_REFUSED, AUTH_REFUSED -> bench.code(135);
      case QUOTA_EXCEEDED -> bench.code(151);
      case HALTED -> halt(bench);
      case RESUMED -> bench.trouble(null);
    }
  }

  private void halt(Bench bench) {
    bench.trouble("the disk is full");
    switch (bench.state()) {
      case STOPPED -> bench.startAgain();
      case LOGIN_REQUIRED -> bench.newTokens();
      case CONNECTING, LIVE, QUIET -> bench.pass(StreamMachine.TROUBLE_PATIENCE);
      default -> bench.pass(bench.pause());
    }
  }

  private void expire(Bench bench) {
    switch (bench.state()) {
      case STOPPED -> bench.did(bench.machine.start(bench.now(), bench.tokens(Duration.ZERO)));
      case LOGIN_REQUIRED ->
          bench.did(bench.machine.tokensChanged(bench.now(), bench.tokens(Duration.ZERO)));
      case CONNECTING -> bench.did(bench.machine.rebuild(bench.now()));
      case LIVE, QUIET -> {
        bench.suspend(Duration.ofDays(3));
        bench.code(135);
      }
      default -> bench.pass(bench.pause());
    }
  }

  @Test
  void aTriggerLeadsToOneStateOnly() {
    Set<String> seen = new HashSet<>();
    for (Arrow arrow : StreamTransitions.TABLE) {
      assertThat(seen.add(arrow.from() + " " + arrow.trigger())).as(arrow.toString()).isTrue();
    }
  }

  @Test
  void everyStateIsReachedAndLeft() {
    for (StreamState state : StreamState.values()) {
      assertThat(StreamTransitions.TABLE).anyMatch(a -> a.to() == state);
      assertThat(StreamTransitions.TABLE).anyMatch(a -> a.from() == state);
    }
  }

  @Test
  void everyTriggerIsUsed() {
    assertThat(Arrays.stream(Trigger.values()))
        .allSatisfy(t -> assertThat(StreamTransitions.TABLE).anyMatch(a -> a.trigger() == t));
  }

  @Test
  void anArrowThatIsNotInTheTableIsRefused() {
    assertThatThrownBy(() -> StreamTransitions.next(StreamState.STOPPED, Trigger.MESSAGE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stopped");
  }

  @Test
  void theDocumentShowsTheTable() throws IOException {
    String doc = Files.readString(Path.of("docs/stream.md"));

    assertThat(doc).contains("```mermaid\n" + StreamTransitions.diagram() + "```");
  }

  @Test
  void statesAreSpeltAsInTheContract() {
    assertThat(Arrays.stream(StreamState.values()).map(StreamState::text))
        .containsExactly(
            "stopped",
            "login-required",
            "connecting",
            "live",
            "quiet",
            "backing-off",
            "refused",
            "quota");
  }
}
