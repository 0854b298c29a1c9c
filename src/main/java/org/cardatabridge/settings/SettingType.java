// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What texts a setting takes. Immutable and safe for use by many threads.
 *
 * @param takes the rule in words, as it stands in an error message and in the docs; never null
 * @param reader gives the one spelling that the program works with, or empty for a wrong text
 */
record SettingType(String takes, Function<String, Optional<String>> reader) {

  private static final Pattern URL =
      Pattern.compile("([a-z][a-z0-9+.-]*)://([^/?#\\s]+)([/?#]\\S*)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern QUIET_HOURS =
      Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d");
  private static final String PRICE = "\\d{1,6}(\\.\\d{1,6})?";
  private static final String ENERGY = "\\d{1,3}(\\.\\d{1,3})?";
  private static final Pattern PRICES =
      Pattern.compile(
          PRICE + "( *, *([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d=" + PRICE + ")*");
  private static final Pattern ENERGIES =
      Pattern.compile("([^,=]+=)?" + ENERGY + "( *, *[^,=]+=" + ENERGY + ")*");
  private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9-]+");

  /** The word that switches an optional duration off. */
  static final String OFF = "off";

  static final SettingType TEXT = new SettingType("a text", Optional::of);
  static final SettingType PATH = where("a path", SettingType::isPath);

  /** A path that must name a readable file; the loader looks, as only it knows where from. */
  static final SettingType FILE = new SettingType("the path of a readable file", Optional::of);

  static final SettingType LIST = new SettingType("a list, comma separated", Optional::of);
  static final SettingType FLAG = oneOf("true", "false");
  static final SettingType DURATION =
      where("a duration such as 30s, 15m, 2h or 400d", SettingType::isPositive);
  static final SettingType DURATION_OR_ZERO =
      where("a duration such as 30s, 15m or 2h, or 0s", SettingType::isDuration);
  static final SettingType DURATION_OR_OFF =
      new SettingType("a duration such as 30s, 15m or 2h, or off", SettingType::durationOrOff);
  static final SettingType SIZE =
      where(
          "a size such as 500MB or 2GB (1 KB is 1024 bytes)",
          text -> Settings.parseSize(text).isPresent());
  static final SettingType LATITUDE = degrees(90);
  static final SettingType LONGITUDE = degrees(180);
  static final SettingType DISTANCE =
      where(
          "a distance such as 500m or 2km, at most 100km",
          text -> Settings.parseMetres(text).isPresent());
  static final SettingType PORT = integer(0, 65535);
  static final SettingType REMOTE_PORT = integer(1, 65535);
  static final SettingType QOS = oneOf("0", "1", "2");
  static final SettingType TOPIC =
      where("a topic without + and #", text -> !text.matches("(?s).*[+#\\x00].*"));
  static final SettingType APP_ID =
      where("an id without blanks, /, + and #", text -> text.matches("[^\\s/+#\\x00]+"));

  /** A broker that allows one filter would close the connection at a second. */
  static final SettingType ONE_FILTER =
      where(
          "one topic filter, without commas and blanks",
          text ->
              text.matches("[^\\s,#\\x00]*#?")
                  && text.matches("(|.*/)#|[^#]*")
                  && Arrays.stream(text.split("/", -1))
                      .allMatch(level -> level.equals("+") || level.indexOf('+') < 0));

  static final SettingType ALIAS =
      where(
          "a name without /, + and #, and not 'bridge'",
          text -> !text.matches("(?s).*[/+#\\x00].*") && !text.equals("bridge"));
  static final SettingType ACCOUNTS =
      where("names of a-z, 0-9 and -, comma separated, each once", SettingType::areAccounts);
  static final SettingType QUIET =
      where("hours such as 22:00-07:00", text -> QUIET_HOURS.matcher(text).matches());
  static final SettingType CRON =
      where(
          "a Quartz cron of six fields such as 0 30 5 * * ?",
          // Not a method reference: Quartz is loaded only where there is a cron.
          text -> org.quartz.CronExpression.isValidExpression(text));
  static final SettingType TARIFF =
      where(
          "a price such as 0.32, or one with hours: 0.32,22:00-06:00=0.24",
          text -> PRICES.matcher(text).matches());
  static final SettingType BATTERIES =
      where(
          "kWh such as 80.7, or with names: 80.7,ix=105.2",
          text -> ENERGIES.matcher(text).matches());
  static final SettingType HTTP_URL = url("http", "https");

