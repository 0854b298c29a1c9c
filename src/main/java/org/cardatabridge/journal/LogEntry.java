// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.List;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * One message as the log keeps it. Immutable.
 *
 * @param sequence its number, counted from 0 without gaps
 * @param pointsBefore how many data points (duplicates left out) the log took before it
 * @param message the message with all its data points
 * @param points its data points without the duplicates: what the sinks get
 */
public record LogEntry(
    long sequence, long pointsBefore, CarMessage message, List<CarEvent> points) {

  /** Keeps the points from changing. */
  public LogEntry {
    points = List.copyOf(points);
  }

  /** Its own place. */
  public Position start() {
    return new Position(sequence, 0, pointsBefore);
  }

  /** The place of one of its points. */
  public Position at(int point) {
    return new Position(sequence, point, pointsBefore + point);
  }

  /** The place behind it. */
  public Position end() {
    return new Position(sequence + 1, 0, pointsBefore + points.size());
  }
}
