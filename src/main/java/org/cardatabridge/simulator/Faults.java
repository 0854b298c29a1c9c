// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The faults that are still to come, for each place in the order they were set. One thread. */
final class Faults {

  private static final int MOST = 100_000;

  private final Map<Place, Deque<Fault>> queues = new EnumMap<>(Place.class);

  Faults() {
    for (Place p : Place.values()) {
      queues.put(p, new ArrayDeque<>());
    }
  }

  /** Lets the next so many answers of a place go wrong, after those that are set already. */
  void add(Place place, Fault fault, int times) {
    fault.checkAt(place);
    Deque<Fault> queue = queues.get(place);
    if (times < 1 || queue.size() + times > MOST) {
      throw new IllegalArgumentException(
          "setting a fault: " + times + " times — take 1 to " + MOST);
    }
    for (int i = 0; i < times; i++) {
      queue.add(fault);
    }
  }

  /** Takes the next fault of a place. */
  Optional<Fault> next(Place place) {
    return Optional.ofNullable(queues.get(place).poll());
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
