// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.CarEvent;

/**
 * What a shipped sink delivers to, as a test runs it: a real server, or a folder. Made once for a
 * test class; used on one thread.
 */
public interface SinkTarget extends AutoCloseable {

  /**
   * The settings that point the sink at it, secrets among them; without {@code .enabled}. The same
   * as long as it lives.
   */
  Map<String, String> settings();

  /** A test begins: what it took before may be forgotten. */
  default void begin() {}

  /** Takes it away in good order; whoever knocks is refused. */
  void stop() throws Exception;

  /** Takes it away as a power cut would. */
  void kill() throws Exception;

  /** Brings it back at the same place with what it had, after {@link #stop} or {@link #kill}. */
  void start() throws Exception;

  /**
   * The values of one descriptor that it took, in the order it took them, doubles as often as they
   * came where it can tell.
   *
   * @param key a descriptor whose values are whole numbers
   */
  List<Long> received(String key) throws Exception;

  /** Whether a value that came twice shows twice; where it overwrites, it does not. */
  default boolean showsDoubles() {
    return true;
  }

  /**
   * A data point that it refuses for good; empty where it takes whatever a car can say.
   *
   * @param good one that it takes, to be changed
   */
  default Optional<CarEvent> poisoned(CarEvent good) {
    return Optional.empty();
  }

  /** The texts among {@link #settings} that nobody may read in a log, a status or a metric. */
  default Set<String> secrets() {
    return Set.of();
  }

  /**
   * Settings that cannot work, each with its bad text, to be set over {@link #settings}; an empty
   * text takes a setting away. The sentence must name the key.
   */
  Map<String, String> badSettings();

  @Override
  void close() throws IOException;
}
