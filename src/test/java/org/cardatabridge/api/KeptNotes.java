// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Notes in memory, for tests. */
final class KeptNotes implements RestNotes {

  private final Map<String, Note> notes = new ConcurrentSkipListMap<>();

  private static String key(String account, String vin, String name) {
    return account + " " + vin + " " + name;
  }

  @Override
  public Optional<Note> find(String account, String vin, String name) {
    return Optional.ofNullable(notes.get(key(account, vin, name)));
  }

  @Override
  public void put(String account, String vin, String name, String text) {
    notes.put(key(account, vin, name), new Note(text, Instant.EPOCH));
  }

  @Override
  public void forget(String account, String vin, String name) {
    notes.remove(key(account, vin, name));
  }
}