  /** A URL that paths are put behind, which begin with a slash of their own. */
  static final SettingType BASE_URL =
      new SettingType(
          HTTP_URL.takes(),
          text -> HTTP_URL.reader().apply(text).map(url -> url.replaceFirst("/+$", "")));

  static final SettingType URL_PATH =
      where("a path that begins with /", text -> text.matches("/[^\\s\\\\]*"));
  static final SettingType HOST =
      where(
          "a host name or an IP address, IPv6 in brackets",
          text -> text.matches("[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+]"));
  static final SettingType JDBC_URL =
      where("a URL that begins with jdbc:postgresql:", text -> text.startsWith("jdbc:postgresql:"));
  static final SettingType BROKER_URL = brokerUrl();

  /** One of these words, in any case; read in the case given here. */
  static SettingType oneOf(String... words) {
    List<String> all = List.of(words);
    String takes =
        all.size() == 1
            ? all.get(0)
            : String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.get(all.size() - 1);
    return new SettingType(
        takes, text -> all.stream().filter(word -> word.equalsIgnoreCase(text)).findFirst());
  }

  /** A whole number between two bounds, both included. */
  static SettingType integer(int min, int max) {
    String takes =
        max == Integer.MAX_VALUE
            ? "a whole number from " + min
            : "a whole number from " + min + " to " + max;
    return where(
        takes,
        text -> {
          if (!text.matches("\\d{1,10}")) {
            return false;
          }
          long number = Long.parseLong(text);
          return number >= min && number <= max;
        });
  }

  /** Degrees with a point, from minus the limit to the limit. */
  private static SettingType degrees(int limit) {
    return where(
        "degrees from -" + limit + " to " + limit + " such as 48.1372",
        text ->
            text.matches("-?\\d{1,3}(\\.\\d{1,15})?")
                && Math.abs(Double.parseDouble(text)) <= limit);
  }

  /** An absolute URL with one of these schemes, a host, and a port where one is needed. */
  static SettingType url(String... schemes) {
    String takes =
        "a URL that begins with "
            + Arrays.stream(schemes)
                .map(scheme -> scheme + "://")
                .collect(Collectors.joining(" or "));
    return where(takes, text -> isUrl(text, Set.of(schemes)));
  }

  private static SettingType brokerUrl() {
    SettingType url = url("tcp", "ssl", "ws", "wss");
    return new SettingType(
        url.takes() + ", or the word embedded",
        text ->
            text.equalsIgnoreCase("embedded") ? Optional.of("embedded") : url.reader().apply(text));
  }

  private static SettingType where(String takes, java.util.function.Predicate<String> rule) {
    return new SettingType(takes, text -> rule.test(text) ? Optional.of(text) : Optional.empty());
  }

  static boolean isPath(String text) {
    try {
      return !Path.of(text).toString().isEmpty();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static boolean isDuration(String text) {
    return Settings.parseDuration(text).isPresent();
  }

  private static boolean isPositive(String text) {
    return Settings.parseDuration(text).filter(d -> !d.isZero()).isPresent();
  }

  private static Optional<String> durationOrOff(String text) {
    if (text.equalsIgnoreCase(OFF)) {
      return Optional.of(OFF);
    }
    return isPositive(text) ? Optional.of(text) : Optional.empty();
  }

  private static boolean areAccounts(String text) {
    List<String> names = Settings.split(text);
    return !names.isEmpty()
        && names.stream().allMatch(name -> ACCOUNT.matcher(name).matches())
        && Set.copyOf(names).size() == names.size();
  }

  /** Whether a user name or a password stands before the host of a URL. */
  static boolean carriesLogin(String url) {
    return url.matches("[A-Za-z][A-Za-z0-9+.-]*://\\S*@[^@?#]*");
  }

  // Not java.net.URI: it finds no host in tcp://mqtt_broker:1883, which Compose users write.
  private static boolean isUrl(String text, Set<String> schemes) {
    Matcher url = URL.matcher(text);
    if (!url.matches() || !schemes.contains(url.group(1).toLowerCase(Locale.ROOT))) {
      return false;
    }
    String authority = url.group(2);
    boolean bracketed = authority.startsWith("[");
    String behindHost =
        bracketed
            ? authority.substring(authority.indexOf(']') + 1)
            : authority.replaceAll("^[^:]*", "");
    if (authority.contains("@")
        || authority.startsWith(":")
        || bracketed && !authority.contains("]")) {
      return false;
    }
    return behindHost.isEmpty()
        || behindHost.matches(":\\d{1,5}") && Integer.parseInt(behindHost.substring(1)) <= 65535;
  }
}
