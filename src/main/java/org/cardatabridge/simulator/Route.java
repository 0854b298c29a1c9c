// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

/** A made-up round trip through hilly country. Immutable. */
final class Route {

  /** Latitude, longitude, altitude of its corners; the last leads back to the first. */
  private static final double[][] CORNERS = {
    {50.2500, 10.9600, 297},
    {50.2783, 10.9921, 311},
    {50.3317, 11.0148, 356},
    {50.3622, 11.0874, 402},
    {50.3519, 11.1745, 388},
    {50.3011, 11.2391, 341},
    {50.2406, 11.2588, 305},
    {50.1893, 11.1996, 289},
    {50.1598, 11.1035, 276},
    {50.1764, 11.0170, 282},
    {50.2139, 10.9713, 290}
  };

  private static final double KM_PER_DEGREE = 111.19;

  /** A place and the direction of travel. */
  record Position(double latitude, double longitude, int altitude, int heading) {}

  private final double[] lengths = new double[CORNERS.length];
  private final double total;

  Route() {
    double sum = 0;
    for (int i = 0; i < CORNERS.length; i++) {
      double[] a = CORNERS[i];
      double[] b = CORNERS[(i + 1) % CORNERS.length];
      lengths[i] = Math.hypot(north(a, b), east(a, b));
      sum += lengths[i];
    }
    total = sum;
  }

  /** Where a car is that has driven so many kilometres since the start of the route. */
  Position at(double km) {
    double left = km % total;
    int i = 0;
    while (left > lengths[i]) {
      left -= lengths[i];
      i = (i + 1) % CORNERS.length;
    }
    double[] a = CORNERS[i];
    double[] b = CORNERS[(i + 1) % CORNERS.length];
    double part = left / lengths[i];
    int heading = (int) Math.round(Math.toDegrees(Math.atan2(east(a, b), north(a, b))));
    return new Position(
        rounded(a[0] + (b[0] - a[0]) * part),
        rounded(a[1] + (b[1] - a[1]) * part),
        (int) Math.round(a[2] + (b[2] - a[2]) * part),
        Math.floorMod(heading, 360));
  }

  private static double north(double[] a, double[] b) {
    return (b[0] - a[0]) * KM_PER_DEGREE;
  }

  private static double east(double[] a, double[] b) {
    return (b[1] - a[1]) * KM_PER_DEGREE * Math.cos(Math.toRadians(a[0]));
  }

  private static double rounded(double degrees) {
    return Math.round(degrees * 1e6) / 1e6;
  }
}
