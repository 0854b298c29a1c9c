// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Place;
import org.cardatabridge.meaning.Reading;

/**
 * What a car shows at the beginning or the end of something. Immutable; what is not known is null.
 *
 * @param odometer in km
 * @param soc state of charge in percent
 */
record Mark(Double odometer, Double soc, Place place) {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  static Mark of(CarState car) {
    return new Mark(
        car.number(Meaning.ODOMETER).map(Reading::value).orElse(null),
        car.number(Meaning.SOC).map(Reading::value).orElse(null),
        car.position().map(Reading::value).orElse(null));
  }

  Mark withOdometer(Double other) {
    return new Mark(other, soc, place);
  }

  Mark withSoc(Double other) {
    return new Mark(odometer, other, place);
  }

  Mark withPlace(Place other) {
    return new Mark(odometer, soc, other);
  }

  /** A name that is the same however often it is worked out. */
  static String id(String kind, Instant time) {
    return kind + "-" + STAMP.format(time);
  }

  /** Puts a number where it is known, rounded to so many parts of one. */
  static void put(Map<String, Object> row, String name, Double value, int parts) {
    if (value != null) {
      double rounded = DerivedValue.rounded(value, parts);
      row.put(name, rounded == Math.rint(rounded) ? (Object) (long) rounded : (Object) rounded);
    }
  }

  /** Puts the place and whether that is at home, each where it is known. */
  void putPlace(Map<String, Object> row, String name, String atHome, Home home) {
    if (place == null) {
      return;
    }
    Map<String, Object> position = new LinkedHashMap<>();
    position.put("latitude", place.latitude());
    position.put("longitude", place.longitude());
    row.put(name, position);
    if (home != null) {
      row.put(atHome, home.holds(place));
    }
  }
}
