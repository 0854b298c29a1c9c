// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What can move a car; a hybrid has both. */
public enum Drive {
  /** A battery that is charged. */
  ELECTRIC,
  /** An engine that burns something. */
  COMBUSTION;

  /** The word in lists and files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What a word of BMW's basic data means, such as {@code BEV}, {@code PHEV}, {@code MHEV} or
   * {@code ICE}; nothing for any other and for null. A mild hybrid is not charged.
   */
  public static Set<Drive> of(String word) {
    String known = word == null ? "" : word.strip().toUpperCase(Locale.ROOT);
    return switch (known) {
      case "BEV", "BEVE", "ELECTRIC" -> EnumSet.of(ELECTRIC);
      case "PHEV", "EREV", "BEV_REX", "REX", "PLUGIN_HYBRID" -> EnumSet.allOf(Drive.class);
      case "ICE", "MHEV", "OTTO", "DIESEL", "GASOLINE", "COMBUSTION", "CE", "CONV" ->
          EnumSet.of(COMBUSTION);
      default -> EnumSet.noneOf(Drive.class);
    };
  }
}
