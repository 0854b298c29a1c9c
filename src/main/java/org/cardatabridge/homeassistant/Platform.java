// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.util.Locale;

/** What kind of entity a row of the table makes. */
enum Platform {
  /** Where the car is. */
  DEVICE_TRACKER("device_trackers", "-tracker"),
  /** On or off. */
  BINARY_SENSOR("binary_sensors", "-on"),
  /** A number or a text. */
  SENSOR("sensors", ""),
  /** A picture. */
  IMAGE("images", "-picture");

  private final String section;
  private final String suffix;

  Platform(String section, String suffix) {
    this.section = section;
    this.suffix = suffix;
  }

  /** The table's section with its rows. */
  String section() {
    return section;
  }

  /** What its ids end in, so that a descriptor can have one of each. */
  String suffix() {
    return suffix;
  }

  /** As Home Assistant spells it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
