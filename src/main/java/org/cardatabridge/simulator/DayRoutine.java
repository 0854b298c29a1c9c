// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The day of a car, which comes again and again. Used on one thread. */
final class DayRoutine {

  private final TreeMap<Duration, CarAction> plan;
  private final Duration day;
  private Duration time;
  private CarAction last;

  private DayRoutine(Map<Duration, CarAction> plan, Duration day, Duration time) {
    this.plan = new TreeMap<>(plan);
    this.day = day;
    this.time = time;
  }

  /**
   * A commuter's day that has reached some hour.
   *
   * @param number tells cars apart: the first drives off at once, the second is plugged in at once
   */
  DayRoutine(int number) {
    this(
        Map.of(
            at(0, 0), CarAction.SLEEP,
            at(6, 50), CarAction.WAKE,
            at(7, 0), CarAction.DRIVE,
            at(9, 0), CarAction.PARK,
            at(9, 20), CarAction.SLEEP,
            at(15, 50), CarAction.WAKE,
            at(16, 0), CarAction.DRIVE,
            at(18, 0), CarAction.PARK,
            at(18, 10), CarAction.CHARGE),
        Duration.ofDays(1),
        switch (number % 3) {
          case 0 -> at(7, 0);
          case 1 -> at(18, 10);
          default -> at(15, 45);
        });
  }

  /**
   * Trips and charges in turn, without a night. Of two such cars one drives while the other
   * charges.
   *
   * @param number as for a commuter
   */
  static DayRoutine busy(int number) {
    return new DayRoutine(
        Map.of(
            at(0, 0), CarAction.WAKE,
            at(0, 5), CarAction.DRIVE,
            at(2, 5), CarAction.PARK,
            at(2, 10), CarAction.CHARGE),
        at(4, 20),
        number % 2 == 0 ? at(0, 5) : at(2, 10));
  }

  /** Lets time pass; gives what the car does now if that is something new, otherwise null. */
  CarAction advance(Duration passed) {
    time = time.plus(passed);
    while (time.compareTo(day) >= 0) {
      time = time.minus(day);
    }
    CarAction now = plan.floorEntry(time).getValue();
    CarAction news = now == last ? null : now;
    last = now;
    return news;
  }

  private static Duration at(int hour, int minute) {
    return Duration.ofMinutes(hour * 60L + minute);
  }
}
