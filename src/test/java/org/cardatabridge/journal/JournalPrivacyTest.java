// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.event;
import static org.cardatabridge.journal.Samples.message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalPrivacyTest {

  @TempDir private Path directory;

  @BeforeEach
  void modesAreKnown() {
    assumeThat(directory.getFileSystem().supportedFileAttributeViews())
        .as("files that have an owner and rights")
        .contains("posix");
  }

  private static void publish(Journal journal) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    journal.publish(message(event(1)), false, failure -> done.countDown());
    assertThat(done.await(40, TimeUnit.SECONDS)).isTrue();
  }

  private List<String> modes() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("journal.db"))
          .sorted()
          .map(file -> file.getFileName() + " " + mode(file))
          .toList();
    }
  }

  private static String mode(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void nobodyButTheOwnerReadsTheFileAndWhatLiesBesideIt() throws Exception {
    try (Journal journal = new Journal(JournalSettings.in(directory), Clock.systemUTC())) {
      publish(journal);
      assertThat(modes())
          .containsExactly(
              "journal.db rw-------", "journal.db-shm rw-------", "journal.db-wal rw-------");
    }
  }

  @Test
  void aFileThatWasTakenAwayIsWrittenAgainForItsOwnerOnly() throws Exception {
    try (Journal journal = new Journal(JournalSettings.in(directory), Clock.systemUTC())) {
      publish(journal);
      Files.delete(directory.resolve("journal.db"));
      publish(journal);
      await().until(() -> journal.notice().isPresent() && journal.trouble().isEmpty());
      publish(journal);
      assertThat(modes())
          .containsExactly(
              "journal.db rw-------", "journal.db-shm rw-------", "journal.db-wal rw-------");
    }
  }

  @Test
  void theModeThatAUserGaveTheFileIsLeft() throws Exception {
    Path file = directory.resolve("journal.db");
    new Journal(JournalSettings.in(directory), Clock.systemUTC()).close();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    try (Journal journal = new Journal(JournalSettings.in(directory), Clock.systemUTC())) {
      publish(journal);
      assertThat(modes()).contains("journal.db rw-r-----", "journal.db-wal rw-r-----");
    }
  }
}
