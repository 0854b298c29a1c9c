// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Duration;
import java.time.Instant;
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
final class HomeZone implements NestedPositions.Zone {

  /** What lies around home, in degrees and metres; it knows no car. */
  record Circle(double latitude, double longitude, int radius) {}

  private record Reading(double degrees, Instant time) {}

  /** The last coordinates under one name: where the car is, or where it is going. */
  private static final class Place {
    private Reading latitude;
    private Reading longitude;
  }

  private static final String CAR = "currentLocation";
  private static final String CAR_OF_HIGH_MOBILITY = "vehicle_location ";

  /** Its addresses have no coordinates beside them: they are where the car is. */
  private static final String CHARGING_SESSION = "charging_session.";

  /** Where a trip began and ended, in words beside its coordinates. */
  private static final String TRIP = "trips.";

  private static final double EARTH_METRES = 6_371_000;
  private static final double FASTEST_METRES_PER_SECOND = 80;
  private static final double TOLERANCE_METRES = 1;
  private static final int MOST_PLACES = 512;

  private final Circle circle;
  private final NestedPositions nested = new NestedPositions(this);
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
    PositionName name = PositionName.of(event.key());
    switch (name.part()) {
      case LATITUDE -> hear(event, group(event.key()), event.value(), null);
      case LONGITUDE -> hear(event, group(event.key()), null, event.value());
      default -> {
        if (event.value() instanceof Map<?, ?> map) {
          boolean isPair = name.part() == PositionName.Part.COORDINATES;
          String place = isPair ? group(event.key()) : event.key();
          hear(
              event,
              event.key().equals(CarEvent.LOCATION) ? CAR : place,
              map.get("latitude"),
              map.get("longitude"));
        }
      }
    }
  }

  private void hear(CarEvent event, String name, Object latitude, Object longitude) {
    Double north = NestedPositions.degrees(latitude);
    Double east = NestedPositions.degrees(longitude);
    if (north != null) {
      place(event, name).latitude = new Reading(north, event.timestamp());
    }
    if (east != null) {
      place(event, name).longitude = new Reading(east, event.timestamp());
    }
  }

  /** What the sink gets of an event that was heard: itself, a blurred one, or null for nothing. */
  CarEvent blur(CarEvent event) {
    PositionName.Part part = PositionName.of(event.key()).part();
    if (part == PositionName.Part.ADDRESS && event.key().startsWith(TRIP)) {
      return event.value() == null || isAway(event) ? event : null;
    }
    if (part == PositionName.Part.NONE
        || part == PositionName.Part.COORDINATES
        || part == PositionName.Part.ADDRESS) {
      Object blurred =
          event.key().startsWith(CHARGING_SESSION) && !isCarAway(event)
              ? nested.blurAsHome(event.value())
              : nested.blur(event.value());
      return blurred == event.value() ? event : event.withValue(blurred);
    }
    if (event.value() == null || isAway(event)) {
      return event;
    }
    if (part == PositionName.Part.BESIDE || NestedPositions.degrees(event.value()) == null) {
      return null;
    }
    boolean isLatitude = part == PositionName.Part.LATITUDE;
    return event.withValue(
        NestedPositions.replaced(event.value(), isLatitude ? middleLatitude() : middleLongitude()));
  }

  private boolean isAway(CarEvent event) {
    String group = group(event.key());
    Place place = place(event, group);
    boolean byCar = group.equals(CAR);
    return isAway(place.latitude, latitudeMetres(place.latitude), event, byCar)
        || isAway(place.longitude, longitudeMetres(place.longitude), event, byCar);
  }

  private boolean isCarAway(CarEvent event) {
    Place place = place(event, CAR);
    return isAway(place.latitude, latitudeMetres(place.latitude), event, true)
        || isAway(place.longitude, longitudeMetres(place.longitude), event, true);
  }

  /** The name of the place that a key is about, without what stands before it for the car's. */
  private static String group(String key) {
    String group = key.substring(0, Math.max(key.lastIndexOf('.'), 0));
    String place = PositionName.of(key).place();
    if (group.endsWith("." + CAR) && place.isEmpty()) {
      return CAR;
    }
    String named = group + ' ' + place;
    return named.equals(CAR_OF_HIGH_MOBILITY) ? CAR : named;
  }

  private Place place(CarEvent event, String group) {
    return places.computeIfAbsent(event.vin() + ' ' + group, name -> new Place());
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

  @Override
  public boolean isInside(Double latitude, Double longitude) {
    if (latitude == null || longitude == null) {
      return latitudeMetres(alone(latitude)) <= 0 && longitudeMetres(alone(longitude)) <= 0;
    }
    return isInsideCircle(latitude, longitude);
  }

  private static Reading alone(Double degrees) {
    return degrees == null ? null : new Reading(degrees, Instant.EPOCH);
  }

  private boolean isInsideCircle(double latitude, double longitude) {
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

  @Override
  public double middleLatitude() {
    return rounded(circle.latitude);
  }

  @Override
  public double middleLongitude() {
    return rounded(circle.longitude);
  }

  private static double rounded(double degrees) {
    return Math.round(degrees * 100) / 100.0;
  }
}
