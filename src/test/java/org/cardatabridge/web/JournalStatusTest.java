// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.JournalSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalStatusTest {

  private static final JournalSnapshot EMPTY = new JournalSnapshot(0, 0, null, 0, 0, 0, 0);
  private static final Optional<String> NONE = Optional.empty();

  @Test
  void aJournalInTroubleIsDownAndSaysWhy() {
    Optional<String> notice = Optional.of("the file was damaged");
    assertThat(Answer.text(JournalStatus.of(EMPTY, Optional.of("the disk is full"), notice)))
        .contains("\"state\":\"down\",\"lastError\":\"the disk is full\"");
  }

  @Test
  void aJournalThatWorksIsUpWithoutAnError() {
    assertThat(Answer.text(JournalStatus.of(EMPTY, NONE, NONE)))
        .contains("\"state\":\"up\"")
        .doesNotContain("lastError");
  }

  @Test
  void aJournalThatWorksAgainSaysWhatBefellItsFile(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("journal.db"), "this is no database at all".repeat(200));
    try (Journal journal = new Journal(JournalSettings.in(directory), Clock.systemUTC())) {
      StatusApi status =
          new StatusApi("1.2.3", Instant.EPOCH, List::of, journal, new RouteProblems());
      JournalStatus now = status.current().journal();
      assertThat(now.state()).isEqualTo("up");
      assertThat(now.lastError()).contains("damaged and is kept as journal.db.damaged-");
    }
  }
}
