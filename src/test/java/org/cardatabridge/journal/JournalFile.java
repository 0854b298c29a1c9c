// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.testing.SetClock;

/** A journal in a directory of a test, which may close it, open it again, copy and harm it. */
final class JournalFile implements AutoCloseable {

  final Path directory;
  final SetClock clock = new SetClock(Samples.NOON);
  final List<String> pragmas = new CopyOnWriteArrayList<>();
  Duration keep = Duration.ofDays(400);
  long maxBytes = 2L << 30;
  Journal journal;

  JournalFile(Path directory) {
    this.directory = directory;
  }

  /** A journal in this directory, open. */
  static JournalFile open(Path directory) {
    return new JournalFile(directory).open();
  }

  JournalFile open() {
    journal = new Journal(new JournalSettings(file(), false, keep, maxBytes, pragmas), clock);
    return this;
  }

  JournalFile reopen() {
    close();
    return open();
  }

  Path file() {
    return directory.resolve("journal.db");
  }

  Path part(String suffix) {
    return directory.resolve("journal.db" + suffix);
  }

  /** Completes when the message is safe. */
  CompletableFuture<Void> publish(CarMessage message) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      journal.publish(
          message,
          message.points().isEmpty(),
          failure -> {
            if (failure == null) {
              done.complete(null);
            } else {
              done.completeExceptionally(failure);
            }
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.completeExceptionally(e);
    }
    return done;
  }

  CompletableFuture<Void> publish(CarEvent... points) {
    return publish(Samples.message(points));
  }

  /** Publishes the events of these numbers, each in a message, and waits until they are safe. */
  JournalFile keep(long from, long to) {
    CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    for (long n = from; n <= to; n++) {
      last = publish(Samples.event(n));
    }
    return await(last);
  }

  JournalFile keep(CarEvent... points) {
    return await(publish(points));
  }

  JournalFile await(CompletableFuture<Void> done) {
    assertThat(done).succeedsWithin(Duration.ofSeconds(40));
    return this;
  }

  /** Waits until history and newest values are in the tables. */
  JournalFile derived() {
    LargeJournal.awaitHistory(journal);
    return this;
  }

  /** Values of all data points in the log, duplicates left out. */
  List<Object> values() {
    List<Object> values = new ArrayList<>();
    entries(0).forEach(entry -> entry.points().forEach(event -> values.add(event.value())));
    return values;
  }

  List<LogEntry> entries(long from) {
    List<LogEntry> all = new ArrayList<>();
    long next = from;
    while (true) {
      List<LogEntry> page = journal.log().read(next, 1_000);
      if (page.isEmpty()) {
        return all;
      }
      all.addAll(page);
      next = page.get(page.size() - 1).sequence() + 1;
    }
  }

  /** Rows of a query, their columns joined by a space, asked by a connection of its own. */
  List<String> sql(String query) throws SQLException {
    return sql(file(), query);
  }

  static List<String> sql(Path file, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        StringBuilder line = new StringBuilder();
        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
          line.append(column == 1 ? "" : " ").append(row.getObject(column));
        }
        rows.add(line.toString());
      }
    }
    return rows;
  }

  /** What a killed bridge would have left: a copy of the files as they are now. */
  JournalFile killedCopy(Path to) {
    try {
      Files.createDirectories(to);
      for (String part : List.of("", "-wal", "-shm")) {
        if (Files.exists(part(part))) {
          Files.copy(part(part), to.resolve("journal.db" + part));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JournalFile copy = new JournalFile(to);
    copy.keep = keep;
    copy.maxBytes = maxBytes;
    copy.clock.set(clock.instant());
    return copy;
  }

  /** Files beside the journal's own whose name begins so. */
  List<Path> files(String beginning) throws IOException {
    try (var all = Files.list(directory)) {
      return all.filter(file -> file.getFileName().toString().startsWith(beginning))
          .sorted()
          .toList();
    }
  }

  void awaitTrouble(String words) {
    org.awaitility.Awaitility.await()
        .atMost(40, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(journal.trouble().orElse("")).contains(words));
  }

  void awaitNoTrouble() {
    org.awaitility.Awaitility.await()
        .atMost(40, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(journal.trouble()).isEmpty());
  }

  @Override
  public void close() {
    if (journal != null) {
      journal.close();
    }
  }
}
