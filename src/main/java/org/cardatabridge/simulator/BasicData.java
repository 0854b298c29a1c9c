// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Model and equipment of a car; each kind of car tells them in another sloppy way. */
final class BasicData {

  private BasicData() {}

  /** The answer of basicData. */
  static JsonObject of(Vehicle vehicle) {
    JsonObject json =
        switch (vehicle.number() % 3) {
          case 0 -> gran();
          case 1 -> mini();
          default -> plugIn();
        };
    return json.put("vin", vehicle.vin()).put("isTelematicsCapable", vehicle.hasTelematics());
  }

  /** Every field, some of them unknown to the swagger, numbers as strings. */
  private static JsonObject gran() {
    return new JsonObject()
        .put("brand", "BMW")
        .put("puStep", "0725")
        .put("modelRange", "i4")
        .put("series", "4")
        .put("modelName", "i4 eDrive40")
        .put("modelKey", "11AW")
        .put("bodyType", "Gran Coupe")
        .put("numberOfDoors", 5)
        .put("hasNavi", true)
        .put("headUnit", "ID8")
        .put("hasSunRoof", false)
        .put("countryCodeISO", "DE")
        .put("countryCode", "DE")
        .put("steering", "LL")
        .put("engine", "NA")
        .put("driveTrain", "BEV")
        .put("chargingModes", new JsonArray().add("AC_LOW").add("DC"))
        .put("propulsionType", "BEV")
        .put("colourCode", "C31")
        .put("colourCodeRaw", "C31")
        .put("colourDescription", "PORTIMAO BLAU METALLIC")
        .put("constructionDate", "2023-10-05T00:00:00.000+0000")
        .put("seriesDevt", "G26")
        .put("fullSAList", "02T4,0322")
        .put("hvsMaxEnergyAbsolute", "83.9")
        .put("simStatus", "ACTIVE");
  }

  /** A few fields only, another brand, booleans and numbers as strings, nulls. */
  private static JsonObject mini() {
    return new JsonObject()
        .put("brand", "MINI")
        .put("modelName", "MINI Cooper SE")
        .put("bodyType", "Hatchback")
        .put("numberOfDoors", "3")
        .put("hasNavi", "true")
        .putNull("hasSunRoof")
        .put("driveTrain", "BEV")
        .putNull("engine")
        .put("colourDescription", "")
        .put("constructionDate", "2024-02-29T00:00:00.000+0000")
        .put("chargingModes", new JsonArray());
  }

  /** A plug-in hybrid with a date in the form of the standard. */
  private static JsonObject plugIn() {
    return new JsonObject()
        .put("brand", "BMW")
        .put("modelRange", "X1")
        .put("series", "X")
        .put("modelName", "X1 xDrive30e")
        .put("modelKey", "61EF")
        .put("bodyType", "Sports Activity Vehicle")
        .put("numberOfDoors", 5)
        .put("driveTrain", "PHEV")
        .put("propulsionType", "PHEV_OTTO")
        .put("chargingModes", new JsonArray().add("AC_LOW"))
        .put("constructionDate", "2022-11-17T00:00:00Z")
        .put("hvsMaxEnergyAbsolute", 16.3);
  }
}
