// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.VIN;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages that have a name of their own, and come again. */
@Timeout(120)
class SeenMessagesTest {

  private static final String SOURCE = "highmobility";

  @TempDir Path directory;
  private JournalFile file;

  @BeforeEach
  void open() {
    file = JournalFile.open(directory);
  }

  @AfterEach
  void close() {
    file.close();
  }

  private static CarEvent event(
      String key, Object value, Instant timestamp, Instant received, String source) {
    return new CarEvent("fleet", VIN, VIN, key, value, "km", timestamp, received, source);
  }

  /** Of the car's own time, unless that is null. */
  private static CarMessage message(String id, Object value, Instant time, Instant received) {
    return new CarMessage(
        "fleet",
        SOURCE,
        "live/level13/app",
        received,
        ("{\"message_id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8),
        List.of(
            event("diagnostics.odometer", value, time == null ? received : time, received, SOURCE),
            event("location", Map.of(), NOON, received, "derived")));
  }

  private CompletableFuture<Void> publish(CarMessage message, String unreadable, String id) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      file.journal.publish(
          message,
          Set.of(),
          unreadable,
          id,
          failure -> {
            if (failure == null) {
              done.complete(null);
            } else {
              done.completeExceptionally(failure);
            }
          });
    } catch (InterruptedException | RuntimeException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  private void keep(String id, Object value, Instant time, Instant received) {
    CompletableFuture<Void> kept = publish(message(id, value, time, received), null, id);
    assertThat(kept).succeedsWithin(Duration.ofSeconds(40));
  }

  private List<Object> values() {
    List<Object> values = new ArrayList<>(file.values());
    values.removeIf(Map.class::isInstance);
    return values;
  }

  @Test
  void oneThatComesAgainIsKeptAndCountedAndNoSinkGetsIt() {
    keep("A", 1L, null, NOON);
    keep("A", 1L, null, NOON.plusSeconds(60));
    assertThat(values()).containsExactly(1L);
    assertThat(file.entries(0)).hasSize(2);
    assertThat(file.journal.snapshot().duplicates()).isEqualTo(2);
    assertThat(file.journal.newest().newest(VIN, "diagnostics.odometer").orElseThrow().timestamp())
        .isEqualTo(NOON);
  }

  @Test
  void theSameNameWithOtherValuesOrTimesIsAnotherMessage() {
    keep("12345", 1L, NOON, NOON);
    keep("12345", 2L, NOON, NOON);
    keep("12345", 1L, NOON.plusSeconds(1), NOON.plusSeconds(2));
    assertThat(values()).containsExactly(1L, 2L, 1L);
  }

  @Test
  void theSameValuesByAnotherNameAreAnotherMessage() {
    keep("A", 1L, null, NOON);
    keep("B", 1L, null, NOON.plusSeconds(1));
    assertThat(values()).containsExactly(1L, 1L);
  }

  @Test
  void whatWasWorkedOutBesideItMakesNoDifference() {
    keep("A", 1L, null, NOON);
    CarMessage again = message("A", 1L, null, NOON.plusSeconds(9));
    CarMessage bare =
        new CarMessage(
            again.account(),
            SOURCE,
            again.topic(),
            again.received(),
            again.payload(),
            again.points().subList(0, 1));
    assertThat(publish(bare, null, "A")).succeedsWithin(Duration.ofSeconds(40));
    assertThat(values()).containsExactly(1L);
  }

  @Test
  void itIsKnownAgainAfterARestart() {
    keep("A", 1L, null, NOON);
    keep("B", 2.5, null, NOON.plusSeconds(1));
    keep("C", "open", null, NOON.plusSeconds(2));
    keep("D", List.of(Map.of("location", "front_left", "open", true)), null, NOON.plusSeconds(3));
    file.reopen();
    keep("B", 2.5, null, NOON.plusSeconds(60));
    keep("C", "open", null, NOON.plusSeconds(61));
    keep("D", List.of(Map.of("location", "front_left", "open", true)), null, NOON.plusSeconds(62));
    keep("E", 3L, null, NOON.plusSeconds(63));
    assertThat(values()).hasSize(5).contains(1L, 2.5, "open", 3L);
  }

  @Test
  void oneThatCouldNotBeReadWasNotSeen() {
    CarMessage message = message("A", 1L, null, NOON);
    CarMessage unread =
        new CarMessage("fleet", SOURCE, message.topic(), NOON, message.payload(), List.of());
    assertThat(publish(unread, "a step failed", "A")).succeedsWithin(Duration.ofSeconds(40));
    keep("A", 1L, null, NOON.plusSeconds(5));
    assertThat(values()).containsExactly(1L);
  }

  @Test
  void oneThatTheJournalDidNotTakeWasNotSeen() {
    Object bad =
        new java.util.AbstractList<Object>() {
          @Override
          public Object get(int index) {
            throw new IllegalStateException("of a test");
          }

          @Override
          public int size() {
            return 1;
          }
        };
    assertThat(publish(message("A", bad, null, NOON), null, "A"))
        .failsWithin(Duration.ofSeconds(40));
    keep("A", 1L, null, NOON);
    assertThat(values()).containsExactly(1L);
  }

  @Test
  void ofTwoThatAreUnderWayAtOnceOneIsTheDuplicate() throws Exception {
    List<Thread> threads = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    for (int t = 0; t < 4; t++) {
      Instant received = NOON.plusMillis(t);
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  return;
                }
                for (long n = 0; n < 100; n++) {
                  keep("id-" + n, n, null, received.plusSeconds(n));
                }
              });
      threads.add(thread);
      thread.start();
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(values()).hasSize(100).doesNotHaveDuplicates();
    assertThat(file.entries(0)).hasSize(400);
  }

  @Test
  void whatIsPlayedAgainIsNoDuplicate() {
    keep("A", 1L, null, NOON);
    CarMessage first = message("A", 1L, null, NOON);
    CarMessage replayed =
        new CarMessage(
            first.account(),
            "replay",
            first.topic(),
            first.received(),
            first.payload(),
            List.of(event("diagnostics.odometer", 1L, NOON, NOON, "replay")));
    assertThat(publish(replayed, null, "A")).succeedsWithin(Duration.ofSeconds(40));
    assertThat(values()).containsExactly(1L, 1L);
  }

  @Test
  void remembersTheNewestOnly() {
    SeenMessages seen = new SeenMessages();
    for (int n = 0; n <= SeenMessages.MOST; n++) {
      seen.add(new SeenMessages.Key(n, 0));
    }
    assertThat(seen.has(new SeenMessages.Key(0, 0))).isFalse();
    assertThat(seen.has(new SeenMessages.Key(1, 0))).isTrue();
  }

  @Test
  void theNewestByTheCarsTimeWinsWhateverCameLast() {
    keep("A", 5L, NOON.plusSeconds(50), NOON.plusSeconds(60));
    keep("B", 4L, NOON.plusSeconds(40), NOON.plusSeconds(61));
    assertThat(file.journal.newest().newest(VIN, "diagnostics.odometer").orElseThrow().value())
        .isEqualTo(5L);
    assertThat(values()).containsExactly(5L, 4L);
  }
}
