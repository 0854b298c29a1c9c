// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.journal.Samples.NOON;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.cardatabridge.CarEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Few values of many, for a chart. */
@Timeout(60)
class ThinningTest {

  private static final Instant END = NOON.plus(Duration.ofHours(10));

  @TempDir private Path directory;

  private static HistoryPoint point(long second, Object value) {
    Instant time = NOON.plusSeconds(second);
    return new HistoryPoint(time, value, "km", time, "stream");
  }

  private static List<HistoryPoint> thinned(List<HistoryPoint> points, int most) {
    Thinning thin = new Thinning(NOON, END, most);
    List<HistoryPoint> mixed = new ArrayList<>(points);
    Collections.shuffle(mixed, new Random(1));
    mixed.forEach(thin::add);
    return thin.points();
  }

  @Test
  void whereThereAreFewAllStay() {
    List<HistoryPoint> points = LongStream.range(0, 20).mapToObj(n -> point(n, n)).toList();
    assertThat(thinned(points, 20)).isEqualTo(points);
    assertThat(thinned(List.of(), 20)).isEmpty();
  }

  @Test
  void ofManyThePeaksAndTheEndsStay() {
    List<HistoryPoint> points =
        new ArrayList<>(LongStream.range(0, 36_000).mapToObj(n -> point(n, n % 7)).toList());
    points.set(12_345, point(12_345, 99.5));
    points.set(23_456, point(23_456, -3L));
    List<HistoryPoint> few = thinned(points, 100);
    assertThat(few).hasSizeBetween(90, 100).contains(points.get(12_345), points.get(23_456));
    assertThat(few).isSortedAccordingTo((a, b) -> a.timestamp().compareTo(b.timestamp()));
    assertThat(few.get(0)).isEqualTo(points.get(0));
    assertThat(few.get(few.size() - 1)).isEqualTo(points.get(35_999));
  }

  @Test
  void ofWordsTheFirstAndTheLastOfEachStretchStay() {
    List<HistoryPoint> points =
        LongStream.range(0, 36_000)
            .mapToObj(n -> point(n, n < 18_000 ? "OPEN" : "CLOSED"))
            .toList();
    List<HistoryPoint> few = thinned(points, 50);
    assertThat(few).hasSizeLessThanOrEqualTo(50);
    assertThat(few).extracting(HistoryPoint::value).contains("OPEN", "CLOSED");
    assertThat(few).extracting(HistoryPoint::value).first().isEqualTo("OPEN");
  }

  @Test
  void theJournalThinsWhatIsWrittenWhatWaitsAndWhatJustCame() throws Exception {
    try (JournalFile file = JournalFile.open(directory)) {
      List<CarEvent> events =
          LongStream.range(0, 3_000).mapToObj(n -> Samples.event(Samples.KEY, n, at(n))).toList();
      events.subList(0, 1_000).forEach(file::publish);
      LargeJournal.awaitHistory(file.journal);
      events.subList(1_000, 2_000).forEach(file::publish);
      file.reopen();
      events.subList(2_000, 3_000).forEach(file::publish);

      List<HistoryPoint> few = file.journal.thinned(Samples.VIN, Samples.KEY, null, at(3_000), 100);
      assertThat(few).hasSizeBetween(80, 100);
      assertThat(few.get(0).value()).isEqualTo(0L);
      assertThat(few.get(few.size() - 1).value()).isEqualTo(2_999L);
      assertThat(file.journal.thinned(Samples.VIN, Samples.KEY, at(2_990), at(2_995), 100))
          .extracting(HistoryPoint::value)
          .containsExactly(2_990L, 2_991L, 2_992L, 2_993L, 2_994L);
      assertThat(file.journal.thinned(Samples.VIN, "vehicle.unknown", null, END, 100)).isEmpty();
    }
  }

  private static Instant at(long n) {
    return NOON.plusSeconds(n * 10);
  }
}
