// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.util.Locale;
import java.util.Set;

/** What a value tells about where a car is, judged by the name it stands under. */
enum Place {
  /** Degrees to the north. */
  LATITUDE,
  /** Degrees to the east. */
  LONGITUDE,
  /** Words or a code that name a place, or who was there. */
  ADDRESS,
  /** Nothing. */
  NONE;

  private static final Set<String> ADDRESSES =
      Set.of(
          "formattedaddress",
          "streetaddress",
          "address",
          "street",
          "housenumber",
          "municipality",
          "district",
          "city",
          "postalcode",
          "zipcode",
          "providername",
          "clusterlocationid",
          "destination_name",
          "destinationname",
          "start_address",
          "end_address",
          "start_address_components",
          "end_address_components",
          "formatted_address",
          "street_address",
          "postal_code",
          "house_number",
          "provider",
          "driver_name",
          "license_plate",
          "operator_name",
          "operator_ticket_id",
          "network_ssid",
          "wi_fi_hotspot_ssid",
          "wi_fi_hotspot_password",
          "password");

  /** Names under which a descriptor or a property keeps its value. */
  private static final Set<String> INNER = Set.of("value", "data");

  /** Of what a name says by itself: BMW's descriptors, REST's and High Mobility's names. */
  static Place of(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (last.endsWith("latitude") || last.equals("lat")) {
      return LATITUDE;
    }
    if (last.endsWith("longitude") || last.equals("lon") || last.equals("lng")) {
      return LONGITUDE;
    }
    return ADDRESSES.contains(last) ? ADDRESS : NONE;
  }

  /** Of a name inside something that this was said of. */
  Place inside(String name) {
    Place own = of(name);
    return own == NONE && INNER.contains(name) ? this : own;
  }
}
