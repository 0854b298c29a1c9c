// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Numbers for words that occur often, as in the table {@code names}. Numbers are given by one
 * thread; reading is safe for many. Bounded: when {@value #MOST} names are known, further ones get
 * none, and whoever writes spells them.
 */
final class Names {

  static final int MOST = 10_000;
  static final int NONE = 0;
  private static final int LONGEST = 200;

  private final Map<String, Integer> ids = new ConcurrentHashMap<>();
  private final AtomicReferenceArray<String> names = new AtomicReferenceArray<>(MOST + 1);
  private final List<Integer> unsaved = new ArrayList<>();
  private int last;

  /** Knows no name any more, as the table is not there. */
  void forget() {
    for (int id = 1; id <= last; id++) {
      names.set(id, null);
    }
    ids.clear();
    unsaved.clear();
    last = 0;
  }

  /** Takes a name from the table. */
  void known(int id, String name) {
    if (id > 0 && id <= MOST) {
      names.set(id, name);
      ids.put(name, id);
      last = Math.max(last, id);
    }
  }

  /** The number of a name, a new one where it has none yet; {@link #NONE} where it gets none. */
  int number(String name) {
    Integer id = ids.get(name);
    if (id != null) {
      return id;
    }
    // Half a surrogate pair is stored as a question mark, and so may another name be.
    if (last >= MOST || name.length() > LONGEST || !UTF_8.newEncoder().canEncode(name)) {
      return NONE;
    }
    last++;
    names.set(last, name);
    ids.put(name, last);
    unsaved.add(last);
    return last;
  }

  /** The number of a name; {@link #NONE} where it has none. */
  int find(String name) {
    return ids.getOrDefault(name, NONE);
  }

  /** The name behind a number; null where there is none. */
  String name(int id) {
    return id > 0 && id <= MOST ? names.get(id) : null;
  }

  /** Numbers that are not in the table yet, rising. */
  List<Integer> unsaved() {
    return unsaved;
  }

  void saved() {
    unsaved.clear();
  }

  /** All of them are to be saved, as the table is a new one. */
  void allUnsaved() {
    unsaved.clear();
    for (int id = 1; id <= last; id++) {
      if (names.get(id) != null) {
        unsaved.add(id);
      }
    }
  }
}
