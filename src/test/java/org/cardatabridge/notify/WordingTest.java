// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Meanings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {

  private static final Instant NOON = Instant.parse("2026-07-27T12:00:00Z");
  private static final Pattern NAME = Pattern.compile("\\{([a-z-]+)}");

  private static Properties words(String language) throws Exception {
    Properties words = new Properties();
    try (InputStream in = Wording.class.getResourceAsStream("words_" + language + ".properties")) {
      words.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
    return words;
  }

  private static Set<String> names(String sentence) {
    return NAME.matcher(sentence)
        .results()
        .map((MatchResult name) -> name.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void bothLanguagesSayTheSameThingsOfTheSameNames() throws Exception {
    Properties english = words("en");
    Properties german = words("de");
    assertThat(german.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    assertThat(english.stringPropertyNames())
        .allSatisfy(
            key ->
                assertThat(names(german.getProperty(key)))
                    .as(key)
                    .isEqualTo(names(english.getProperty(key))));
  }

  @Test
  void everyWindowAndTyreOfTheTableHasAWord() throws Exception {
    Properties english = words("en");
    assertThat(
            Stream.of(Meaning.WINDOW_OPEN, Meaning.TYRE_PRESSURE)
                .flatMap(meaning -> Meanings.standard().elements(meaning).stream()))
        .isNotEmpty()
        .allMatch(english::containsKey);
  }

  @ParameterizedTest
  @CsvSource({
    "PT20S, 20 s",
    "PT10M, 10 min",
    "PT119M, 119 min",
    "PT2H, 2 h",
    "PT47H, 47 h",
    "P3D, 3 days"
  })
  void aTimeIsSaidInTheUnitThatSaysItBest(Duration time, String words) {
    Wording wording = new Wording("en", ZoneId.of("UTC"));
    assertThat(wording.sentence("left-unlocked", Map.of("for", time), NOON))
        .contains("Unlocked for " + words + ", and nobody drives.");
  }

  @Test
  void listsNumbersAndTimesAreTheLanguagesOwn() {
    Wording german = new Wording("de", ZoneId.of("Europe/Berlin"));
    assertThat(
            german.sentence(
                "window-open",
                Map.of("for", Duration.ofMinutes(15), "what", List.of("trunk", "sunroof")),
                NOON))
        .contains("Seit 15 min offen: Heckscheibe und Schiebedach.");
    assertThat(
            german.sentence(
                "tyre-low",
                Map.of("what", List.of("front-left"), "pressure", 2.05, "target", 2.5),
                NOON))
        .contains("Reifendruck zu niedrig, vorn links: 2,1 bar, Soll 2,5 bar.");
    assertThat(german.moment(NOON, NOON)).isEqualTo("14:00");
    assertThat(german.moment(NOON, NOON.plus(Duration.ofDays(1)))).isEqualTo("27.07.2026 14:00");
  }

  @ParameterizedTest
  @CsvSource({
    "22:00-07:00, 2026-07-27T19:59:59Z, false",
    "22:00-07:00, 2026-07-27T20:00:00Z, true",
    "22:00-07:00, 2026-07-28T04:59:59Z, true",
    "22:00-07:00, 2026-07-28T05:00:00Z, false",
    "13:00-15:00, 2026-07-27T11:00:00Z, true",
    "13:00-15:00, 2026-07-27T13:00:00Z, false",
    "08:00-08:00, 2026-07-27T06:00:00Z, false",
    // The hour that summer time takes away, and the one that comes twice.
    "02:00-03:00, 2026-03-29T01:00:00Z, false",
    "02:00-03:00, 2026-10-25T00:30:00Z, true",
    "02:00-03:00, 2026-10-25T01:30:00Z, true"
  })
  void quietHoursAreThoseOfTheUsersClock(String hours, Instant moment, boolean quiet) {
    assertThat(QuietHours.of(hours, ZoneId.of("Europe/Berlin")).contains(moment)).isEqualTo(quiet);
  }
}
