// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;

/**
 * One vehicle in {@code /api/status} and {@code /api/vehicles}. Immutable.
 *
 * @param vin the VIN
 * @param alias the alias; null where it has none
 * @param account the account's name
 * @param descriptors how many descriptors have a newest value
 * @param lastMessageAt when it was heard of last
 * @param messages how many messages of it came since the bridge started
 * @param lastEventAt the car's time of what it measured last; null where it told none
 * @param lastError what went wrong with it last since the bridge started; null for nothing
 */
public record VehicleStatus(
    String vin,
    String alias,
    String account,
    int descriptors,
    Instant lastMessageAt,
    long messages,
    Instant lastEventAt,
    LastError lastError) {

  /**
   * What went wrong. Immutable.
   *
   * @param at when
   * @param text what, in words
   */
  public record LastError(Instant at, String text) {}
}
