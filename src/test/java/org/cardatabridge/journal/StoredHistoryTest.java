// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.journal.Samples.NOON;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;

/** What a history's file is asked for. Its answers are {@link HistoryTest}'s. */
class StoredHistoryTest {

  private static final int MESSAGES = 2_000;

  @TempDir Path directory;

  @Test
  void theLastValuesAreReadWithoutThoseBeforeThem() throws Exception {
    LargeJournal.write(directory, MESSAGES * 20, NOON);
    Names names = new Names();
    try (Readers readers =
        new Readers(new Database(directory.resolve("journal.db"), false, List.of()))) {
      new StoredLog(readers, names).names().forEach(names::known);
      PendingHistory pending = new PendingHistory(names);
      pending.begin(MESSAGES);
      StoredHistory history = new StoredHistory(readers, pending, names);
      int vehicle = names.find(LargeJournal.VIN);
      int key = names.find(LargeJournal.KEY);
      Supplier<List<HistoryPoint>> all =
          () -> history.read(vehicle, key, Instant.MIN, Instant.MAX, MESSAGES, true).values();
      assertThat(all.get()).hasSizeGreaterThan(200);

      long whole = stepsOf(readers, all);
      long last = stepsOf(readers, () -> history.recent(vehicle, key, 32));

      assertThat(history.recent(vehicle, key, 32))
          .isEqualTo(all.get().subList(all.get().size() - 32, all.get().size()));
      assertThat(last).isLessThan(whole / 4);
    }
  }

  /** How many instructions SQLite runs for it: what is passed over in an index counts as well. */
  private static long stepsOf(Readers readers, Supplier<?> question) {
    AtomicLong steps = new AtomicLong();
    readers.read(
        connection -> {
          ProgressHandler.setHandler(connection, 1, counting(steps));
          return null;
        });
    question.get();
    return readers.read(
        connection -> {
          ProgressHandler.clearHandler(connection);
          return steps.get();
        });
  }

  private static ProgressHandler counting(AtomicLong steps) {
    return new ProgressHandler() {
      @Override
      protected int progress() throws SQLException {
        steps.incrementAndGet();
        return 0;
      }
    };
  }
}
