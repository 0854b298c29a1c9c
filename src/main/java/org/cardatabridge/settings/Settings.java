// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings in force: each {@code cardata.} key with its text, defaults filled in. Immutable and
 * safe for use by many threads.
 *
 * <p>The typed getters throw {@link BadSettingException} with a sentence for the user.
 */
public final class Settings {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private final Map<String, String> values;
  private final String account;

  private Settings(Map<String, String> values, String account) {
    this.values = values;
    this.account = account;
  }

  /** Settings of exactly these keys; for tests and for the loader. */
  public static Settings of(Map<String, String> values) {
    return new Settings(new TreeMap<>(values), null);
  }

  /**
   * The same settings as one account sees them: {@code cardata.account.<name>.x} stands before
   * {@code cardata.x}.
   */
  public Settings forAccount(String name) {
    return new Settings(values, name);
  }

  /** The text of a key, trimmed; empty where it is absent or blank. */
  public Optional<String> find(String key) {
    if (account != null && key.startsWith("cardata.")) {
      Optional<String> own =
          text("cardata.account." + account + "." + key.substring("cardata.".length()));
      if (own.isPresent()) {
        return own;
      }
    }
    return text(key);
  }

  private Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(String::trim).filter(s -> !s.isEmpty());
  }

  /** The text of a key that must be there. */
  public String get(String key) {
    return find(key).orElseThrow(() -> new BadSettingException(key, "nothing", "a value"));
  }

  /** A whole number. */
  public int integer(String key) {
    String text = get(key);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new BadSettingException(key, text, "a whole number");
    }
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key) {
    String text = get(key);
    return switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new BadSettingException(key, text, "true or false");
    };
  }

  /** A duration such as {@code 30s}, {@code 15m}, {@code 2h}, {@code 400d} or {@code 250ms}. */
  public Duration duration(String key) {
    String text = get(key);
    Matcher m = DURATION.matcher(text);
    if (!m.matches()) {
      throw new BadSettingException(key, text, "a duration such as 30s, 15m or 2h");
    }
    long n = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "m" -> Duration.ofMinutes(n);
      case "h" -> Duration.ofHours(n);
      default -> Duration.ofDays(n);
    };
  }

  /** A comma separated list without blanks and empty items; empty where the key is absent. */
  public List<String> list(String key) {
    return find(key).stream()
        .flatMap(s -> Arrays.stream(s.split(",")))
        .map(String::trim)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /** Every key with its text, for Camel's {@code {{…}}} placeholders; contains secrets. */
  public Map<String, String> asMap() {
    return java.util.Collections.unmodifiableMap(values);
  }

  /** Says how many there are, never what: some are secrets. */
  @Override
  public String toString() {
    return "Settings[" + values.size() + "]";
  }
}
