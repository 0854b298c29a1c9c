// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Meanings;
import org.cardatabridge.meaning.Reading;

/** What the rules find in what a car said. Pure functions. */
final class CarFindings {

  /** A state of charge older than this, before charging ended, says nothing of the end. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  /** A state of charge is measured at the end of charging, give or take this. */
  private static final Duration AT_THE_END = Duration.ofSeconds(30);

  /** So long after its begin a state of charge is still the one of the start. */
  private static final Duration AT_THE_START = Duration.ofMinutes(2);

  /** The target is in steps, the state of charge is rounded. */
  private static final double NEARLY = 1;

  private static final double FULL = 100;

  /** A pressure has to rise by so many percent before it counts as good again. */
  private static final int CLEARLY = 3;

  private static final String DOORS = "doors";

  private static final String STARTED = "from:";

  private CarFindings() {}

  // ---- charging -----------------------------------------------------------------------------

  /** What charging has come to. */
  private enum Charge {
    GOES_ON,
    DONE,
    STOPPED,
    UNPLUGGED,
    /** It has ended, and nobody knows how; what comes later may tell. */
    ENDED,
    UNKNOWN
  }

  /** Charging has ended as it should. */
  static Finding chargeFinished(CarState car, Episode before) {
    return ofCharging(car, Charge.DONE, before);
  }

  /** Charging has ended, though the cable is plugged in and the target is not reached. */
  static Finding chargingStopped(CarState car, Episode before) {
    return ofCharging(car, Charge.STOPPED, before);
  }

  private static Finding ofCharging(CarState car, Charge wanted, Episode before) {
    Optional<Reading<String>> state = car.word(Meaning.CHARGING_STATE);
    if (state.isEmpty()) {
      return Finding.UNSURE;
    }
    Instant at = state.get().timestamp();
    Optional<Double> start = start(before);
    Optional<Double> soc = socAtEnd(car, at, start);
    Charge charge = charge(car, state.get(), soc);
    if (charge == Charge.GOES_ON) {
      return new Finding.Arms(at, armed(car, at, before));
    }
    if (charge == Charge.UNKNOWN || charge == Charge.ENDED && wanted == Charge.STOPPED) {
      return Finding.UNSURE;
    }
    if (charge != wanted && charge != Charge.ENDED) {
      return Finding.OVER;
    }
    String known = wanted == Charge.STOPPED && !isKnownPlugged(car) ? "at" : "";
    return soc.or(() -> socAround(car, at).filter(s -> isEnough(car, s)))
        .map(s -> Finding.Holds.since(at, at, Map.of("soc", Math.round(s))).saidAs(known))
        .orElseGet(() -> Finding.Holds.since(at, at, Map.of()).saidAs("unknown"))
        .marked(start.map(s -> STARTED + s).orElse(""))
        .onlyAfterArming();
  }

  /** Whether the port says so; a charging state says it of the moment before. */
  private static boolean isKnownPlugged(CarState car) {
    return car.flag(Meaning.PLUGGED)
        .filter(Reading::value)
        .filter(
            plugged ->
                Meanings.standard().of(plugged.key()).stream()
                    .noneMatch(carrier -> carrier.meaning() == Meaning.CHARGING_STATE))
        .isPresent();
  }

  /** What is remembered while charging goes on: that it does, and from where. */
  private static String armed(CarState car, Instant at, Episode before) {
    boolean isArmed = before != null && before.isArmed();
    Optional<Double> start = isArmed ? start(before) : Optional.empty();
    Instant begun = isArmed ? before.since() : at;
    return start
        .or(
            () ->
                car.number(Meaning.SOC)
                    .filter(soc -> !soc.timestamp().isBefore(begun.minus(FRESH)))
                    .filter(soc -> soc.timestamp().isBefore(begun.plus(AT_THE_START)))
                    .map(Reading::value))
        .map(soc -> Episode.ARMED + ":" + soc)
        .orElse(Episode.ARMED);
  }

  /** The state of charge with which charging began, where it is known. */
  private static Optional<Double> start(Episode before) {
    int colon = before == null ? -1 : before.mark().indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.of(Double.valueOf(before.mark().substring(colon + 1)));
  }

  private static Charge charge(CarState car, Reading<String> state, Optional<Double> atEnd) {
    Optional<Boolean> plugged = car.flag(Meaning.PLUGGED).map(Reading::value);
    boolean isUnplugged = plugged.filter(p -> !p).isPresent();
    switch (state.value()) {
      case "active":
        return Charge.GOES_ON;
      case "full":
        return Charge.DONE;
      case "error":
        return isUnplugged ? Charge.UNPLUGGED : Charge.STOPPED;
      case "ended", "none":
        break;
      default:
        // Starting, waiting, paused by the wallbox: none of them is an end.
        return Charge.UNKNOWN;
    }
    if (isUnplugged) {
      return Charge.UNPLUGGED;
    }
    if (socAround(car, state.timestamp()).filter(soc -> isEnough(car, soc)).isPresent()) {
      return Charge.DONE;
    }
    if (atEnd.isPresent() && car.number(Meaning.TARGET_SOC).isPresent() && plugged.isPresent()) {
      return Charge.STOPPED;
    }
    // "Not charging" comes behind "ended" as well, and by itself tells nothing.
    return state.value().equals("ended") ? Charge.ENDED : Charge.UNKNOWN;
  }

