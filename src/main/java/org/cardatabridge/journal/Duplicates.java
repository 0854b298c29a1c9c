// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cardatabridge.CarEvent;

/**
 * Knows the last 32 values of each key and tells a data point that was there already: same VIN,
 * key, car timestamp and value. A corrected value with the same timestamp is none.
 *
 * <p>Bounded: it remembers the keys heard last, and asks for the values of any other, as after a
 * restart. Not safe for use by many threads.
 */
final class Duplicates {

  /** How many values of a key it knows. */
  static final int WINDOW = 32;

  private static final int MAX_KEYS = 4_096;
  private static final int LONGEST_KEPT = 256;

  /** A record's own methods are linked when first used, 20 ms in each start; these are not. */
  private record Key(String vin, String key) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Key same && key.equals(same.key) && vin.equals(same.vin);
    }

    @Override
    public int hashCode() {
      return 31 * vin.hashCode() + key.hashCode();
    }
  }

  /** The last values of a key; each time is to the microsecond, as the history keeps it. */
  private static final class Window {
    // The times nearly always differ, so they are looked through alone.
    private final long[] times = new long[WINDOW];
    private final Object[] values = new Object[WINDOW];
    private int next;

    boolean has(long time, Object value) {
      for (int i = 0; i < WINDOW; i++) {
        if (times[i] == time && value.equals(values[i])) {
          return true;
        }
      }
      return false;
    }

    void add(long time, Object value) {
      times[next] = time;
      values[next] = value;
      next = (next + 1) % WINDOW;
    }
  }

  /** Knows what was there before. */
  @FunctionalInterface
  interface Memory {
    /** The last values of a key, the oldest first, at most {@link #WINDOW}; never null. */
    List<HistoryPoint> recent(String vin, String key);
  }

  private final Memory memory;

  private final Map<Key, Window> windows =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Window> eldest) {
          return size() > MAX_KEYS;
        }
      };

  Duplicates(Memory memory) {
    this.memory = memory;
  }

  private Window remembered(Key key) {
    Window window = new Window();
    for (HistoryPoint point : memory.recent(key.vin(), key.key())) {
      window.add(Micros.of(point.timestamp()), comparable(point.value()));
    }
    return window;
  }

  /** Whether it was there already; remembers it where not. */
  boolean isDuplicate(CarEvent event) {
    Window window = windows.computeIfAbsent(new Key(event.vin(), event.key()), this::remembered);
    long time = Micros.of(event.timestamp());
    Object value = comparable(event.value());
    if (window.has(time, value)) {
      return true;
    }
    window.add(time, value);
    return false;
  }

  private static Object comparable(Object value) {
    // Nearly all values are one of these, and asking for interfaces first is dear.
    if (value instanceof Long || value instanceof Double || value instanceof Boolean) {
      return value;
    }
    if (value instanceof CharSequence || value instanceof Iterable || value instanceof Map) {
      String text = value.toString();
      return text.length() > LONGEST_KEPT ? Digest.of(text) : value;
    }
    return Objects.requireNonNullElse(value, Window.class);
  }
}
