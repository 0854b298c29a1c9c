// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;

/**
 * One value of one key at one time. Immutable.
 *
 * @param timestamp when the car measured it, to the microsecond
 * @param value as in {@link org.cardatabridge.CarEvent#value()}; null for "not available now"
 * @param unit its unit; null for none
 * @param received when the bridge received it
 * @param source where it came from; null where its name has no number in the file
 */
public record HistoryPoint(
    Instant timestamp, Object value, String unit, Instant received, String source) {}
