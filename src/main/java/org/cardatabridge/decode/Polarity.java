// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which words of a boolean descriptor mean true and which false, read from the predicate in its
 * name: the order of BMW's tokens says nothing. Immutable and safe for use by many threads.
 */
enum Polarity {
  /** {@code …isOpen}. */
  OPEN("Open", List.of("OPEN"), List.of("CLOSED")),
  /** {@code …isLocked}, with or without the part that is locked. */
  LOCKED("Locked", List.of("LOCKED", "_LOCKED"), List.of("UNLOCKED", "_UNLOCKED")),
  /** {@code …isActive}, {@code …isHospitalityActive}. */
  ACTIVE("Active", List.of("ACTIVE", "_ACTIVE"), List.of("INACTIVE", "_INACTIVE", "_NOT_ACTIVE")),
  /** {@code …isSingleImmediateCharging}, whose tokens say active as well. */
  CHARGING("ImmediateCharging", ACTIVE.yes, ACTIVE.no),
  /** {@code …isChosen}. */
  CHOSEN("Chosen", List.of("CHOSEN"), List.of("NOTCHOSEN")),
  /** Any other predicate: only the words that mean the same everywhere. */
  PLAIN("", List.of(), List.of());

  /** Mean the same whatever the predicate; in upper case and as they are usually sent. */
  private static final Map<String, Boolean> WORDS =
      Map.of(
          "TRUE", true,
          "true", true,
          "ASN_ISTRUE", true,
          "ASN_isTrue", true,
          "FALSE", false,
          "false", false,
          "ASN_ISFALSE", false,
          "ASN_isFalse", false);

  private final String predicate;
  private final List<String> yes;
  private final List<String> no;

  Polarity(String predicate, List<String> yes, List<String> no) {
    this.predicate = predicate;
    this.yes = yes;
    this.no = no;
  }

  /**
   * The polarity of a descriptor; null where its tokens do not give exactly one true and one false,
   * so that it stays a text.
   */
  static Polarity of(String key, List<String> tokens) {
    String name = key.substring(key.lastIndexOf('.') + 1);
    Polarity polarity = PLAIN;
    for (Polarity candidate : values()) {
      if (candidate != PLAIN && name.endsWith(candidate.predicate)) {
        polarity = candidate;
        break;
      }
    }
    int yes = 0;
    int no = 0;
    for (String token : tokens) {
      Boolean meaning = polarity.meaning(token);
      if (meaning != null) {
        yes += meaning ? 1 : 0;
        no += meaning ? 0 : 1;
      }
    }
    return yes == 1 && no == 1 ? polarity : null;
  }

  /** True, false, or null for a word that is neither. */
  Boolean meaning(String token) {
    Boolean known = WORDS.get(token);
    if (known != null) {
      return known;
    }
    String word = token.trim().toUpperCase(Locale.ROOT);
    // False first: NOT_ACTIVE ends in ACTIVE.
    return any(no, word) ? Boolean.FALSE : any(yes, word) ? Boolean.TRUE : WORDS.get(word);
  }

  private static boolean any(List<String> words, String word) {
    for (String w : words) {
      if (w.charAt(0) == '_' ? word.endsWith(w) : word.equals(w)) {
        return true;
      }
    }
    return false;
  }
}
