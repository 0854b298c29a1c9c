// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a check found, before anybody put it into words. Immutable.
 *
 * @param verdict how it ended
 * @param words which sentence of words_en.properties says it, such as {@code dns.unknown}; what is
 *     to be done is the sentence with {@code .do} behind it, where there is one
 * @param values what its names stand for: a {@code Duration}, an {@code Instant} or a text
 */
public record Finding(Verdict verdict, String words, Map<String, Object> values) {

  /** Refuses a missing part by its name and copies the values. */
  public Finding {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(words, "words");
    values = Map.copyOf(values);
  }

  static Finding ok(String words, Object... namesAndValues) {
    return new Finding(Verdict.OK, words, values(namesAndValues));
  }

  static Finding warning(String words, Object... namesAndValues) {
    return new Finding(Verdict.WARNING, words, values(namesAndValues));
  }

  static Finding failed(String words, Object... namesAndValues) {
    return new Finding(Verdict.FAILED, words, values(namesAndValues));
  }

  static Finding skipped(String words, Object... namesAndValues) {
    return new Finding(Verdict.SKIPPED, words, values(namesAndValues));
  }

  private static Map<String, Object> values(Object... namesAndValues) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return values;
  }
}
