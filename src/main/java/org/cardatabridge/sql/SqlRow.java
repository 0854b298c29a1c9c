// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sql;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;

/**
 * One row of the table: a data point whose value stands in the column of its type; all four are
 * null where the car said "not available". Immutable.
 *
 * @param account name of the account; never null
 * @param vin vehicle identification number; never null
 * @param vehicle alias or VIN; never null
 * @param key the descriptor; never null
 * @param number a number, as far as a double holds it
 * @param flag true or false
 * @param text a text, or a number that no double holds
 * @param json an object or a list as JSON
 * @param unit the unit; null for none
 * @param timestamp when the car measured it, in whole microseconds; never null
 * @param received when the bridge received it, in whole microseconds; never null
 * @param source where it came from; never null
 */
public record SqlRow(
    String account,
    String vin,
    String vehicle,
    String key,
    Double number,
    Boolean flag,
    String text,
    String json,
    String unit,
    Instant timestamp,
    Instant received,
    String source) {

  /** What the table has once. */
  record Key(String vin, String key, Instant timestamp) {}

  /** The row of a data point. */
  public static SqlRow of(CarEvent event) {
    Object value = event.value();
    boolean isNested = value instanceof Map || value instanceof List;
    Double number = value instanceof Number n ? held(n) : null;
    return new SqlRow(
        event.account(),
        event.vin(),
        event.vehicle(),
        event.key(),
        number,
        value instanceof Boolean flag ? flag : null,
        isNested || value == null || value instanceof Boolean || number != null
            ? null
            : value.toString(),
        isNested ? CarEventJson.value(value) : null,
        event.unit(),
        event.timestamp().truncatedTo(ChronoUnit.MICROS),
        event.received().truncatedTo(ChronoUnit.MICROS),
        event.source());
  }

  private static Double held(Number number) {
    double value = number.doubleValue();
    return Double.isFinite(value) ? value : null;
  }

  Key once() {
    return new Key(vin, key, timestamp);
  }

  /** Names the descriptor only, so that it may stand in a log. */
  @Override
  public String toString() {
    return "SqlRow[" + key + "]";
  }
}
