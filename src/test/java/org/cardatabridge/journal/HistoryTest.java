// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cardatabridge.journal.Samples.KEY;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.VIN;
import static org.cardatabridge.journal.Samples.event;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  @TempDir Path directory;

  private static List<Object> values(List<HistoryPoint> points) {
    return points.stream().map(HistoryPoint::value).toList();
  }

  private static List<Object> history(JournalFile file, Instant since, Instant until, int limit) {
    return values(file.journal.history(VIN, KEY, since, until, limit));
  }

  @Test
  void everyKindOfValueComesBackBeforeAndAfterItIsWritten() {
    List<Object> all =
        Arrays.asList(
            null,
            true,
            false,
            0L,
            Long.MAX_VALUE,
            1.0,
            -1.5e-7,
            Double.NEGATIVE_INFINITY,
            new BigDecimal("12345678901234567890.10"),
            "",
            "decimal",
            "\"quoted\" \\ \u0001 °C 😀 [1,2]",
            List.of(1L, "a", List.of()),
            Map.of("latitude", 48.1));
    try (JournalFile file = JournalFile.open(directory)) {
      for (int i = 0; i < all.size(); i++) {
        file.keep(event(KEY, all.get(i), NOON.plusSeconds(i)));
      }
      assertThat(history(file, NOON, NOON.plusSeconds(99), 99)).isEqualTo(all);
      file.derived();
      assertThat(history(file, NOON, NOON.plusSeconds(99), 99)).isEqualTo(all);
      file.reopen();
      assertThat(history(file, NOON, NOON.plusSeconds(99), 99)).isEqualTo(all);
    }
  }

  @Test
  void aValueKeepsItsTimesUnitAndSource() {
    CarEvent whole =
        new CarEvent(
            "main",
            VIN,
            "mini",
            KEY,
            81L,
            "km",
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            NOON,
            "rest");
    CarEvent bare =
        new CarEvent("main", VIN, VIN, KEY, 82L, null, NOON.plusNanos(1_000), NOON, "stream");
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(whole).keep(bare).derived();
      assertThat(file.journal.history(VIN, KEY, Instant.MIN, Instant.MAX, 9))
          .containsExactly(
              new HistoryPoint(whole.timestamp(), 81L, "km", NOON, "rest"),
              new HistoryPoint(bare.timestamp(), 82L, null, NOON, "stream"));
    }
  }

  @Test
  void aFloodOfOneDescriptorMakesFewLongRows() throws Exception {
    CarEvent[] flood = new CarEvent[3_000];
    List<Object> sent = new ArrayList<>();
    for (int i = 0; i < flood.length; i++) {
      // A unit that changes begins a row of its own.
      flood[i] = withUnit(event(KEY, (long) i, NOON.plusMillis(i)), i == 1_700 ? "mi" : "km");
      sent.add((long) i);
    }
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(flood).derived();
      file.keep(event(KEY, 1L, NOON.plusSeconds(7_200))).derived();
      sent.add(1L);

      assertThat(history(file, NOON, NOON.plusSeconds(9_000), 5_000)).isEqualTo(sent);
      file.reopen();
      assertThat(history(file, NOON, NOON.plusSeconds(9_000), 5_000)).isEqualTo(sent);
      assertThat(JournalFile.sql(file.file(), "SELECT max(length(points)) FROM series"))
          .singleElement()
          .satisfies(longest -> assertThat(Integer.parseInt(longest)).isBetween(6_000, 10_001));
      // 72,000 characters would be 40 rows of the length that fits into a page four times.
      assertThat(JournalFile.sql(file.file(), "SELECT count(*) FROM series"))
          .singleElement()
          .satisfies(rows -> assertThat(Integer.parseInt(rows)).isBetween(8, 18));
    }
  }

  private static CarEvent withUnit(CarEvent of, String unit) {
    return new CarEvent(
        of.account(),
        of.vin(),
        of.vehicle(),
        of.key(),
        of.value(),
        unit,
        of.timestamp(),
        of.received(),
        of.source());
  }

  /** Late values, several at one time, written now and then: against a sorted list. */
  @Test
  void anySpanAndLimitGivesWhatASortedListWould() throws Exception {
    Random random = new Random(7);
    record Kept(Instant time, long value) {}
    List<Kept> model = new ArrayList<>();
    try (JournalFile file = JournalFile.open(directory)) {
      for (long n = 0; n < 600; n++) {
        Instant time =
            NOON.plusSeconds(n * 30)
                .minus(
                    random.nextInt(9) == 0
                        ? Duration.ofMinutes(random.nextInt(500))
                        : Duration.ZERO)
                .truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
        model.add(new Kept(time, n));
        file.keep(event(KEY, n, time));
        if (random.nextInt(60) == 0) {
          file.derived();
        }
      }
      model.sort(Comparator.comparing(Kept::time));
      for (int i = 0; i < 200; i++) {
        Instant since = NOON.plusSeconds(random.nextInt(20_000) - 1_000L);
        Instant until = since.plusSeconds(random.nextInt(9_000));
        int limit = 1 + random.nextInt(200);
        List<Object> wanted =
            model.stream()
                .filter(k -> !k.time().isBefore(since) && k.time().isBefore(until))
                .map(k -> (Object) k.value())
                .toList();
        assertThat(history(file, since, until, limit))
            .isEqualTo(wanted.subList(0, Math.min(limit, wanted.size())));
        List<Object> before =
            model.stream()
                .filter(k -> k.time().isBefore(until))
                .map(k -> (Object) k.value())
                .toList();
        assertThat(history(file, null, until, limit))
            .isEqualTo(before.subList(Math.max(0, before.size() - limit), before.size()));
      }
    }
  }

  @Test
  void manyValuesShareARowAndALateOneGetsItsOwn() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(0, 40)
          .keep(event(KEY, "late", NOON.minus(Duration.ofDays(3))))
          .keep(41, 50)
          .derived();
      assertThat(file.sql("SELECT json_array_length(points) FROM series ORDER BY hour"))
          .containsExactly("1", "51");
      assertThat(file.sql("SELECT count(*) FROM history")).containsExactly("52");
    }
  }

  @Test
  void whatIsNoFloodMakesRowsThatFitIntoAPage() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(0, 249).derived();
      assertThat(file.sql("SELECT count(*) > 2, max(length(points)) < 2000 FROM series"))
          .containsExactly("1 1");
      assertThat(history(file, NOON, NOON.plusSeconds(9_999), 9_999)).hasSize(250);
    }
  }

  @Test
  void aReplayedValueThatIsThereIsNotAddedWhetherItIsWrittenOrNot() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(0, 9).derived().keep(10, 12);
      for (long n = 5; n < 15; n++) {
        CarEvent known = event(n);
        CarEvent again =
            new CarEvent(
                known.account(),
                known.vin(),
                known.vehicle(),
                known.key(),
                known.value(),
                known.unit(),
                known.timestamp(),
                NOON,
                "replay");
        file.await(
            file.publish(new CarMessage("main", "replay", "t", NOON, new byte[0], List.of(again))));
      }
      file.derived();
      assertThat(file.sql("SELECT count(*), count(DISTINCT value) FROM history"))
          .containsExactly("15 15");
    }
  }

  @Test
  void theHistoryOfAnOlderFileIsWorkedOutAnew() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      file.keep(0, 700).derived().close();
      asVersion1(file.file());
      file.open();
      assertThat(history(file, NOON, NOON.plusSeconds(9_999), 9_999)).hasSize(701);
      file.derived();
      assertThat(file.sql("SELECT count(*) FROM history")).containsExactly("701");
      assertThat(file.sql("PRAGMA user_version"))
          .containsExactly(Integer.toString(Database.VERSION));
      assertThat(file.journal.newest().newest(VIN, KEY)).map(CarEvent::value).contains(700L);
    }
  }

  /** As a program before the table {@code series} left it. */
  private static void asVersion1(Path file) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          "DROP VIEW history; DROP TABLE series; DROP TABLE rest_calls; DROP TABLE rest_notes;"
              + " DROP TABLE stream_states; DROP TABLE bucket_objects; DROP TABLE bucket_days;");
      String script = schema1();
      for (String begin : List.of("CREATE TABLE points", "CREATE VIEW history")) {
        int from = script.indexOf(begin);
        statement.executeUpdate(script.substring(from, script.indexOf(";\n", from)));
      }
      statement.executeUpdate("PRAGMA user_version = 1");
    }
  }

  private static String schema1() throws IOException {
    try (var script = Database.class.getResourceAsStream("schema-1.sql")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void whatASeriesDoesNotHoldIsDamageAndNotAnEmptyHistory() {
    Names names = new Names();
    for (String points : List.of("", "x", "[[1,2]", "[[1,2,3", "{}", "[[0,0,\"a\",\"decimal\"]]")) {
      HistoryBlock block = new HistoryBlock(1, 2, 3, 4, 0, 0, 0, points);
      assertThatThrownBy(() -> block.values(names))
          .as(points)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void whatIsGatheredIsDueWhenItIsMuchOrHasWaited() {
    Names names = new Names();
    PendingHistory pending = new PendingHistory(names);
    pending.begin(0);
    assertThat(pending.dueIn(System.nanoTime())).isEqualTo(Long.MAX_VALUE);
    CarEvent event = event(1);
    for (long n = 0; n < 8_001; n++) {
      long waits = pending.dueIn(System.nanoTime());
      assertThat(waits).as("after %d messages", n).isPositive();
      pending.add(
          new LogEntry(n, n, n, Samples.message(event), List.of(event), Set.of()),
          (vehicle, key, known) -> false);
    }
    assertThat(pending.dueIn(System.nanoTime())).isZero();
    pending.written(pending.portion());
    assertThat(pending.from()).isEqualTo(8_001);
    assertThat(pending.dueIn(System.nanoTime())).isEqualTo(Long.MAX_VALUE);
  }
}
