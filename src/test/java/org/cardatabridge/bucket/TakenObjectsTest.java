// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.SafeRows;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakenObjectsTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String NAME = "app/level13/2026/11/22/120000-a.json";

  @TempDir Path dir;
  private final SetClock clock = new SetClock(NOON);
  private final AtomicLong nanos = new AtomicLong();

  private TakenObjects open() {
    return open("bucket/");
  }

  private TakenObjects open(String place) {
    return new TakenObjects(new SafeRows(JournalSettings.in(dir)), place, clock, nanos::get);
  }

  private static List<BucketObject> page(String... names) {
    return List.of(names).stream().map(name -> new BucketObject(name, "e", NOON)).toList();
  }

  private static boolean knows(TakenObjects objects, String name) {
    objects.page(page(name));
    return objects.contains(name + " e");
  }

  @Test
  void whatWasReadIsKnownAfterARestartAndAtAnotherPlaceIsNot() {
    TakenObjects objects = open();
    objects.days();
    objects.page(page(NAME));
    objects.add(NAME + " e");
    assertThat(knows(open(), NAME)).isTrue();
    assertThat(open().contains(NAME + " e")).as("before the page is listed").isFalse();
    assertThat(knows(open("other/"), NAME)).isFalse();
    TakenObjects again = open();
    again.page(page(NAME));
    assertThat(again.contains(NAME + " f")).isFalse();
  }

  @Test
  void manyAreWrittenTogether() {
    TakenObjects objects = open();
    objects.page(page(NAME, NAME + "2", NAME + "3"));
    objects.add(NAME + " e");
    objects.add(NAME + "2 e");
    assertThat(knows(open(), NAME)).isTrue();
    assertThat(knows(open(), NAME + "2")).isFalse();
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    objects.add(NAME + "3 e");
    assertThat(knows(open(), NAME + "2")).isTrue();
  }

  @Test
  void aClosedDayIsForgottenAndAnOpenOneIsNot() throws Exception {
    TakenObjects objects = open();
    objects.page(page(NAME, "app/level13/2026/11/10/1-a.json"));
    objects.add(NAME + " e");
    objects.add("app/level13/2026/11/10/1-a.json e");
    objects.write(Map.of("app/level13/", LocalDate.of(2026, 11, 15)));
    assertThat(open().days())
        .containsExactly(Map.entry("app/level13/", LocalDate.of(2026, 11, 15)));
    assertThat(knows(open(), NAME)).isTrue();
    assertThat(knows(open(), "app/level13/2026/11/10/1-a.json")).isFalse();
  }

  @Test
  void aDayWithAnObjectThatIsTriedAgainStaysOpen() {
    TakenObjects objects = open();
    objects.page(page("app/level13/2026/11/10/1-a.json"));
    objects.putOff("app/level13/2026/11/10/1-a.json e", "locked", Duration.ofDays(7));
    objects.write(Map.of("app/level13/", LocalDate.of(2026, 11, 15)));
    assertThat(open().days().values()).containsExactly(LocalDate.of(2026, 11, 10));
    TakenObjects again = open();
    again.days();
    assertThat(again.lastSetAside())
        .containsExactly(
            new SetAsideObject(NOON, "Reading 2026/11/10/1-a.json from the bucket: locked"));
  }

  @Test
  void whatADamagedJournalKnewIsTakenOver() throws Exception {
    TakenObjects objects = open();
    objects.page(page(NAME));
    objects.add(NAME + " e");
    objects.write(Map.of("app/level13/", LocalDate.of(2026, 11, 15)));
    for (String part : List.of("", "-wal", "-shm")) {
      Path file = dir.resolve("journal.db" + part);
      if (Files.exists(file)) {
        Files.move(file, dir.resolve("journal.db.damaged-20261122T120000Z" + part));
      }
    }
    new Journal(JournalSettings.in(dir), clock).close();
    TakenObjects after = open();
    assertThat(after.days()).containsEntry("app/level13/", LocalDate.of(2026, 11, 15));
    assertThat(knows(after, NAME)).isTrue();
  }

  @Test
  void aFileThatCannotBeReadStopsTheLook() throws Exception {
    Files.writeString(
        dir.resolve("journal.db"), "this is no database, but it is long enough".repeat(40));
    assertThatThrownBy(() -> open().page(page(NAME))).isInstanceOf(BucketAwayException.class);
  }

  @Test
  void aJournalOfTheVersionBeforeIsBroughtUpToDateWithAllThatIsInIt() throws Exception {
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("journal.db"));
        Statement statement = file.createStatement()) {
      for (int version = 1; version <= 5; version++) {
        statement.executeUpdate(schema(version));
      }
      statement.executeUpdate("PRAGMA user_version = 5");
      statement.executeUpdate("INSERT INTO rest_notes VALUES ('main', '', 'container', 'C-1', 1)");
    }
    TakenObjects objects = open();
    objects.page(page(NAME));
    objects.add(NAME + " e");
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("journal.db"));
        Statement statement = file.createStatement()) {
      assertThat(text(statement, "PRAGMA user_version")).isEqualTo("6");
      assertThat(text(statement, "SELECT text FROM rest_notes")).isEqualTo("C-1");
      assertThat(text(statement, "SELECT count(*) FROM bucket_objects")).isEqualTo("1");
    }
  }

  private static String text(Statement statement, String query) throws Exception {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.getString(1);
    }
  }

  private static String schema(int version) throws IOException {
    try (InputStream script = Journal.class.getResourceAsStream("schema-" + version + ".sql")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
