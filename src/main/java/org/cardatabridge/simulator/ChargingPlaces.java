// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The places for which a car has charging settings, in the API's shape. */
final class ChargingPlaces {

  private ChargingPlaces() {}

  /** Home, work, and one that lacks much. */
  static List<JsonObject> of(String gcid, Vehicle vehicle) {
    JsonObject home =
        place(1, gcid, vehicle, 50.25, 10.96)
            .put("visits", 112)
            .put("chargingMode", "DELAYED")
            .put("optimizedChargingPreference", "COST")
            .put("acCurrentLimitFlag", "INACTIVE")
            .put("acCurrentLimit", 16.0);
    window(home);
    home.put("chargingTimeWindows", new JsonArray().add(window(new JsonObject())));
    JsonObject work =
        place(2, gcid, vehicle, 50.3317, 11.0148)
            .put("visits", 40)
            .put("chargingMode", "IMMEDIATE")
            .putNull("optimizedChargingPreference")
            .put("chargingTimeWindows", new JsonArray())
            .put("acCurrentLimitFlag", "ACTIVE")
            .put("acCurrentLimit", "10.0");
    JsonObject elsewhere = place(3, gcid, vehicle, 50.1598, 11.1035).putNull("visits");
    return List.of(home, work, elsewhere);
  }

  private static JsonObject place(
      int number, String gcid, Vehicle vehicle, double latitude, double longitude) {
    return new JsonObject()
        .put("id", "s" + number)
        .put("lastUpdated", "2026-02-0" + number + "T07:00:00Z")
        .put("clusterLocationId", "c" + number)
        .put("latitude", latitude)
        .put("longitude", longitude)
        .put("lastVisit", "2026-02-0" + number)
        .put("acousticLimit", "NO_ACTION")
        .put("flapLock", "LOCKED")
        .put("chargingPlug", "DEFAULT")
        .put("vehicleIdWithGcid", gcid + "_" + vehicle.vin());
  }

  private static JsonObject window(JsonObject json) {
    return json.put("startChargingTimePeriodHour", 23)
        .put("startChargingTimePeriodMinute", 0)
        .put("stopChargingTimePeriodHour", 6)
        .put("stopChargingTimePeriodMinute", 30);
  }
}
