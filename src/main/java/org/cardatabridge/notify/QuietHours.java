// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * Hours of the day in which only what is urgent is said. Immutable.
 *
 * @param from the first quiet moment, local time
 * @param to the first one that is not quiet any more; before {@code from} it is the next day's
 * @param zone whose clock is meant
 */
record QuietHours(LocalTime from, LocalTime to, ZoneId zone) {

  /** From a text such as {@code 22:00-07:00}; null for a null. */
  static QuietHours of(String text, ZoneId zone) {
    if (text == null) {
      return null;
    }
    String[] ends = text.split("-");
    return new QuietHours(LocalTime.parse(ends[0]), LocalTime.parse(ends[1]), zone);
  }

  /**
   * Whether it is quiet at that moment, whatever summer time does; the same two hours are never.
   */
  boolean contains(Instant moment) {
    LocalTime time = moment.atZone(zone).toLocalTime();
    return from.isBefore(to)
        ? !time.isBefore(from) && time.isBefore(to)
        : from.isAfter(to) && (!time.isBefore(from) || time.isBefore(to));
  }
}
