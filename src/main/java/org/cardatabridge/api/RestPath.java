// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Paths of BMW's REST API. Stateless. */
final class RestPath {

  private static final String VEHICLES = "/customers/vehicles/";

  private RestPath() {}

  /** The path of a vehicle's resource, encoded for a call. */
  static String of(String vin, String resource) {
    return VEHICLES
        + URLEncoder.encode(vin, StandardCharsets.UTF_8).replace("+", "%20")
        + "/"
        + resource;
  }

  /** The same as it stands in the journal. */
  static String topic(String vin, String resource) {
    return VEHICLES + vin + "/" + resource;
  }
}
