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
 */
public record VehicleStatus(
    String vin, String alias, String account, int descriptors, Instant lastMessageAt) {}
