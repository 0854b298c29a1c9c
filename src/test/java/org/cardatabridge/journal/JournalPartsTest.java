// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.event;
import static org.cardatabridge.journal.Samples.message;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JournalPartsTest {

  @TempDir Path directory;

  @Test
  void namesGetNumbersOnceAndAreSavedOnce() {
    Names names = new Names();
    assertThat(names.number("a")).isEqualTo(1);
    assertThat(names.number("b")).isEqualTo(2);
    assertThat(names.number("a")).isEqualTo(1);
    assertThat(names.unsaved()).containsExactly(1, 2);
    names.saved();
    assertThat(names.number("b")).isEqualTo(2);
    assertThat(names.unsaved()).isEmpty();
    assertThat(names.name(2)).isEqualTo("b");
    assertThat(names.name(0)).isNull();
    assertThat(names.name(Names.MOST + 1)).isNull();
    assertThat(names.find("c")).isEqualTo(Names.NONE);
    names.allUnsaved();
    assertThat(names.unsaved()).containsExactly(1, 2);
    names.forget();
    assertThat(names.find("a")).isEqualTo(Names.NONE);
    assertThat(names.number("c")).isEqualTo(1);
  }

  @Test
  void namesGoOnBehindThoseOfTheTable() {
    Names names = new Names();
    names.known(7, "seven");
    assertThat(names.number("seven")).isEqualTo(7);
    assertThat(names.number("eight")).isEqualTo(8);
    names.known(-1, "odd");
    names.known(Names.MOST + 1, "odd");
    assertThat(names.find("odd")).isEqualTo(Names.NONE);
  }

  @Test
  void aNameThatIsTooLongOrThatUtf8CannotHoldGetsNoNumber() {
    Names names = new Names();
    assertThat(names.number("x".repeat(200))).isEqualTo(1);
    assertThat(names.number("x".repeat(201))).isEqualTo(Names.NONE);
    assertThat(names.number("half \uD83D pair")).isEqualTo(Names.NONE);
    assertThat(names.number("a pair 😀")).isEqualTo(2);
  }

  @Test
  void storedValuesComeBackAsTheyWere() {
    for (Object value :
        Arrays.asList(
            null,
            true,
            false,
            0L,
            Long.MIN_VALUE,
            1.5,
            Double.POSITIVE_INFINITY,
            new BigDecimal("12345678901234567890.10"),
            "",
            "text",
            List.of(1L, "a", List.of()),
            Map.of("latitude", 48.1, "n", 3L))) {
      assertThat(StoredValue.of(value).toValue()).isEqualTo(value);
    }
    assertThat(StoredValue.of(Double.NaN).toValue()).isEqualTo("NaN");
    assertThat(StoredValue.of(7).toValue()).isEqualTo(7L);
    assertThat(new StoredValue(6, "no JSON").toValue()).isEqualTo("no JSON");
    assertThat(new StoredValue(99, "later").toValue()).isEqualTo("later");
  }

  @Test
  void timesAreMicrosecondsAndThoseBeyondAreTheLastThatFit() {
    for (String time :
        List.of(
            "1969-12-31T23:59:59.999999Z",
            "2026-07-27T12:00:00.000001Z",
            "-9999-01-01T00:00:00Z")) {
      Instant instant = Instant.parse(time);
      assertThat(Micros.instant(Micros.of(instant))).isEqualTo(instant);
    }
    assertThat(Micros.of(Instant.EPOCH.plusNanos(1_999))).isEqualTo(1);
    assertThat(Micros.of(Instant.MIN))
        .isNegative()
        .isLessThan(Micros.of(Instant.EPOCH.minusSeconds(1)));
    assertThat(Micros.of(Instant.MAX)).isPositive();
    assertThat(Micros.instant(Micros.of(Instant.MAX))).isAfter(NOON);
  }

  private static LogEntry entry(long number) {
    return new LogEntry(
        number, number, number, message(event(number)), List.of(event(number)), Set.of());
  }

  @Test
  void theTailHoldsWhatIsNotSavedAndDropsTheOldestOfTheRest() {
    Tail tail = new Tail(10, 2_000, 2_000);
    assertThat(tail.read(9, 5)).isNull();
    assertThat(tail.read(10, 5)).isEmpty();
    for (long n = 10; n < 60; n++) {
      tail.add(entry(n));
    }
    assertThat(tail.read(10, 100)).hasSize(50);
    tail.saved(30);
    assertThat(tail.read(29, 1)).isNull();
    assertThat(tail.read(30, 100)).hasSize(30);
    tail.saved(60);
    List<LogEntry> left = tail.before(60);
    assertThat(left).hasSizeBetween(1, 6);
    assertThat(left.get(left.size() - 1).sequence()).isEqualTo(59);
    assertThat(tail.before(59)).hasSize(left.size() - 1);
    assertThatThrownBy(() -> tail.add(entry(62))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theTailHoldsWhatASinkHasStillToReadAndNothingElse() {
    Tail tail = new Tail(0, 0, Long.MAX_VALUE);
    for (long n = 0; n < 50; n++) {
      tail.add(entry(n));
    }

    tail.saved(40, 20, 30, Long.MAX_VALUE);
    assertThat(tail.read(19, 1)).as("read by all").isNull();
    assertThat(tail.read(20, 100)).hasSize(30);

    tail.saved(45, 10, 30);
    assertThat(tail.read(29, 1)).as("10 is read from the file").isNull();
    assertThat(tail.read(30, 100)).hasSize(20);

    tail.saved(45, 50, 50);
    assertThat(tail.read(44, 1)).isNull();
    assertThat(tail.read(45, 100)).as("not saved yet").hasSize(5);
  }

  @Test
  void theTailHoldsALittleThatNobodyReadsAndNotTooMuchForASinkThatIsBehind() {
    Tail tail = new Tail(0, 2_000, 8_000);
    for (long n = 0; n < 50; n++) {
      tail.add(entry(n));
    }

    tail.saved(50, 0);
    int forASink = tail.before(50).size();
    tail.saved(50, 50);
    int forNobody = tail.before(50).size();

    assertThat(forNobody).isBetween(2, 8);
    assertThat(forASink).isBetween(3 * forNobody, 5 * forNobody);
  }

  @Test
  void theTailHoldsNoMoreThanItsPlaces() {
    Tail tail = new Tail(0, Long.MAX_VALUE, Long.MAX_VALUE);
    for (long n = 0; n < 4_096; n++) {
      tail.add(entry(n));
    }
    assertThatThrownBy(() -> tail.add(entry(4_096)))
        .hasMessage("more messages wait for the file than may");
    tail.saved(1);
    tail.add(entry(4_096));
    assertThat(tail.read(0, 1)).isNull();
    assertThat(tail.read(1, 1)).hasSize(1);
  }

  private static SetAside refused(long n) {
    return new SetAside("hook", NOON, "no", message(event(n)), event(n));
  }

  @Test
  void aPositionIsHandedOverOnlyWithTheMessagesItIsBehind() {
    Unsaved unsaved = new Unsaved();
    assertThat(unsaved.position("a", new Position(5, 0, 5))).isTrue();
    assertThat(unsaved.position("b", new Position(7, 0, 7))).isFalse();
    Unsaved.Portion portion = unsaved.upTo(5);
    assertThat(portion.positions()).containsOnlyKeys("a");
    unsaved.position("a", new Position(6, 0, 6));
    unsaved.saved(portion);
    assertThat(unsaved.upTo(7).positions())
        .containsEntry("a", new Position(6, 0, 6))
        .containsEntry("b", new Position(7, 0, 7));
    unsaved.saved(unsaved.upTo(7));
    assertThat(unsaved.isEmpty()).isTrue();
  }

  @Test
  void whoSetsAsideTooMuchWaitsUntilTheFileTookSome() {
    Unsaved unsaved = new Unsaved();
    for (int n = 0; n < 256; n++) {
      unsaved.setAside(refused(n));
    }
    CompletableFuture<Boolean> waiting =
        CompletableFuture.supplyAsync(() -> unsaved.setAside(refused(256)));
    assertThat(waiting).isNotDone();
    Unsaved.Portion portion = unsaved.upTo(0);
    assertThat(portion.setAside()).hasSize(256);
    unsaved.saved(portion);
    assertThat(waiting).succeedsWithin(java.time.Duration.ofSeconds(40)).isEqualTo(true);
    assertThat(unsaved.upTo(0).setAside()).hasSize(1);
  }

  @Test
  void nobodyWaitsBehindTheEnd() {
    Unsaved unsaved = new Unsaved();
    for (int n = 0; n < 256; n++) {
      unsaved.setAside(refused(n));
    }
    CompletableFuture<Boolean> waiting =
        CompletableFuture.supplyAsync(() -> unsaved.setAside(refused(256)));
    unsaved.close();
    assertThat(waiting).succeedsWithin(java.time.Duration.ofSeconds(40));
  }

  @Test
  void filesAreToldApartByWhatTheyAreNotByTheirNames() throws Exception {
    Path file = directory.resolve("journal.db");
    Database database = new Database(file, false, List.of());
    FileIdentity none = FileIdentity.of(database);
    assertThat(none).isEqualTo(new FileIdentity(null, null));
    Files.writeString(file, "a");
    FileIdentity one = FileIdentity.of(database);
    assertThat(FileIdentity.of(database)).isEqualTo(one);
    Files.move(file, directory.resolve("moved"));
    Files.writeString(file, "a");
    assertThat(FileIdentity.of(database)).isNotEqualTo(one);
  }

  @Test
  void eachTroubleIsASentenceThatNamesTheFileAndSaysWhatToDo() {
    Path file = Path.of("/data/journal.db");
    Map<Integer, String> words =
        Map.of(
            13, "the disk is full — free space on it",
            8, "it cannot be written to — make the disk and the file writable",
            1032, "it cannot be written to",
            14, "it cannot be opened — check that its directory exists",
            5, "another program has locked it — close that program",
            517, "another program has locked it",
            10, "the disk reports an error — check the disk",
            4874, "the disk reports an error",
            11, "it is damaged — it is moved aside and a new one begun",
            26, "it is damaged");
    words.forEach(
        (code, text) ->
            assertThat(JournalTrouble.sentence(new SQLException("x", "", code), file))
                .startsWith("Keeping messages in /data/journal.db: ")
                .contains(text)
                .contains("no message is acknowledged meanwhile"));
    assertThat(JournalTrouble.sentence(new IOException("x"), file))
        .contains("its directory cannot be used (IOException) — check the disk and the file");
    assertThat(
            JournalTrouble.sentence(
                new UnreadableJournalException(new SQLException("x", "", 267)), file))
        .contains("it is damaged");
    assertThat(JournalTrouble.isDamage(new SQLException("x", "", 267))).isTrue();
    assertThat(JournalTrouble.isDamage(new SQLException("x", "", 13))).isFalse();
    assertThat(JournalTrouble.isDamage(new IllegalStateException("x"))).isFalse();
  }

  @Test
  void aTimeOfReceiptIsFoundThoughTheClockWasSetBack() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      // Received at second 0, 1, 2, then back at 0, 1, and at last at 3.
      for (long second : new long[] {0, 1, 2, 0, 1, 3}) {
        file.keep(event("k", second, NOON.plusSeconds(second).minusMillis(100)));
      }
      long[] expected = {0, 1, 2, 5};
      for (int second = 0; second < expected.length; second++) {
        assertThat(file.journal.log().since(NOON.plusSeconds(second)).message())
            .isEqualTo(expected[second]);
      }
      assertThat(file.journal.log().since(NOON.minusSeconds(9)).message()).isZero();
      assertThat(file.journal.log().since(NOON.plusSeconds(9)).message()).isEqualTo(6);
      assertThat(file.journal.log().since(Instant.MAX).message()).isEqualTo(6);
    }
  }

  @Test
  void aFreshFileAndOneOpenedAgainHaveTheTablesOfThisVersion() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      assertThat(file.sql("PRAGMA user_version")).containsExactly(version());
      assertThat(file.sql("PRAGMA journal_mode")).containsExactly("wal");
      assertThat(file.sql("PRAGMA auto_vacuum")).containsExactly("2");
      file.keep(1, 1).reopen().keep(2, 2);
      assertThat(file.sql("PRAGMA user_version")).containsExactly(version());
      assertThat(file.values()).containsExactly(1L, 2L);
    }
  }

  @Test
  void aNewerFileIsRefusedWithASentenceAndLeftAsItIs() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(1, 1).close();
      setVersion(file, Database.VERSION + 1);
      file.open();
      assertThat(file.journal.trouble().orElse(""))
          .contains(
              "its tables have version %d, this program knows up to %d — start the newer program"
                  .formatted(Database.VERSION + 1, Database.VERSION));
      CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> file.publish(event(2)));
      assertThat(file.files("journal.db.damaged")).isEmpty();
      setVersion(file, Database.VERSION);
      file.awaitNoTrouble();
      assertThat(waiting).succeedsWithin(java.time.Duration.ofSeconds(40));
      await().untilAsserted(() -> assertThat(file.values()).containsExactly(1L, 2L));
    }
  }

  private static String version() {
    return Integer.toString(Database.VERSION);
  }

  private static void setVersion(JournalFile file, int version) throws SQLException {
    assertThat(JournalFile.sql(file.file(), "PRAGMA user_version")).hasSize(1);
    try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file.file());
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = " + version);
    }
  }

  @Test
  void tablesThatWereHalfMadeWhenTheBridgeWasKilledAreMadeAgain() throws Exception {
    // A kill in the middle leaves frames without a commit in the write-ahead log.
    Path half = directory.resolve("half");
    Files.createDirectories(half);
    try (JournalFile file = JournalFile.open(directory)) {
      byte[] log = Files.readAllBytes(file.part("-wal"));
      Files.write(half.resolve("journal.db"), new byte[0]);
      Files.write(half.resolve("journal.db-wal"), Arrays.copyOf(log, log.length / 2));
    }
    try (JournalFile file = JournalFile.open(half)) {
      assertThat(file.journal.trouble()).isEmpty();
      assertThat(file.keep(1, 3).values()).containsExactly(1L, 2L, 3L);
      assertThat(file.sql("SELECT count(*) FROM history")).hasSize(1);
    }
  }

  @Test
  void theViewsCanBeReadWithPlainSql() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(
          event("vehicle.a", 81L, NOON),
          event("vehicle.b", true, NOON.plusMillis(250)),
          event("vehicle.c", null, NOON),
          event("vehicle.d", new BigDecimal("1.50"), NOON),
          event("vehicle.e", List.of(1L, "x"), NOON),
          event("vehicle.f", "CHARGING", NOON));
      file.keep(event("vehicle.a", 82L, NOON.plusSeconds(1)));
      file.journal.log().setAside(refused(7));
      file.derived();
      assertThat(
              file.sql(
                  "SELECT vin, timestamp, value, unit, received, source FROM history"
                      + " WHERE descriptor = 'vehicle.a' ORDER BY timestamp"))
          .containsExactly(
              Samples.VIN + " 2026-07-27T12:00:00.000Z 81 km 2026-07-27T12:00:00.100Z stream",
              Samples.VIN + " 2026-07-27T12:00:01.000Z 82 km 2026-07-27T12:00:01.100Z stream");
      assertThat(file.sql("SELECT descriptor, value FROM newest_values ORDER BY descriptor"))
          .containsExactly(
              "vehicle.a 82",
              "vehicle.b true",
              "vehicle.c null",
              "vehicle.d 1.50",
              "vehicle.e [1,\"x\"]",
              "vehicle.f CHARGING");
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          file.sql("SELECT sink, set_aside, reason, vin, descriptor FROM refused"))
                      .containsExactly(
                          "hook 2026-07-27T12:00:00.000Z no " + Samples.VIN + " " + Samples.KEY));
    }
  }
}
