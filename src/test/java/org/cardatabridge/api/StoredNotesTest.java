// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.api.GateBench.NOON;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.SafeRows;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredNotesTest {

  @TempDir Path data;
  private final SetClock clock = new SetClock(NOON);
  private final List<String> pragmas = new CopyOnWriteArrayList<>();

  private RestNotes open() {
    JournalSettings defaults = JournalSettings.in(data);
    return new StoredNotes(
        new SafeRows(
            new JournalSettings(
                defaults.file(), false, defaults.keep(), defaults.maxBytes(), pragmas)),
        clock);
  }

  @Test
  void aNoteIsThereAfterARestartWithItsTime() {
    RestNotes notes = open();
    assertThat(notes.find("main", "VIN1", "image.fetched")).isEmpty();
    assertThat(data.resolve("journal.db")).doesNotExist();
    notes.put("main", "VIN1", "image.fetched", "yes");
    notes.put("main", null, "container", "C1");
    clock.move(Duration.ofHours(1));
    notes.put("main", null, "container", "C2");

    RestNotes next = open();
    assertThat(next.find("main", "VIN1", "image.fetched"))
        .contains(new RestNotes.Note("yes", NOON));
    assertThat(next.find("main", null, "container"))
        .contains(new RestNotes.Note("C2", NOON.plus(Duration.ofHours(1))));
    assertThat(next.find("main", "VIN2", "image.fetched")).isEmpty();
    assertThat(next.find("her", null, "container")).isEmpty();
  }

  @Test
  void aForgottenNoteIsGone() {
    RestNotes notes = open();
    notes.put("main", null, "container", "C1");
    notes.forget("main", null, "container");
    notes.forget("main", null, "container");
    assertThat(notes.find("main", null, "container")).isEmpty();
    assertThat(open().find("main", null, "container")).isEmpty();
  }

  @Test
  void aClockThatIsSetBackDoesNotHoldAnOldNote() {
    RestNotes notes = open();
    notes.put("main", null, "container", "C1");
    clock.move(Duration.ofDays(-1));
    notes.put("main", null, "container", "C2");
    assertThat(open().find("main", null, "container").orElseThrow().text()).isEqualTo("C2");
  }

  @Test
  void notesAreKeptInMemoryWhileTheFileCannotBeWrittenAndWrittenLater() {
    RestNotes notes = open();
    pragmas.add("PRAGMA query_only = 1");
    notes.put("main", null, "a", "1");
    assertThat(notes.find("main", null, "a")).isPresent();
    pragmas.clear();
    notes.put("main", null, "b", "2");
    assertThat(open().find("main", null, "a")).isPresent();
  }

  @Test
  void aFileThatTookThePlaceOfALostOneGetsTheNotesAgain() throws Exception {
    RestNotes notes = open();
    notes.put("main", null, "a", "1");
    Files.delete(data.resolve("journal.db"));
    notes.put("main", null, "b", "2");
    assertThat(open().find("main", null, "a")).isPresent();
  }

  @Test
  void aStartBesideADamagedFileTakesItsNotesOver() throws Exception {
    open().put("main", null, "a", "1");
    Files.move(data.resolve("journal.db"), data.resolve("journal.db.damaged-20261121T120000Z"));
    assertThat(open().find("main", null, "a")).isPresent();
  }
}
