// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Notes of one account that survive the restarts of a test. Safe for use by many threads. */
final class SimulatedNotes implements RestNotes {

  private record Name(String vin, String name) {}

  private final Map<Name, Note> all = new HashMap<>();
  private final Clock clock;

  SimulatedNotes(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Optional<Note> find(String account, String vin, String name) {
    return Optional.ofNullable(all.get(new Name(vin, name)));
  }

  @Override
  public synchronized void put(String account, String vin, String name, String text) {
    all.put(new Name(vin, name), new Note(text, clock.instant()));
  }

  @Override
  public synchronized void forget(String account, String vin, String name) {
    all.remove(new Name(vin, name));
  }
}
