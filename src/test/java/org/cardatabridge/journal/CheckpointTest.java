// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.awaitility.Awaitility.await;
import static org.cardatabridge.journal.Samples.event;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.cardatabridge.CarMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the write-ahead log is moved into the journal's file: each time writes pages twice. */
class CheckpointTest {

  @TempDir Path directory;
  private JournalFile file;
  private long number;

  @Test
  void aFewMessagesStayInTheLogHoweverLargeItsFileHasGrown() throws Exception {
    try (JournalFile journal = JournalFile.open(directory)) {
      file = journal;
      publish(5_000_000);
      await().atMost(Duration.ofSeconds(20)).until(() -> Files.size(file.file()) > 4_000_000);
      // What begins at the log's beginning again cuts its file.
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                publish(10_000);
                return Files.size(file.part("-wal")) == Database.LOG_KEPT;
              });

      FileTime written = written();
      for (int i = 0; i < 5; i++) {
        publish(10_000);
        await()
            .during(Duration.ofMillis(300))
            .atMost(Duration.ofSeconds(10))
            .until(() -> written().equals(written));
      }

      long before = Files.size(file.file());
      publish(5_000_000);
      await().atMost(Duration.ofSeconds(20)).until(() -> Files.size(file.file()) > before);
    }
  }

  private FileTime written() throws IOException {
    return Files.getLastModifiedTime(file.file());
  }

  /** Messages of so many bytes altogether. */
  private void publish(int bytes) {
    CompletableFuture<Void> last = null;
    for (int left = bytes; left > 0; left -= 10_000) {
      CarMessage message = Samples.message(event(number++));
      last =
          file.publish(
              new CarMessage(
                  message.account(),
                  message.source(),
                  message.topic(),
                  message.received(),
                  new byte[10_000],
                  List.copyOf(message.points())));
    }
    file.await(last);
  }
}
