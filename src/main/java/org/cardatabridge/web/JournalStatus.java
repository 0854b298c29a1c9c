// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.Optional;
import org.cardatabridge.journal.JournalSnapshot;

/**
 * The {@code journal} part of {@code /api/status}. Immutable.
 *
 * @param events data points it holds
 * @param bytes about how much room they take
 * @param oldest when the oldest one was received; null where it holds none
 * @param duplicates how many duplicates were kept from the sinks since the bridge started
 * @param unparsed how many messages could not be read since then
 * @param state {@code up}, or {@code down} while it cannot keep what it takes
 * @param lastError why it is down and what to do, in one sentence; while it is up, what befell its
 *     file since the bridge started; null for nothing
 */
public record JournalStatus(
    long events,
    long bytes,
    Instant oldest,
    long duplicates,
    long unparsed,
    String state,
    String lastError) {

  /** What the journal says of itself. */
  static JournalStatus of(JournalSnapshot now, Optional<String> trouble, Optional<String> notice) {
    return new JournalStatus(
        now.events(),
        now.bytes(),
        now.oldest(),
        now.duplicates(),
        now.unparsed(),
        trouble.isPresent() ? "down" : "up",
        trouble.or(() -> notice).orElse(null));
  }
}
