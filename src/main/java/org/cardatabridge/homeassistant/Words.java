// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Words for the levels of descriptors, so that no name reads like a path. Immutable and safe for
 * use by many threads.
 */
final class Words {

  /** Levels at a descriptor's end that say little without the one before. */
  private static final int LEVELS_IN_A_NAME = 2;

  private final Map<String, Map<String, String>> texts;

  Words(Map<String, Map<String, String>> texts) {
    this.texts = Map.copyOf(texts);
  }

  /** The word for a level, or else the level in words of its own. */
  String level(String level, String language) {
    String word = texts.getOrDefault(level, Map.of()).get(language);
    return word != null ? word : spoken(level);
  }

  /** A name for a descriptor that no table knows, from its last levels. */
  String generated(String key, String language) {
    String[] levels = key.split("\\.");
    List<String> words = new ArrayList<>();
    for (int i = Math.max(0, levels.length - LEVELS_IN_A_NAME); i < levels.length; i++) {
      String word = level(levels[i], language);
      if (!word.isBlank() && !words.contains(word)) {
        words.add(word);
      }
    }
    String name = String.join(" ", words).strip();
    return name.isEmpty() ? "?" : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /** {@code isSeatHeating48V} as {@code seat heating 48V}. */
  private static String spoken(String level) {
    String apart =
        level
            .replaceAll("[^\\p{L}\\p{N}%]+", " ")
            .replaceAll("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu}\\p{Ll})", " ")
            .replaceAll("(?<=\\p{Ll})(?=[\\p{Lu}\\p{N}])", " ")
            .strip();
    List<String> words = new ArrayList<>();
    for (String word : apart.split(" ")) {
      boolean shortForm = word.equals(word.toUpperCase(Locale.ROOT)) && word.length() > 1;
      words.add(shortForm ? word : word.toLowerCase(Locale.ROOT));
    }
    if (words.size() > 1 && words.get(0).equals("is")) {
      words.remove(0);
    }
    return String.join(" ", words);
  }
}
