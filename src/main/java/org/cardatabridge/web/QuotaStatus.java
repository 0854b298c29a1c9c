// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;

/**
 * The {@code quota} part of an account's status. Immutable.
 *
 * @param limit REST calls within 24 hours
 * @param used how many of them were made; null in the first seconds, while nobody has looked
 * @param remaining how many may be made now, the reserve among them; null likewise
 * @param reserve how many are kept for what matters
 * @param resetsAt when the next call is given back; null where nothing is used
 * @param blockedUntil until when BMW wants no call, by its own word; null where it does not say so
 */
public record QuotaStatus(
    int limit,
    Integer used,
    Integer remaining,
    int reserve,
    Instant resetsAt,
    Instant blockedUntil) {}
