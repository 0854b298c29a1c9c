// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.meaning;

/**
 * Where a car is. Immutable.
 *
 * @param latitude degrees, north is positive
 * @param longitude degrees, east is positive
 * @param altitude metres above the sea; null where it is not known
 * @param heading degrees clockwise from north; null where it is not known
 */
public record Place(double latitude, double longitude, Double altitude, Double heading) {

  /** Says nothing of where it is, so that it may stand in a log. */
  @Override
  public String toString() {
    return "Place[…]";
  }
}
