// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cardatabridge.CarEvent;

/**
 * The circle around a home in which a sink's target gets no exact position: latitude and longitude
 * become those of the middle, rounded to two decimals (about a kilometre); altitude and heading are
 * left out.
 *
 * <p>A pair of coordinates is inside or outside. A coordinate that comes alone is taken as inside
 * where it fits the circle, unless the other one, as last heard, says that the car cannot be there
 * so soon. Not for use by many threads; remembers a bounded number of cars.
 */
final class HomeZone {

  /** What lies around home, in degrees and metres; it knows no car. */
  record Circle(double latitude, double longitude, int radius) {}

  private record Reading(double degrees, Instant time) {}

  /** The last coordinates under one name: where the car is, or where it is going. */
  private static final class Place {
    private Reading latitude;
    private Reading longitude;
  }

  private static final String CAR = "currentLocation";
  private static final double EARTH_METRES = 6_371_000;
  private static final double FASTEST_METRES_PER_SECOND = 80;
  private static final double TOLERANCE_METRES = 1;
  private static final int MOST_PLACES = 512;

  private final Circle circle;
  private final Map<String, Place> places =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Place> eldest) {
          return size() > MOST_PLACES;
        }
      };

  HomeZone(Circle circle) {
    this.circle = circle;
  }

  /** The same circle without what was heard. */
  HomeZone fresh() {
    return new HomeZone(circle);
  }

  /**
   * Takes in where a car is; to be called for each event, also for one that the sink leaves out.
   */
  void hear(CarEvent event) {
    if (event.value() instanceof Map<?, ?> map) {
      if (isPosition(map)) {
        Place place = place(event, event.key().equals(CarEvent.LOCATION) ? CAR : event.key());
        place.latitude = new Reading(number(map, "latitude"), event.timestamp());
        place.longitude = new Reading(number(map, "longitude"), event.timestamp());
      }
    } else if (event.value() instanceof Number number) {
      switch (part(event.key())) {
        case "latitude" ->
            place(event, group(event.key())).latitude =
                new Reading(number.doubleValue(), event.timestamp());
        case "longitude" ->
            place(event, group(event.key())).longitude =
                new Reading(number.doubleValue(), event.timestamp());
        default -> {
          // says nothing about where it is
        }
      }
    }
  }

  /** What the sink gets of an event that was heard: itself, a blurred one, or null for nothing. */
  CarEvent blur(CarEvent event) {
    if (event.value() instanceof Map<?, ?> map) {
      return isPosition(map) && isInside(number(map, "latitude"), number(map, "longitude"))
          ? with(event, middle())
          : event;
    }
    String part = part(event.key());
    if (part.isEmpty() || event.value() == null) {
      return event;
    }
    Place place = place(event, group(event.key()));
    boolean byCar = group(event.key()).equals(CAR);
    boolean away =
        isAway(place.latitude, latitudeMetres(place.latitude), event, byCar)
            || isAway(place.longitude, longitudeMetres(place.longitude), event, byCar);
    if (away) {
      return event;
    }
    boolean known = event.value() instanceof Number;
    return switch (part) {
      case "latitude" -> known ? with(event, middleLatitude()) : null;
      case "longitude" -> known ? with(event, middleLongitude()) : null;
      default -> null;
    };
  }

  /** The last part of a key that is one of a position; empty for any other. */
  private static String part(String key) {
    String last = key.substring(key.lastIndexOf('.') + 1);
    return switch (last) {
      case "latitude", "longitude", "altitude", "heading" -> last;
      default -> "";
    };
  }

  /** The name of the place that a key is about, without what stands before it for the car's. */
  private static String group(String key) {
    String group = key.substring(0, Math.max(key.lastIndexOf('.'), 0));
    return group.endsWith("." + CAR) ? CAR : group;
  }

  private Place place(CarEvent event, String group) {
    return places.computeIfAbsent(event.vin() + ' ' + group, name -> new Place());
  }

  private static boolean isPosition(Map<?, ?> map) {
    return map.get("latitude") instanceof Number && map.get("longitude") instanceof Number;
  }

  private static double number(Map<?, ?> map, String name) {
    return ((Number) map.get(name)).doubleValue();
  }

  /** Whether one coordinate alone says that it cannot be inside at the time of the event. */
  private static boolean isAway(
      Reading reading, double metresOutside, CarEvent event, boolean byCar) {
    if (reading == null || metresOutside <= 0) {
      return false;
    }
    double seconds = Duration.between(reading.time, event.timestamp()).abs().toMillis() / 1000.0;
    // A destination is set anywhere at once; a car has to drive.
    return seconds == 0 || byCar && metresOutside > seconds * FASTEST_METRES_PER_SECOND;
  }

  /** How far the parallel of a latitude is outside the circle at least; negative within. */
  private double latitudeMetres(Reading latitude) {
    return latitude == null
        ? 0
        : EARTH_METRES * Math.toRadians(Math.abs(latitude.degrees - circle.latitude)) - reach();
  }

  /** How far the meridian of a longitude is outside the circle at least; negative within. */
  private double longitudeMetres(Reading longitude) {
    if (longitude == null) {
      return 0;
    }
    double cosine = Math.cos(Math.toRadians(circle.latitude));
    double apart = Math.toRadians(apart(longitude.degrees));
    // The shortest way to a meridian a quarter of the globe away leads over the pole.
    double sine = apart > Math.PI / 2 ? 1 : Math.sin(apart);
    return EARTH_METRES * Math.asin(cosine * sine) - reach();
  }

  private boolean isInside(double latitude, double longitude) {
    double here = Math.toRadians(latitude);
    double home = Math.toRadians(circle.latitude);
    double height = Math.sin((here - home) / 2);
    double width = Math.sin(Math.toRadians(apart(longitude)) / 2);
    double square = height * height + Math.cos(here) * Math.cos(home) * width * width;
    return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(square))) <= reach();
  }

  /** Degrees between a longitude and that of the middle, also across the antimeridian. */
  private double apart(double longitude) {
    return Math.abs(Math.IEEEremainder(longitude - circle.longitude, 360));
  }

  private double reach() {
    return circle.radius + TOLERANCE_METRES;
  }

  private Map<String, Object> middle() {
    Map<String, Object> middle = new LinkedHashMap<>();
    middle.put("latitude", middleLatitude());
    middle.put("longitude", middleLongitude());
    return Collections.unmodifiableMap(middle);
  }

  private double middleLatitude() {
    return rounded(circle.latitude);
  }

  private double middleLongitude() {
    return rounded(circle.longitude);
  }

  private static double rounded(double degrees) {
    return Math.round(degrees * 100) / 100.0;
  }

  private static CarEvent with(CarEvent event, Object value) {
    return new CarEvent(
        event.account(),
        event.vin(),
        event.vehicle(),
        event.key(),
        value,
        event.unit(),
        event.timestamp(),
        event.received(),
        event.source());
  }
}
