// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what somebody may have meant by a name that is not known. */
public final class Spelling {

  private Spelling() {}

  /** The known name that is spelt most like it; empty where none is known. */
  public static Optional<String> nearest(String unknown, Stream<String> known) {
    return known.min(
        Comparator.<String>comparingInt(name -> distance(unknown, name))
            .thenComparing(Comparator.naturalOrder()));
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
