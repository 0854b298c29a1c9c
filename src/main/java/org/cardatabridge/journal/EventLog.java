// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The log as a sink sees it: an append-only series of messages with the sinks' positions beside it.
 * Safe for use by many threads.
 */
interface EventLog {

  /** Whether it can be read, and its places are known; false while the file cannot be opened. */
  boolean isOpen();

  /**
   * Messages from this number on, oldest first; begins later where older ones were dropped. May
   * hold messages that are not saved yet.
   *
   * @throws UnreadableJournalException where the file cannot be read at present
   */
  default List<LogEntry> read(long fromMessage, int limit) {
    return read(fromMessage, limit, true);
  }

  /** The same; without payloads, reading is cheaper. */
  List<LogEntry> read(long fromMessage, int limit, boolean withPayload);

  /** Place of the oldest message that is still kept; {@link #next()} where there is none. */
  Position first();

  /** Place behind the newest message: where the next one will be. */
  Position next();

  /** Place of the oldest kept message received at this time or later. */
  Position since(Instant received);

  /** The position a sink saved last. */
  Optional<Position> position(String sink);

  /**
   * Saves a sink's position; it is in the file soon, and never before the messages it is behind.
   */
  void savePosition(String sink, Position position);

  /** Keeps what a target refused for good; in the file before any position saved afterwards. */
  void setAside(SetAside refused);
}
