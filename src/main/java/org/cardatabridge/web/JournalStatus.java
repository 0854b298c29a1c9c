// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;

/**
 * The {@code journal} part of {@code /api/status}. Immutable.
 *
 * @param events data points it holds
 * @param bytes about how much room they take
 * @param oldest when the oldest one was received; null where it holds none
 * @param duplicates how many duplicates were kept from the sinks since the bridge started
 * @param unparsed how many messages could not be read since then
 */
public record JournalStatus(
    long events, long bytes, Instant oldest, long duplicates, long unparsed) {}
