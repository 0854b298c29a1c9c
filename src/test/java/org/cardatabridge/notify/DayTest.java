// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A day of a car as BMW tells it, and what is said of it: golden/notify has both to read. */
class DayTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/notify");
  private static final Path DAY = GOLDEN.resolve("day.txt");
  private static final Duration CLOCK = Duration.ofSeconds(15);

  @TempDir Path dir;

  /**
   * Lines of {@code date time descriptor value [measured at]}; a line of two parts lets time pass.
   */
  private List<String> said(NotifyBench bench) throws Exception {
    List<String> said = new ArrayList<>();
    for (String line : Files.readAllLines(DAY)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] part = line.split(" +");
      Instant at = Instant.parse(part[0] + "T" + part[1] + "Z");
      while (bench.clock.instant().plus(CLOCK).isBefore(at)) {
        note(bench.waits(CLOCK), bench, said);
      }
      bench.clock.set(at);
      if (part.length > 2) {
        Instant measured = part.length > 4 ? Instant.parse(part[0] + "T" + part[4] + "Z") : at;
        note(bench.hears(bench.event(part[2], value(part[3]), measured)), bench, said);
      }
    }
    return said;
  }

  private static void note(List<String> sent, NotifyBench bench, List<String> said) {
    sent.forEach(text -> said.add(bench.clock.instant() + " " + text));
  }

  private static Object value(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      case "null" -> null;
      default -> text.matches("\\d+") ? (Object) Long.valueOf(text) : text;
    };
  }

  private NotifyBench bench(String language) {
    return new NotifyBench(
        dir,
        new SetClock(Instant.parse("2026-07-27T06:00:00Z")),
        "language",
        language,
        "quiet-hours",
        "22:00-07:00",
        "zone",
        "UTC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void aDayIsToldOnceAndOnlyWhatMatters(String language) throws Exception {
    String text = String.join("\n", said(bench(language))) + "\n";
    Path golden = GOLDEN.resolve("day." + language + ".txt");
    if (System.getProperty("golden.rewrite") != null) {
      Files.writeString(golden, text);
    }
    assertThat(text).isEqualTo(Files.readString(golden)).doesNotContain(NotifyBench.VIN);
  }

  @Test
  void restartsInBetweenChangeNothing() throws Exception {
    assertThat(said(bench("en").restartingAlways()))
        .isEqualTo(Files.readAllLines(GOLDEN.resolve("day.en.txt")));
  }

  @Test
  void allOfItAgainSaysNothingNew() throws Exception {
    NotifyBench bench = bench("en");
    said(bench);
    List<String> again = new ArrayList<>();
    for (String line : Files.readAllLines(DAY)) {
      String[] part = line.split(" +");
      if (!line.startsWith("#") && part.length > 3) {
        Instant at = Instant.parse(part[0] + "T" + part[1] + "Z");
        again.addAll(bench.hears(bench.event(part[2], value(part[3]), at)));
        bench.start();
        again.addAll(bench.hears(bench.event(part[2], value(part[3]), at)));
      }
    }
    assertThat(again).isEmpty();
  }
}
