// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How the values of one descriptor become those of a meaning, as the column {@code reads} of the
 * table says it. Immutable and safe for use by many threads.
 */
public final class Reads {

  private static final String ALL = "all";

  private final Meaning meaning;
  private final String rule;
  private final Map<String, String> words;

  private Reads(Meaning meaning, String rule, Map<String, String> words) {
    this.meaning = meaning;
    this.rule = rule;
    this.words = Map.copyOf(words);
  }

  /**
   * Reads a rule.
   *
   * @param text for example {@code number not 0} or {@code OPEN|INTERMEDIATE=true CLOSED=false}
   * @throws IllegalArgumentException for a rule that does not fit the meaning, in words
   */
  static Reads of(Meaning meaning, String text) {
    boolean fits =
        switch (text) {
          case "number", "number not 0" -> meaning.kind() == Meaning.Kind.NUMBER;
          case "flag", "not closed" -> meaning.kind() == Meaning.Kind.FLAG;
          case "place" -> meaning.kind() == Meaning.Kind.PLACE;
          case "word" -> meaning.kind() == Meaning.Kind.WORD;
          default -> false;
        };
    if (fits) {
      return new Reads(meaning, text, Map.of());
    }
    boolean others = text.startsWith("word ") && meaning.kind() == Meaning.Kind.WORD;
    boolean all = text.startsWith("all ") && meaning.kind() == Meaning.Kind.FLAG;
    Map<String, String> words = new HashMap<>();
    for (String pair : text.substring(others ? 5 : all ? 4 : 0).split(" ")) {
      int equals = pair.indexOf('=');
      String becomes = pair.substring(equals + 1);
      if (equals < 1 || !isValue(meaning, becomes)) {
        throw new IllegalArgumentException(
            "'" + text + "' does not read a " + meaning.kind().name().toLowerCase(Locale.ROOT));
      }
      for (String word : pair.substring(0, equals).split("\\|")) {
        words.put(word.toUpperCase(Locale.ROOT), becomes);
      }
    }
    return new Reads(meaning, others ? "word" : all ? ALL : "words", words);
  }

  private static boolean isValue(Meaning meaning, String text) {
    return switch (meaning.kind()) {
      case FLAG -> text.equals("true") || text.equals("false");
      case NUMBER -> text.matches("\\d+");
      case WORD -> !text.isEmpty() && text.equals(text.toLowerCase(Locale.ROOT));
      case PLACE -> false;
    };
  }

  /**
   * What a value tells.
   *
   * @param unit its unit; null where it has none
   * @return a {@code Double} in the meaning's unit, a {@code Boolean}, a word or a {@link Place};
   *     null where the value says nothing of it
   */
  Object value(Object value, String unit) {
    if (value == null) {
      return null;
    }
    return switch (rule) {
      case "number" -> number(value, unit);
      case "number not 0" -> notZero(number(value, unit));
      case "flag" -> value instanceof Boolean ? value : null;
      case "not closed" -> value instanceof Number n ? (Object) (n.doubleValue() != 0) : null;
      case "place" -> value instanceof Map<?, ?> map ? place(map) : null;
      case ALL -> all(value);
      default -> word(value);
    };
  }

  /** True where it is true of each entry of a list, false where it is false of any. */
  private Object all(Object value) {
    if (!(value instanceof Collection<?> entries)) {
      return word(value);
    }
    boolean isKnown = !entries.isEmpty();
    for (Object entry : entries) {
      Object one = entry == null ? null : word(entry);
      if (Boolean.FALSE.equals(one)) {
        return false;
      }
      isKnown &= one != null;
    }
    return isKnown ? true : null;
  }

  /** The rule's first words: {@code number}, {@code flag}, {@code words}, …. */
  String rule() {
    return rule;
  }

  /** Whether the rule names that word, given in upper case. */
  boolean lists(String word) {
    return words.containsKey(word);
  }

  private Double number(Object value, String unit) {
    if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
      return null;
    }
    return Conversions.convert(number.doubleValue(), unit, meaning.unit());
  }

  private static Double notZero(Double number) {
    return number == null || number == 0 ? null : number;
  }

  private Object word(Object value) {
    if (value instanceof Map<?, ?> || value instanceof Iterable<?>) {
      return null;
    }
    String text = value.toString().trim();
    String known = words.get(text.toUpperCase(Locale.ROOT));
    if (known == null) {
      return rule.equals("word") && !text.isEmpty() ? text.toLowerCase(Locale.ROOT) : null;
    }
    return switch (meaning.kind()) {
      case FLAG -> Boolean.valueOf(known);
      case NUMBER -> Double.valueOf(known);
      default -> known;
    };
  }

  private static Place place(Map<?, ?> map) {
    Double latitude = coordinate(map.get("latitude"));
    Double longitude = coordinate(map.get("longitude"));
    return latitude == null || longitude == null
        ? null
        : new Place(
            latitude, longitude, coordinate(map.get("altitude")), coordinate(map.get("heading")));
  }

  private static Double coordinate(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue())
        ? number.doubleValue()
        : null;
  }
}
