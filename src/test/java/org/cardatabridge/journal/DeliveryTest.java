// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.CLOCK;
import static org.cardatabridge.journal.Samples.event;
import static org.cardatabridge.journal.Samples.message;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.cardatabridge.CarMessage;
import org.cardatabridge.journal.Delivery.Outcome;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryTest {

  private static final int ATTEMPTS = 3;

  private final Journal journal = Journal.temporary(CLOCK);
  private final EventLog log = journal.log();
  private final Sink sink = new Sink("test", log, CLOCK);
  private final List<List<Long>> tried = new ArrayList<>();
  private final List<Long> taken = new ArrayList<>();
  private Function<List<Long>, Outcome> target = values -> new Outcome.Delivered();

  private Delivery delivery(int batch) {
    return delivery(batch, SinkFilter.of("", "", ""));
  }

  private Delivery delivery(int batch, SinkFilter filter) {
    sink.begin("beginning", false);
    sink.enabled(true);
    sink.claim(this);
    return new Delivery(
        sink, log, filter, false, batch, ATTEMPTS, Pauses.standard(), this::deliver);
  }

  private Outcome deliver(List<Delivery.Item> items) {
    List<Long> values = items.stream().map(item -> (Long) item.event().value()).toList();
    tried.add(values);
    Outcome outcome = target.apply(values);
    if (outcome instanceof Outcome.Delivered) {
      taken.addAll(values);
    }
    return outcome;
  }

  private void append(long from, long to) {
    for (long n = from; n <= to; n++) {
      append(journal, message(event(n)));
    }
  }

  private static void append(Journal to, CarMessage message) {
    try {
      to.publish(message, false, failure -> {});
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static Outcome down() {
    return new Outcome.Failed(new IllegalStateException("connection refused"));
  }

  @Test
  void afterALongOutageOfTheConnectionTheTargetsReturnIsNoticedWithinSeconds() {
    append(1, 1);
    Delivery delivery = delivery(1);
    target = values -> new Outcome.Failed(new java.net.ConnectException("refused"));
    for (int i = 0; i < 50; i++) {
      assertThat(delivery.step().pause()).isLessThanOrEqualTo(Duration.ofSeconds(15));
    }
  }

  private static Outcome failsFor(List<Long> values, Long... poison) {
    return values.stream().anyMatch(List.of(poison)::contains)
        ? new Outcome.Failed(new IllegalStateException("cannot"))
        : new Outcome.Delivered();
  }

  private static void run(Delivery delivery) {
    for (int i = 0; i < 1_000; i++) {
      if (delivery.step().idle()) {
        return;
      }
    }
    throw new AssertionError("it never came to an end");
  }

  @Test
  void deliversInOrderAndThenWaits() {
    append(1, 5);
    run(delivery(1));
    assertThat(taken).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(sink.snapshot().lag()).isZero();
    assertThat(sink.snapshot().delivered()).isEqualTo(5);
  }

  @Test
  void aBatchIsWhatIsThereAndNeverMoreThanAsked() {
    append(1, 7);
    run(delivery(3));
    assertThat(tried).containsExactly(List.of(1L, 2L, 3L), List.of(4L, 5L, 6L), List.of(7L));
  }

  @Test
  void anOutageSetsNothingAsideHoweverLongItLasts() {
    append(1, 5);
    target = values -> down();
    Delivery delivery = delivery(1);
    for (int i = 0; i < 200; i++) {
      assertThat(delivery.step().pause()).isPositive();
    }
    assertThat(sink.snapshot().failed()).isZero();
    assertThat(sink.snapshot().state()).isEqualTo(SinkSnapshot.State.DOWN);
    assertThat(sink.snapshot().lag()).isEqualTo(5);

    target = values -> new Outcome.Delivered();
    run(delivery);
    assertThat(taken).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(sink.snapshot().state()).isEqualTo(SinkSnapshot.State.UP);
    assertThat(sink.snapshot().lastError()).isNull();
  }

  @Test
  void anOutageThatEndsJustWhenALaterOneIsTriedSetsNothingAside() {
    append(1, 2);
    target = values -> tried.size() <= ATTEMPTS ? down() : new Outcome.Delivered();
    run(delivery(1));
    assertThat(sink.snapshot().failed()).isZero();
    assertThat(taken).containsExactly(2L, 1L, 2L);
  }

  private static Outcome later(Duration pause) {
    return new Outcome.Later(new TryLaterException("busy", pause), pause);
  }

  @Test
  void aTargetThatAsksForAPauseGetsItAndTheBatchStaysWhole() {
    append(1, 8);
    target = values -> later(Duration.ofSeconds(37));
    Delivery delivery = delivery(4);
    for (int i = 0; i < 20; i++) {
      assertThat(delivery.step().pause()).isEqualTo(Duration.ofSeconds(37));
    }
    assertThat(tried).hasSize(20).allMatch(List.of(1L, 2L, 3L, 4L)::equals);
    assertThat(sink.snapshot().state()).isEqualTo(SinkSnapshot.State.DOWN);
    assertThat(sink.snapshot().failed()).isZero();

    target = values -> new Outcome.Delivered();
    run(delivery);
    assertThat(taken).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(sink.snapshot().state()).isEqualTo(SinkSnapshot.State.UP);
  }

  @Test
  void aTargetThatNamesNoPauseIsAskedLessAndLessOften() {
    append(1, 1);
    target = values -> later(null);
    Delivery delivery = delivery(1);
    assertThat(delivery.step().pause()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    for (int i = 0; i < 20; i++) {
      delivery.step();
    }
    assertThat(delivery.step().pause()).isGreaterThan(Duration.ofMinutes(2));
  }

  private static Outcome laterFor(List<Long> values, Long poison) {
    return values.contains(poison) ? later(null) : new Outcome.Delivered();
  }

  @Test
  void oneEventForWhichTheTargetAlwaysPutsOffIsSetAsideWhileALaterOnePasses() {
    append(1, 4);
    target = values -> laterFor(values, 2L);
    run(delivery(1));
    assertThat(taken).containsExactly(1L, 3L, 4L);
    assertThat(sink.snapshot().failed()).isOne();
    assertThat(tried.stream().filter(List.of(2L)::equals)).hasSize(ATTEMPTS + 1);
  }

  @Test
  void suchAnEventIsFoundInABatchAndHasFailedAloneAsOften() {
    append(1, 64);
    target = values -> laterFor(values, 37L);
    run(delivery(16));
    assertThat(sink.snapshot().failed()).isOne();
    assertThat(sink.snapshot().delivered()).isEqualTo(63);
    assertThat(taken).doesNotContain(37L).contains(36L, 38L, 64L);
    assertThat(tried.stream().filter(List.of(37L)::equals)).hasSize(ATTEMPTS + 1);
  }

  @Test
  void anOutageInWhichTheTargetPutsOffEverythingSetsNothingAside() {
    append(1, 8);
    target = values -> later(null);
    Delivery delivery = delivery(4);
    for (int i = 0; i < 200; i++) {
      delivery.step();
    }
    assertThat(sink.snapshot().failed()).isZero();
    target = values -> new Outcome.Delivered();
    run(delivery);
    assertThat(taken).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
  }

  @Test
  void aTargetThatIsAwayNeverCutsABatchHoweverLongItIs() {
    append(1, 8);
    target = values -> new Outcome.Away(new TargetAwayException("no such host", null));
    Delivery delivery = delivery(4);
    for (int i = 0; i < 200; i++) {
      assertThat(delivery.step().pause()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(15));
    }
    assertThat(tried).hasSize(200).allMatch(List.of(1L, 2L, 3L, 4L)::equals);
    assertThat(sink.snapshot().state()).isEqualTo(SinkSnapshot.State.DOWN);
    assertThat(sink.snapshot().failed()).isZero();
    target = values -> new Outcome.Delivered();
    run(delivery);
    assertThat(tried.subList(200, tried.size()))
        .containsExactly(List.of(1L, 2L, 3L, 4L), List.of(5L, 6L, 7L, 8L));
  }

  @Test
  void nothingIsSetAsideWhereTheTargetGoesAwayJustWhenALaterOnePassed() {
    append(1, 2);
    target =
        values ->
            tried.size() <= ATTEMPTS
                ? down()
                : tried.size() == ATTEMPTS + 2
                    ? new Outcome.Away(new TargetAwayException("gone", null))
                    : new Outcome.Delivered();
    run(delivery(1));
    assertThat(sink.snapshot().failed()).isZero();
    assertThat(taken).containsExactly(2L, 1L, 2L);
  }

  @Test
  void anEventForWhichAPauseIsAskedForIsNeverSetAside() {
    append(1, 2);
    target = values -> values.contains(1L) ? later(Duration.ofSeconds(1)) : new Outcome.Delivered();
    Delivery delivery = delivery(1);
    for (int i = 0; i < 50; i++) {
      delivery.step();
    }
    assertThat(sink.snapshot().failed()).isZero();
    assertThat(taken).isEmpty();
  }

  @Test
  void aPauseAskedForIsNeverNothingAndNeverMoreThanAnHour() {
    append(1, 1);
    Delivery delivery = delivery(1);
    target = values -> later(Duration.ZERO);
    assertThat(delivery.step().pause()).isEqualTo(Duration.ofSeconds(1));
    target = values -> later(Duration.ofDays(30));
    assertThat(delivery.step().pause()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void nothingIsSetAsideWhereTheTargetAsksForAPauseJustWhenALaterOnePassed() {
    append(1, 2);
    target =
        values ->
            tried.size() <= ATTEMPTS
                ? down()
                : tried.size() == ATTEMPTS + 2 ? later(null) : new Outcome.Delivered();
    run(delivery(1));
    assertThat(sink.snapshot().failed()).isZero();
    assertThat(taken).containsExactly(2L, 1L, 2L);
  }

  @Test
  void pausesGrowWithEachFailureAndStartAgainAfterASuccess() {
    append(1, 3);
    target = values -> tried.size() < 4 ? down() : new Outcome.Delivered();
    Delivery delivery =
        new Delivery(
            claimed(),
            log,
            SinkFilter.of("", "", ""),
            false,
            1,
            100,
            new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(5), () -> 0),
            this::deliver);
    assertThat(delivery.step().pause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(delivery.step().pause()).isEqualTo(Duration.ofSeconds(2));
    assertThat(delivery.step().pause()).isEqualTo(Duration.ofSeconds(4));
    assertThat(delivery.step().pause()).isZero();
    target = values -> down();
    assertThat(delivery.step().pause()).isEqualTo(Duration.ofSeconds(1));
  }

  private Sink claimed() {
    sink.begin("beginning", false);
    sink.claim(this);
    return sink;
  }

  @Test
  void oneBadEventIsSetAsideAfterItsAttemptsWhileTheNextOnePasses() {
    append(1, 4);
    target = values -> failsFor(values, 2L);
    run(delivery(1));
    assertThat(taken).containsExactly(1L, 3L, 4L);
    assertThat(sink.snapshot().failed()).isOne();
    assertThat(sink.snapshot().delivered()).isEqualTo(3);
    assertThat(sink.snapshot().lastError()).isEqualTo("IllegalStateException: cannot");
    await().until(() -> journal.setAside().size() == 1);
    assertThat(journal.setAside().get(0).event().value()).isEqualTo(2L);
    assertThat(tried.stream().filter(List.of(2L)::equals)).hasSize(ATTEMPTS + 1);
  }

  @Test
  void aBadEventWithNothingBehindItWaitsForANextOne() {
    append(1, 1);
    target = values -> failsFor(values, 1L);
    Delivery delivery = delivery(1);
    for (int i = 0; i < 20; i++) {
      assertThat(delivery.step().pause()).isPositive();
    }
    assertThat(sink.snapshot().failed()).isZero();
    append(2, 2);
    run(delivery);
    assertThat(sink.snapshot().failed()).isOne();
    assertThat(taken).containsExactly(2L);
  }

  @Test
  void severalBadEventsInARowAreSetAsideAndTheOthersEndInOrder() {
    append(1, 6);
    target = values -> failsFor(values, 2L, 3L, 4L);
    run(delivery(1));
    assertThat(sink.snapshot().failed()).isEqualTo(3);
    assertThat(taken).contains(1L, 5L, 6L).doesNotContain(2L, 3L, 4L).endsWith(5L, 6L);
    assertThat(sink.snapshot().lag()).isZero();
  }

  @Test
  void aBatchIsHalvedDownToTheBadOne() {
    append(1, 16);
    target = values -> failsFor(values, 11L);
    run(delivery(16));
    assertThat(sink.snapshot().failed()).isOne();
    assertThat(taken)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 12L, 13L, 14L, 15L, 16L);
  }

  @Test
  void aBatchGrowsAgainAfterTrouble() {
    append(1, 8);
    target = values -> failsFor(values, 1L);
    Delivery delivery = delivery(8);
    run(delivery);
    append(9, 40);
    run(delivery);
    assertThat(tried.stream().mapToInt(List::size).skip(tried.size() - 5).max()).hasValue(8);
  }

  @Test
  void anOutageCostsABatchSinkOneEventAnAttempt() {
    append(1, 64);
    target = values -> down();
    Delivery delivery = delivery(64);
    for (int i = 0; i < 20; i++) {
      delivery.step();
    }
    assertThat(tried.subList(6, tried.size())).allSatisfy(run -> assertThat(run).hasSize(1));
    assertThat(sink.snapshot().failed()).isZero();
  }

  @Test
  void whatIsRefusedForGoodIsSetAsideAtOnceAndAlone() {
    append(1, 8);
    target =
        values ->
            values.contains(5L)
                ? new Outcome.Refused(new EventRefusedException("no such field"))
                : new Outcome.Delivered();
    run(delivery(8));
    assertThat(taken).containsExactly(1L, 2L, 3L, 4L, 6L, 7L, 8L);
    assertThat(sink.snapshot().failed()).isOne();
    assertThat(sink.snapshot().state()).isEqualTo(SinkSnapshot.State.UP);
    assertThat(sink.snapshot().lastError()).isEqualTo("no such field");
  }

  @Test
  void whatTheFilterLeavesOutCountsAsDone() {
    append(1, 4);
    run(delivery(1, SinkFilter.of("nothing.*", "", "")));
    assertThat(taken).isEmpty();
    assertThat(sink.snapshot().lag()).isZero();
  }

  @Test
  void aNewDeliveryGoesOnInTheMiddleOfAMessage() {
    var two = message(event(1), event(2), event(3));
    append(journal, two);
    target = values -> values.contains(2L) ? down() : new Outcome.Delivered();
    Delivery first = delivery(1);
    first.step();
    first.step();
    target = values -> new Outcome.Delivered();
    run(delivery(1));
    assertThat(taken).containsExactly(1L, 2L, 3L);
  }

  @Test
  void whatTheLogDroppedIsCountedAsLostForThatSink(@TempDir Path directory) {
    JournalSettings small =
        new JournalSettings(
            directory.resolve("journal.db"), false, Duration.ofDays(1), 1, List.of());
    try (Journal tiny = new Journal(small, CLOCK)) {
      Sink late = tiny.sink("late");
      late.begin("now", false);
      late.enabled(true);
      late.claim(this);
      for (long n = 1; n <= 10; n++) {
        append(tiny, message(event(n), event(n + 100)));
      }
      await().until(() -> late.snapshot().lost() == 18);
      assertThat(late.snapshot().lag()).isEqualTo(2);
      assertThat(late.snapshot().lastError()).startsWith("18 data points were gone");
      run(
          new Delivery(
              late,
              tiny.log(),
              SinkFilter.of("", "", ""),
              false,
              1,
              3,
              Pauses.standard(),
              this::deliver));
      assertThat(taken).endsWith(10L, 110L);
      assertThat(late.snapshot().lag()).isZero();
    }
  }

  @Test
  void aGatheredBatchWaitsUntilItIsFull() {
    SetClock clock = new SetClock(event(1).received());
    Delivery delivery = delivery(3);
    delivery.gather(Duration.ofMinutes(15), clock);
    append(1, 2);
    clock.move(Duration.ofMinutes(5));
    assertThat(delivery.step()).isEqualTo(new Delivery.Next(true, Duration.ofMinutes(10)));
    assertThat(tried).isEmpty();
    assertThat(sink.snapshot().lag()).isEqualTo(2);
    append(3, 4);
    assertThat(delivery.step()).isEqualTo(Delivery.Next.GO);
    assertThat(taken).containsExactly(1L, 2L, 3L);
    assertThat(delivery.step().idle()).as("the fourth waits for others").isTrue();
  }

  @Test
  void aGatheredBatchGoesWhenItsOldestIsDue() {
    SetClock clock = new SetClock(event(1).received());
    Delivery delivery = delivery(3);
    delivery.gather(Duration.ofMinutes(15), clock);
    append(1, 2);
    clock.move(Duration.ofMinutes(15).minusMillis(1));
    assertThat(delivery.step()).isEqualTo(new Delivery.Next(true, Duration.ofMillis(1)));
    clock.move(Duration.ofMillis(1));
    assertThat(delivery.step()).isEqualTo(Delivery.Next.GO);
    assertThat(tried).containsExactly(List.of(1L, 2L));
    assertThat(delivery.step()).isEqualTo(Delivery.Next.IDLE);
  }

  @Test
  void aClockThatWasSetBackHoldsAGatheredBatchForNoLongerThanWasAskedFor() {
    SetClock clock = new SetClock(event(1).received().minus(Duration.ofDays(1)));
    Delivery delivery = delivery(3);
    delivery.gather(Duration.ofMinutes(15), clock);
    append(1, 2);
    assertThat(delivery.step().pause()).isEqualTo(Duration.ofMinutes(15));
    clock.move(Duration.ofMinutes(10));
    assertThat(delivery.step().pause()).isEqualTo(Duration.ofMinutes(5));
    clock.move(Duration.ofDays(-7));
    assertThat(delivery.step().pause()).isEqualTo(Duration.ofMinutes(15));
    clock.move(Duration.ofMinutes(15));
    delivery.step();
    assertThat(tried).containsExactly(List.of(1L, 2L));
  }

  @Test
  void anOutageOfAGatheredBatchEndsWithNothingLost() {
    SetClock clock = new SetClock(event(10).received());
    Delivery delivery = delivery(3);
    delivery.gather(Duration.ofMillis(1), clock);
    append(1, 5);
    target = values -> down();
    for (int i = 0; i < 20; i++) {
      assertThat(delivery.step().idle()).isFalse();
    }
    target = values -> new Outcome.Delivered();
    run(delivery);
    assertThat(taken).containsExactly(1L, 2L, 3L, 4L, 5L);
  }
}
