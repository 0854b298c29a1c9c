// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.journal.Samples.NOON;
import static org.cardatabridge.journal.Samples.event;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sink that was down for long. */
class CatchUpTest {

  private static final int MISSED = 100_000;
  private static final int IN_A_MESSAGE = 10;

  @TempDir Path directory;

  private static CompletableFuture<Void> publish(JournalFile file, int from) {
    CarEvent[] points = new CarEvent[IN_A_MESSAGE];
    for (int i = 0; i < IN_A_MESSAGE; i++) {
      points[i] = event("vehicle.key" + i, (long) from + i, NOON.plusMillis(from));
    }
    return file.publish(points);
  }

  @Test
  @Timeout(120)
  void aSinkThatMissedAHundredThousandDataPointsCatchesUpInOrderWhileNewOnesArrive()
      throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      CollectingSink sink = CollectingSink.from(file.journal, "behind", "now");
      CompletableFuture<Void> last = null;
      for (int n = 0; n < MISSED; n += IN_A_MESSAGE) {
        last = publish(file, n);
      }
      file.await(last);
      assertThat(sink.sink.snapshot().lag()).isEqualTo(MISSED);
      assertThat(inMemory(file)).isLessThanOrEqualTo(4_096);
      AtomicBoolean caughtUp = new AtomicBoolean();
      CompletableFuture<Integer> meanwhile =
          CompletableFuture.supplyAsync(
              () -> {
                int next = MISSED;
                while (!caughtUp.get()) {
                  file.await(publish(file, next));
                  next += IN_A_MESSAGE;
                }
                return next;
              });
      while (sink.taken.size() < MISSED + 100) {
        sink.step();
      }
      caughtUp.set(true);
      int end = meanwhile.get();
      sink.drain();
      assertThat(sink.taken).hasSize(end);
      for (int n = 0; n < end; n++) {
        assertThat(sink.taken.get(n).value()).isEqualTo((long) n);
      }
      assertThat(sink.sink.snapshot().lag()).isZero();
      assertThat(sink.sink.snapshot().lost()).isZero();
    }
  }

  /** How many messages memory holds: reading from the file makes other objects each time. */
  private static long inMemory(JournalFile file) {
    long end = file.journal.log().next().message();
    long low = 0;
    long high = end - 1;
    while (low < high) {
      long middle = (low + high) / 2;
      LogEntry one = file.journal.log().read(middle, 1).get(0);
      if (one == file.journal.log().read(middle, 1).get(0)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return end - low;
  }
}
