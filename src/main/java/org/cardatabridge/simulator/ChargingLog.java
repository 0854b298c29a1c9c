// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The charging sessions of one car: those of a month before the simulator began, and each one
 * since. Used on one thread.
 */
final class ChargingLog {

  private static final int BEFORE = 12;
  private static final int MOST = 1_000;
  private static final Duration BETWEEN = Duration.ofHours(58);

  private final List<ChargingSession> sessions = new ArrayList<>();
  private ChargingSession running;
  private int made;

  ChargingLog(int carNumber, double odometer, Instant now) {
    for (int i = BEFORE; i >= 1; i--) {
      Instant start = now.minus(BETWEEN.multipliedBy(i)).plusSeconds(577L * carNumber);
      long from = 24 + 7 * (i % 5);
      long to = i % 3 == 0 ? 80 : 90;
      add(
          new ChargingSession(
              made++,
              start,
              start.plusSeconds((to - from) * 264),
              from,
              to,
              (long) odometer - i * 88L));
    }
  }

  /** Adds so many before this moment, one for each hour. */
  void addBefore(Instant now, int count) {
    for (int i = 1; i <= count; i++) {
      Instant start = now.minus(Duration.ofHours(i));
      add(new ChargingSession(made++, start, start.plusSeconds(1_320), 60, 65, 10_000));
    }
  }

  /** Looks at the car after each of its steps: a session begins and ends with its charging. */
  void observe(Car car, Instant now) {
    boolean charges = car.state() == CarAction.CHARGE;
    if (charges && running == null) {
      running =
          new ChargingSession(
              made++, now, now, car.charge(), car.charge(), Math.round(car.odometer()));
    } else if (!charges && running != null) {
      add(running.endedAt(now, car.charge()));
      running = null;
    }
  }

  private void add(ChargingSession session) {
    sessions.add(session);
    if (sessions.size() > MOST) {
      sessions.remove(0);
    }
  }

  /** The sessions that began in a time, the newest first; one under way is not among them. */
  List<ChargingSession> between(Instant from, Instant to) {
    return sessions.stream()
        .filter(s -> !s.start().isBefore(from) && s.start().isBefore(to))
        .sorted(Comparator.comparing(ChargingSession::start).reversed())
        .toList();
  }
}
