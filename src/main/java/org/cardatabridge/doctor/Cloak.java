// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes out of a text what could name a person, a car or a house: known values in each spelling,
 * and whatever is shaped like a token, an id, an address or a position. Rather too much than too
 * little. Immutable and safe for use by many threads.
 */
public final class Cloak {

  private static final int SHORTEST = 3;
  private static final int WORD = 8;
  private static final int SPLIT = 12;
  private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{8,}(?:\\.[\\w-]*){0,2}");
  private static final Pattern MAIL =
      Pattern.compile("[\\w.+-]+(?:@|%40)[\\w-]+(?:\\.[\\w-]+)+", Pattern.CASE_INSENSITIVE);
  private static final Pattern UUID =
      Pattern.compile("(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** What High Mobility calls applications and messages. */
  private static final Pattern HEX = Pattern.compile("\\b[0-9a-fA-F]{24,}\\b");

  private static final Pattern VIN =
      Pattern.compile("\\b(?=[A-Z]*\\d)(?=\\d*[A-Z])[A-HJ-NPR-Z0-9]{17}\\b");
  private static final Pattern MAC =
      Pattern.compile("\\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\\b");
  private static final Pattern IPV4 =
      Pattern.compile("\\b(?!127\\.0\\.0\\.1\\b|0\\.0\\.0\\.0\\b)(?:\\d{1,3}\\.){3}\\d{1,3}\\b");
  private static final Pattern IPV6 =
      Pattern.compile("(?i)(?<![\\w:])(?=[0-9a-f:]*::|(?:[0-9a-f]+:){4})[0-9a-f:]{4,}(?![\\w:])");
  private static final Pattern URL_HOST =
      Pattern.compile(
          "(?i)\\b([a-z][a-z0-9+.-]*://)(?![^/\\s:]*\\.bmwgroup\\.com\\b)(?!localhost\\b|127\\.)"
              + "[^/\\s:\"'\\[,)]+");
  private static final Pattern LOCAL_NAME =
      Pattern.compile(
          "(?i)\\b(?!cardata\\.|vehicle\\.)[\\w-]+(?:\\.[\\w-]+)*"
              + "\\.(?:local|lan|home|home\\.arpa|internal|localdomain|fritz\\.box)\\b");
  private static final Pattern HOME = Pattern.compile("/(home|Users)/[^/\\s\"]+");
  private static final Pattern POSITION = Pattern.compile("-?\\b\\d{1,3}[.,]\\d{4,}\\b");
  private static final Pattern RANDOM =
      Pattern.compile(
          "(?=[A-Za-z_+/=%-]*\\d)(?=[^\\s]*[a-z])(?=[^\\s]*[A-Z0-9])[A-Za-z0-9_+/=%-]{24,}");

  private final Map<String, String> forms;
  private final Pattern known;

  /**
   * For what is known.
   *
   * @param labels what stands in place of each value, such as {@code [gcid]}
   */
  public Cloak(Map<String, String> labels) {
    Map<String, String> all = new LinkedHashMap<>();
    labels.forEach((value, label) -> spell(value.strip(), label, all));
    forms = all;
    known =
        all.isEmpty()
            ? null
            : Pattern.compile(
                all.keySet().stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .map(Cloak::quoted)
                    .collect(Collectors.joining("|")),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /** A short value may be part of an ordinary word. */
  private static String quoted(String form) {
    String quoted = Pattern.quote(form);
    return form.length() < WORD ? "(?<![\\p{L}\\p{N}])" + quoted + "(?![\\p{L}\\p{N}])" : quoted;
  }

  private static void spell(String value, String label, Map<String, String> all) {
    if (value.length() < SHORTEST) {
      return;
    }
    put(value, label, all);
    put(URLEncoder.encode(value, StandardCharsets.UTF_8), label, all);
    put(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"), label, all);
    put(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"), label, all);
    encoded(value, label, all);
    if (value.length() >= SPLIT) {
      int half = value.length() / 2;
      put(value.substring(0, half), label, all);
      put(value.substring(half), label, all);
    }
  }

  /** In base64 a value looks different at each place of a group of three bytes. */
  private static void encoded(String value, String label, Map<String, String> all) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    for (int shift = 0; shift < 3; shift++) {
      byte[] shifted = new byte[shift + bytes.length];
      System.arraycopy(bytes, 0, shifted, shift, bytes.length);
      String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // The first letters also hold what stands before, the last ones what stands behind.
      int from = shift == 0 ? 0 : shift + 1;
      int to = text.length() - (shifted.length % 3 == 0 ? 0 : 1);
      if (to - from >= 6) {
        String core = text.substring(from, to);
        put(core, label, all);
        put(core.replace('+', '-').replace('/', '_'), label, all);
      }
    }
  }

  private static void put(String form, String label, Map<String, String> all) {
    all.putIfAbsent(form.toLowerCase(Locale.ROOT), label);
  }

  /** The text without what is to be hidden. */
  public String apply(String text) {
    String clean = withoutIds(text);
    return POSITION.matcher(clean).replaceAll("[number]");
  }

  /** The same, but numbers stay: for measurements of the program itself. */
  public String withNumbers(String text) {
    return withoutIds(text);
  }

  private String withoutIds(String text) {
    // A name may be part of an address, which then would look like none.
    String clean = MAIL.matcher(text).replaceAll("[e-mail]");
    if (known != null) {
      clean = known.matcher(clean).replaceAll(this::label);
    }
    clean = JWT.matcher(clean).replaceAll("[token]");
    clean = UUID.matcher(clean).replaceAll("[id]");
    clean = HEX.matcher(clean).replaceAll("[id]");
    clean = VIN.matcher(clean).replaceAll("[vehicle]");
    clean = MAC.matcher(clean).replaceAll("[address]");
    clean = IPV4.matcher(clean).replaceAll("[address]");
    clean = IPV6.matcher(clean).replaceAll("[address]");
    clean = URL_HOST.matcher(clean).replaceAll("$1[host]");
    clean = LOCAL_NAME.matcher(clean).replaceAll("[host]");
    clean = HOME.matcher(clean).replaceAll("/$1/[user]");
    return RANDOM.matcher(clean).replaceAll("[text]");
  }

  private String label(MatchResult found) {
    return Matcher.quoteReplacement(
        forms.getOrDefault(found.group().toLowerCase(Locale.ROOT), "[hidden]"));
  }

  /** Says how many values it knows, never which. */
  @Override
  public String toString() {
    return "Cloak[" + forms.size() + "]";
  }
}
