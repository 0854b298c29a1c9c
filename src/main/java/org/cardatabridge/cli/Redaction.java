// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardatabridge.Vin;

/**
 * The last resort against secrets in the log: masks registered values, and whatever is shaped like
 * a JSON web token. The time for a text grows with its length, hardly with the number of values.
 * Safe for use by many threads.
 */
public final class Redaction {

  /** Shorter values are not hidden: they would blot out ordinary words. */
  static final int SHORTEST = 6;

  /** How many values of {@link #hide} are kept; the ones longest not named go first. */
  static final int MOST = 256;

  private static final String MASK = "***";
  private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{8,}+(?:\\.[\\w-]*+){1,2}+");

  private final Map<String, String> forGood = new HashMap<>();
  private final Map<String, String> latest = new LinkedHashMap<>(16, 0.75f, true);
  private volatile Table table = new Table(Map.of());

  /** Masks a value that may be replaced by others later, such as a token. Null is passed over. */
  public synchronized void hide(String secret) {
    if (secret == null || secret.length() < SHORTEST || latest.put(secret, MASK) != null) {
      return;
    }
    if (latest.size() > MOST) {
      latest.remove(latest.keySet().iterator().next());
    }
    rebuild();
  }

  /** Masks a value as long as the process runs, such as a password. Null is passed over. */
  public void hideForGood(String secret) {
    hideForGood(secret, MASK);
  }

  /** Cuts a VIN to its last four characters as long as the process runs. */
  public void hideVin(String vin) {
    hideForGood(vin, Vin.masked(vin));
  }

  private synchronized void hideForGood(String secret, String mask) {
    if (secret != null && secret.length() >= SHORTEST && forGood.put(secret, mask) == null) {
      rebuild();
    }
  }

  private void rebuild() {
    Map<String, String> all = new HashMap<>(latest);
    all.putAll(forGood);
    table = new Table(all);
  }

  /** The text without what is to be hidden; null stays null. */
  public String apply(String text) {
    if (text == null) {
      return null;
    }
    String known = table.apply(text);
    return known.contains("eyJ") ? TOKEN.matcher(known).replaceAll(MASK) : known;
  }

  /** Says how many values it hides, never which. */
  @Override
  public String toString() {
    return "Redaction[" + table.masks.size() + "]";
  }

  /** An immutable index of the values by their first four characters. */
  private static final class Table {

    private static final int FILTER_BITS = 12;

    private final Map<String, String> masks;
    private final boolean[] filter = new boolean[1 << FILTER_BITS];
    private final long[] starts;
    private final String[][] values;

    Table(Map<String, String> masks) {
      this.masks = masks;
      Map<Long, List<String>> byStart =
          masks.keySet().stream().collect(Collectors.groupingBy(value -> start(value, 0)));
      starts = byStart.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
      values =
          Arrays.stream(starts)
              .mapToObj(start -> longestFirst(byStart.get(start).stream()))
              .toArray(String[][]::new);
      Arrays.stream(starts).forEach(start -> filter[slot(start)] = true);
    }

    private static String[] longestFirst(Stream<String> values) {
      return values
          .sorted(Comparator.comparingInt(String::length).reversed())
          .toArray(String[]::new);
    }

    private static long start(String text, int at) {
      return (long) text.charAt(at) << 48
          | (long) text.charAt(at + 1) << 32
          | (long) text.charAt(at + 2) << 16
          | text.charAt(at + 3);
    }

    private static int slot(long start) {
      return (int) (start * 0x9E3779B97F4A7C15L >>> (64 - FILTER_BITS));
    }

    String apply(String text) {
      StringBuilder out = null;
      int copied = 0;
      int at = 0;
      while (at + SHORTEST <= text.length()) {
        String value = valueAt(text, at);
        if (value == null) {
          at++;
          continue;
        }
        out = out == null ? new StringBuilder(text.length()) : out;
        out.append(text, copied, at).append(masks.get(value));
        at += value.length();
        copied = at;
      }
      return out == null ? text : out.append(text, copied, text.length()).toString();
    }

    private String valueAt(String text, int at) {
      long start = start(text, at);
      if (!filter[slot(start)]) {
        return null;
      }
      int index = Arrays.binarySearch(starts, start);
      if (index < 0) {
        return null;
      }
      for (String value : values[index]) {
        if (text.startsWith(value, at)) {
          return value;
        }
      }
      return null;
    }
  }
}
