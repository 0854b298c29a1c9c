// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes invented texts in the place of known identities, and of whatever has the shape of a VIN or
 * a GCID. For one thread.
 */
final class Disguise {

  private static final int MOST_ATTEMPTS = 200;
  private static final String APART = "[\\p{L}\\p{N}]";

  /** At least two letters, as no number has. */
  private static final String ANY_VIN =
      "(?<!"
          + APART
          + ")(?=[A-Z0-9]*[A-Z][A-Z0-9]*[A-Z])(?=[A-Z]*[0-9])[A-HJ-NPR-Z0-9]{17}(?!"
          + APART
          + ")";

  private static final String ANY_UUID =
      "(?<![0-9a-fA-F])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9a-fA-F])";

  private final Invention invention;
  private final Map<String, Integer> attempts = new HashMap<>();
  private final Pattern known;
  private final Pattern pattern;

  /**
   * Knows these identities from now on.
   *
   * @param everywhere those that are replaced wherever they occur
   * @param whole those that are ordinary words as well, and are replaced by {@link #whole} only
   */
  Disguise(Invention invention, Collection<String> everywhere, Collection<String> whole) {
    this.invention = invention;
    Set<String> identities =
        Stream.concat(everywhere.stream(), whole.stream())
            .map(Invention::lower)
            .collect(Collectors.toCollection(HashSet::new));
    Set<String> taken = new HashSet<>();
    List<String> sorted = identities.stream().sorted().toList();
    for (String identity : sorted) {
      int attempt = 0;
      String invented = invention.of(identity, attempt);
      while (attempt < MOST_ATTEMPTS
          && (isKnown(invented, identities) || taken.contains(invented))) {
        invented = invention.of(identity, ++attempt);
      }
      taken.add(invented);
      attempts.put(identity, attempt);
    }
    String alternatives =
        everywhere.stream()
            .map(Invention::lower)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(s -> s))
            .map(Disguise::expression)
            .collect(Collectors.joining("|"));
    // What matches nothing, where nobody is known.
    String someone = alternatives.isEmpty() ? "(?!)" : "(?iu:" + alternatives + ")";
    known = Pattern.compile(someone);
    pattern = Pattern.compile(someone + "|" + ANY_UUID + "|" + ANY_VIN);
  }

  private static boolean isKnown(String invented, Set<String> known) {
    String lower = Invention.lower(invented);
    return known.stream().anyMatch(id -> id.length() > 4 ? lower.contains(id) : lower.equals(id));
  }

  /** What is long and no plain word or number is found inside longer words too. */
  private static String expression(String identity) {
    boolean hasDigit = identity.chars().anyMatch(Character::isDigit);
    boolean hasLetter = identity.chars().anyMatch(Character::isLetter);
    String quoted = Pattern.quote(identity);
    return identity.length() > 4 && hasDigit && hasLetter
        ? quoted
        : "(?<!" + APART + ")" + quoted + "(?!" + APART + ")";
  }

  /** A text without any identity. */
  String text(String text) {
    return replaced(pattern, text);
  }

  /** A text without the known identities, for one that has invented ones in it. */
  String known(String text) {
    return replaced(known, text);
  }

  private String replaced(Pattern wanted, String text) {
    Matcher matcher = wanted.matcher(text);
    return matcher.find()
        ? matcher.replaceAll(found -> Matcher.quoteReplacement(invented(found.group())))
        : text;
  }

  /** The same for a text that may be an identity as a whole, though it is an ordinary word. */
  String whole(String text) {
    return attempts.containsKey(Invention.lower(text)) ? invented(text) : text(text);
  }

  /** What stands for a text, whether it is an identity or not. */
  String invented(String text) {
    return invention.of(text, attempts.getOrDefault(Invention.lower(text), 0));
  }
}
