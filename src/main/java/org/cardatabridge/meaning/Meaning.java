// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.util.Locale;
import java.util.Optional;

/**
 * Something that can be known of a car, whichever descriptor tells it. {@code meanings.csv} says
 * which do.
 */
public enum Meaning {
  /** State of charge of the drive battery. */
  SOC(Kind.NUMBER, "%"),
  /** State of charge at which charging is to end. */
  TARGET_SOC(Kind.NUMBER, "%"),
  /** State of health of the drive battery. */
  SOH(Kind.NUMBER, "%"),
  /** How far the car gets on electricity; on fuel where it has no drive battery. */
  RANGE(Kind.NUMBER, "km"),
  /** How far the car gets on all it has. */
  TOTAL_RANGE(Kind.NUMBER, "km"),
  /** Distance driven in the car's life. */
  ODOMETER(Kind.NUMBER, "km"),
  /** Where the car is; only ever a paired position. */
  POSITION(Kind.PLACE, null),
  /** Where the car points to, clockwise from north. */
  HEADING(Kind.NUMBER, "°"),
  /** Height above the sea. */
  ALTITUDE(Kind.NUMBER, "m"),
  /** Whether the car moves. */
  MOVING(Kind.FLAG, null),
  /** Whether the ignition is on. */
  IGNITION(Kind.FLAG, null),
  /** Whether the engine runs, whatever it burns. */
  ENGINE(Kind.FLAG, null),
  /** Speed at present; BMW's own descriptors do not tell it. */
  SPEED(Kind.NUMBER, "km/h"),
  /** Average speed. */
  AVERAGE_SPEED(Kind.NUMBER, "km/h"),
  /**
   * {@code none}, {@code starting}, {@code waiting}, {@code active}, {@code paused}, {@code ended},
   * {@code full} or {@code error}.
   */
  CHARGING_STATE(Kind.WORD, null),
  /** Whether energy flows into the drive battery from outside. */
  CHARGING(Kind.FLAG, null),
  /** Whether a charging cable is plugged in. */
  PLUGGED(Kind.FLAG, null),
  /** Whether the cable is one for direct current. */
  DIRECT_CURRENT(Kind.FLAG, null),
  /** Power that flows into the drive battery. */
  CHARGING_POWER(Kind.NUMBER, "kW"),
  /** Voltage of each phase while charging. */
  AC_VOLTAGE(Kind.NUMBER, "V"),
  /** Current of each phase while charging. */
  AC_CURRENT(Kind.NUMBER, "A"),
  /** Phases in use; 0 while not charging. */
  PHASES(Kind.NUMBER, null),
  /** Time until charging ends. */
  CHARGING_TIME_REMAINING(Kind.NUMBER, "min"),
  /** Why charging ended, in the words of its source in lower case. */
  CHARGING_END_REASON(Kind.WORD, null),
  /** Energy that the drive battery holds when full. */
  BATTERY_CAPACITY(Kind.NUMBER, "kWh"),
  /** Temperature of the drive battery. */
  BATTERY_TEMPERATURE(Kind.NUMBER, "°C"),
  /** Energy that is missing until the drive battery is full. */
  ENERGY_TO_FULL(Kind.NUMBER, "kWh"),
  /** Whether the drive battery is heated or cooled for charging or driving. */
  BATTERY_PRECONDITIONING(Kind.FLAG, null),
  /** Whether the cabin is heated, cooled or ventilated while the car is parked. */
  CLIMATE(Kind.FLAG, null),
  /** {@code off}, {@code heating}, {@code cooling}, {@code ventilation}, {@code defrost}, …. */
  CLIMATE_MODE(Kind.WORD, null),
  /** Temperature that the cabin is to get. */
  TARGET_TEMPERATURE(Kind.NUMBER, "°C"),
  /** Temperature outside. */
  OUTSIDE_TEMPERATURE(Kind.NUMBER, "°C"),
  /** How full the tank is. */
  FUEL_LEVEL(Kind.NUMBER, "%"),
  /** What is in the tank. */
  FUEL(Kind.NUMBER, "L"),
  /** State of charge of the 12 V battery. */
  BATTERY_12V(Kind.NUMBER, "%"),
  /** Voltage of the 12 V battery. */
  BATTERY_12V_VOLTAGE(Kind.NUMBER, "V"),
  /** Whether {@code doors}, {@code trunk} or {@code charging-flap} are locked: true is locked. */
  LOCKED(Kind.FLAG, null),
  /**
   * Whether a door is open: {@code front-driver}, …, {@code rear-passenger} of BMW's own
   * descriptors, which know no left and right; {@code front-left}, …, {@code rear-right} of others,
   * which know no driver.
   */
  DOOR_OPEN(Kind.FLAG, null),
  /** Whether the trunk is open. */
  TRUNK_OPEN(Kind.FLAG, null),
  /** Whether the hood is open. */
  HOOD_OPEN(Kind.FLAG, null),
  /** Whether a window is open, also a little: as {@link #DOOR_OPEN}, and {@code trunk}. */
  WINDOW_OPEN(Kind.FLAG, null),
  /** Whether the sunroof is open or tilted; {@code tilt}: whether it is tilted. */
  SUNROOF_OPEN(Kind.FLAG, null),
  /** Whether the roof of a convertible is open. */
  CONVERTIBLE_ROOF_OPEN(Kind.FLAG, null),
  /** Pressure of a tyre: {@code front-left}, …, {@code rear-right}. */
  TYRE_PRESSURE(Kind.NUMBER, "kPa"),
  /** Pressure that a tyre should have. */
  TYRE_PRESSURE_TARGET(Kind.NUMBER, "kPa"),
  /** Temperature of a tyre. */
  TYRE_TEMPERATURE(Kind.NUMBER, "°C"),
  /** Whether the anti-theft alarm sounds. */
  ALARM(Kind.FLAG, null);

  /** What the values of a meaning are. */
  public enum Kind {
    /** A number in the meaning's unit. */
    NUMBER,
    /** True or false. */
    FLAG,
    /** A word in lower case. */
    WORD,
    /** A position. */
    PLACE
  }

  private final Kind kind;
  private final String unit;
  private final String id;

  Meaning(Kind kind, String unit) {
    this.kind = kind;
    this.unit = unit;
    this.id = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What its values are; never null. */
  public Kind kind() {
    return kind;
  }

  /** The unit of its numbers in its outward spelling; null where there is none. */
  public String unit() {
    return unit;
  }

  /** Its name as in {@code meanings.csv}: {@code target-soc}. */
  public String id() {
    return id;
  }

  /** The meaning of that name; empty where there is none. */
  public static Optional<Meaning> named(String id) {
    for (Meaning meaning : values()) {
      if (meaning.id.equals(id)) {
        return Optional.of(meaning);
      }
    }
    return Optional.empty();
  }
}
