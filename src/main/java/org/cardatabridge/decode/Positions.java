// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;

/**
 * Pairs latitude and longitude, which BMW sends apart, into the extra point {@code location}; what
 * High Mobility sends as a pair becomes one too.
 *
 * <p>Never half a position: two halves belong together when the car measured them within 5 seconds,
 * else when they arrived within 30 seconds and were measured within 90. A half is used once, but
 * for a partner measured at the very same time. 0,0 is no position. Bounded in memory, safe for use
 * by many threads; cars and accounts know nothing of each other.
 */
public final class Positions {

  private static final String HERE = "vehicle.cabin.infotainment.navigation.currentLocation.";
  private static final String THERE = "vehicle_location.";
  private static final String COORDINATES = THERE + "coordinates";
  private static final int MOST_CARS = 256;

  private final PerVehicle<Track> tracks = new PerVehicle<>(MOST_CARS, Track::new);

  /**
   * Appends a {@code location} for each position that became whole, and again for one that got its
   * altitude or heading afterwards.
   *
   * @param points typed data points; null counts as none
   * @return the same points, and after them the positions
   */
  public List<CarEvent> pair(List<CarEvent> points) {
    if (points == null) {
      return List.of();
    }
    List<CarEvent> here = null;
    for (CarEvent point : points) {
      boolean isHere = point.key().startsWith(HERE) && point.value() instanceof Number;
      if (isHere || point.key().startsWith(THERE)) {
        if (here == null) {
          here = new ArrayList<>(4);
        }
        here.add(point);
      }
    }
    return here == null ? points : paired(points, here);
  }

  private List<CarEvent> paired(List<CarEvent> points, List<CarEvent> told) {
    List<CarEvent> halves = new ArrayList<>(told.size());
    List<CarEvent> pairs = new ArrayList<>(1);
    for (CarEvent point : told) {
      if (point.key().startsWith(HERE)) {
        halves.add(point);
      } else if (isPair(point)) {
        pairs.add(point);
      } else if (point.value() instanceof Number number) {
        halves.add(named(point, point.key().substring(THERE.length()), number));
      }
    }
    List<CarEvent> all = new ArrayList<>(points);
    addHalves(halves, all);
    // One by one: a track knows a few halves only, and one of many must not find another's partner.
    for (CarEvent pair : pairs) {
      Map<?, ?> place = (Map<?, ?>) pair.value();
      List<CarEvent> both =
          List.of(
              named(pair, "latitude", (Number) place.get("latitude")),
              named(pair, "longitude", (Number) place.get("longitude")));
      all.addAll(tracks.of(pair.account(), pair.vin()).add(both, HERE.length()));
    }
    return all.size() == points.size() ? points : List.copyOf(all);
  }

  /** What High Mobility says of a place at once. */
  private static boolean isPair(CarEvent point) {
    return point.key().equals(COORDINATES)
        && point.value() instanceof Map<?, ?> pair
        && pair.get("latitude") instanceof Number
        && pair.get("longitude") instanceof Number;
  }

  private static CarEvent named(CarEvent point, String name, Number value) {
    return new CarEvent(
        point.account(),
        point.vin(),
        point.vehicle(),
        HERE + name,
        value,
        point.unit(),
        point.timestamp(),
        point.received(),
        point.source());
  }

  private void addHalves(List<CarEvent> halves, List<CarEvent> to) {
    while (!halves.isEmpty()) {
      CarEvent first = halves.get(0);
      List<CarEvent> ofOneCar = new ArrayList<>(halves);
      ofOneCar.removeIf(p -> !p.vin().equals(first.vin()) || !p.account().equals(first.account()));
      halves.removeAll(ofOneCar);
      to.addAll(tracks.of(first.account(), first.vin()).add(ofOneCar, HERE.length()));
    }
  }
}