  private static boolean isEnough(CarState car, double soc) {
    return soc >= car.number(Meaning.TARGET_SOC).map(Reading::value).orElse(FULL) - NEARLY;
  }

  /** The state of charge at the end; a car may tell the one of the start with a new time. */
  private static Optional<Double> socAtEnd(CarState car, Instant end, Optional<Double> start) {
    return car.number(Meaning.SOC)
        .filter(soc -> !soc.timestamp().isBefore(end.minus(AT_THE_END)))
        .map(Reading::value)
        .filter(soc -> !start.equals(Optional.of(soc)));
  }

  /** The state of charge, where it was measured about when charging ended or later. */
  private static Optional<Double> socAround(CarState car, Instant end) {
    return car.number(Meaning.SOC)
        .filter(soc -> !soc.timestamp().isBefore(end.minus(FRESH)))
        .map(Reading::value);
  }

  // ---- parked -------------------------------------------------------------------------------

  /** The doors are not locked, and nobody drives. */
  static Finding leftUnlocked(CarState car) {
    Optional<Reading<Boolean>> locked = car.flag(Meaning.LOCKED, DOORS);
    if (locked.isEmpty()) {
      return Finding.UNSURE;
    }
    if (locked.get().value() || isDriven(car)) {
      return Finding.OVER;
    }
    if (parked(car).findAny().isEmpty()) {
      return Finding.UNSURE;
    }
    Instant since = latest(Stream.concat(Stream.of(locked.get().timestamp()), parked(car)));
    return Finding.Holds.since(since, since, Map.of());
  }

  /** A window or the roof is open, and nobody drives. */
  static Finding windowOpen(CarState car) {
    List<String> open = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    boolean isKnown = false;
    for (Map.Entry<String, Reading<Boolean>> window : car.flags(Meaning.WINDOW_OPEN).entrySet()) {
      isKnown = true;
      add(windowWord(window.getKey()), window.getValue(), open, times);
    }
    Optional<Reading<Boolean>> sunroof =
        car.flags(Meaning.SUNROOF_OPEN).values().stream().max(Comparator.comparing(Reading::value));
    Optional<Reading<Boolean>> roof = car.flag(Meaning.CONVERTIBLE_ROOF_OPEN);
    isKnown |= sunroof.isPresent() || roof.isPresent();
    sunroof.ifPresent(reading -> add("sunroof", reading, open, times));
    roof.ifPresent(reading -> add("convertible-roof", reading, open, times));
    if (!isKnown) {
      return Finding.UNSURE;
    }
    if (open.isEmpty() || isDriven(car)) {
      return Finding.OVER;
    }
    if (parked(car).findAny().isEmpty()) {
      return Finding.UNSURE;
    }
    Instant parked = latest(parked(car));
    Instant first = times.stream().min(Instant::compareTo).orElseThrow();
    Instant since = parked.isAfter(first) ? parked : first;
    return Finding.Holds.since(
        since, latest(Stream.concat(times.stream(), parked(car))), Map.of("what", open));
  }

  /** What the word of a window is filed under: front left alone is the word of a tyre. */
  private static String windowWord(String element) {
    return element.endsWith("-left") || element.endsWith("-right") ? "window-" + element : element;
  }

  private static void add(
      String name, Reading<Boolean> isOpen, List<String> open, List<Instant> times) {
    if (isOpen.value()) {
      open.add(name);
      times.add(isOpen.timestamp());
    }
  }

  private static boolean isDriven(CarState car) {
    return car.is(Meaning.MOVING) || car.is(Meaning.IGNITION);
  }

  /**
   * When the car said that it stands, and that its ignition is off; nothing where it said neither.
   */
  private static Stream<Instant> parked(CarState car) {
    return Stream.of(car.flag(Meaning.MOVING), car.flag(Meaning.IGNITION))
        .flatMap(Optional::stream)
        .filter(reading -> !reading.value())
        .map(Reading::timestamp);
  }

  private static Instant latest(Stream<Instant> times) {
    return times.max(Instant::compareTo).orElseThrow();
  }

  // ---- tyres --------------------------------------------------------------------------------

  /**
   * One tyre has too little pressure; a pressure that is just good again does not count yet.
   *
   * @param wheel an element of {@link Meaning#TYRE_PRESSURE}
   * @param percent of what the car wants, below which it is too little
   * @param leastKpa below which it is too little where the car names no target; null for no limit
   */
  static Finding tyreLow(
      CarState car, String wheel, int percent, Integer leastKpa, Episode before) {
    Optional<Reading<Double>> pressure = car.number(Meaning.TYRE_PRESSURE, wheel);
    Optional<Double> target = car.number(Meaning.TYRE_PRESSURE_TARGET, wheel).map(Reading::value);
    if (pressure.isEmpty() || target.isEmpty() && leastKpa == null) {
      return Finding.UNSURE;
    }
    double kpa = pressure.get().value();
    double least = target.isPresent() ? target.get() * percent / 100 : leastKpa;
    double good = before == null ? least : least * (100 + CLEARLY) / 100;
    if (kpa >= good) {
      return Finding.OVER;
    }
    Instant at = pressure.get().timestamp();
    List<String> what = List.of(wheel);
    return target
        .map(t -> Map.<String, Object>of("what", what, "pressure", kpa / 100, "target", t / 100))
        .map(words -> Finding.Holds.since(at, at, words))
        .orElseGet(
            () ->
                Finding.Holds.since(at, at, Map.of("what", what, "pressure", kpa / 100))
                    .saidAs("absolute"));
  }
}
