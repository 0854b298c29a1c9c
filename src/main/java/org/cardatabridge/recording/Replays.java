// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Plays journalled messages to the sinks again. Safe for use by many threads. */
public interface Replays {

  /**
   * Begins a replay and returns at once.
   *
   * @param since the first moment of receipt; null for no limit
   * @param until the first moment after it; null for no limit
   * @param sinks who gets them; empty for all
   * @param speed how many times as fast as they came; 0 for as fast as possible
   * @param setAside whether only what sinks refused is played
   * @return its number
   * @throws IllegalStateException with a sentence where none can begin now
   */
  long replay(Instant since, Instant until, Set<String> sinks, double speed, boolean setAside);

  /** How a replay stands; empty for an unknown number. */
  Optional<ReplaySnapshot> replay(long id);
}
