// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.CLOCK;
import static org.cardatabridge.journal.Samples.KEY;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.event;
import static org.cardatabridge.journal.Samples.message;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class JournalTest {

  private final Journal journal = Journal.temporary(CLOCK);
  private final EventLog log = journal.log();

  @AfterEach
  void close() {
    journal.close();
  }

  private static void publish(Journal to, CarMessage message) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    to.publish(
        message,
        message.points().isEmpty(),
        failure -> {
          failed.set(failure);
          done.countDown();
        });
    assertThat(done.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(failed.get()).isNull();
  }

  private List<Object> kept() {
    return log.read(0, 100_000).stream()
        .flatMap(entry -> entry.points().stream())
        .map(CarEvent::value)
        .toList();
  }

  @Test
  void completesInTheOrderOfTheCallsAndOnlyWhenAppended() throws Exception {
    List<Long> completed = Collections.synchronizedList(new ArrayList<>());
    List<Long> appendedThen = Collections.synchronizedList(new ArrayList<>());
    for (long n = 0; n < 5_000; n++) {
      long number = n;
      journal.publish(
          message(event(n)),
          false,
          failure -> {
            completed.add(number);
            appendedThen.add(log.next().message());
          });
    }
    await().until(() -> completed.size() == 5_000);
    assertThat(completed).isSorted();
    for (int i = 0; i < 5_000; i++) {
      assertThat(appendedThen.get(i)).isGreaterThan(completed.get(i));
    }
  }

  @Test
  void manyPublishersEachKeepTheirOrder() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String key = "vehicle.test" + t;
      Thread thread =
          new Thread(
              () -> {
                for (long n = 0; n < 1_000; n++) {
                  try {
                    journal.publish(
                        message(event(key, n, NOON.plusSeconds(n))), false, failure -> {});
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    // The oldest come from the file, and what is not saved yet from memory.
    List<LogEntry> all = new ArrayList<>();
    while (all.size() < 4_000) {
      List<LogEntry> more = log.read(all.size(), 100_000);
      assertThat(more).isNotEmpty();
      all.addAll(more);
    }
    assertThat(all).hasSize(4_000);
    for (int t = 0; t < 4; t++) {
      String key = "vehicle.test" + t;
      assertThat(
              all.stream()
                  .map(entry -> entry.points().get(0))
                  .filter(event -> event.key().equals(key))
                  .map(event -> (Long) event.value()))
          .hasSize(1_000)
          .isSorted();
    }
  }

  @Test
  void aDuplicateStaysInTheLogButIsKeptFromTheSinks() throws Exception {
    publish(journal, message(event(1), event(2)));
    publish(journal, message(event(2), event(3)));
    assertThat(kept()).containsExactly(1L, 2L, 3L);
    assertThat(log.read(1, 1).get(0).message().points()).hasSize(2);
    assertThat(journal.snapshot().duplicates()).isOne();
    assertThat(journal.snapshot().events()).isEqualTo(4);
    assertThat(journal.snapshot().points()).isEqualTo(4);
    assertThat(journal.snapshot().messages()).isEqualTo(2);
  }

  @Test
  void aCorrectedValueWithTheSameTimePassesAndSoDoesTheSameValueAtAnotherTime() throws Exception {
    publish(journal, message(event(KEY, 80L, NOON)));
    publish(journal, message(event(KEY, 81L, NOON)));
    publish(journal, message(event(KEY, 80L, NOON.plusSeconds(1))));
    publish(journal, message(event(KEY, null, NOON.plusSeconds(1))));
    publish(journal, message(event("vehicle.other", 80L, NOON)));
    assertThat(kept()).containsExactly(80L, 81L, 80L, null, 80L);
    assertThat(journal.snapshot().duplicates()).isZero();
  }

  @Test
  void sentinelsLongTextsAndLocationsAreToldApartToo() throws Exception {
    String text = "x".repeat(5_000);
    Map<String, Object> place = Map.of("latitude", 48.1, "longitude", 11.5);
    for (int round = 0; round < 2; round++) {
      publish(journal, message(event("a", null, NOON)));
      publish(journal, message(event("b", text, NOON)));
      publish(journal, message(event("b", text + round, NOON)));
      publish(journal, message(event("location", place, NOON)));
    }
    assertThat(journal.snapshot().duplicates()).isEqualTo(3);
  }

  @Test
  void theLast32ValuesOfAKeyAreRemembered() throws Exception {
    for (long n = 0; n < 33; n++) {
      publish(journal, message(event(n)));
    }
    publish(journal, message(event(1)));
    assertThat(journal.snapshot().duplicates()).isOne();
    publish(journal, message(event(0)));
    assertThat(journal.snapshot().duplicates()).isOne();
  }

  @Test
  void aMessageThatCouldNotBeReadIsKeptAndCounted() throws Exception {
    publish(journal, message());
    assertThat(journal.snapshot().unparsed()).isOne();
    assertThat(log.read(0, 10)).hasSize(1);
  }

  /** A value of somebody's own source that cannot even be read. */
  private static CarEvent unreadable(Error error) {
    Object value =
        new AbstractList<Object>() {
          @Override
          public Object get(int index) {
            throw error;
          }

          @Override
          public int size() {
            return 1;
          }
        };
    return event("vehicle.own", value, NOON);
  }

  @Test
  void aValueThatCannotBeReadFailsAloneAndTheIntakeGoesOn() throws Exception {
    CountDownLatch all = new CountDownLatch(2);
    CountDownLatch gate = new CountDownLatch(1);
    List<String> outcomes = Collections.synchronizedList(new ArrayList<>());
    // While this one waits, the next ones come together.
    journal.publish(
        message(event(0)),
        false,
        failure -> {
          try {
            gate.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    for (CarEvent event : List.of(event(1), event(2))) {
      journal.publish(
          message(event),
          false,
          failure -> {
            outcomes.add(failure == null ? "kept" : failure.getMessage());
            all.countDown();
          });
      assertThatThrownBy(
              () ->
                  journal.publish(
                      message(unreadable(new StackOverflowError("deep"))), false, failure -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("vehicle.own");
    }
    gate.countDown();
    assertThat(all.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(outcomes).containsExactly("kept", "kept");
    publish(journal, message(event(3)));
    assertThat(kept()).containsExactly(0L, 1L, 2L, 3L);
    assertThat(journal.works()).isTrue();
  }

  @Test
  void anErrorInTheStepBehindPublishEndsNothing() throws Exception {
    journal.publish(
        message(event(1)),
        false,
        failure -> {
          throw new OutOfMemoryError("in a test");
        });
    publish(journal, message(event(2)));
    assertThat(kept()).containsExactly(1L, 2L);
    assertThat(journal.works()).isTrue();
  }

  @Test
  void aStepBehindPublishMayPublishAgainWithoutWaitingForItself() throws Exception {
    CountDownLatch nested = new CountDownLatch(1);
    journal.publish(
        message(event(1)),
        false,
        failure -> {
          try {
            publish(journal, message(event(2)));
            nested.countDown();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThat(nested.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(kept()).containsExactly(1L, 2L);
  }

  @Test
  void closingAppendsWhatWaitsAndThenRefuses() throws Exception {
    for (long n = 0; n < 200; n++) {
      journal.publish(message(event(n)), false, failure -> {});
    }
    journal.close();
    assertThat(kept()).hasSize(200);
    assertThatThrownBy(() -> journal.publish(message(event(1)), false, failure -> {}))
        .hasMessage("publishing to the journal: it is closed");
  }

  @Test
  void aSinkThatReadsNothingNeverHoldsTheIntakeUp() throws Exception {
    Sink idle = journal.sink("idle");
    idle.begin("now", false);
    idle.enabled(true);
    for (long n = 0; n < 10_000; n++) {
      journal.publish(message(event(n)), false, failure -> {});
    }
    assertThat(journal.snapshot().events()).isEqualTo(10_000);
    assertThat(idle.snapshot().lost()).isZero();
    assertThat(idle.snapshot().lag()).isEqualTo(10_000);
  }

  @Test
  void aSinkWhoseFileIsBrokenIsShown() {
    journal.broken("hook", "sink-hook.camel.yaml, line 7: unknown field 'frm'", "all others run");
    assertThat(journal.sinks()).hasSize(1);
    assertThat(journal.sinks().get(0).state()).isEqualTo(SinkSnapshot.State.BROKEN);
    assertThat(journal.sinks().get(0).lastError()).contains("line 7");
  }
}
