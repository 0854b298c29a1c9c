// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;

/**
 * The last coordinates of one car, and how they went together. Keeps at most {@value #MOST} of each
 * kind. Safe for use by many threads.
 */
final class Track {

  private static final int MOST = 16;
  private static final Duration SAME_MEASUREMENT = Duration.ofSeconds(5);
  private static final Duration SAME_ARRIVAL = Duration.ofSeconds(30);

  /** Half the three minutes between two positions of a driving car: neighbours never mix. */
  private static final Duration FARTHEST = Duration.ofSeconds(90);

  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final double NEARLY_ZERO = 1e-7;
  private static final double METRES_PER_FOOT = 0.3048;

  /** A coordinate, altitude or heading. */
  private static final class Reading {

    private final CarEvent point;
    private final double value;
    private boolean used;

    Reading(CarEvent point, double value) {
      this.point = point;
      this.value = value;
    }

    Instant time() {
      return point.timestamp();
    }
  }

  /** A position that was published, but for 0,0. */
  private static final class Pair {

    private final Reading latitude;
    private final Reading longitude;
    private Reading altitude;
    private Reading heading;

    Pair(Reading latitude, Reading longitude) {
      this.latitude = latitude;
      this.longitude = longitude;
    }

    Instant time() {
      return later(latitude.time(), longitude.time());
    }

    boolean isNowhere() {
      return Math.abs(latitude.value) < NEARLY_ZERO && Math.abs(longitude.value) < NEARLY_ZERO;
    }

    /** Frees both halves where one of them has found a better partner. */
    boolean releases(Reading betterLatitude, Reading betterLongitude) {
      boolean better = latitude == betterLatitude || longitude == betterLongitude;
      if (better) {
        latitude.used = false;
        longitude.used = false;
      }
      return better;
    }

    /** Whether one half is older and the other newer than here: that would be a zigzag. */
    boolean crosses(Reading otherLatitude, Reading otherLongitude) {
      int a = Integer.signum(otherLatitude.time().compareTo(latitude.time()));
      int b = Integer.signum(otherLongitude.time().compareTo(longitude.time()));
      return a * b < 0;
    }
  }

  private final Deque<Reading> latitudes = new ArrayDeque<>();
  private final Deque<Reading> longitudes = new ArrayDeque<>();
  private final Deque<Reading> altitudes = new ArrayDeque<>();
  private final Deque<Reading> headings = new ArrayDeque<>();
  private final Deque<Pair> pairs = new ArrayDeque<>();

  /**
   * Takes in points of one message and returns the positions that became whole by them.
   *
   * @param points readings of this car, each with a number
   * @param prefix how many characters of their keys to leave out
   */
  synchronized List<CarEvent> add(List<CarEvent> points, int prefix) {
    List<Reading> newLatitudes = new ArrayList<>(1);
    List<Reading> newLongitudes = new ArrayList<>(1);
    List<Reading> extras = new ArrayList<>(2);
    for (CarEvent point : points) {
      switch (point.key().substring(prefix)) {
        case "latitude" -> take(point, 90, latitudes, newLatitudes);
        case "longitude" -> take(point, 180, longitudes, newLongitudes);
        case "altitude" -> take(point, Double.MAX_VALUE, altitudes, extras);
        case "heading" -> take(point, Double.MAX_VALUE, headings, extras);
        default -> {
          // satellites and the fix are no part of a position
        }
      }
    }
    List<Pair> made = new ArrayList<>(1);
    for (boolean byTime : new boolean[] {true, false}) {
      for (Reading latitude : newLatitudes) {
        join(latitude, partner(latitude, longitudes, byTime, true), made);
      }
      for (Reading longitude : newLongitudes) {
        join(partner(longitude, latitudes, byTime, false), longitude, made);
      }
    }
    return extras.isEmpty() && made.isEmpty() ? List.of() : positions(made, extras);
  }

  private static void take(CarEvent point, double most, Deque<Reading> known, List<Reading> fresh) {
    double value = ((Number) point.value()).doubleValue();
    boolean seen =
        known.stream().anyMatch(r -> r.value == value && r.time().equals(point.timestamp()));
    if (seen || !(Math.abs(value) <= most)) {
      return;
    }
    known.removeIf(r -> r.time().equals(point.timestamp())); // a corrected value takes its place
    if (known.size() == MOST) {
      known.removeFirst();
    }
    Reading reading = new Reading(point, value);
    known.addLast(reading);
    fresh.add(reading);
  }

