// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** What BMW's own systems know of one car, which the REST API tells. Used on one thread. */
final class Vehicle {

  private static final Duration LAST_TRIP = Duration.ofHours(11);

  private static final DateTimeFormatter AMERICAN =
      DateTimeFormatter.ofPattern("MM/dd/uuuu HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter OFFSET =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** How the car belongs to the account. */
  enum Mapping {
    PRIMARY,
    SECONDARY,
    NONE
  }

  private final String vin;
  private final int number;
  private final LastValues values = new LastValues();
  private final ChargingLog charging;
  private Mapping mapping = Mapping.PRIMARY;
  private boolean telematics = true;
  private boolean image = true;
  private boolean tyres = true;
  private boolean chargingSettings = true;

  /**
   * A car that was parked some hours ago.
   *
   * @param number tells the cars of a simulator apart, as in {@link Car}
   */
  Vehicle(String vin, int number, Instant now) {
    this.vin = vin;
    this.number = number;
    Instant parked = now.minus(LAST_TRIP);
    Car before = new Car(number);
    charging = new ChargingLog(number, before.odometer(), now);
    values.note(before.perform(CarAction.WAKE, parked.minus(Duration.ofMinutes(70))));
    values.note(before.perform(CarAction.DRIVE, parked.minus(Duration.ofMinutes(62))));
    values.note(before.advance(Duration.ZERO, parked.minus(Duration.ofMinutes(61))));
    values.note(before.perform(CarAction.PARK, parked));
    values.note(before.advance(Duration.ZERO, parked));
    values.note(
        List.of(
            new DataPoint("vehicle.cabin.door.lock.status", "SECURED", null, parked),
            new DataPoint("vehicle.cabin.window.row1.driver.status", "CLOSED", null, parked),
            new DataPoint("vehicle.drivetrain.fuelSystem.remainingFuel", 0, "l", parked)));
    values.note(oddities(parked));
  }

  /** A sentinel, a unit that is wrong, and dates in the forms that real answers have them in. */
  private static List<DataPoint> oddities(Instant at) {
    String teleservice = "vehicle.channel.teleservice.last";
    return List.of(
        new DataPoint("vehicle.cabin.window.row1.passenger.status", "INVALID", null, at),
        new DataPoint(Descriptors.WEEKLY, 212, "weeks", at),
        new DataPoint(teleservice + "AutomaticServiceCallTime", AMERICAN.format(at), null, at),
        new DataPoint(teleservice + "TeleserviceReportTime", OFFSET.format(at), null, at));
  }

  String vin() {
    return vin;
  }

  int number() {
    return number;
  }

  LastValues values() {
    return values;
  }

  ChargingLog charging() {
    return charging;
  }

  Mapping mapping() {
    return mapping;
  }

  boolean hasTelematics() {
    return telematics;
  }

  boolean hasImage() {
    return image;
  }

  boolean hasTyres() {
    return tyres;
  }

  boolean hasChargingSettings() {
    return chargingSettings;
  }

  /** Changes what is named; throws {@link IllegalArgumentException} for an unknown mapping. */
  JsonObject change(JsonObject a) {
    if (a.containsKey("mapping")) {
      mapping = mapping(a.getString("mapping"));
    }
    telematics = a.getBoolean("telematics", telematics);
    image = a.getBoolean("image", image);
    tyres = a.getBoolean("tyres", tyres);
    chargingSettings = a.getBoolean("charging-settings", chargingSettings);
    return new JsonObject()
        .put("vin", vin)
        .put("mapping", mapping.name())
        .put("telematics", telematics)
        .put("image", image)
        .put("tyres", tyres)
        .put("charging-settings", chargingSettings);
  }

  private static Mapping mapping(String word) {
    for (Mapping m : Mapping.values()) {
      if (m.name().equals(word.toUpperCase(Locale.ROOT))) {
        return m;
      }
    }
    throw new IllegalArgumentException(
        "changing a vehicle: unknown mapping '" + word + "' — take PRIMARY, SECONDARY or NONE");
  }
}
