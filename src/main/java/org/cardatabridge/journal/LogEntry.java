// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.List;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * One message as the log keeps it. Immutable.
 *
 * @param sequence its number, counted from 0 without gaps
 * @param pointsBefore how many data points (duplicates left out) the log took before it
 * @param eventsBefore the same with duplicates
 * @param message the message with all its data points; read for a sink of data points it comes
 *     without its payload
 * @param points its data points without the duplicates: what the sinks get
 * @param sinks names of the only sinks it is for; empty: for all
 */
record LogEntry(
    long sequence,
    long pointsBefore,
    long eventsBefore,
    CarMessage message,
    List<CarEvent> points,
    Set<String> sinks) {

  /** Keeps the collections from changing. */
  LogEntry {
    points = List.copyOf(points);
    sinks = Set.copyOf(sinks);
  }

  /** Whether this sink is to get it. */
  boolean isFor(String sink) {
    return sinks.isEmpty() || sinks.contains(sink);
  }

  /** How many data points the log took up to its end, duplicates too. */
  long eventsAfter() {
    return eventsBefore + message.points().size();
  }

  /** Its own place. */
  Position start() {
    return new Position(sequence, 0, pointsBefore);
  }

  /** The place of one of its points. */
  Position at(int point) {
    return new Position(sequence, point, pointsBefore + point);
  }

  /** The place behind it. */
  Position end() {
    return new Position(sequence + 1, 0, pointsBefore + points.size());
  }
}
