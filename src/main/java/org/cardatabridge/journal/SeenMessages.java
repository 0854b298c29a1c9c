// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * Tells a message that was there already, by what it calls itself: a source that delivers at least
 * once may deliver it again. The same name with other values is another message, as some senders
 * use one name for many.
 *
 * <p>Remembers the {@value #MOST} heard last. Not safe for use by many threads.
 */
final class SeenMessages {

  /** How many are remembered. */
  static final int MOST = 10_000;

  /** A message, by its name and by what it says. */
  record Key(long name, long content) {

    /**
     * Of a message with this name. The time of receipt is no part of it, nor what was worked out,
     * which depends on what came before.
     */
    static Key of(String name, CarMessage message) {
      long content = 1;
      String vin = "";
      for (CarEvent event : message.points()) {
        if (event.source().equals("derived")) {
          continue;
        }
        vin = event.vin();
        content = mixed(content, hash(event.key()));
        content = mixed(content, event.value() == null ? 0 : event.value().hashCode());
        content = mixed(content, event.unit() == null ? 0 : event.unit().hashCode());
        content = mixed(content, time(event));
      }
      return new Key(hash(name), mixed(content, hash(vin)));
    }

    private static long time(CarEvent event) {
      Instant time = event.timestamp();
      // To the microsecond, as the file keeps both.
      return Micros.of(time) == Micros.of(event.received()) ? 0 : Micros.of(time);
    }

    private static long hash(String text) {
      long hash = 0xcbf29ce484222325L;
      for (int i = 0; i < text.length(); i++) {
        hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
      }
      return hash;
    }

    private static long mixed(long hash, long more) {
      long mixed = (hash ^ more) * 0x9e3779b97f4a7c15L;
      return mixed ^ mixed >>> 32;
    }
  }

  private final Map<Key, Boolean> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Boolean> eldest) {
          return size() > MOST;
        }
      };

  /** Whether it was there already. */
  boolean has(Key key) {
    return seen.containsKey(key);
  }

  /** Remembers one that the journal has. */
  void add(Key key) {
    seen.put(key, true);
  }
}
