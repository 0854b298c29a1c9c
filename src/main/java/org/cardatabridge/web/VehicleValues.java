// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.Map;

/**
 * The answer of {@code /api/vehicles/{vin}}. Immutable.
 *
 * @param vin the VIN
 * @param alias the alias; null where it has none
 * @param account the account's name
 * @param values newest value by descriptor
 */
public record VehicleValues(
    String vin, String alias, String account, Map<String, NewestValue> values) {

  /**
   * The newest value of one descriptor. Immutable.
   *
   * @param value the value; null where the car said "not available now"
   * @param unit its unit; null where it has none
   * @param timestamp when the car measured it
   * @param received when the bridge received it
   * @param source where it came from
   */
  public record NewestValue(
      Object value, String unit, Instant timestamp, Instant received, String source) {}
}
