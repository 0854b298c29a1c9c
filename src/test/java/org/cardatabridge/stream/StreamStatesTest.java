// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import static java.util.Comparator.comparingLong;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.SafeRows;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the stream was, noted in a real file. */
@Timeout(120)
class StreamStatesTest {

  private static final Instant NOON = Instant.parse("2026-07-27T12:00:00Z");

  @TempDir private Path directory;
  private final SetClock clock = new SetClock(NOON);
  private StreamStates states;

  @AfterEach
  void end() {
    if (states != null) {
      states.close();
    }
  }

  private StreamStates open() {
    states =
        new StreamStates(
            new SafeRows(JournalSettings.in(directory)), clock, text -> text.replace("gcid", "…"));
    return states;
  }

  /** A process that is killed writes nothing any more. */
  private StreamStates killed() {
    states = null;
    return open();
  }

  private void at(int minute, StreamState state) {
    at("main", minute, state, null);
  }

  private void at(String account, int minute, StreamState state, StreamReason reason) {
    clock.set(NOON.plus(Duration.ofMinutes(minute)));
    states.changed(account, new StreamSnapshot(state, null, null, 0, 0, reason, null, null));
  }

  private List<String> spans() {
    return spans(24);
  }

  private List<String> spans(int hours) {
    return states.spans("main", clock.instant().minus(Duration.ofHours(hours))).stream()
        .map(span -> span.state() + " " + minute(span.from()) + "-" + minute(span.to()))
        .toList();
  }

  private static String minute(Instant time) {
    return time == null ? "" : Long.toString(Duration.between(NOON, time).toMinutes());
  }

  @Test
  void eachChangeEndsWhatWasBeforeWhetherItIsWrittenOrNot() {
    open();
    assertThat(spans()).isEmpty();
    at(0, StreamState.CONNECTING);
    at(1, StreamState.LIVE);
    assertThat(spans()).containsExactly("connecting 0-1", "live 1-");
    states.write();
    at(30, StreamState.QUIET);
    assertThat(spans()).containsExactly("connecting 0-1", "live 1-30", "quiet 30-");
    states.write();
    assertThat(spans()).containsExactly("connecting 0-1", "live 1-30", "quiet 30-");
  }

  @Test
  void anOrderlyEndAndTheTimeWithoutABridgeAreStopped() {
    open();
    at(0, StreamState.LIVE);
    at(10, StreamState.STOPPED);
    clock.move(Duration.ofSeconds(1));
    states.close();
    open();
    assertThat(spans()).containsExactly("live 0-10", "stopped 10-");
    at(20, StreamState.CONNECTING);
    assertThat(spans()).containsExactly("live 0-10", "stopped 10-20", "connecting 20-");
  }

  @Test
  void aKillShowsAsAGapFromTheLastBeatOn() {
    open();
    at(0, StreamState.LIVE);
    clock.move(Duration.ofMinutes(15));
    states.beat();
    clock.move(Duration.ofMinutes(4));
    killed();
    assertThat(spans()).containsExactly("live 0-15", "stopped 15-");
    at(25, StreamState.LIVE);
    assertThat(spans()).containsExactly("live 0-15", "stopped 15-25", "live 25-");
  }

  @Test
  void aReasonIsToldOfStatesThatWaitAndShowsNoId() {
    open();
    StreamReason reason = new StreamReason(135, "refused for gcid", NOON);
    at("main", 0, StreamState.REFUSED, reason);
    at("main", 1, StreamState.LIVE, reason);
    at("main", 2, StreamState.BACKING_OFF, new StreamReason(null, "x".repeat(999), NOON));
    states.write();
    List<StreamSpan> spans = states.spans("main", NOON.minusSeconds(9));
    assertThat(spans.get(0).code()).isEqualTo(135);
    assertThat(spans.get(0).text()).isEqualTo("refused for …");
    assertThat(spans.get(1).text()).isNull();
    assertThat(spans.get(2).code()).isNull();
    assertThat(spans.get(2).text()).hasSize(301);
  }

