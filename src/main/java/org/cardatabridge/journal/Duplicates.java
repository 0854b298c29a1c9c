// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
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

  private record Key(String vin, String key) {}

  private record Seen(long timestamp, Object value) {

    /** To the microsecond, as the history keeps it. */
    Seen(Instant timestamp, Object value) {
      this(Micros.of(timestamp), comparable(value));
    }

    // Called for each of the last 32 values of a key: the times nearly always differ.
    boolean is(Seen other) {
      return timestamp == other.timestamp && value.equals(other.value);
    }
  }

  private static final class Window {
    private final Seen[] seen = new Seen[WINDOW];
    private int next;

    boolean has(Seen point) {
      for (Seen other : seen) {
        if (other != null && point.is(other)) {
          return true;
        }
      }
      return false;
    }

    void add(Seen point) {
      seen[next] = point;
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
      window.add(new Seen(point.timestamp(), point.value()));
    }
    return window;
  }

  /** Whether it was there already; remembers it where not. */
  boolean isDuplicate(CarEvent event) {
    Window window = windows.computeIfAbsent(new Key(event.vin(), event.key()), this::remembered);
    Seen point = new Seen(event.timestamp(), event.value());
    if (window.has(point)) {
      return true;
    }
    window.add(point);
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
    return Objects.requireNonNullElse(value, Seen.class);
  }
}
