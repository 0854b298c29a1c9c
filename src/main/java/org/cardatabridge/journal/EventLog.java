// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the journal keeps its messages: an append-only log with the sinks' positions beside it.
 *
 * <p>Safe for use by many threads; {@link #append} is called by one thread only. An implementation
 * may drop the oldest messages to stay within its bounds, never the newest one.
 */
public interface EventLog {

  /**
   * Appends messages whose numbers follow each other and begin at {@link #next()}; returns once
   * they are as safe as this log makes them. Throws, and keeps none of them, where that failed.
   */
  void append(List<LogEntry> entries);

  /** Messages from this number on, oldest first; begins later where older ones were dropped. */
  List<LogEntry> read(long fromMessage, int limit);

  /** Place of the oldest message that is still kept; {@link #next()} where there is none. */
  Position first();

  /**
   * Messages before this place may be dropped by the next {@link #append}; {@link #first()} where
   * there is room, and for a log that drops nothing.
   */
  default Position mayGo() {
    return first();
  }

  /** Place behind the newest message: where the next one will be. */
  Position next();

  /** Place of the oldest kept message received at this time or later. */
  Position since(Instant received);

  /** How many data points are kept, duplicates included. */
  long events();

  /** About how many bytes are in use. */
  long bytes();

  /** When the oldest kept message was received; empty for an empty log. */
  Optional<Instant> oldest();

  /** The position a sink saved last. */
  Optional<Position> position(String sink);

  /** Saves a sink's position. */
  void savePosition(String sink, Position position);

  /** Keeps what a target refused for good. */
  void setAside(SetAside refused);

  /** What was set aside and is still kept, oldest first. */
  List<SetAside> setAside();
}
