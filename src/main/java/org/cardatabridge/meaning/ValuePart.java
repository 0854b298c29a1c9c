// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A descriptor, or one part of its value: {@code doors.positions[location=front_left].position} is,
 * of a list of objects, the field {@code position} of the entry whose {@code location} is {@code
 * front_left}. Without a selector in brackets it is the whole value; with empty brackets, {@code
 * doors.locks[].lock_state}, a list of that field of every entry; without a field after the
 * brackets the entry itself. A value that is one object counts as a list of one. Immutable.
 *
 * @param key the descriptor with dots
 * @param field the field that chooses the entry; empty for every entry, null for the whole value
 * @param word what that field says, compared without case; null where the field is empty or null
 * @param part the entry's field that is meant; null for the whole entry
 */
public record ValuePart(String key, String field, String word, String part) {

  private static final Pattern SHAPE =
      Pattern.compile("([^\\[\\]]+)(?:\\[(?:([^\\[\\]=]+)=([^\\[\\]=]+))?](?:\\.([^\\[\\].]+))?)?");

  /**
   * What a part says. Immutable.
   *
   * @param value the value; null where there is none
   * @param unit its unit as sent; null where there is none
   */
  public record Found(Object value, String unit) {}

  /**
   * Reads {@code key}, {@code key[field=word].part} or {@code key[].part}.
   *
   * @throws IllegalArgumentException for anything else, with a sentence that says what it takes
   */
  public static ValuePart of(String text) {
    if (text.indexOf('[') < 0 && text.indexOf(']') < 0 && !text.isBlank()) {
      return new ValuePart(text, null, null, null);
    }
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' names no part of a value — write key[field=word].field for one entry of a list,"
              + " or key[].field for every entry");
    }
    String field = shape.group(2);
    return new ValuePart(
        shape.group(1), field == null ? "" : field, shape.group(3), shape.group(4));
  }

  /** The key of a descriptor that may have a selector behind it. */
  public static String keyOf(String text) {
    int bracket = text.indexOf('[');
    return bracket < 0 ? text : text.substring(0, bracket);
  }

  /** Whether it is the whole value. */
  public boolean isWhole() {
    return field == null;
  }

  /**
   * What it is of a value.
   *
   * @param value the descriptor's value; may be null
   * @param unit the unit that came with it; may be null
   */
  public Found in(Object value, String unit) {
    if (isWhole()) {
      return new Found(value, unit);
    }
    List<Found> found = new ArrayList<>();
    for (Map<?, ?> entry : entries(value)) {
      if (word == null || word.equalsIgnoreCase(Objects.toString(entry.get(field), null))) {
        found.add(measured(part == null ? entry : entry.get(part)));
      }
    }
    if (word == null) {
      return new Found(found.stream().map(Found::value).filter(Objects::nonNull).toList(), null);
    }
    return found.isEmpty() ? new Found(null, null) : found.get(0);
  }

  /** The objects of a list; a lone one counts as a list of one. */
  public static List<Map<?, ?>> entries(Object value) {
    List<Map<?, ?>> entries = new ArrayList<>();
    if (value instanceof Map<?, ?> one) {
      entries.add(one);
    } else if (value instanceof Collection<?> many) {
      for (Object item : many) {
        if (item instanceof Map<?, ?> entry) {
          entries.add(entry);
        }
      }
    }
    return entries;
  }

  /** A number that has its unit beside it, without that. */
  private static Found measured(Object value) {
    if (value instanceof Map<?, ?> map && map.get("value") instanceof Number number) {
      return new Found(number, Objects.toString(map.get("unit"), null));
    }
    return new Found(value, null);
  }

  /** As it is written. */
  @Override
  public String toString() {
    if (isWhole()) {
      return key;
    }
    return key
        + (word == null ? "[]" : "[" + field + "=" + word + "]")
        + (part == null ? "" : "." + part);
  }
}
