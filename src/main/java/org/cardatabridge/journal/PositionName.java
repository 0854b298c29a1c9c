// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a name says of a position, in the spellings that BMW and others have: {@code latitude},
 * {@code lat}, {@code mapMatchedLongitude}, {@code gps_lng}, {@code start_coordinates}. Immutable.
 *
 * @param part which part of a position it is
 * @param place the rest of the name, so that both coordinates of one place find each other
 */
record PositionName(Part part, String place) {

  /** A part of a position. */
  enum Part {
    LATITUDE,
    LONGITUDE,
    /** Both coordinates in one object. */
    COORDINATES,
    /** What a car has beside its coordinates: altitude, heading. */
    BESIDE,
    /** Words that tell a position where they stand beside one. */
    ADDRESS,
    NONE
  }

  private static final Pattern LATITUDE = coordinate("latitude", "lat");
  private static final Pattern LONGITUDE = coordinate("longitude", "lon|lng|long");
  private static final Pattern BESIDE = Pattern.compile("(?i)altitude|elevation|heading");
  private static final Pattern COORDINATES = Pattern.compile("(?i)(.*?)_?coordinates");
  private static final Pattern ADDRESS =
      Pattern.compile("(?i)(.*?)_?address(?:_components)?|street|house_?number");
  private static final PositionName NOTHING = new PositionName(Part.NONE, "");

  /** The short word only as a word: not at the end of "flat". */
  private static Pattern coordinate(String whole, String brief) {
    String capital = brief.replace("l", "L");
    return Pattern.compile(
        "(.*?)(?:(?i:%s)|(?<![A-Za-z])(?i:%s)|(?<=[a-z0-9])(?:%s))"
            .formatted(whole, brief, capital));
  }

  /** Of a descriptor, whose last part counts, or of a name inside a value. */
  static PositionName of(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    Matcher latitude = LATITUDE.matcher(last);
    if (latitude.matches()) {
      return new PositionName(Part.LATITUDE, latitude.group(1).toLowerCase(Locale.ROOT));
    }
    Matcher longitude = LONGITUDE.matcher(last);
    if (longitude.matches()) {
      return new PositionName(Part.LONGITUDE, longitude.group(1).toLowerCase(Locale.ROOT));
    }
    if (BESIDE.matcher(last).matches()) {
      return new PositionName(Part.BESIDE, "");
    }
    Matcher coordinates = COORDINATES.matcher(last);
    if (coordinates.matches()) {
      return new PositionName(Part.COORDINATES, coordinates.group(1).toLowerCase(Locale.ROOT));
    }
    Matcher address = ADDRESS.matcher(last);
    if (address.matches()) {
      String place = address.group(1);
      return new PositionName(Part.ADDRESS, place == null ? "" : place.toLowerCase(Locale.ROOT));
    }
    return NOTHING;
  }
}
