// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

/**
 * A place in the log: the next thing to read. Immutable.
 *
 * @param message sequence number of the message, counted from 0
 * @param point index among the message's data points, duplicates left out
 * @param points how many data points the log took before this place, for telling how far behind a
 *     sink is
 */
record Position(long message, int point, long points) {

  // A record's own methods are linked when first used, which a start would wait for.

  @Override
  public boolean equals(Object other) {
    return other instanceof Position same
        && message == same.message
        && point == same.point
        && points == same.points;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Long.hashCode(message) + point) + Long.hashCode(points);
  }
}
