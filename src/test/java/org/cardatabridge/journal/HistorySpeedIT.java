// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A chart of one descriptor among 300 over 30 days, of a journal with a million data points. */
@Timeout(180)
class HistorySpeedIT {

  private static final int KEYS = 300;
  private static final int POINTS = 1_000_000;
  private static final Duration SPAN = Duration.ofDays(30);

  @TempDir private Path directory;

  private static String key(int key) {
    return "vehicle.part%03d.value".formatted(key);
  }

  @Test
  void isThereInWellUnderASecond() throws Exception {
    Instant end = Instant.now();
    JournalSettings settings =
        new JournalSettings(
            directory.resolve("journal.db"), false, SPAN.multipliedBy(9), 1L << 40, List.of());
    try (Journal journal = new Journal(settings, Clock.systemUTC())) {
      int messages = POINTS / KEYS;
      Semaphore safe = new Semaphore(0);
      for (int n = 0; n < messages; n++) {
        Instant at = end.minus(SPAN).plusMillis(SPAN.toMillis() / messages * n);
        List<CarEvent> points = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
          points.add(
              new CarEvent(
                  "main",
                  Samples.VIN,
                  Samples.VIN,
                  key(key),
                  (n + key) % 101L,
                  "%",
                  at.minusMillis(key),
                  at,
                  "stream"));
        }
        journal.publish(
            new CarMessage("main", "stream", "gcid/" + Samples.VIN, at, new byte[9], points),
            false,
            failure -> safe.release());
      }
      safe.acquire(messages);
      LargeJournal.awaitHistory(journal);
    }
    try (Journal journal = new Journal(settings, Clock.systemUTC())) {
      assertThat(journal.snapshot().events()).isGreaterThan(POINTS - KEYS);
      for (int round = 0; round < 3; round++) {
        String key = key(7 + round * 100);
        long begin = System.nanoTime();
        List<HistoryPoint> chart =
            journal.thinned(Samples.VIN, key, end.minus(SPAN), end.plusSeconds(1), 200);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.printf("a chart of 30 days: %d ms, %d points%n", took.toMillis(), chart.size());
        assertThat(chart).hasSizeBetween(150, 200);
        assertThat(took).isLessThan(Duration.ofSeconds(1));
      }
    }
  }
}
