// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.testing.AFleet;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A day of cars of several brands, and what is said of it: golden/notify has both to read. */
class FleetDayTest {

  private static final Duration CLOCK = Duration.ofMinutes(1);

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void theDayOfAFleetIsToldOnceAndOnlyWhatMatters(String language) throws Exception {
    List<CarMessage> day = DecodedDay.messages(AFleet.lines());
    SetClock clock = new SetClock(day.get(0).received());
    NotifyBench bench =
        new NotifyBench(
            dir, clock, "language", language, "tyre-low.below", "90", "group-for", "0s");
    List<String> said = new ArrayList<>();
    for (CarMessage message : day) {
      waits(message.received(), bench, said);
      for (CarEvent event : message.points()) {
        note(bench.hears(event), bench, said);
      }
    }
    waits(Instant.parse("2026-03-16T15:00:00Z"), bench, said);
    String text = String.join("\n", said) + "\n";
    Path golden = Path.of("src/test/resources/golden/notify/a-fleet." + language + ".txt");
    if (System.getProperty("golden.rewrite") != null) {
      Files.writeString(golden, text);
    }
    assertThat(text).isEqualTo(Files.readString(golden));
    assertThat(AFleet.VINS).noneMatch(text::contains);
  }

  private static void waits(Instant until, NotifyBench bench, List<String> said) throws Exception {
    while (bench.clock.instant().plus(CLOCK).isBefore(until)) {
      note(bench.waits(CLOCK), bench, said);
    }
    bench.clock.set(until);
  }

  private static void note(List<String> sent, NotifyBench bench, List<String> said) {
    sent.forEach(text -> said.add(bench.clock.instant() + " " + text));
  }
}
