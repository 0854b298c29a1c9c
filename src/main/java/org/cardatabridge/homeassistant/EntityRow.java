// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.util.List;
import java.util.Map;

/**
 * One row of the table: what becomes of a descriptor. A field that the row does not say is null.
 * Immutable.
 *
 * @param platform the kind of entity
 * @param key the descriptor, with {@code <name>} for any one level
 * @param names the name in each language, by {@code en} and {@code de}; empty where it has none
 * @param deviceClass Home Assistant's device class
 * @param stateClass its state class; {@link #NONE} for none, whatever another row says
 * @param unit the unit where a value brings none; {@link #NONE} for never one
 * @param precision decimals shown
 * @param icon such as {@code mdi:car}
 * @param category {@code diagnostic}
 * @param options all states there are
 * @param on the words that mean on; {@link #ELSE} for all others
 * @param off the words that mean off; {@link #ELSE} for all others
 * @param value a template in place of the usual one
 * @param attributes whether the whole value is shown in the attributes
 * @param hide whether there is no entity
 * @param disabled whether Home Assistant is to leave it off at first
 */
record EntityRow(
    Platform platform,
    String key,
    Map<String, String> names,
    String deviceClass,
    String stateClass,
    String unit,
    Integer precision,
    String icon,
    String category,
    List<String> options,
    List<String> on,
    List<String> off,
    String value,
    Boolean attributes,
    Boolean hide,
    Boolean disabled) {

  /** For a value that is never to show a unit, or to have no state class. */
  static final String NONE = "none";

  /** Stands for every word that is not on the other side. */
  static final String ELSE = "*";

  /** For a descriptor that no table knows. */
  static EntityRow plain(Platform platform, String key) {
    return new EntityRow(
        platform, key, Map.of(), null, null, null, null, null, null, null, null, null, null, null,
        null, null);
  }

  /**
   * This row, completed by what another one says; without what belongs to a class, or to a kind of
   * value, that is not this row's.
   */
  EntityRow over(EntityRow other) {
    boolean anotherClass = deviceClass != null && !deviceClass.equals(other.deviceClass);
    boolean sameNumber = !anotherClass && options == null;
    boolean sameWords = !anotherClass && shownState() == null && !hasUnit();
    Map<String, String> both = new java.util.HashMap<>(other.names);
    both.putAll(names);
    return new EntityRow(
        platform,
        key,
        Map.copyOf(both),
        options != null ? deviceClass : or(deviceClass, other.deviceClass),
        sameNumber ? or(stateClass, other.stateClass) : stateClass,
        sameNumber ? or(unit, other.unit) : unit,
        or(precision, other.precision),
        or(icon, other.icon),
        or(category, other.category),
        sameWords ? or(options, other.options) : options,
        or(on, other.on),
        or(off, other.off),
        or(value, other.value),
        or(attributes, other.attributes),
        or(hide, other.hide),
        or(disabled, other.disabled));
  }

  /** This row for one descriptor. */
  EntityRow as(String descriptor, Map<String, String> itsNames) {
    return new EntityRow(
        platform,
        descriptor,
        Map.copyOf(itsNames),
        deviceClass,
        stateClass,
        unit,
        precision,
        icon,
        category,
        options,
        on,
        off,
        value,
        attributes,
        hide,
        disabled);
  }

  private static <T> T or(T own, T others) {
    return own != null ? own : others;
  }

  private boolean hasUnit() {
    return unit != null && !unit.equals(NONE);
  }

  /** The state class that Home Assistant is told; null for none. */
  String shownState() {
    return NONE.equals(stateClass) ? null : stateClass;
  }

  boolean isHidden() {
    return Boolean.TRUE.equals(hide);
  }

  boolean isDisabled() {
    return Boolean.TRUE.equals(disabled);
  }

  boolean showsAll() {
    return Boolean.TRUE.equals(attributes);
  }
}
