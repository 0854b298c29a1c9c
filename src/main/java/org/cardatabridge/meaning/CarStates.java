// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cardatabridge.CarEvent;

/**
 * The states of cars, as one sink has handed them on. Safe for use by many threads.
 *
 * <p>A sink takes a {@link Draft}, adds what it was given, and keeps it when its target has taken
 * all of it. What failed is drafted anew, so that it comes again with all that changed by it.
 * Remembers {@value #MOST_CARS} cars; the one not heard of for longest is learnt again.
 */
public final class CarStates {

  private static final int MOST_CARS = 256;

  private final Function<String, List<CarEvent>> known;
  private final Map<String, CarState> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CarState> eldest) {
          return size() > MOST_CARS;
        }
      };

  /**
   * Knows no car yet.
   *
   * @param known the newest values of a VIN among those that the sink was handed before; asked when
   *     a car is met for the first time
   */
  public CarStates(Function<String, List<CarEvent>> known) {
    this.known = known;
  }

  /** What would be known with some events more. Used by one thread. */
  public final class Draft {

    private final Map<String, CarState> changed = new HashMap<>();

    private Draft() {}

    /** The state of the car of an event before the event. */
    public CarState before(CarEvent event) {
      return changed.computeIfAbsent(event.vin(), vin -> keptOrLearnt(event));
    }

    /** Adds an event; the state of its car with it. */
    public CarState add(CarEvent event) {
      CarState after = before(event).with(event);
      changed.put(event.vin(), after);
      return after;
    }

    /** Makes it what is known. */
    public void keep() {
      synchronized (kept) {
        kept.putAll(changed);
      }
    }
  }

  /** A draft that holds what is known. */
  public Draft draft() {
    return new Draft();
  }

  private CarState keptOrLearnt(CarEvent event) {
    CarState state;
    synchronized (kept) {
      state = kept.get(event.vin());
    }
    if (state != null) {
      return state;
    }
    return CarState.empty().with(known.apply(event.vin()));
  }
}