  private Reading partner(
      Reading half, Deque<Reading> others, boolean byTime, boolean halfIsLatitude) {
    if (half.used) {
      return null;
    }
    Reading best = null;
    for (Reading other : others) {
      Duration apart = between(half.time(), other.time());
      boolean fits =
          byTime
              ? apart.compareTo(SAME_MEASUREMENT) <= 0 && (!other.used || apart.isZero())
              : !other.used
                  && apart.compareTo(FARTHEST) <= 0
                  && between(half.point.received(), other.point.received()).compareTo(SAME_ARRIVAL)
                      <= 0;
      if (fits
          && (apart.isZero() || !(halfIsLatitude ? crosses(half, other) : crosses(other, half)))
          && (best == null || apart.compareTo(between(half.time(), best.time())) <= 0)) {
        best = other;
      }
    }
    return best;
  }

  private boolean crosses(Reading latitude, Reading longitude) {
    for (Pair pair : pairs) {
      if (pair.crosses(latitude, longitude)) {
        return true;
      }
    }
    return false;
  }

  private void join(Reading latitude, Reading longitude, List<Pair> made) {
    if (latitude == null || longitude == null) {
      return;
    }
    // A half that had to do with a worse partner leaves it free again.
    pairs.removeIf(pair -> pair.releases(latitude, longitude));
    latitude.used = true;
    longitude.used = true;
    if (pairs.size() == MOST) {
      pairs.removeFirst();
    }
    Pair pair = new Pair(latitude, longitude);
    pairs.addLast(pair);
    if (!pair.isNowhere()) {
      made.add(pair);
    }
  }

  private List<CarEvent> positions(List<Pair> made, List<Reading> extras) {
    for (Pair pair : made) {
      pair.altitude = nearest(altitudes, pair.time());
      pair.heading = nearest(headings, pair.time());
    }
    List<CarEvent> positions = new ArrayList<>(made.size());
    made.forEach(pair -> positions.add(position(pair)));
    for (Pair pair : pairs) {
      if (!made.contains(pair) && !pair.isNowhere() && completes(pair, extras)) {
        positions.add(position(pair));
      }
    }
    return positions;
  }

  /** Joins an altitude or heading that came after its position. */
  private boolean completes(Pair pair, List<Reading> extras) {
    boolean completed = false;
    for (Reading extra : extras) {
      if (between(pair.time(), extra.time()).compareTo(SAME_MEASUREMENT) > 0) {
        continue;
      }
      if (pair.altitude == null && altitudes.contains(extra)) {
        pair.altitude = extra;
        completed = true;
      } else if (pair.heading == null && headings.contains(extra)) {
        pair.heading = extra;
        completed = true;
      }
    }
    return completed;
  }

  private static Reading nearest(Deque<Reading> readings, Instant time) {
    Reading best = null;
    for (Reading reading : readings) {
      Duration apart = between(reading.time(), time);
      if (apart.compareTo(FRESH) <= 0
          && (best == null || apart.compareTo(between(best.time(), time)) <= 0)) {
        best = reading;
      }
    }
    return best;
  }

  private static CarEvent position(Pair pair) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("latitude", pair.latitude.value);
    value.put("longitude", pair.longitude.value);
    if (pair.altitude != null) {
      boolean feet = "ft".equals(UnitTable.outward(pair.altitude.point.unit()));
      value.put("altitude", feet ? pair.altitude.value * METRES_PER_FOOT : pair.altitude.value);
    }
    if (pair.heading != null) {
      value.put("heading", pair.heading.value);
    }
    CarEvent newest =
        pair.latitude.point.received().isAfter(pair.longitude.point.received())
            ? pair.latitude.point
            : pair.longitude.point;
    return new CarEvent(
        newest.account(),
        newest.vin(),
        newest.vehicle(),
        CarEvent.LOCATION,
        Collections.unmodifiableMap(value),
        null,
        pair.time(),
        newest.received(),
        "derived");
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Duration between(Instant a, Instant b) {
    return Duration.between(a, b).abs();
  }
}