  @Test
  void accountsAreKeptApart() {
    open();
    at("main", 0, StreamState.LIVE, null);
    at("wife", 5, StreamState.LOGIN_REQUIRED, null);
    states.write();
    assertThat(spans()).containsExactly("live 0-");
    assertThat(states.spans("wife", NOON))
        .singleElement()
        .extracting("state")
        .isEqualTo("login-required");
    assertThat(states.spans("nobody", NOON)).isEmpty();
  }

  @Test
  void whatBeganBeforeTheHoursAskedForIsCut() {
    open();
    at(-300, StreamState.LIVE);
    at(-200, StreamState.QUIET);
    at(-30, StreamState.LIVE);
    states.write();
    clock.set(NOON);
    assertThat(spans(1)).containsExactly("quiet -60--30", "live -30-");
  }

  @Test
  void aClockThatIsSetBackShortensWhatWasBefore() {
    open();
    at(0, StreamState.LIVE);
    at(60, StreamState.QUIET);
    states.write();
    at(30, StreamState.LIVE);
    assertThat(spans()).as("two of the same are one").containsExactly("live 0-");
    at(40, StreamState.QUIET);
    states.write();
    killed();
    assertThat(spans()).last().asString().startsWith("stopped");
    at(35, StreamState.CONNECTING);
    assertThat(spans()).last().isEqualTo("connecting 35-");
  }

  @Test
  void aClockThatWentFarAheadAndCameBackLeavesNothingBehind() {
    open();
    at(0, StreamState.LIVE);
    at(60 * 24 * 365 * 10, StreamState.QUIET);
    at(10, StreamState.LIVE);
    states.write();
    assertThat(spans()).containsExactly("live 0-");
    assertThat(states.spans("main", NOON.minusSeconds(1)))
        .allMatch(span -> span.to() == null || !span.to().isBefore(span.from()));
  }

  @Test
  void whatEndedEightDaysAgoIsForgotten() {
    open();
    at(0, StreamState.LIVE);
    at(1, StreamState.QUIET);
    states.write();
    at(60 * 24 * 9, StreamState.LIVE);
    states.write();
    assertThat(spans(24 * 10)).containsExactly("quiet 1-12960", "live 12960-");
  }

  @Test
  void whatTheFileDoesNotTakeWaitsInMemory() throws Exception {
    Path inTheWay = directory.resolve("journal.db");
    Files.createDirectory(inTheWay);
    open();
    at(0, StreamState.LIVE);
    states.write();
    at(5, StreamState.QUIET);
    assertThat(spans()).containsExactly("live 0-5", "quiet 5-");
    Files.delete(inTheWay);
    states.write();
    killed();
    assertThat(spans()).containsExactly("live 0-5", "stopped 5-");
  }

  @Test
  void muchFlappingIsBounded() {
    open();
    for (int i = 0; i < 5_000; i++) {
      at(0, i % 2 == 0 ? StreamState.CONNECTING : StreamState.BACKING_OFF);
      clock.move(Duration.ofMillis(1));
    }
    assertThat(states.spans("main", NOON.minusSeconds(1))).hasSizeLessThanOrEqualTo(1_001);
  }

  @Test
  void ofMoreThanAnybodyReadsTheLastOnesAreTold() throws Exception {
    open();
    for (int i = 0; i < 12 * 900; i++) {
      at(i, i % 2 == 0 ? StreamState.CONNECTING : StreamState.BACKING_OFF);
      if (i % 900 == 899) {
        states.write();
      }
    }
    List<StateRow> read =
        new SafeRows(JournalSettings.in(directory))
            .read(file -> StateRow.since(file, "main", Instant.EPOCH));
    assertThat(read).hasSize(StateRow.MOST).isSortedAccordingTo(comparingLong(StateRow::id));
    assertThat(read.get(StateRow.MOST - 1).id()).isEqualTo(12 * 900);
    assertThat(spans(192)).hasSizeBetween(1_900, 2_001).last().isEqualTo("backing-off 10799-");
  }
}
