// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.time.Instant;
import java.util.Set;

/**
 * What {@code replay} is asked for. Immutable.
 *
 * @param file the recording, {@code -} for standard input; null for the journal
 * @param since the first moment of receipt; null for no limit
 * @param until the first moment after it; null for no limit
 * @param sinks who gets them; empty for all
 * @param speed how many times as fast as they came; 0 for as fast as possible
 * @param setAside whether only what sinks refused is played
 */
public record ReplayRequest(
    String file, Instant since, Instant until, Set<String> sinks, double speed, boolean setAside) {

  /** Keeps the sinks from changing. */
  public ReplayRequest {
    sinks = Set.copyOf(sinks);
  }

  /** Whether a message received then is asked for. */
  boolean takes(Instant received) {
    return (since == null || !received.isBefore(since))
        && (until == null || received.isBefore(until));
  }
}
