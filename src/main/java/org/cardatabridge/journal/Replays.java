// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The replays of this process, the last {@value #KEPT}. Safe for use by many threads. */
final class Replays {

  private static final int KEPT = 20;

  private final Map<Long, List<ReplayRun>> runs = new LinkedHashMap<>();
  private long last;

  /** Notes a replay; its number. */
  synchronized long add(List<ReplayRun> run) {
    last++;
    runs.put(last, List.copyOf(run));
    runs.values()
        .removeIf(old -> runs.size() > KEPT && old.stream().noneMatch(ReplayRun::isRunning));
    return last;
  }

  /** How it stands; empty for one that is not known any more. */
  synchronized Optional<ReplaySnapshot> snapshot(long id) {
    return Optional.ofNullable(runs.get(id)).map(all -> sum(id, all));
  }

  private static ReplaySnapshot sum(long id, List<ReplayRun> all) {
    long total = 0;
    long done = 0;
    String state = "done";
    String error = null;
    for (ReplayRun run : all) {
      ReplaySnapshot one = run.snapshot(id);
      total += one.total();
      done += one.done();
      error = one.lastError() != null ? one.lastError() : error;
      if (one.state().equals("running") || one.state().equals("failed") && state.equals("done")) {
        state = one.state();
      }
    }
    return new ReplaySnapshot(id, state, total, done, error);
  }
}
