// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The day of a commuter's car. Used on one thread. */
final class DayRoutine {

  private static final Duration DAY = Duration.ofDays(1);

  private final TreeMap<Duration, CarAction> plan =
      new TreeMap<>(
          Map.of(
              at(0, 0), CarAction.SLEEP,
              at(6, 50), CarAction.WAKE,
              at(7, 0), CarAction.DRIVE,
              at(9, 0), CarAction.PARK,
              at(9, 20), CarAction.SLEEP,
              at(15, 50), CarAction.WAKE,
              at(16, 0), CarAction.DRIVE,
              at(18, 0), CarAction.PARK,
              at(18, 10), CarAction.CHARGE));

  private Duration time;
  private CarAction last;

  /**
   * A routine that has reached some hour.
   *
   * @param number tells cars apart: the first drives off at once, the second is plugged in at once
   */
  DayRoutine(int number) {
    time =
        switch (number % 3) {
          case 0 -> at(7, 0);
          case 1 -> at(18, 10);
          default -> at(15, 45);
        };
  }

  /** Lets time pass; gives what the car does now if that is something new, otherwise null. */
  CarAction advance(Duration passed) {
    time = time.plus(passed);
    while (time.compareTo(DAY) >= 0) {
      time = time.minus(DAY);
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
