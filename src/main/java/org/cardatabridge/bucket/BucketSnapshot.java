// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.time.Instant;

/**
 * How reading the bucket stands. Immutable.
 *
 * @param state {@code starting} before it was looked at for the first time, {@code reading}, {@code
 *     waiting} when all is read, {@code down} while it cannot be read
 * @param taken objects that were read since the start
 * @param setAside objects that were set aside or put off since the start
 * @param lastObject the last one that was read, without its app id; null for none since the start
 * @param lastTakenAt when that was; null for none
 * @param lastLookAt when the bucket was last read to the end; null for never since the start
 * @param lastError why it is down and what to do; null where it is not
 * @param nextLookAt when it is tried again; null where it is not down
 */
public record BucketSnapshot(
    String state,
    long taken,
    long setAside,
    String lastObject,
    Instant lastTakenAt,
    Instant lastLookAt,
    String lastError,
    Instant nextLookAt) {}
