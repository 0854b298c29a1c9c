// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings in force: each {@code cardata.} key with its text, defaults filled in. Immutable and
 * safe for use by many threads.
 *
 * <p>The typed getters throw {@link BadSettingException} with a sentence for the user.
 */
public final class Settings {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(B|KB|MB|GB|TB)");

  private static final Pattern DISTANCE = Pattern.compile("(\\d{1,6})(m|km)");
  private static final int LARGEST_DISTANCE = 100_000;

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

  /** All built-in defaults and nothing else; for tests and for the demo. */
  public static Settings defaults() {
    return of(SettingCatalogue.defaults());
  }

  /** These settings with some keys set to other texts; the account seen stays the same. */
  public Settings with(Map<String, String> others) {
    Map<String, String> all = new TreeMap<>(values);
    all.putAll(others);
    return new Settings(all, account);
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
    return text(key).or(() -> patternDefault(key));
  }

  // A sink of the user's own has a default for attempts too, under a name nobody can list.
  private static Optional<String> patternDefault(String key) {
    return SettingCatalogue.find(key)
        .filter(SettingDefinition::isPattern)
        .flatMap(SettingDefinition::builtIn);
  }

  private Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(String::trim).filter(s -> !s.isEmpty());
  }

  /** The text of a key that must be there. */
  public String get(String key) {
    return find(key)
        .orElseThrow(() -> new BadSettingException(key + ": got nothing, takes a value"));
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
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new BadSettingException(key, text, "true or false");
    };
  }

  /** A duration such as {@code 30s}, {@code 15m}, {@code 2h}, {@code 400d} or {@code 250ms}. */
  public Duration duration(String key) {
    String text = get(key);
    return parseDuration(text)
        .orElseThrow(() -> new BadSettingException(key, text, "a duration such as 30s, 15m or 2h"));
  }

  /** A size in bytes, from a text such as {@code 500MB} or {@code 2GB}; 1 KB is 1024 bytes. */
  public long size(String key) {
    String text = get(key);
    return parseSize(text)
        .orElseThrow(() -> new BadSettingException(key, text, "a size such as 500MB or 2GB"));
  }

  /**
   * Reads a duration such as {@code 30s}, {@code 15m}, {@code 2h}, {@code 400d} or {@code 250ms};
   * empty where the text is none.
   */
  public static Optional<Duration> parseDuration(String text) {
    Matcher m = DURATION.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    long n = Long.parseLong(m.group(1));
    return Optional.of(
        switch (m.group(2)) {
          case "ms" -> Duration.ofMillis(n);
          case "s" -> Duration.ofSeconds(n);
          case "m" -> Duration.ofMinutes(n);
          case "h" -> Duration.ofHours(n);
          default -> Duration.ofDays(n);
        });
  }

  static Optional<Long> parseSize(String text) {
    Matcher m = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!m.matches()) {
      return Optional.empty();
    }
    int power = List.of("B", "KB", "MB", "GB", "TB").indexOf(m.group(2));
    return Optional.of(Long.parseLong(m.group(1)) << (10 * power));
  }

  /**
   * Reads a distance such as {@code 500m} or {@code 2km}, in metres; empty where the text is none,
   * nothing, or above 100 km.
   */
  public static Optional<Integer> parseMetres(String text) {
    Matcher m = DISTANCE.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    int metres = Integer.parseInt(m.group(1)) * (m.group(2).equals("km") ? 1000 : 1);
    return Optional.of(metres).filter(n -> n > 0 && n <= LARGEST_DISTANCE);
  }

  static List<String> split(String text) {
    return Arrays.stream(text.split(",")).map(String::trim).filter(s -> !s.isEmpty()).toList();
  }

  /** A comma separated list without blanks and empty items; empty where the key is absent. */
  public List<String> list(String key) {
    return find(key).map(Settings::split).orElse(List.of());
  }

  /** The names of the BMW accounts; none where High Mobility stands alone. */
  public List<String> bmwAccounts() {
    return list("cardata.accounts");
  }

  /** The names of High Mobility's certificates that are in use, by MQTT or by a bucket. */
  public List<String> certificates() {
    return list("cardata.highmobility.accounts").stream()
        .filter(name -> isOn(name, ".enabled") || isOn(name, ".s3.enabled"))
        .toList();
  }

  private boolean isOn(String certificate, String flag) {
    return forAccount(certificate)
        .find("cardata.highmobility" + flag)
        .filter("true"::equals)
        .isPresent();
  }

  /** The names of all accounts: BMW's, then High Mobility's. */
  public List<String> everyAccount() {
    return Stream.concat(bmwAccounts().stream(), certificates().stream()).distinct().toList();
  }

  /** Every key with its text, for Camel's {@code {{…}}} placeholders; contains secrets. */
  public Map<String, String> asMap() {
    return Collections.unmodifiableMap(values);
  }

  /** Says how many there are, never what: some are secrets. */
  @Override
  public String toString() {
    return "Settings[" + values.size() + "]";
  }
}
