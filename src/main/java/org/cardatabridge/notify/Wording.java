// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sentences in one language: {@code words_<language>.properties}, where {@code {name}} stands
 * for a word that a rule gives. Immutable and safe for use by many threads.
 */
final class Wording {

  private static final Pattern NAME = Pattern.compile("\\{([a-z-]+)}");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  private final Properties words = new Properties();
  private final ZoneId zone;
  private final Locale locale;

  /** For a language of which there is a file: {@code en} or {@code de}. */
  Wording(String language, ZoneId zone) {
    this.zone = zone;
    locale = Locale.forLanguageTag(language);
    String file = "words_" + language + ".properties";
    try (InputStream in = Wording.class.getResourceAsStream(file)) {
      words.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Reading " + file, e);
    }
  }

  /**
   * A sentence; empty where the language has none of that key.
   *
   * @param values what its names stand for: a {@code Duration}, an {@code Instant}, a {@code
   *     Double}, a collection of keys, or what is shown as it is
   */
  Optional<String> sentence(String key, Map<String, Object> values, Instant now) {
    return Optional.ofNullable(words.getProperty(key)).map(text -> filled(text, values, now));
  }

  /** A word or sentence that must be there. */
  String word(String key) {
    String word = words.getProperty(key);
    if (word == null) {
      throw new IllegalArgumentException("there is no word for " + key);
    }
    return word;
  }

  private String filled(String text, Map<String, Object> values, Instant now) {
    Matcher names = NAME.matcher(text);
    StringBuilder out = new StringBuilder();
    while (names.find()) {
      Object value = values.get(names.group(1));
      if (value == null) {
        throw new IllegalArgumentException("a sentence lacks " + names.group(1));
      }
      names.appendReplacement(out, Matcher.quoteReplacement(shown(value, now)));
    }
    return names.appendTail(out).toString();
  }

  private String shown(Object value, Instant now) {
    if (value instanceof Duration duration) {
      return lasting(duration);
    }
    if (value instanceof Instant moment) {
      return moment(moment, now);
    }
    if (value instanceof Collection<?> keys) {
      List<String> all = keys.stream().map(key -> word(key.toString())).toList();
      int last = all.size() - 1;
      return last < 1
          ? String.join("", all)
          : String.join(", ", all.subList(0, last)) + " " + word("and") + " " + all.get(last);
    }
    return value instanceof Double number
        ? String.format(locale, "%.1f", number)
        : value.toString();
  }

  /** In whole minutes, hours or days, whichever says it best. */
  private String lasting(Duration duration) {
    long minutes = (duration.toSeconds() + 30) / 60;
    if (minutes < 1) {
      return duration.toSeconds() + " s";
    }
    if (minutes < 120) {
      return minutes + " min";
    }
    long hours = (minutes + 30) / 60;
    return hours < 48 ? hours + " h" : (hours + 12) / 24 + " " + word("days");
  }

  /** The local time; with its date where that is not today's. */
  String moment(Instant moment, Instant now) {
    LocalDate day = LocalDate.ofInstant(moment, zone);
    String time = TIME.format(moment.atZone(zone));
    return day.equals(LocalDate.ofInstant(now, zone))
        ? time
        : DateTimeFormatter.ofPattern(word("date"), Locale.ROOT).format(day) + " " + time;
  }
}
