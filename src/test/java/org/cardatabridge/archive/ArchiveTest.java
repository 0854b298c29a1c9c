// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.junit.jupiter.api.Test;

class ArchiveTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private final Archive archive = new Archive();

  static CarEvent event(String vehicle, long value, Instant received, String source) {
    return new CarEvent(
        "main", vehicle, vehicle, "n", value, null, received.minusSeconds(1), received, source);
  }

  private static CarEvent event(String vehicle, long value, int hours) {
    return event(vehicle, value, NOON.plusSeconds(3600L * hours), "stream");
  }

  static String text(byte[] gzipped) throws Exception {
    try (GZIPInputStream lines = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
      return new String(lines.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void eachDayOfReceiptAndVehicleHasAFileOfItsLinesInOrder() throws Exception {
    CarEvent a = event("mini", 1, 0);
    CarEvent b = event("i3", 2, 0);
    CarEvent c = event("mini", 3, 0);
    CarEvent d = event("mini", 4, 12);
    List<Part> parts = archive.cut(List.of(a, b, c, d));

    assertThat(parts)
        .extracting(part -> part.name().replaceFirst("-[0-9a-f]{12}\\.", "-ID."))
        .containsExactly(
            "day=2026-01-31/vehicle=mini/120000.000000Z-ID.ndjson.gz",
            "day=2026-01-31/vehicle=i3/120000.000000Z-ID.ndjson.gz",
            "day=2026-02-01/vehicle=mini/000000.000000Z-ID.ndjson.gz");
    assertThat(text(parts.get(0).content()))
        .isEqualTo(
            new String(CarEventJson.object(a), StandardCharsets.UTF_8)
                + "\n"
                + new String(CarEventJson.object(c), StandardCharsets.UTF_8)
                + "\n");
    assertThat(parts.get(0)).hasToString("Part[" + parts.get(0).content().length + " bytes]");
  }

  @Test
  void aRepeatThatIsLongerHasTheNameOfWhatItRepeats() {
    List<CarEvent> events = List.of(event("mini", 1, 0), event("mini", 2, 1), event("mini", 3, 2));
    assertThat(archive.cut(events.subList(0, 1)).get(0).name())
        .isEqualTo(archive.cut(events).get(0).name())
        .isNotEqualTo(archive.cut(events.subList(1, 3)).get(0).name());
  }

  @Test
  void aReplayNeverTakesThePlaceOfALongerFile() {
    CarEvent first = event("mini", 1, NOON, "replay");
    CarEvent second = event("mini", 2, NOON, "replay");
    assertThat(archive.cut(List.of(first)).get(0).name())
        .isNotEqualTo(archive.cut(List.of(first, second)).get(0).name())
        .isNotEqualTo(archive.cut(List.of(event("mini", 1, NOON, "stream"))).get(0).name());
  }

  @Test
  void aVehiclesNameIsNeverAPath() {
    for (String evil : List.of("../../etc", "..", "a/b", "a\\b", "C:x", "a\0b", "")) {
      String name = archive.cut(List.of(event(evil, 1, 0))).get(0).name();
      assertThat(name.split("/")).hasSize(3);
      assertThat(name.split("/")[1]).matches("vehicle=[A-Za-z0-9%_-]+");
    }
  }
}
