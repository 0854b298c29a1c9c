// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Moves every position by the same secret distance in degrees. First hears of all, so that it moves
 * none beyond a pole or the date line where that can be avoided. For one thread.
 */
final class PlaceShift {

  private static final int DECIMALS = 6;
  private static final int MOST_DIGITS = 40;

  private final Range latitudes = new Range(90, 80, 3);
  private final Range longitudes = new Range(180, 180, 10);

  /** The degrees of one kind. */
  private static final class Range {
    private final double end;
    private final double farthest;
    private final double least;
    private double from = Double.MAX_VALUE;
    private double to = -Double.MAX_VALUE;
    private BigDecimal offset = BigDecimal.ZERO;

    Range(double end, double farthest, double least) {
      this.end = end;
      this.farthest = farthest;
      this.least = least;
    }

    void hear(double degrees) {
      from = Math.min(from, degrees);
      to = Math.max(to, degrees);
    }

    /** A place in what is free below and above, but not too near. */
    void choose(double fraction) {
      double low = from > to ? -farthest : Math.min(-least, -farthest - from);
      double high = from > to ? farthest : Math.max(least, farthest - to);
      double below = Math.max(0, -least - low);
      double above = Math.max(0, high - least);
      if (below + above < 1) {
        below = farthest - least;
        above = farthest - least;
        low = -farthest;
      }
      double way = fraction * (below + above);
      double chosen = way < below ? low + way : least + way - below;
      offset = BigDecimal.valueOf(chosen).setScale(DECIMALS, RoundingMode.HALF_UP);
    }

    BigDecimal moved(BigDecimal degrees) {
      BigDecimal moved = degrees.add(offset);
      BigDecimal last = BigDecimal.valueOf((long) end);
      BigDecimal whole = last.add(last);
      if (moved.compareTo(last) > 0) {
        return moved.subtract(whole);
      }
      return moved.compareTo(last.negate()) < 0 ? moved.add(whole) : moved;
    }
  }

  /** Takes note of a position's half; a text that is none is passed over. */
  void hear(Place place, String number) {
    BigDecimal degrees = degrees(place, number);
    if (degrees != null) {
      range(place).hear(degrees.doubleValue());
    }
  }

  /** Chooses the distance, once, when all is heard. */
  void choose(Invention invention) {
    latitudes.choose(invention.fraction("latitude"));
    longitudes.choose(invention.fraction("longitude"));
  }

  /** The number moved; as it is where it is no half of a position. */
  String moved(Place place, String number) {
    BigDecimal degrees = degrees(place, number);
    return degrees == null ? number : range(place).moved(degrees).toPlainString();
  }

  private Range range(Place place) {
    return place == Place.LATITUDE ? latitudes : longitudes;
  }

  /** Null for what is none: 0 says "no position", and moved would tell the distance. */
  private static BigDecimal degrees(Place place, String number) {
    if (place != Place.LATITUDE && place != Place.LONGITUDE || number.length() > MOST_DIGITS) {
      return null;
    }
    try {
      BigDecimal degrees = new BigDecimal(number.strip());
      boolean isSmall = Math.abs((long) degrees.scale()) <= MOST_DIGITS;
      double most = place == Place.LATITUDE ? 90 : 180;
      return isSmall && degrees.signum() != 0 && Math.abs(degrees.doubleValue()) <= most
          ? degrees
          : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
