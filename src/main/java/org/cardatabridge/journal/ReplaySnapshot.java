// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

/**
 * A replay at one moment. Immutable.
 *
 * @param id its number
 * @param state {@code running}, {@code done} or {@code failed}
 * @param total about how many data points or messages there are to replay, for all its sinks
 * @param done how many of them the targets took
 * @param lastError what went wrong last; null for nothing
 */
public record ReplaySnapshot(long id, String state, long total, long done, String lastError) {}
