// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.util.Optional;
import org.cardatabridge.meaning.Place;
import org.cardatabridge.settings.Settings;

/**
 * The circle that counts as home. Immutable.
 *
 * @param latitude of its middle, in degrees
 * @param longitude of its middle, in degrees
 * @param metres its radius
 */
record Home(double latitude, double longitude, int metres) {

  private static final double EARTH_METRES = 6_371_000;

  /** That of {@code cardata.home.*}; empty where none is set. */
  static Optional<Home> of(Settings settings) {
    Optional<String> latitude = settings.find("cardata.home.latitude");
    Optional<String> longitude = settings.find("cardata.home.longitude");
    Optional<Integer> radius = settings.find("cardata.home.radius").flatMap(Settings::parseMetres);
    if (latitude.isEmpty() || longitude.isEmpty() || radius.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Home(
            Double.parseDouble(latitude.get()), Double.parseDouble(longitude.get()), radius.get()));
  }

  boolean holds(Place place) {
    return metresBetween(place, new Place(latitude, longitude, null, null)) <= metres;
  }

  /** As the crow flies. */
  static double metresBetween(Place a, Place b) {
    double height = Math.sin(Math.toRadians(b.latitude() - a.latitude()) / 2);
    double width = Math.sin(Math.toRadians(b.longitude() - a.longitude()) / 2);
    double square =
        height * height
            + Math.cos(Math.toRadians(a.latitude()))
                * Math.cos(Math.toRadians(b.latitude()))
                * width
                * width;
    return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(square)));
  }
}
