// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/** What BMW's REST side tells of the car, a message for each action. */
final class FetchedResults {

  private static final Instant EVENING = Instant.parse("2026-03-02T22:00:00Z");

  private FetchedResults() {}

  static List<CarMessage> messages() {
    List<CarMessage> all = new ArrayList<>();
    all.add(
        message(
            event(
                "vehicle.vehicleIdentification.basicVehicleData",
                Map.of("brand", "BMW", "modelName", "i4 eDrive40", "headUnit", "ID8"),
                null)));
    all.add(
        message(
            event("image.info", Map.of("bytes", 11L, "sha256", "00", "type", "image/png"), null)));
    all.add(
        message(
            event(
                "chargingHistory.session",
                Map.of("energyConsumedFromPowerGridKwh", 14.2, "displayedSoc", 79L),
                null),
            event("chargingHistory.blocks", List.of(Map.of("averagePowerGridKw", 10.8)), null)));
    all.add(message(event("chargingSettings.locations", List.of(Map.of("latitude", 50.25)), null)));
    List<CarEvent> tyres = new ArrayList<>();
    tyres.add(event("tyreDiagnosis.aggregatedQualityStatus.qualityStatus", "GOOD", null));
    Map<String, Object> wheel = new LinkedHashMap<>();
    wheel.put("tyreWear.status", "GOOD");
    wheel.put("tyreWear.statusColor", "GREEN");
    wheel.put("tyreDefect.status", "NONE");
    wheel.put("season", "SUMMER");
    wheel.put("qualityStatus", "GOOD");
    wheel.put("runFlat", false);
    wheel.put("optimizedForOem", true);
    wheel.put("dimension.sectionWidth", 245L);
    wheel.put("tread.manufacturer", "Example");
    wheel.put("tyreProductionDate", "12/2023");
    wheel.put("mountingDate", "2024-04-02");
    for (String place : List.of("frontLeft", "rearRight", "unmounted.frontLeft")) {
      String prefix = "tyreDiagnosis." + place + ".";
      wheel.forEach((name, value) -> tyres.add(event(prefix + name, value, null)));
      tyres.add(event(prefix + "tyreWear.dueMileage", 12_000L, "km"));
    }
    all.add(message(tyres.toArray(CarEvent[]::new)));
    return all;
  }

  private static CarEvent event(String key, Object value, String unit) {
    return new CarEvent("main", Cars.VIN, Cars.VIN, key, value, unit, EVENING, EVENING, "rest");
  }

  private static CarMessage message(CarEvent... events) {
    return new CarMessage(
        "main",
        "rest",
        "/customers/vehicles/" + Cars.VIN + "/x",
        EVENING,
        "{}".getBytes(StandardCharsets.UTF_8),
        List.of(events));
  }
}
