// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a journal writes to the disk for a message that comes alone, as a car sends them, once a
 * flood has made its write-ahead log as large as it gets. Linux only. {@code docs/performance.md}
 * has the command.
 */
public final class WrittenBytes {

  private static final int FLOOD = 2_000;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(250);

  private WrittenBytes() {}

  /** Prints it: number of messages, of 20 data points each. */
  public static void main(String[] args) throws Exception {
    int messages = args.length > 0 ? Integer.parseInt(args[0]) : 400;
    Path directory = Files.createTempDirectory("cardata-written");
    JournalSettings settings =
        new JournalSettings(
            directory.resolve("journal.db"), true, Duration.ofDays(400), 2L << 30, List.of());
    try (Journal journal = new Journal(settings, Clock.systemUTC())) {
      Semaphore safe = new Semaphore(0);
      for (int n = 0; n < FLOOD; n++) {
        publish(journal, n, safe);
      }
      safe.acquire(FLOOD);
      LargeJournal.awaitHistory(journal);
      LockSupport.parkNanos(12 * PAUSE);
      long before = written();
      for (int n = 0; n < messages; n++) {
        publish(journal, FLOOD + n, safe);
        LockSupport.parkNanos(PAUSE);
      }
      safe.acquire(messages);
      System.out.printf(
          "%d messages, KB written for each: %d%n",
          messages, (written() - before) / 1024 / messages);
    } finally {
      TemporaryDirectory.delete(directory);
    }
  }

  private static void publish(Journal journal, int n, Semaphore safe) throws InterruptedException {
    journal.publish(LargeJournal.message(n, Instant.now()), false, failure -> safe.release());
  }

  private static long written() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("write_bytes: "))
        .mapToLong(line -> Long.parseLong(line.substring("write_bytes: ".length())))
        .findFirst()
        .orElseThrow();
  }
}
