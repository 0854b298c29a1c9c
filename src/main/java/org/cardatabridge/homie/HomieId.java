// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names as ids of the convention, which are of {@code a-z}, {@code 0-9} and {@code -} only. The
 * mapping is one to one: two names never give the same id, and an id never changes.
 *
 * <p>A capital becomes {@code -} and its small letter, a dot {@code --}, anything else {@code -0}
 * and four hexadecimal digits: {@code batteryManagement.header} is {@code
 * battery-management--header}.
 */
final class HomieId {

  private static final Pattern VALID = Pattern.compile("[a-z0-9-]+");
  private static final Pattern VIN = Pattern.compile("[A-Z0-9]{17}");

  private HomieId() {}

  /** Whether it can stand in a topic as it is. */
  static boolean isValid(String id) {
    return VALID.matcher(id).matches();
  }

  /** The id of a name; of an empty one {@code -0}. */
  static String of(String name) {
    if (name.isEmpty()) {
      return "-0";
    }
    StringBuilder id = new StringBuilder(name.length() + 8);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
        id.append(c);
      } else if (c >= 'A' && c <= 'Z') {
        id.append('-').append((char) (c + 'a' - 'A'));
      } else if (c == '.') {
        id.append("--");
      } else {
        id.append(String.format("-0%04x", (int) c));
      }
    }
    return id.toString();
  }

  /** The id of a vehicle: a VIN in small letters, an alias as {@link #of} has it. */
  static String ofVehicle(String vehicle) {
    if (VIN.matcher(vehicle).matches()) {
      return vehicle.toLowerCase(Locale.ROOT);
    }
    String id = of(vehicle);
    // An alias that looks like a VIN in small letters must not meet one.
    return VIN.matcher(vehicle.toUpperCase(Locale.ROOT)).matches() ? id + "-" : id;
  }

  /** A name for people: {@code batteryManagement.header} is {@code Battery management header}. */
  static String words(String name) {
    String words =
        name.replace('.', ' ')
            .replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
            .toLowerCase(Locale.ROOT)
            .strip();
    return words.isEmpty() ? name : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
