// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ObjectNameTest {

  @Test
  void theDateSplitsTheNameIntoWhatIsHiddenAndWhatIsShown() {
    ObjectName name = ObjectName.of("9FBB/level13/2026/11/02/101500-0a.json");
    assertThat(name.root()).isEqualTo("9FBB/level13/");
    assertThat(name.day()).isEqualTo(LocalDate.of(2026, 11, 2));
    assertThat(name).hasToString("2026/11/02/101500-0a.json");
    assertThat(ObjectName.of("2026/1/2/a.json").root()).isEmpty();
    assertThat(ObjectName.of("a/b/secret/notes.json")).hasToString("notes.json");
    assertThat(ObjectName.of("9FBB/2026/13/40/a.json").day()).isNull();
  }

  @Test
  void whatIsTakenAndWhatIsNot() {
    assertThat(Stream.of("a.json", "a.JSON.gz", "x/2026/1/2/a.json", "a.ndjson", "a.jsonl.gz"))
        .allMatch(key -> ObjectName.of(key).mayHoldMessages());
    assertThat(
            Stream.of(
                "a", "a/", "2026/1/2/", "a.txt", "", "cars/day=2026-11-22/vehicle=V/1-2.ndjson.gz"))
        .noneMatch(key -> ObjectName.of(key).mayHoldMessages());
    ObjectName export = ObjectName.of("cars/day=2026-11-22/vehicle=V/1-2.ndjson.gz");
    assertThat(export.isExport()).isTrue();
    assertThat(export.behindExports()).isGreaterThan("cars/day=9999");
  }

  @Test
  void noDayThatIsLaterSortsBeforeTheMark() {
    for (LocalDate mark = LocalDate.of(2025, 9, 25);
        mark.isBefore(LocalDate.of(2027, 2, 1));
        mark = mark.plusDays(1)) {
      for (int days = 0; days < 130; days++) {
        LocalDate day = mark.plusDays(days);
        String padded = ObjectName.before("r/", day) + "/a.json";
        String bare =
            "r/%d/%d/%d/a.json".formatted(day.getYear(), day.getMonthValue(), day.getDayOfMonth());
        assertThat(padded).isGreaterThan(ObjectName.before("r/", mark));
        assertThat(bare).isGreaterThan(ObjectName.before("r/", mark));
      }
    }
  }

  @Test
  void ofAlikeTimesTheOneWrittenFirstComesFirst() {
    Instant noon = Instant.parse("2026-11-22T12:00:00Z");
    BucketObject first = new BucketObject("r/2026/11/22/120000-b.json", "1", noon);
    BucketObject second = new BucketObject("r/2026/11/22/120000-a.json", "2", noon.plusSeconds(1));
    BucketObject third = new BucketObject("r/2026/11/22/120001-a.json", "3", noon.minusSeconds(9));
    assertThat(Stream.of(third, second, first).sorted(BucketObject.IN_ORDER))
        .containsExactly(first, second, third);
  }
}
