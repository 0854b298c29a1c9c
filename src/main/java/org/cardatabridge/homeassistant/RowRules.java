// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.util.Optional;

/**
 * Which columns of a row go together: what Home Assistant would refuse, which it would say in its
 * own log only. Stateless and safe for many threads.
 */
final class RowRules {

  /** A column and what is wrong with it, as a sentence. */
  record Fault(String column, String sentence) {}

  private RowRules() {}

  /** What is wrong with a row first; empty where it is in order. */
  static Optional<Fault> fault(EntityRow row) {
    String deviceClass = row.deviceClass();
    String state = row.shownState();
    String unit = row.unit();
    boolean bare = unit == null || unit.equals(EntityRow.NONE);
    if (state != null && deviceClass != null && !DeviceClasses.takesState(deviceClass, state)) {
      return fault("state", "the class " + deviceClass + " does not take the state class " + state);
    }
    if ("measurement_angle".equals(state) && !"°".equals(unit)) {
      return fault("state", "the state class measurement_angle needs the unit °");
    }
    if (!bare && deviceClass != null && !DeviceClasses.takesUnit(deviceClass, unit)) {
      return fault("unit", "the class " + deviceClass + " does not take the unit '" + unit + "'");
    }
    return row.options() != null && (state != null || !bare)
        ? fault("options", "options exclude a state class and a unit — choose one")
        : Optional.empty();
  }

  private static Optional<Fault> fault(String column, String sentence) {
    return Optional.of(new Fault(column, sentence));
  }
}
