// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The doctor's sentences in one language: {@code words_<language>.properties}, where {@code {name}}
 * stands for a value of the finding. Immutable and safe for use by many threads.
 */
public final class Words {

  private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");
  private final Properties words = new Properties();

  private Words(String language) {
    String file = "words_" + language + ".properties";
    try (InputStream in = Words.class.getResourceAsStream(file)) {
      words.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Reading " + file, e);
    }
  }

  /** German for {@code de} and what begins with it, else English; null is English. */
  public static Words of(String language) {
    return new Words(language != null && language.startsWith("de") ? "de" : "en");
  }

  /** A sentence that must be there. */
  String say(String key, Map<String, Object> values) {
    return find(key, values)
        .orElseThrow(() -> new IllegalArgumentException("there are no words for " + key));
  }

  /** A sentence; empty where there is none of that key. */
  Optional<String> find(String key, Map<String, Object> values) {
    return Optional.ofNullable(words.getProperty(key)).map(text -> filled(key, text, values));
  }

  private String filled(String key, String text, Map<String, Object> values) {
    Matcher names = NAME.matcher(text);
    StringBuilder out = new StringBuilder();
    while (names.find()) {
      Object value = values.get(names.group(1));
      if (value == null) {
        throw new IllegalArgumentException(key + " lacks " + names.group(1));
      }
      names.appendReplacement(out, Matcher.quoteReplacement(shown(value)));
    }
    return names.appendTail(out).toString();
  }

  private String shown(Object value) {
    if (value instanceof Duration duration) {
      return lasting(duration.abs());
    }
    if (value instanceof Instant moment) {
      return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }
    if (value instanceof Doctor.Ground ground) {
      return ground.cause().title(this);
    }
    return value.toString();
  }

  /** In whole seconds, minutes, hours or days, whichever says it best. */
  private String lasting(Duration duration) {
    long minutes = (duration.toSeconds() + 30) / 60;
    if (duration.toSeconds() < 120) {
      return duration.toSeconds() + " s";
    }
    if (minutes < 120) {
      return minutes + " min";
    }
    long hours = (minutes + 30) / 60;
    return hours < 48 ? hours + " h" : (hours + 12) / 24 + " " + words.getProperty("days");
  }
}
