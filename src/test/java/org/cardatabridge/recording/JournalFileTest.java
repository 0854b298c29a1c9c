// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path data;

  private List<String> payloads(Instant since, Instant until, String account) throws IOException {
    List<String> payloads = new ArrayList<>();
    try (JournalFile journal = JournalFile.open(data)) {
      journal.read(
          since,
          until,
          account,
          message -> payloads.add(new String(message.payload(), StandardCharsets.UTF_8)));
    }
    return payloads;
  }

  @Test
  void itIsReadBesideItsWriterWithEverythingThatIsCommitted() throws Exception {
    try (TestJournal journal = new TestJournal(data)) {
      journal.add("2026-01-31T12:00:00.123456Z", "main", "g/v", "one");
      assertThat(data.resolve("journal.db-wal")).isNotEmptyFile();
      assertThat(payloads(null, null, null)).containsExactly("one");
      journal.add("2026-01-31T12:00:01Z", "main", "g/v", "two");
      assertThat(payloads(null, null, null)).containsExactly("one", "two");
    }
    assertThat(payloads(null, null, null)).as("no bridge runs").containsExactly("one", "two");
  }

  @Test
  void aMessageComesWithAllItsParts() throws Exception {
    try (TestJournal journal = new TestJournal(data)) {
      journal.add(NOON.plusNanos(123_456_000), "rest", "hers", "a/b", new byte[] {0, -1});
    }
    List<RecordedMessage> messages = new ArrayList<>();
    try (JournalFile journal = JournalFile.open(data)) {
      journal.read(null, null, null, messages::add);
    }
    assertThat(messages)
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(
            new RecordedMessage(
                Instant.parse("2026-01-31T12:00:00.123456Z"),
                "rest",
                "hers",
                "a/b",
                new byte[] {0, -1}));
  }

  @Test
  void whatAClockThatWasSetBackWroteIsFoundByItsTimeAndKeepsItsPlace() throws Exception {
    try (TestJournal journal = new TestJournal(data)) {
      journal.add("2026-01-31T12:00:00Z", "main", "", "a");
      journal.add("2026-01-31T14:00:00Z", "main", "", "b");
      journal.add("2026-01-31T12:30:00Z", "main", "", "c");
      journal.add("2026-01-31T13:00:00Z", "main", "", "d");
    }
    assertThat(payloads(NOON, NOON.plusSeconds(3600), null)).containsExactly("a", "c");
    assertThat(payloads(NOON.plusSeconds(1), null, null)).containsExactly("b", "c", "d");
    assertThat(payloads(Instant.MIN, Instant.MAX, null)).hasSize(4);
    assertThat(payloads(NOON.plusNanos(1), NOON.plusSeconds(3600), null)).containsExactly("c");
  }

  @Test
  void anAccountCanBeChosen() throws Exception {
    try (TestJournal journal = new TestJournal(data)) {
      journal.add("2026-01-31T12:00:00Z", "main", "", "a");
      journal.add("2026-01-31T12:00:00Z", "hers", "", "b");
    }
    assertThat(payloads(null, null, "hers")).containsExactly("b");
    try (JournalFile journal = JournalFile.open(data)) {
      assertThat(journal.knows("hers")).isTrue();
      assertThat(journal.knows("nobody")).isFalse();
    }
  }

  @Test
  void manyPagesComeInOrderAndWithoutGaps() throws Exception {
    try (TestJournal journal = new TestJournal(data)) {
      journal.fill(4_500, NOON, "");
    }
    List<String> payloads = payloads(null, null, null);
    assertThat(payloads).hasSize(4_500).startsWith("0", "1").endsWith("4498", "4499");
    assertThat(payloads).doesNotHaveDuplicates();
    assertThat(payloads(NOON.plusSeconds(4_400), NOON.plusSeconds(4_402), null))
        .containsExactly("4400", "4401");
  }

  @Test
  void whatComesWhileItIsReadIsLeftOutAndNothingIsHeldUp() throws Exception {
    List<String> seen = new ArrayList<>();
    try (TestJournal journal = new TestJournal(data)) {
      journal.fill(3, NOON, "");
      try (JournalFile file = JournalFile.open(data)) {
        file.read(
            null,
            null,
            null,
            message -> {
              seen.add(new String(message.payload(), StandardCharsets.UTF_8));
              try {
                journal.add("2026-01-31T12:00:00Z", "main", "", "new");
              } catch (SQLException e) {
                throw new IOException(e);
              }
            });
      }
    }
    assertThat(seen).containsExactly("0", "1", "2");
  }

  @Test
  void anEmptyJournalHasNothing() throws Exception {
    new TestJournal(data).close();
    assertThat(payloads(null, null, null)).isEmpty();
  }

  @Test
  void aMissingOrForeignFileIsSaidInASentence() throws Exception {
    assertThatThrownBy(() -> JournalFile.open(data))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("there is no " + data.resolve("journal.db"), "cardata.data-dir");
    Files.writeString(data.resolve("journal.db"), "this is no database, however long it may be");
    assertThatThrownBy(() -> JournalFile.open(data))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("Reading the journal", " — ");
    Files.write(data.resolve("journal.db"), new byte[0]);
    assertThatThrownBy(() -> JournalFile.open(data)).hasMessageContaining("messages");
  }
}
