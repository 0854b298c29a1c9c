// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what somebody may have meant by a name that is not known. */
public final class Spelling {

  private static final Pattern WORDS_END = Pattern.compile("[._-]+");

  private Spelling() {}

  /**
   * The known name that somebody may have meant: one that differs by one letter, else one of which
   * this is the beginning or of which it has some words, else the one that is spelt most like it.
   *
   * @return empty where none is known
   */
  public static Optional<String> nearest(String unknown, Stream<String> known) {
    return known.min(
        Comparator.<String, Boolean>comparing(name -> distance(unknown, name) > 1)
            .thenComparing(name -> !isPart(unknown, name))
            .thenComparing(name -> distance(unknown, name))
            .thenComparing(Comparator.naturalOrder()));
  }

  private static boolean isPart(String unknown, String name) {
    if (name.startsWith(unknown)) {
      return true;
    }
    Iterator<String> words = List.of(WORDS_END.split(name)).iterator();
    for (String word : WORDS_END.split(unknown)) {
      boolean found = false;
      while (!found && words.hasNext()) {
        found = words.next().equals(word);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    Arrays.setAll(previous, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
