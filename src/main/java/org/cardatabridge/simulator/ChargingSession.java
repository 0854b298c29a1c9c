// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/**
 * One charging session. Immutable.
 *
 * @param number counts the sessions of a car; the oddities of its JSON follow from it
 * @param start when it began
 * @param end when it ended
 * @param startCharge in percent
 * @param endCharge in percent
 * @param mileage in km
 */
record ChargingSession(
    int number, Instant start, Instant end, long startCharge, long endCharge, long mileage) {

  private static final double KWH_PER_PERCENT = 0.807;
  private static final double LOSS = 1.08;

  /** The same, ended. */
  ChargingSession endedAt(Instant now, long charge) {
    return new ChargingSession(number, start, now, startCharge, charge, mileage);
  }

  /** As BMW writes it: epoch seconds, two spellings of the unit, and not every field each time. */
  JsonObject toJson() {
    double stored = rounded((endCharge - startCharge) * KWH_PER_PERCENT);
    double drawn = rounded(stored * LOSS);
    boolean isPublic = number % 3 == 2;
    JsonObject json =
        new JsonObject()
            .put("startTime", start.getEpochSecond())
            .put("endTime", end.getEpochSecond())
            .put("displayedStartSoc", startCharge)
            .put("displayedSoc", endCharge)
            .put("totalChargingDurationSec", Duration.between(start, end).toSeconds())
            .put("energyConsumedFromPowerGridKwh", drawn)
            .put("isPreconditioningActivated", number % 6 == 5 ? null : Boolean.FALSE)
            .put("mileage", mileage)
            .put("mileageUnits", number % 2 == 0 ? "KM" : "MileageUnits.KM")
            .put("timeZone", "Europe/Berlin")
            .put("chargingLocation", location(isPublic))
            .put("businessErrors", new JsonArray());
    if (number % 2 == 1) {
      json.put("energyIncreaseHvbKwh", stored);
    }
    if (number % 4 != 3) {
      json.put("chargingBlocks", blocks());
    }
    if (isPublic) {
      json.putNull("chargingCostInformation").put("publicChargingPoint", publicPoint());
    } else {
      json.put(
          "chargingCostInformation",
          new JsonObject()
              .put("currency", "EUR")
              .put("calculatedChargingCost", rounded(drawn * 0.3))
              .put("calculatedSavings", number % 4 == 0 ? null : Double.valueOf(0)));
    }
    if (number % 5 == 4) {
      json.getJsonArray("businessErrors")
          .add(new JsonObject().put("creationTime", end.toString()).put("hint", "example"));
    }
    return json;
  }

  private static JsonObject location(boolean isPublic) {
    return new JsonObject()
        .put("municipality", "Musterstadt")
        .put("formattedAddress", address(isPublic) + ", 00000 Musterstadt")
        .put("streetAddress", address(isPublic))
        .put("mapMatchedLatitude", isPublic ? 50.3317 : 50.25)
        .put("mapMatchedLongitude", isPublic ? 11.0148 : 10.96);
  }

  private static String address(boolean isPublic) {
    return isPublic ? "Marktplatz 7" : "Beispielstraße 1";
  }

  private static JsonObject publicPoint() {
    return new JsonObject()
        .put(
            "potentialChargingPointMatches",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("providerName", "Example Power")
                        .put("city", "Musterstadt")
                        .put("postalCode", "00000")
                        .put("streetAddress", address(true))));
  }

  private JsonArray blocks() {
    JsonArray blocks = new JsonArray();
    double[] power = {10.8, 11.2, 3.5};
    long length = Math.max(1, Duration.between(start, end).toSeconds() / power.length);
    for (int i = 0; i < power.length; i++) {
      long from = start.getEpochSecond() + i * length;
      blocks.add(
          new JsonObject()
              .put("startTime", from)
              .put("endTime", from + length)
              .put("averagePowerGridKw", power[i]));
    }
    return blocks;
  }

  private static double rounded(double number) {
    return Math.round(number * 100) / 100.0;
  }
}
