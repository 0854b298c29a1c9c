// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What brand a car is of, as its maker spells it. Stateless and safe for use by many threads.
 *
 * <p>The first three characters of a VIN tell the maker. Those that several brands share tell none;
 * Opel and Vauxhall are one maker's names for the same cars.
 */
public final class Brand {

  private static final Map<String, String> MAKERS =
      Map.ofEntries(
          Map.entry("BMW", "WBA WBS WBX WBY 4US 5UM 5UX 5YM 3MW LBV"),
          Map.entry("MINI", "WMW"),
          Map.entry("Mercedes-Benz", "WDB WDC WDD WDF WMX W1K W1N W1V 4JG 55S"),
          Map.entry("Ford", "WF0 WF1 NM0 SFA 1FA 1FB 1FM 1FT 2FM 3FA"),
          Map.entry("Peugeot", "VF3 VR3"),
          Map.entry("Citroën", "VF7 VR7"),
          Map.entry("DS", "VR1"),
          Map.entry("Opel/Vauxhall", "W0L W0V VXK"),
          Map.entry("Fiat", "ZFA"),
          Map.entry("Alfa Romeo", "ZAR"),
          Map.entry("Jeep", "1J4 1J8 ZAC"));

  /** Brands whose names are not just their words with a capital each. */
  private static final Map<String, String> SPELLINGS =
      Map.of(
          "bmw", "BMW",
          "mini", "MINI",
          "ds", "DS",
          "man", "MAN",
          "alfaromeo", "Alfa Romeo",
          "citroen", "Citroën",
          "mercedes", "Mercedes-Benz",
          "mercedesbenz", "Mercedes-Benz",
          "skoda", "Škoda",
          "seat", "SEAT");

  private static final Set<String> NONE = Set.of("", "unknown", "sandbox");
  private static final int MAKER = 3;
  private static final int LONGEST = 40;

  private Brand() {}

  /** The brand that a VIN tells; empty where it tells none for sure. */
  public static Optional<String> ofVin(String vin) {
    if (vin.length() < MAKER) {
      return Optional.empty();
    }
    String maker = vin.substring(0, MAKER).toUpperCase(Locale.ROOT);
    return MAKERS.entrySet().stream()
        .filter(entry -> Arrays.asList(entry.getValue().split(" ")).contains(maker))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * A brand by a word for it, such as {@code mercedes_benz}.
   *
   * @return empty for a word that names none
   */
  public static Optional<String> named(String word) {
    String plain = word.strip();
    String folded = plain.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    if (NONE.contains(folded) || plain.length() > LONGEST) {
      return Optional.empty();
    }
    String known = SPELLINGS.get(folded);
    if (known != null) {
      return Optional.of(known);
    }
    // Whoever writes capitals has spelt it.
    if (!plain.equals(plain.toLowerCase(Locale.ROOT))) {
      return Optional.of(plain);
    }
    return Optional.of(
        Arrays.stream(plain.split("[_ ]+"))
            .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
            .collect(Collectors.joining(" ")));
  }
}
