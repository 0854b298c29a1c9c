// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What sinks have told and the file does not hold yet: positions, and what was set aside. Safe for
 * use by many threads.
 */
final class Unsaved {

  /** More than so much set aside waits for the file: whoever sets aside waits too. */
  private static final int MOST = 256;

  private final Map<String, Position> positions = new HashMap<>();
  private final Deque<SetAside> setAside = new ArrayDeque<>();
  private final Set<Long> forgotten = new HashSet<>();
  private boolean closed;

  /**
   * What goes into one transaction.
   *
   * @param positions by sink
   * @param setAside oldest first
   * @param forgotten what is set aside no longer, by its number in the file
   */
  record Portion(Map<String, Position> positions, List<SetAside> setAside, Set<Long> forgotten) {
    static final Portion NONE = new Portion(Map.of(), List.of(), Set.of());

    boolean isEmpty() {
      return positions.isEmpty() && setAside.isEmpty() && forgotten.isEmpty();
    }
  }

  /** True where nothing waited before. */
  synchronized boolean position(String sink, Position position) {
    boolean wasEmpty = isEmpty();
    positions.put(sink, position);
    return wasEmpty;
  }

  /** Waits while too much waits already; interrupted, it takes it none the less. */
  synchronized boolean setAside(SetAside refused) {
    boolean interrupted = false;
    while (setAside.size() >= MOST && !closed && !interrupted) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    boolean wasEmpty = isEmpty();
    setAside.addLast(refused);
    return wasEmpty;
  }

  /** What was set aside under this number was taken after all; true where nothing waited before. */
  synchronized boolean forget(long id) {
    boolean wasEmpty = isEmpty();
    forgotten.add(id);
    return wasEmpty;
  }

  synchronized boolean isEmpty() {
    return positions.isEmpty() && setAside.isEmpty() && forgotten.isEmpty();
  }

  /** What may be saved with messages up to this number; it stays here until {@link #saved}. */
  synchronized Portion upTo(long message) {
    if (isEmpty()) {
      return Portion.NONE;
    }
    Map<String, Position> now = new HashMap<>();
    positions.forEach(
        (sink, position) -> {
          if (position.message() <= message) {
            now.put(sink, position);
          }
        });
    return new Portion(now, new ArrayList<>(setAside), Set.copyOf(forgotten));
  }

  /** Forgets what the file holds now, unless it has moved on since. */
  synchronized void saved(Portion portion) {
    portion.positions().forEach(positions::remove);
    for (int i = 0; i < portion.setAside().size(); i++) {
      setAside.removeFirst();
    }
    forgotten.removeAll(portion.forgotten());
    notifyAll();
  }

  /** Nobody waits any longer. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
