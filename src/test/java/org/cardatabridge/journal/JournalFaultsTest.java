// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.event;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the journal does when its file cannot be used, with SQLite's own errors. */
@Timeout(120)
class JournalFaultsTest {

  @TempDir Path directory;
  private JournalFile file;

  @AfterEach
  void close() {
    if (file != null) {
      file.close();
    }
  }

  private static Object[] numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toArray();
  }

  /** Publishes without waiting; what is safe is added to the list, in the order it is told. */
  private List<CompletableFuture<Void>> publishing(long from, long to, List<Long> safe) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (long n = from; n <= to; n++) {
      long number = n;
      CompletableFuture<Void> done = file.publish(event(n));
      done.thenRun(() -> safe.add(number));
      all.add(done);
    }
    return all;
  }

  private static List<Long> list() {
    return Collections.synchronizedList(new ArrayList<>());
  }

  /** Nothing is kept; all of it is when the cause is gone, and in order. */
  private void nothingIsKeptUntil(String words, Runnable end) {
    AtomicInteger changes = new AtomicInteger(file.journal.trouble().isPresent() ? 1 : 0);
    file.journal.onTroubleChange(changes::incrementAndGet);
    CollectingSink sink = CollectingSink.from(file.journal, "follower", "now");
    List<Long> safe = list();
    List<CompletableFuture<Void>> waiting = publishing(1_000, 1_099, safe);
    file.awaitTrouble(words);
    assertThat(safe).isEmpty();
    assertThat(sink.drain().values()).containsExactly(numbers(1_000, 1_099));
    assertThat(changes.get()).isOne();
    end.run();
    file.awaitNoTrouble();
    assertThat(waiting).allSatisfy(done -> assertThat(done).succeedsWithin(Duration.ofSeconds(40)));
    assertThat(safe)
        .containsExactlyElementsOf(LongStream.rangeClosed(1_000, 1_099).boxed().toList());
    assertThat(changes.get()).isEqualTo(2);
    file.keep(1_100, 1_109);
    assertThat(sink.drain().values()).containsExactly(numbers(1_000, 1_109));
    file.reopen();
    assertThat(file.values()).endsWith(numbers(1_000, 1_109));
    assertThat(CollectingSink.from(file.journal, "follower", "now").drain().taken).isEmpty();
  }

  private void keepsNothingMore() throws IOException {
    file.derived().close();
    long pages = Files.size(file.file()) / 8_192;
    file.pragmas.add("PRAGMA max_page_count = " + pages);
    file.open();
    // Fills what room the last page has.
    CompletableFuture<Void> large = file.publish(event("large", "x".repeat(10_000), Samples.NOON));
    file.awaitTrouble("the disk is full");
    assertThat(large).isNotDone();
  }

  @Test
  void onAFullDiskPublishesWaitAndAreKeptInOrderWhenThereIsRoomAgain() throws Exception {
    file = JournalFile.open(directory).keep(0, 50);
    keepsNothingMore();
    nothingIsKeptUntil("the disk is full — free space on it", file.pragmas::clear);
    assertThat(file.values()).startsWith(numbers(0, 50));
  }

  @Test
  void onAFullDiskTheJournalWaitsInsteadOfTryingWithoutPause() throws Exception {
    file = JournalFile.open(directory).keep(0, 50);
    keepsNothingMore();
    AtomicInteger opened = new AtomicInteger();
    List<String> counted =
        new java.util.AbstractList<>() {
          @Override
          public String get(int index) {
            opened.incrementAndGet();
            return file.pragmas.get(0);
          }

          @Override
          public int size() {
            return 1;
          }
        };
    file.close();
    file.journal =
        new Journal(
            new JournalSettings(file.file(), false, file.keep, file.maxBytes, counted), file.clock);
    publishing(300, 399, list());
    file.awaitTrouble("full");
    int before = opened.get();
    long start = System.nanoTime();
    await().until(() -> opened.get() >= before + 2);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void atMost256MessagesWaitForAFullDiskThenPublishBlocks() throws Exception {
    file = JournalFile.open(directory).keep(0, 50);
    keepsNothingMore();
    List<Long> safe = list();
    CompletableFuture<List<CompletableFuture<Void>>> publisher =
        CompletableFuture.supplyAsync(() -> publishing(1_000, 1_999, safe));
    await().until(() -> file.journal.snapshot().messages() == 256);
    assertThat(publisher).isNotDone();
    file.pragmas.clear();
    assertThat(publisher).succeedsWithin(Duration.ofSeconds(40));
    await().until(() -> safe.size() == 1_000);
    assertThat(safe).isSorted();
    assertThat(file.journal.trouble()).isEmpty();
  }

  @Test
  void closingOnAFullDiskEndsWithinSecondsAndSaysThatNothingWasKept() throws Exception {
    file = JournalFile.open(directory).keep(0, 50);
    keepsNothingMore();
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    CompletableFuture<Void> publisher =
        CompletableFuture.runAsync(
            () -> {
              for (long n = 1_000; n < 1_400; n++) {
                waiting.add(file.publish(event(n)));
              }
            });
    await().until(() -> file.journal.snapshot().messages() == 256);
    long start = System.nanoTime();
    file.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(publisher).failsWithin(Duration.ofSeconds(40));
    assertThat(waiting)
        .hasSizeGreaterThan(200)
        .allSatisfy(
            done ->
                assertThat(done)
                    .failsWithin(Duration.ofSeconds(40))
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .withMessageContaining("its journal could not be written"));
    file.pragmas.clear();
    file.open();
    assertThat(file.values()).startsWith(numbers(0, 50)).doesNotContain(1_399L);
    file.keep(2_000, 2_010);
  }

  @Test
  void aDiskThatCannotBeWrittenToIsSaidAndGoneOnWith() {
    file = JournalFile.open(directory).keep(0, 50).derived();
    file.close();
    file.pragmas.add("PRAGMA query_only = ON");
    file.open();
    nothingIsKeptUntil(
        "it cannot be written to — make the disk and the file writable", file.pragmas::clear);
  }

  @Test
  void aFreshJournalOnAFullDiskBeginsWhenThereIsRoom() {
    file = new JournalFile(directory);
    file.pragmas.add("PRAGMA max_page_count = 3");
    file.open();
    file.awaitTrouble("the disk is full");
    CollectingSink sink = CollectingSink.from(file.journal, "s", "now");
    CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> file.keep(0, 9));
    file.pragmas.clear();
    assertThat(publisher).succeedsWithin(Duration.ofSeconds(40));
    await().untilAsserted(() -> assertThat(sink.drain().values()).containsExactly(numbers(0, 9)));
  }

  @Test
  void aFirstCommitThatFailsIsRepeatedOnTheSameFile() throws Exception {
    file = new JournalFile(directory);
    file.open().close();
    file.pragmas.add("PRAGMA max_page_count = " + Files.size(file.file()) / 8_192);
    file.open();
    CollectingSink sink = CollectingSink.from(file.journal, "s", "now");
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      waiting.add(file.publish(event(n)));
    }
    CompletableFuture<Void> large = file.publish(event("key", "x".repeat(100_000), Samples.NOON));
    file.awaitTrouble("full");
    file.pragmas.clear();
    assertThat(large).succeedsWithin(Duration.ofSeconds(40));
    assertThat(waiting).allSatisfy(done -> assertThat(done).isCompleted());
    assertThat(file.journal.notice()).isEmpty();
    assertThat(sink.drain().taken).hasSize(101);
    file.derived();
    assertThat(file.sql("SELECT count(*) FROM history")).containsExactly("101");
  }

  @Test
  void anotherProgramThatLocksTheFileIsWaitedFor() throws Exception {
    file = JournalFile.open(directory).keep(0, 50);
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file.file());
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      nothingIsKeptUntil(
          "another program has locked it — close that program",
          () -> {
            try {
              // Through two further attempts.
              CompletableFuture<Void> later =
                  CompletableFuture.runAsync(
                      () -> {},
                      CompletableFuture.delayedExecutor(4, java.util.concurrent.TimeUnit.SECONDS));
              later.join();
              statement.execute("ROLLBACK");
            } catch (java.sql.SQLException e) {
              throw new IllegalStateException(e);
            }
          });
    }
    assertThat(file.files("journal.db.damaged")).isEmpty();
  }

  @Test
  void aFileThatIsLockedAtTheStartBeginsInTroubleAndWorksWhenItIsFree() throws Exception {
    file = JournalFile.open(directory).keep(0, 9);
    CollectingSink.from(file.journal, "s", "beginning");
    file.close();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file.file());
        Statement statement = other.createStatement()) {
      statement.execute("PRAGMA locking_mode = EXCLUSIVE");
      statement.execute("BEGIN EXCLUSIVE");
      file.open();
      file.awaitTrouble("another program has locked it");
    }
    CollectingSink sink = CollectingSink.from(file.journal, "s", "beginning");
    file.awaitNoTrouble();
    file.keep(10, 12);
    await().untilAsserted(() -> assertThat(sink.drain().values()).containsExactly(numbers(0, 12)));
  }

  @Test
  void aDirectoryThatCannotBeMadeIsSaidAndUsedWhenItCan() throws Exception {
    Path place = directory.resolve("place");
    Files.writeString(place, "a file where the directory is to be");
    file = JournalFile.open(place);
    file.awaitTrouble("its directory cannot be used");
    CollectingSink sink = CollectingSink.from(file.journal, "s", "now");
    assertThat(sink.drain().taken).isEmpty();
    CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> file.keep(0, 9));
    Files.delete(place);
    assertThat(publisher).succeedsWithin(Duration.ofSeconds(40));
    file.awaitNoTrouble();
    await().untilAsserted(() -> assertThat(sink.drain().values()).containsExactly(numbers(0, 9)));
  }

  @Test
  void aDirectoryThatCannotBeWrittenToIsSaidAndUsedWhenItCan() throws Exception {
    assumeFalse(System.getProperty("user.name").equals("root"), "root may write anywhere");
    file = JournalFile.open(directory).keep(0, 9);
    file.close();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
    Files.setPosixFilePermissions(file.file(), PosixFilePermissions.fromString("r--r--r--"));
    try {
      file.open();
      await().until(() -> file.journal.trouble().isPresent());
    } finally {
      Files.setPosixFilePermissions(file.file(), PosixFilePermissions.fromString("rw-rw-rw-"));
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    file.awaitNoTrouble();
    assertThat(file.keep(10, 12).values()).containsExactly(numbers(0, 12));
  }

  @Test
  void closingAJournalThatNeverCouldBeOpenedEndsWithinSeconds() throws Exception {
    Path place = directory.resolve("place");
    Files.writeString(place, "x");
    file = JournalFile.open(place);
    CompletableFuture<Void> publisher =
        CompletableFuture.supplyAsync(() -> file.publish(event(1))).thenCompose(done -> done);
    file.close();
    assertThat(publisher).failsWithin(Duration.ofSeconds(40));
  }

  private static void overwrite(Path file, long from, long to) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] garbage = new byte[(int) (Math.min(to, raw.length()) - from)];
      new java.util.Random(1).nextBytes(garbage);
      raw.seek(from);
      raw.write(garbage);
    }
  }

  /** The file was moved aside, and what is published from now on is whole. */
  private void goesOnWithANewFile(String sinkName) throws Exception {
    file.keep(5_000, 5_009);
    assertThat(file.files("journal.db.damaged-")).isNotEmpty();
    assertThat(file.journal.notice().orElse(""))
        .contains("damaged and is kept as journal.db.damaged-");
    assertThat(file.journal.trouble()).isEmpty();
    CollectingSink sink = CollectingSink.from(file.journal, sinkName, "now");
    assertThat(sink.drain().values()).endsWith(numbers(5_000, 5_009));
    file.keep(5_010, 5_019).derived().reopen();
    assertThat(file.journal.notice()).isEmpty();
    assertThat(file.values()).endsWith(numbers(5_000, 5_019));
    assertThat(CollectingSink.from(file.journal, sinkName, "now").drain().values())
        .containsExactly(numbers(5_010, 5_019));
    assertThat(file.sql("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(file.sql("SELECT count(*) FROM history WHERE value >= 5000")).containsExactly("20");
  }

  @Test
  void aFileThatIsGarbageAtTheStartIsKeptAndANewOneBegun() throws Exception {
    Files.writeString(directory.resolve("journal.db"), "no database at all ".repeat(1_000));
    file = JournalFile.open(directory);
    CollectingSink.from(file.journal, "s", "now");
    goesOnWithANewFile("s");
    assertThat(Files.readString(file.files("journal.db.damaged-").get(0)))
        .startsWith("no database");
  }

  @Test
  void anEmptyFileIsANewOne() throws Exception {
    Files.createFile(directory.resolve("journal.db"));
    file = JournalFile.open(directory).keep(0, 9);
    assertThat(file.values()).hasSize(10);
    assertThat(file.files("journal.db.damaged-")).isEmpty();
  }

  @Test
  void aTruncatedFileIsKeptAndANewOneBegun() throws Exception {
    file = JournalFile.open(directory).keep(0, 2_000).derived();
    file.close();
    try (RandomAccessFile raw = new RandomAccessFile(file.file().toFile(), "rw")) {
      raw.setLength(raw.length() / 2);
    }
    file.open();
    CollectingSink.from(file.journal, "s", "now");
    await().until(() -> file.journal.notice().isPresent() || file.journal.trouble().isPresent());
    goesOnWithANewFile("s");
  }

  @Test
  void pagesOverwrittenWhileItWasClosedAreFoundAtTheStartOrWhenTheyAreRead() throws Exception {
    file = JournalFile.open(directory).keep(0, 3_000).derived();
    CollectingSink.from(file.journal, "s", "beginning");
    file.close();
    overwrite(file.file(), 3 * 4_096, Long.MAX_VALUE);
    file.open();
    CollectingSink sink = CollectingSink.from(file.journal, "s", "now");
    await()
        .until(
            () -> {
              try {
                sink.drain();
              } catch (UnreadableJournalException e) {
                assertThat(e).hasMessageContaining("reading the journal");
              }
              return file.journal.notice().isPresent();
            });
    goesOnWithANewFile("s");
  }

  @Test
  void pagesOverwrittenWhileItIsOpenAreFoundAndPositionsAreKept() throws Exception {
    file = JournalFile.open(directory);
    CollectingSink behind = CollectingSink.from(file.journal, "behind", "beginning");
    CollectingSink ahead = CollectingSink.from(file.journal, "ahead", "beginning");
    file.keep(0, 20_000).derived();
    assertThat(ahead.drain().taken).hasSize(20_001);
    // Else good pages come from the write-ahead log, or are about to be written from there.
    await().until(() -> file.sql("PRAGMA wal_checkpoint(TRUNCATE)").get(0).startsWith("0 "));
    overwrite(file.file(), 4_096, Long.MAX_VALUE);
    List<Long> safe = list();
    publishing(20_001, 20_050, safe);
    await()
        .until(
            () -> {
              try {
                behind.drain();
              } catch (UnreadableJournalException e) {
                assertThat(e).hasMessageContaining("reading the journal");
              }
              return file.journal.notice().isPresent() && safe.size() == 50;
            });
    assertThat(ahead.drain().values()).containsExactly(numbers(0, 20_050));
    behind.drain();
    assertThat(behind.values()).endsWith(numbers(20_001, 20_050)).isSorted();
    assertThat(behind.sink.snapshot().lost() + behind.taken.size()).isEqualTo(20_051);
    assertThat(file.journal.newest().newest(Samples.VIN, Samples.KEY).orElseThrow().value())
        .isEqualTo(20_050L);
    file.keep(20_051, 20_060).reopen();
    assertThat(CollectingSink.from(file.journal, "ahead", "now").drain().values())
        .containsExactly(numbers(20_051, 20_060));
    assertThat(file.files("journal.db.damaged-")).isNotEmpty();
  }

  @Test
  void aDamagedWriteAheadLogCostsWhatIsInItAndNothingElse() throws Exception {
    file = JournalFile.open(directory).keep(0, 9);
    file.reopen().keep(10, 19);
    JournalFile copy = file.killedCopy(directory.resolve("copy"));
    Files.delete(copy.part("-shm"));
    overwrite(copy.part("-wal"), 60, Long.MAX_VALUE);
    try (copy) {
      copy.open();
      assertThat(copy.journal.trouble()).isEmpty();
      assertThat(copy.values()).startsWith(numbers(0, 9));
      copy.keep(100, 110).reopen();
      assertThat(copy.values()).endsWith(numbers(100, 110));
    }
  }

  @Test
  void aDataPointThatCannotBeReadBackCountsAsDamage() throws Exception {
    file = JournalFile.open(directory).keep(0, 9).derived();
    CollectingSink.from(file.journal, "s", "beginning");
    file.close();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file.file());
        Statement statement = other.createStatement()) {
      statement.execute("UPDATE messages SET points = x'0105' WHERE number = 4");
    }
    file.open();
    await().until(() -> file.journal.notice().isPresent());
    CollectingSink.from(file.journal, "s", "now");
    goesOnWithANewFile("s");
  }

  @Test
  void aFileThatIsDeletedWhileTheBridgeRunsIsWrittenAgainWithAllItHeld() throws Exception {
    file = JournalFile.open(directory).keep(0, 5_999).derived();
    CollectingSink behind = CollectingSink.from(file.journal, "behind", "beginning");
    for (String part : List.of("", "-wal", "-shm")) {
      Files.delete(file.part(part));
    }
    file.keep(6_000, 6_009);
    assertThat(file.journal.notice().orElse("")).contains("was moved or deleted");
    assertThat(behind.drain().values()).containsExactly(numbers(0, 6_009));
    file.derived().reopen();
    assertThat(file.values()).containsExactly(numbers(0, 6_009));
    assertThat(file.sql("SELECT count(*) FROM history")).containsExactly("6010");
  }

  @Test
  void aFileThatIsMovedOrReplacedWhileTheBridgeRunsIsWrittenAgain() throws Exception {
    file = JournalFile.open(directory).keep(0, 99);
    Files.move(file.file(), directory.resolve("backup.db"));
    file.keep(100, 199);
    Files.writeString(directory.resolve("other"), "somebody's own file");
    Files.move(
        directory.resolve("other"),
        file.file(),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    file.keep(200, 299);
    file.derived().reopen();
    assertThat(file.values()).containsExactly(numbers(0, 299));
    assertThat(Files.readString(file.files("journal.db.damaged-").get(0))).contains("somebody");
  }

  @Test
  void aWriteAheadLogThatIsDeletedWhileTheBridgeRunsCostsNothing() throws Exception {
    file = JournalFile.open(directory).keep(0, 5_999);
    CollectingSink behind = CollectingSink.from(file.journal, "behind", "beginning");
    behind.step();
    Files.delete(file.part("-wal"));
    file.keep(6_000, 6_009).keep(6_010, 6_019);
    assertThat(behind.drain().values()).containsExactly(numbers(0, 6_019));
    JournalFile copy = file.killedCopy(directory.resolve("copy"));
    try (copy) {
      assertThat(copy.open().values()).containsExactly(numbers(0, 6_019));
    }
    assertThat(file.files("journal.db.damaged")).isEmpty();
  }

  @Test
  void aDirectoryThatIsDeletedWhileTheBridgeRunsIsMadeAgainWithAllItHeld() throws Exception {
    Path place = Files.createDirectory(directory.resolve("place"));
    file = JournalFile.open(place).keep(0, 5_999).derived();
    CollectingSink behind = CollectingSink.from(file.journal, "behind", "beginning");
    behind.step();
    TemporaryDirectory.delete(place);
    assertThat(place).doesNotExist();
    List<Long> safe = list();
    publishing(6_000, 6_009, safe);
    await().until(() -> safe.size() == 10);
    assertThat(behind.drain().values()).containsExactly(numbers(0, 6_009));
    file.derived().reopen();
    assertThat(file.values()).containsExactly(numbers(0, 6_009));
  }

  @Test
  void whatIsSetAsideDuringTroubleIsKeptWhenItEnds() throws Exception {
    file = JournalFile.open(directory).keep(0, 50);
    keepsNothingMore();
    for (int n = 0; n < 10; n++) {
      file.journal
          .log()
          .setAside(new SetAside("s", Samples.NOON, "no", Samples.message(event(n)), event(n)));
    }
    file.pragmas.clear();
    await().until(() -> file.journal.setAside().size() == 10);
  }
}
