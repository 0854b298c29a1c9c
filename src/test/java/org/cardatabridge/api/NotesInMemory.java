// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Notes that a restart forgets. Safe for use by many threads. */
final class NotesInMemory implements RestNotes {

  private record Name(String account, String vin, String name) {}

  private final Map<Name, Note> notes = new ConcurrentHashMap<>();
  private final Clock clock;

  /** Empty; the clock dates notes. */
  NotesInMemory(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Optional<Note> find(String account, String vin, String name) {
    return Optional.ofNullable(notes.get(new Name(account, vin, name)));
  }

  @Override
  public void put(String account, String vin, String name, String text) {
    notes.put(new Name(account, vin, name), new Note(text, clock.instant()));
  }

  @Override
  public void forget(String account, String vin, String name) {
    notes.remove(new Name(account, vin, name));
  }
}
