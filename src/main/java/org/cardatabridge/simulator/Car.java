// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A believable electric car: parks, wakes, drives, charges, sleeps, and reports what changed. Its
 * time is what {@link #advance} gives it. Used on one thread.
 */
final class Car {

  private static final double BATTERY_KWH = 80.7;
  private static final double KWH_PER_KM = 0.18;
  private static final double KM_PER_HOUR = 62;
  private static final double CHARGING_KW = 11;
  private static final double EMPTY_KWH = BATTERY_KWH * 0.05;
  private static final double TARGET = 0.9;
  private static final String DRIVER_DOOR = "vehicle.cabin.door.row1.driver.isOpen";
  private static final Duration POSITION_EVERY = Duration.ofMinutes(3);
  private static final DateTimeFormatter TRIP_END =
      DateTimeFormatter.ofPattern("dd.MM.yyyy HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private final Route route = new Route();
  private final Map<String, DataPoint> known = new LinkedHashMap<>();
  private final List<DataPoint> later = new ArrayList<>();
  private final double startKm;
  private CarAction state = CarAction.SLEEP;
  private double odometer;
  private double energy;
  private boolean plugged;
  private Duration sincePosition = Duration.ZERO;

  /**
   * A sleeping car.
   *
   * @param number tells the cars of a simulator apart: mileage, charge, place on the route
   */
  Car(int number) {
    odometer = 18_442 + 13_571.0 * number;
    startKm = odometer - 17.0 * number;
    energy = BATTERY_KWH * (0.72 - 0.19 * (number % 3));
  }

  CarAction state() {
    return state;
  }

  /** State of charge in whole percent. */
  long charge() {
    return Math.round(energy / BATTERY_KWH * 100);
  }

  double odometer() {
    return odometer;
  }

  /** Does as told and gives what the car reports at once. */
  List<DataPoint> perform(CarAction action, Instant now) {
    List<DataPoint> out = new ArrayList<>(takeLater());
    if (action == state) {
      return out;
    }
    CarAction before = state;
    state = action;
    switch (action) {
      case WAKE -> {
        leave(before, now, out);
        door(now, out, true);
        all(now, out);
      }
      case DRIVE -> {
        leave(before, now, out);
        if (plugged) {
          plug(now, out, false);
        }
        change(out, DRIVER_DOOR, false, null, now);
        report(out, "vehicle.drivetrain.engine.isIgnitionOn", "ASN_isTrue", null, now);
        report(out, "vehicle.isMoving", true, null, now);
        report(out, "vehicle.body.lights.isRunningOn", "ASN_isTrue", null, now);
        measures(now, out);
        position(now, out);
        sincePosition = Duration.ZERO;
      }
      case PARK -> {
        leave(before, now, out);
        door(now, out, false);
        all(now, out);
      }
      case CHARGE -> {
        leave(before, now, out);
        plug(now, out, true);
        report(out, Descriptors.CHARGING_STATUS, "INITIALIZATION", null, now);
        report(out, Descriptors.CHARGING_STATUS, "CHARGINGACTIVE", null, now);
        report(out, Descriptors.HV_STATUS, "CHARGING", null, now);
        measures(now, out);
        charging(now, out);
      }
      case SLEEP -> leave(before, now, out);
      default -> throw new IllegalStateException("car action " + action);
    }
    return out;
  }

  /** Ends what the car did before: a trip, or charging. */
  private void leave(CarAction before, Instant now, List<DataPoint> out) {
    if (before == CarAction.DRIVE && state != CarAction.DRIVE) {
      report(out, "vehicle.isMoving", false, null, now);
      report(out, "vehicle.drivetrain.engine.isIgnitionOn", "ASN_isFalse", null, now);
      report(out, "vehicle.body.lights.isRunningOn", "ASN_isFalse", null, now);
      measures(now, out);
      position(now, out);
      report(out, "vehicle.trip.segment.end.time", TRIP_END.format(now), null, now);
      report(out, "vehicle.trip.segment.end.travelledDistance", Math.round(odometer), "km", now);
      report(
          out,
          "vehicle.trip.segment.end.drivetrain.batteryManagement.hvSoc",
          charge(),
          "percent",
          now);
    }
    if (before == CarAction.CHARGE && state != CarAction.CHARGE) {
      boolean full = energy >= BATTERY_KWH * TARGET - 1e-6;
      report(out, Descriptors.CHARGING_STATUS, full ? "CHARGINGENDED" : "NOCHARGING", null, now);
      report(
          out,
          Descriptors.HV_STATUS,
          full ? "FINISHED_FULLY_CHARGED" : "FINISHED_NOT_FULL",
          null,
          now);
      report(out, "vehicle.powertrain.electric.battery.charging.power", 0, "W", now);
      measures(now, out);
    }
  }

  /** Lets simulated time pass and gives what the car reports meanwhile. */
  List<DataPoint> advance(Duration passed, Instant now) {
    List<DataPoint> out = new ArrayList<>(takeLater());
    double hours = passed.toMillis() / 3_600_000.0;
    if (state == CarAction.DRIVE) {
      drive(hours, passed, now, out);
    } else if (state == CarAction.CHARGE) {
      energy = Math.min(BATTERY_KWH * TARGET, energy + CHARGING_KW * hours);
      measures(now, out);
      if (energy >= BATTERY_KWH * TARGET) {
        out.addAll(perform(CarAction.SLEEP, now));
      } else {
        charging(now, out);
      }
    }
    return out;
  }

  private void drive(double hours, Duration passed, Instant now, List<DataPoint> out) {
    double km = KM_PER_HOUR * hours;
    odometer += km;
    energy = Math.max(EMPTY_KWH, energy - km * KWH_PER_KM);
    measures(now, out);
    sincePosition = sincePosition.plus(passed);
    if (sincePosition.compareTo(POSITION_EVERY) >= 0) {
      sincePosition = Duration.ZERO;
      position(now, out);
    }
    if (energy <= EMPTY_KWH) {
      out.addAll(perform(CarAction.PARK, now));
    }
  }

  /** Values that change slowly; each is reported when its shown number changes. */
  private void measures(Instant now, List<DataPoint> out) {
    change(out, Descriptors.MILEAGE, Math.round(odometer), "km", now);
    change(out, Descriptors.CHARGE, charge(), "percent", now);
    change(
        out,
        "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange",
        Math.round(energy / KWH_PER_KM),
        "km",
        now);
  }

  private void charging(Instant now, List<DataPoint> out) {
    change(
        out,
        "vehicle.powertrain.electric.battery.charging.power",
        Math.round(CHARGING_KW * 1000),
        "W",
        now);
    long minutes = Math.round((BATTERY_KWH * TARGET - energy) / CHARGING_KW * 60);
    // Real cars report the remaining time sparsely, not each minute.
    change(
        out,
        "vehicle.drivetrain.electricEngine.charging.timeRemaining",
        (minutes + 4) / 5 * 5,
        "min",
        now);
  }

  /** Latitude now; longitude and heading with the next report, as BMW does it. */
  private void position(Instant now, List<DataPoint> out) {
    Route.Position p = route.at(Math.max(0, odometer - startKm));
    report(out, Descriptors.LATITUDE, p.latitude(), null, now);
    report(later, Descriptors.LONGITUDE, p.longitude(), null, now.plusMillis(400));
    report(later, Descriptors.HEADING, p.heading(), "degrees", now.plusMillis(400));
    report(later, Descriptors.ALTITUDE, p.altitude(), "m", now.plusMillis(400));
  }

  private void door(Instant now, List<DataPoint> out, boolean open) {
    report(out, DRIVER_DOOR, open, null, now);
    report(out, "vehicle.body.flap.isLocked", open ? "FLAP_UNLOCKED" : "FLAP_LOCKED", null, now);
    report(out, "vehicle.body.trunk.isLocked", !open, null, now);
  }

  private void plug(Instant now, List<DataPoint> out, boolean in) {
    plugged = in;
    report(out, "vehicle.body.chargingPort.status", in ? "CONNECTED" : "DISCONNECTED", null, now);
    report(
        out,
        "vehicle.powertrain.tractionBattery.charging.port.anyPosition.isPlugged",
        in,
        null,
        now);
  }

  /** All the car knows; what did not change keeps its old timestamp and is a duplicate. */
  private void all(Instant now, List<DataPoint> out) {
    measures(now, out);
    for (String row : List.of("row1", "row2")) {
      for (String side : List.of("left", "right")) {
        change(
            out,
            "vehicle.chassis.axle." + row + ".wheel." + side + ".tire.pressure",
            row.equals("row1") ? 250L : 270L,
            "kpa",
            now);
      }
    }
    change(out, Descriptors.CHARGING_STATUS, "NOCHARGING", null, now);
    change(out, Descriptors.TARGET, Math.round(TARGET * 100), "%", now);
    change(out, "vehicle.vehicle.preConditioning.activity", "INACTIVE", null, now);
    for (DataPoint old : known.values()) {
      if (out.stream().noneMatch(p -> p.key().equals(old.key()))
          && later.stream().noneMatch(p -> p.key().equals(old.key()))) {
        out.add(old);
      }
    }
  }

  private void change(List<DataPoint> out, String key, Object value, String unit, Instant now) {
    DataPoint old = known.get(key);
    if (old == null || !old.value().equals(value)) {
      report(out, key, value, unit, now);
    }
  }

  private void report(List<DataPoint> out, String key, Object value, String unit, Instant now) {
    DataPoint point = new DataPoint(key, value, unit, now);
    known.put(key, point);
    out.add(point);
  }

  private List<DataPoint> takeLater() {
    List<DataPoint> taken = List.copyOf(later);
    later.clear();
    return taken;
  }
}
