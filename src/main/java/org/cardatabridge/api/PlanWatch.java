// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * What the plan sees happen between two looks: outages of the stream, what the bridge found at its
 * start, polls that brought nothing. Not safe for use by several threads at once.
 */
final class PlanWatch {

  /** So long after the first look the stream had its chance. */
  static final Duration CHANCE = Duration.ofSeconds(90);

  /** Values that are this old at a start are asked for. */
  static final Duration OLD = Duration.ofHours(6);

  /** After so many polls that brought nothing, a car is left until it is heard of again. */
  static final int VAIN = 5;

  private final PlanSettings settings;
  private final PlanMemory memory;
  private final Set<String> old = new HashSet<>();

  private Instant startedAt;
  private Instant awaySince;
  private boolean awayNoted;
  private boolean hadChance;

  PlanWatch(PlanSettings settings, PlanMemory memory) {
    this.settings = settings;
    this.memory = memory;
  }

  /** Whether there was a look since the start. */
  boolean hasLooked() {
    return startedAt != null;
  }

  /** Takes in what is seen at a look; the first one is the start. */
  void look(PlanFacts facts, Instant now) {
    if (startedAt == null) {
      startedAt = now;
      Instant before = memory.away();
      awayNoted = before != null;
      awaySince = before == null ? startedAt : before;
    }
    if (now.isBefore(startedAt)) {
      // The clock was ahead.
      startedAt = now;
    }
    if (awaySince != null && now.isBefore(awaySince)) {
      awaySince = now;
    }
    if (facts.isSubscribed()) {
      if (awaySince != null) {
        back(now);
      }
    } else if (awaySince == null) {
      awaySince = now;
    } else if (!awayNoted && hadChance && isLong(now)) {
      memory.noteAway(awaySince);
      awayNoted = true;
    }
    if (!hadChance && (facts.isSubscribed() || !now.isBefore(startedAt.plus(CHANCE)))) {
      hadChance = true;
      facts.cars().stream()
          .filter(car -> car.newsAt() != null && !car.newsAt().plus(OLD).isAfter(now))
          .map(PlanFacts.Car::vin)
          .forEach(old::add);
    }
  }

  private void back(Instant now) {
    if (isLong(now)) {
      memory.noteGap(awaySince);
    } else if (awayNoted) {
      memory.noteBack();
    }
    awaySince = null;
    awayNoted = false;
  }

  private boolean isLong(Instant now) {
    return !now.isBefore(awaySince.plus(settings.gapAfter()));
  }

  /** When the stream had its chance after the start, at the latest. */
  Instant chanceAt() {
    return hadChance ? startedAt : startedAt.plus(CHANCE);
  }

  /** Since when the stream has been away for long enough to matter; null where it is there. */
  Instant awaySince(Instant now) {
    return awaySince != null && hadChance && isLong(now) ? awaySince : null;
  }

  /** Whether the values of a car were old when the bridge started, and still are. */
  boolean isOldSinceStart(String vin) {
    return old.contains(vin);
  }

  Instant startedAt() {
    return startedAt;
  }

  /** Takes in that the last values of a car were fetched. */
  void fetched(PlanFacts.Car car) {
    old.remove(car.vin());
    memory.notePoll(car.vin(), new PlanMemory.Poll(car.measuredAt(), vain(car)));
  }

  /** How many calls in a row brought nothing newer. */
  int vain(PlanFacts.Car car) {
    PlanMemory.Poll last = memory.poll(car.vin()).orElse(null);
    if (last == null) {
      return 0;
    }
    boolean isNews =
        car.measuredAt() != null
            && (last.measuredAt() == null || car.measuredAt().isAfter(last.measuredAt()));
    return isNews ? 0 : Math.min(last.vain() + 1, VAIN);
  }
}
