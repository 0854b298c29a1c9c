// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.recording.ReplaySnapshot;
import org.cardatabridge.recording.Replays;

/**
 * The journal's replays, as commands and web know them. Safe for use by many threads.
 *
 * @param journal plays its messages
 */
record JournalReplays(Journal journal) implements Replays {

  @Override
  public long replay(
      Instant since, Instant until, Set<String> sinks, double speed, boolean setAside) {
    return journal.replay(since, until, sinks, speed, setAside);
  }

  @Override
  public Optional<ReplaySnapshot> replay(long id) {
    return journal
        .replay(id)
        .map(s -> new ReplaySnapshot(s.id(), s.state(), s.total(), s.done(), s.lastError()));
  }
}
