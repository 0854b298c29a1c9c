// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;

/**
 * How an account stands with its daily calls. Immutable.
 *
 * @param limit calls within 24 hours
 * @param used how many were made in the last 24 hours
 * @param reserve how many are kept for what matters
 * @param resetsAt when the next call is given back, or the block ends where that is later; null
 *     where nothing is used
 * @param blockedUntil until when BMW wants no call, by its own word; null where it does not say so
 */
public record Quota(int limit, int used, int reserve, Instant resetsAt, Instant blockedUntil) {

  /** Calls that may be made now for what may use the reserve. */
  public int remaining() {
    return blockedUntil != null ? 0 : Math.max(0, limit - used);
  }

  /** Calls that may be made now for this purpose. */
  public int remaining(Purpose purpose) {
    int kept = limit - new QuotaRules("", limit, reserve).allowed(purpose);
    return Math.max(0, remaining() - kept);
  }
}
