// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

/** Tells BMW's words for "not available now" from values. Stateless and safe for many threads. */
final class Sentinels {

  private static final String UNIT_OF_NO_CONSUMPTION = "kWh/100km";
  private static final double NO_CONSUMPTION = 2_777_774;

  private Sentinels() {}

  /**
   * Whether a text says "not available now". {@code NOT_AVAILABLE} does not where the descriptor
   * lists it among its states, as bidirectional charging does.
   *
   * @param descriptor the descriptor it came for; null where that is not in the catalogue
   */
  static boolean is(String text, Descriptor descriptor) {
    return switch (text.length()) {
      case 4 -> text.equalsIgnoreCase("-NA-");
      case 7 -> text.equalsIgnoreCase("INVALID") || text.equalsIgnoreCase("UNKNOWN");
      case 13 ->
          text.equalsIgnoreCase("ASN_isUnknown")
              || (text.equalsIgnoreCase("NOT_AVAILABLE")
                  && (descriptor == null || !descriptor.lists("NOT_AVAILABLE")));
      case 14 -> text.equalsIgnoreCase("SIGNAL_INVALID");
      default -> false;
    };
  }

  /** Whether a number says so: the consumption of a car that has not consumed anything yet. */
  static boolean is(Number number, String outwardUnit) {
    return number.doubleValue() == NO_CONSUMPTION && UNIT_OF_NO_CONSUMPTION.equals(outwardUnit);
  }
}
