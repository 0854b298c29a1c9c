// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * The faults that are still to come, for each place in the order they were set; some strike one
 * account only. One thread.
 */
final class Faults {

  private static final int MOST = 100_000;

  private final Map<Place, Deque<Waiting>> queues = new EnumMap<>(Place.class);

  /** A fault and the client id it waits for; null for any. */
  private record Waiting(Fault fault, String clientId) {}

  Faults() {
    for (Place p : Place.values()) {
      queues.put(p, new ArrayDeque<>());
    }
  }

  /**
   * Lets the next so many answers of a place go wrong, after those that are set already.
   *
   * @param clientId whose answers; null for everybody's
   */
  void add(Place place, Fault fault, int times, String clientId) {
    fault.checkAt(place);
    Deque<Waiting> queue = queues.get(place);
    if (times < 1 || queue.size() + times > MOST) {
      throw new IllegalArgumentException(
          "setting a fault: " + times + " times — take 1 to " + MOST);
    }
    for (int i = 0; i < times; i++) {
      queue.add(new Waiting(fault, clientId));
    }
  }

  /** Takes the next fault of a place that this client meets. */
  Optional<Fault> next(Place place, String clientId) {
    Iterator<Waiting> waiting = queues.get(place).iterator();
    while (waiting.hasNext()) {
      Waiting next = waiting.next();
      if (next.clientId() == null || next.clientId().equals(clientId)) {
        waiting.remove();
        return Optional.of(next.fault());
      }
    }
    return Optional.empty();
  }

  void clear() {
    queues.values().forEach(Deque::clear);
  }

  /** How many are left at each place. */
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    queues.forEach((place, queue) -> json.put(place.word(), queue.size()));
    return json;
  }
}
