// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.List;
import java.util.Set;

/**
 * What is known about one descriptor. Immutable.
 *
 * @param key the descriptor with dots
 * @param type how its values are typed; never null
 * @param unit its unit in the outward spelling; null where there is none or where the message
 *     decides
 * @param range what its numbers lie in; null where that is not known
 * @param tokens words it is known to take; never a closed list
 * @param drivetrains kinds of car that have it, of {@code MHEV}, {@code ICE}, {@code PHEV}, {@code
 *     BEV}; empty where that is not known
 * @param streamable whether the stream can carry it; null where that is not known
 */
public record Descriptor(
    String key,
    Type type,
    String unit,
    Range range,
    List<String> tokens,
    Set<String> drivetrains,
    Boolean streamable) {

  /** How the values of a descriptor are typed. */
  public enum Type {
    /** Whole numbers. */
    INTEGER,
    /** Numbers. */
    DECIMAL,
    /** True and false, also where they arrive as words. */
    BOOLEAN,
    /** Words and texts. */
    TEXT,
    /** Dates and times as BMW writes them; they stay texts. */
    TIME,
    /** Structured values. */
    OBJECT,
    /** Not known: values pass as they come. */
    PLAIN
  }

  /**
   * The numbers from least to most, both included.
   *
   * @param unit outward spelling of the unit of both; null where they hold for any
   */
  public record Range(double least, double most, String unit) {

    /** Whether the number lies outside; a number in a unit that cannot be compared never does. */
    boolean excludes(double number, String outwardUnit) {
      double comparable = number;
      if (unit != null && outwardUnit != null && !unit.equals(outwardUnit)) {
        UnitTable.Conversion metric = UnitTable.toMetric(outwardUnit);
        if (metric == null || !metric.unit().equals(unit)) {
          return false;
        }
        comparable = metric.apply(number);
      }
      return comparable < least || comparable > most;
    }
  }

  /** Keeps its own unmodifiable copies. */
  public Descriptor {
    tokens = List.copyOf(tokens);
    drivetrains = Set.copyOf(drivetrains);
  }

  /** Whether its values are numbers. */
  public boolean isNumber() {
    return type == Type.INTEGER || type == Type.DECIMAL;
  }

  /** Whether the token is one it is known to take, in exactly this case. */
  boolean lists(String token) {
    return tokens.contains(token);
  }
}
