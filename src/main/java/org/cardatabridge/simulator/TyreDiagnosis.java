// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * Diagnosis of a car's tyres: each datum is a label and a value in words of the language asked for,
 * and a field for machines. Immutable.
 */
final class TyreDiagnosis {

  private static final Map<String, String> GERMAN =
      Map.ofEntries(
          Map.entry("Mounted", "Montiert"),
          Map.entry("Status", "Zustand"),
          Map.entry("Front left", "Vorne links"),
          Map.entry("Front right", "Vorne rechts"),
          Map.entry("Rear left", "Hinten links"),
          Map.entry("Rear right", "Hinten rechts"),
          Map.entry("Size", "Größe"),
          Map.entry("Wear", "Verschleiß"),
          Map.entry("Defect", "Schaden"),
          Map.entry("Season", "Saison"),
          Map.entry("Summer", "Sommer"),
          Map.entry("Run-flat", "Notlauf"),
          Map.entry("Tread", "Profil"),
          Map.entry("Made", "Hergestellt"),
          Map.entry("Mounted on", "Montiert am"),
          Map.entry("Part", "Teil"),
          Map.entry("Quality", "Qualität"),
          Map.entry("ok", "in Ordnung"),
          Map.entry("worn", "abgefahren"),
          Map.entry("none", "keiner"),
          Map.entry("no", "nein"),
          Map.entry("yes", "ja"));

  private final String language;
  private final long mileage;

  /**
   * For a car.
   *
   * @param language {@code de} or {@code en}
   * @param mileage of the car in km: the tyres wear with it
   */
  TyreDiagnosis(String language, long mileage) {
    this.language = language;
    this.mileage = mileage;
  }

  /** The answer for a car with tyres that BMW knows, or without. */
  JsonObject toJson(boolean known) {
    if (!known) {
      return new JsonObject()
          .putNull("passengerCar")
          .put(
              "errors",
              new JsonArray()
                  .add(
                      new JsonObject()
                          .put("eventId", "e1")
                          .put("type", "INFO")
                          .put("message", new JsonObject())));
    }
    JsonObject mounted =
        new JsonObject()
            .put("label", word("Mounted"))
            .put("aggregatedQualityStatus", pair("Status", word("ok")).put("qualityStatus", "GOOD"))
            .put("frontLeft", tyre("Front left", true))
            .put("frontRight", tyre("Front right", true))
            .put("rearLeft", tyre("Rear left", false))
            .put("rearRight", new JsonObject());
    return new JsonObject()
        .put(
            "passengerCar", new JsonObject().put("mountedTyres", mounted).putNull("unmountedTyres"))
        .put("errors", new JsonArray());
  }

  private JsonObject tyre(String place, boolean front) {
    long left = Math.max(0, (front ? 30_500 : 24_000) - mileage % 36_000);
    boolean worn = left < 2_000;
    String size = front ? "245/45 R18 100Y" : "255/45 R18 103Y";
    return new JsonObject()
        .put("label", word(place))
        .put(
            "dimension",
            pair("Size", size)
                .put("sectionWidth", front ? 245 : 255)
                .put("aspectRatio", 45)
                .put("constructionType", "R")
                .put("rimDiameter", 18)
                .put("loadIndex", front ? 100 : 103)
                .put("speedRating", "Y"))
        .put(
            "tyreWear",
            pair("Wear", word(worn ? "worn" : "ok"))
                .put("status", worn ? "BAD" : "GOOD")
                .put("statusColor", worn ? "RED" : "GREEN")
                .put("dueMileage", left)
                .put("unit", "KILOMETER"))
        .put(
            "tyreDefect",
            pair("Defect", word("none")).put("status", "NONE").put("statusColor", "GREEN"))
        .put("season", pair("Season", word("Summer")).put("season", "SUMMER"))
        .put("runFlat", pair("Run-flat", word("no")).put("runFlat", false))
        .put(
            "tread",
            pair("Tread", "Example X1")
                .put("manufacturer", "Example")
                .put("treadDesign", "X1")
                .put("carcass", "R"))
        .put("tyreProductionDate", pair("Made", "12/2023").put("statusColor", "GREY"))
        .put("mountingDate", pair("Mounted on", "02.04.2024").put("mountingDate", "2024-04-02"))
        .put("partNumber", pair("Part", "0000000").put("partNumber", "0000000"))
        .put("optimizedForOem", pair("OEM", word("yes")).put("optimizedForOem", "true"))
        .put("qualityStatus", pair("Quality", word("ok")).put("qualityStatus", "GOOD"));
  }

  private JsonObject pair(String label, String value) {
    return new JsonObject().put("label", word(label)).put("value", value);
  }

  private String word(String english) {
    return language.equals("de") ? GERMAN.getOrDefault(english, english) : english;
  }
}
