// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.event;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.testing.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RetentionTest {

  @TempDir Path directory;
  private JournalFile file;

  @AfterEach
  void close() {
    file.close();
  }

  /** A message received when the clock says so. */
  private CompletableFuture<Void> publishNow(long n, int payload) {
    CarEvent event =
        new CarEvent(
            "main",
            Samples.VIN,
            Samples.VIN,
            Samples.KEY,
            n,
            "km",
            file.clock.instant(),
            file.clock.instant(),
            "stream");
    return file.publish(
        new CarMessage(
            "main",
            "stream",
            "t",
            file.clock.instant(),
            new byte[payload],
            java.util.List.of(event)));
  }

  private void keepNow(long from, long to) {
    CompletableFuture<Void> last = null;
    for (long n = from; n <= to; n++) {
      last = publishNow(n, 10);
      file.clock.move(Duration.ofSeconds(1));
    }
    file.await(last);
  }

  private String messages() throws SQLException {
    return file.sql("SELECT count(*), min(number), max(number) FROM messages").get(0);
  }

  /** The writer looks a second after a message: one that tells it to, until it is as it should. */
  private void eventually(String expectedMessages) {
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(messages()).isEqualTo(expectedMessages));
  }

  @Test
  void messagesThatAreTooOldGoWithTheirHistoryAndTheNewestStays() throws Exception {
    file = new JournalFile(directory);
    file.keep = Duration.ofHours(1);
    file.open();
    keepNow(0, 299);
    file.derived();
    file.clock.move(Duration.ofMinutes(30));
    keepNow(300, 309);
    file.derived();
    file.clock.move(Duration.ofMinutes(31));
    keepNow(310, 310);
    eventually("11 300 310");
    file.derived();
    assertThat(file.sql("SELECT count(*), min(value) FROM history")).containsExactly("11 300");
    assertThat(file.journal.log().first()).isEqualTo(new Position(300, 0, 300));
    assertThat(file.journal.snapshot().events()).isEqualTo(11);
    assertThat(file.journal.snapshot().oldest()).isAfter(NOON.plus(Duration.ofMinutes(30)));
    file.clock.move(Duration.ofDays(9));
    file.reopen();
    eventually("1 310 310");
    assertThat(file.journal.log().next().message()).isEqualTo(311);
    assertThat(file.sql("SELECT value FROM newest_values")).containsExactly("310");
    keepNow(311, 311);
    assertThat(file.journal.log().next().message()).isEqualTo(312);
  }

  @Test
  void aClockSetFarForwardForAMomentCostsAFewMessagesOnly() throws Exception {
    file = new JournalFile(directory);
    file.keep = Duration.ofHours(1);
    file.open();
    keepNow(0, 1_999);
    file.clock.move(Duration.ofDays(400));
    file.keep(event("other", 1L, NOON));
    await().atMost(Duration.ofSeconds(40)).until(() -> file.journal.log().first().message() > 0);
    file.clock.move(Duration.ofDays(-400));
    file.keep(event("other", 2L, NOON));
    file.derived();
    assertThat(file.journal.log().first().message()).isLessThan(1_000);
  }

  @Test
  void aClockSetBackDeletesNothingTooEarly() throws Exception {
    file = new JournalFile(directory);
    file.keep = Duration.ofHours(1);
    file.open();
    keepNow(0, 9);
    file.clock.move(Duration.ofHours(-5));
    keepNow(10, 19);
    file.clock.move(Duration.ofHours(5).plusMinutes(30));
    keepNow(20, 20);
    file.derived().reopen();
    // Those with the wrong time are as old as those before them.
    assertThat(file.derived().entries(0)).hasSize(21);
    file.clock.move(Duration.ofMinutes(31));
    keepNow(21, 21);
    eventually("2 20 21");
  }

  @Test
  void messagesBeyondTheSizeGoAndTheFileShrinks() throws Exception {
    file = JournalFile.open(directory);
    for (int n = 0; n < 6_000; n++) {
      CompletableFuture<Void> done = publishNow(n, 2_000);
      file.clock.move(Duration.ofSeconds(1));
      if (n == 5_999) {
        file.await(done);
      }
    }
    file.derived().reopen();
    long large = file.journal.snapshot().bytes();
    assertThat(large).isGreaterThan(12_000_000);
    file.close();
    file.maxBytes = 4_000_000;
    file.open();
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> {
              assertThat(file.journal.snapshot().bytes()).isLessThan(5_500_000);
              assertThat(Files.size(file.file())).isLessThan(5_500_000);
            });
    assertThat(file.journal.log().first().message()).isBetween(3_000L, 5_500L);
    assertThat(
            file.sql(
                "SELECT count(*) > 0, min(last) >= (SELECT min(number) FROM messages) FROM series"))
        .containsExactly("1 1");
    assertThat(file.sql("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(Files.size(file.part("-wal"))).isLessThan(5_000_000);
  }

  @Test
  void theSizeHoldsWhileMessagesStreamIn() throws Exception {
    file = new JournalFile(directory);
    file.maxBytes = 2_000_000;
    file.open();
    long start = System.nanoTime();
    long longest = 0;
    CompletableFuture<Void> last = null;
    for (int n = 0; n < 12_000; n++) {
      long before = System.nanoTime();
      last = publishNow(n, 1_000);
      longest = Math.max(longest, System.nanoTime() - before);
      file.clock.move(Duration.ofSeconds(1));
    }
    file.await(last);
    await().atMost(Duration.ofSeconds(40)).until(() -> file.journal.snapshot().bytes() < 3_500_000);
    assertThat(longest)
        .describedAs("longest publish of %d ms", (System.nanoTime() - start) / 1_000_000)
        .isLessThan(Duration.ofSeconds(20).toNanos());
  }

  @Test
  void evenTheSmallestSizeLeavesTheNewestMessage() throws Exception {
    file = new JournalFile(directory);
    file.maxBytes = 1;
    file.open();
    keepNow(0, 99);
    eventually("1 99 99");
    keepNow(100, 100);
    eventually("1 100 100");
  }

  @Test
  void aSinkFurtherBehindIsToldOnceHowMuchItLost() throws Exception {
    try (CapturedLog log = CapturedLog.open()) {
      file = new JournalFile(directory);
      file.keep = Duration.ofHours(1);
      file.open();
      CollectingSink.from(file.journal, "behind", "beginning");
      CollectingSink.from(file.journal, "ahead", "now");
      keepNow(0, 199);
      // What memory still holds would not be lost.
      file.derived().reopen();
      CollectingSink behind = CollectingSink.from(file.journal, "behind", "beginning");
      CollectingSink ahead = CollectingSink.from(file.journal, "ahead", "now").drain();
      file.clock.move(Duration.ofHours(2));
      keepNow(200, 209);
      eventually("10 200 209");
      assertThat(behind.sink.snapshot().lost()).isEqualTo(200);
      assertThat(behind.sink.snapshot().lag()).isEqualTo(10);
      assertThat(ahead.sink.snapshot().lost()).isZero();
      behind.drain();
      assertThat(behind.values()).hasSize(10).startsWith(200L);
      assertThat(behind.sink.snapshot().lost()).isEqualTo(200);
      assertThat(behind.sink.snapshot().lag()).isZero();
      assertThat(log.lines("Keeping events for sink behind: it is further behind")).hasSize(1);
      assertThat(log.lines("Reading for sink behind: 200 data points are gone")).hasSize(1);
      assertThat(log.lines("for sink ahead")).isEmpty();
    }
  }

  @Test
  void theLossIsToldAfterARestartToo() throws Exception {
    file = new JournalFile(directory);
    file.keep = Duration.ofHours(1);
    file.open();
    CollectingSink.from(file.journal, "behind", "beginning");
    keepNow(0, 99);
    file.derived().close();
    file.clock.move(Duration.ofHours(2));
    file.open();
    eventually("1 99 99");
    file.reopen();
    CollectingSink behind = CollectingSink.from(file.journal, "behind", "beginning");
    assertThat(behind.sink.snapshot().lost()).isEqualTo(99);
    assertThat(behind.drain().values()).containsExactly(99L);
    assertThat(behind.sink.snapshot().lost()).isEqualTo(99);
  }

  @Test
  void whatWasSetAsideGoesByAgeToo() throws Exception {
    file = new JournalFile(directory);
    file.keep = Duration.ofHours(1);
    file.open();
    file.keep(0, 0);
    file.journal
        .log()
        .setAside(new SetAside("s", file.clock.instant(), "old", Samples.message(), null));
    await().until(() -> file.journal.setAside().size() == 1);
    file.clock.move(Duration.ofMinutes(59));
    file.journal
        .log()
        .setAside(new SetAside("s", file.clock.instant(), "new", Samples.message(), null));
    await().until(() -> file.journal.setAside().size() == 2);
    file.clock.move(Duration.ofMinutes(2));
    file.reopen();
    await().until(() -> file.journal.setAside().size() == 1);
    assertThat(file.journal.setAside().get(0).reason()).isEqualTo("new");
  }
}
