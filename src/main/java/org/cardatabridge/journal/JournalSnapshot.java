// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;

/**
 * The journal at one moment. Immutable.
 *
 * @param events data points it holds, duplicates included
 * @param bytes about how much room they take
 * @param oldest when the oldest message it holds was received; null where it holds none
 * @param duplicates data points kept from the sinks as duplicates since the bridge started
 * @param unparsed messages that could not be read since then
 * @param messages messages taken since then
 * @param points data points taken since then, duplicates included
 */
public record JournalSnapshot(
    long events,
    long bytes,
    Instant oldest,
    long duplicates,
    long unparsed,
    long messages,
    long points) {}
