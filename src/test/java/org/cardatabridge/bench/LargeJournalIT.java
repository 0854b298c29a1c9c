// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.cardatabridge.bench.LargeJournalBench.Figures;
import org.cardatabridge.journal.LargeJournal;
import org.cardatabridge.testing.Mosquitto;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal of 400 days costs neither start nor status nor throughput, measured in one run. */
class LargeJournalIT {

  @TempDir Path dir;

  @BeforeAll
  static void needsMosquitto() {
    Mosquitto.assumeInstalled();
  }

  @Test
  @Tag("long")
  void aJournalOf200000DataPointsIsAboutAsFastAsAnEmptyOne() throws Exception {
    compare(200_000, 3, 4.0, 4_000);
  }

  @Test
  @Tag("long")
  void aJournalOfTenMillionDataPointsIsAsFastAsAnEmptyOne() throws Exception {
    compare(10_000_000, 7, 1.2, 100);
  }

  private void compare(long points, int rounds, double atMost, double millisOfADay)
      throws Exception {
    Path large = dir.resolve("large");
    LargeJournal.write(Files.createDirectories(large.resolve("data")), points, Instant.now());
    try (Rig rig = Rig.in(dir.resolve("rig"));
        LargeJournalBench bench = new LargeJournalBench(rig)) {
      rig.makeArchive(Rig.Kind.BRIDGE);
      Figures[] figures = bench.compare(dir.resolve("empty"), large, rounds);
      Figures empty = figures[0];
      Figures full = figures[1];
      String both = "empty " + empty + ", large " + full;
      assertThat(full.live()).as(both).isLessThan(empty.live() * atMost);
      assertThat(full.firstMessage()).as(both).isLessThan(empty.firstMessage() * atMost);
      assertThat(full.rate()).as(both).isGreaterThan(empty.rate() / atMost);
      // Of a few milliseconds, chance is the larger part.
      assertThat(full.status()).as(both).isLessThan(empty.status() * atMost + 5);
      assertThat(bench.queries(large)[0]).isLessThan(millisOfADay);
    }
  }
}
