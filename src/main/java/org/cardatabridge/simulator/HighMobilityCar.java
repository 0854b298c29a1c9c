// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.cardatabridge.simulator.HighMobilityPoint.measured;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A car of any brand: the same life as a BMW's, told in High Mobility's words. Used on one thread.
 */
final class HighMobilityCar {

  private static final Duration REFUELLING = Duration.ofHours(10);
  private static final double SPEED = 62;
  private static final double TANK_KM = 780;
  private static final double SERVICE_KM = 30_000;
  private static final List<String> CORNERS =
      List.of("front_left", "front_right", "rear_left", "rear_right");

  private final HighMobilityVehicle vehicle;
  private final Car car;
  private final Map<String, HighMobilityPoint> told = new HashMap<>();
  private final Map<String, Double> pressures = new HashMap<>();
  private double latitude;

  /**
   * A sleeping car.
   *
   * @param number tells the cars of a simulator apart, as in {@link Car}
   */
  HighMobilityCar(HighMobilityVehicle vehicle, int number) {
    this.vehicle = vehicle;
    this.car = new Car(number);
  }

  CarAction state() {
    return car.state();
  }

  /** What its battery, or its tank, holds in whole percent. */
  long charge() {
    return car.charge();
  }

  double odometer() {
    return car.odometer();
  }

  /** Does as told and gives what the car reports at once. A diesel is full after a stop. */
  List<HighMobilityPoint> perform(CarAction action, Instant now) {
    List<DataPoint> points = new ArrayList<>(car.perform(action, now));
    if (action == CarAction.CHARGE && vehicle.drive() == HighMobilityVehicle.Drive.DIESEL) {
      points.addAll(car.advance(REFUELLING, now));
    }
    List<HighMobilityPoint> out = translate(points);
    if (action == CarAction.WAKE || action == CarAction.PARK) {
      condition(now, out);
    }
    return out;
  }

  /** Lets simulated time pass and gives what the car reports meanwhile. */
  List<HighMobilityPoint> advance(Duration passed, Instant now) {
    return translate(car.advance(passed, now));
  }

  /** What the workshop and the dashboard know. */
  private void condition(Instant now, List<HighMobilityPoint> out) {
    double toService = SERVICE_KM - car.odometer() % SERVICE_KM;
    say(out, "vehicle_information", "model_name", vehicle.model(), now);
    say(
        out,
        "maintenance",
        "distance_to_next_service",
        measured(Math.round(toService), "kilometers"),
        now);
    say(
        out,
        "maintenance",
        "time_to_next_service",
        measured(Math.round(toService / 80), "days"),
        now);
    say(out, "climate", "outside_temperature", measured(8.5, "celsius"), now);
    say(
        out,
        "dashboard_lights",
        "dashboard_lights",
        List.of(
            light("engine_indicator", false),
            light("windscreen_washer_fluid", vehicle.drive() == HighMobilityVehicle.Drive.DIESEL)),
        now);
  }

  private static JsonObject light(String name, boolean on) {
    return new JsonObject().put("name", name).put("state", on ? "on" : "off");
  }

  private List<HighMobilityPoint> translate(List<DataPoint> points) {
    List<HighMobilityPoint> out = new ArrayList<>();
    points.forEach(p -> translate(p, out));
    return out;
  }

  private void translate(DataPoint p, List<HighMobilityPoint> out) {
    Instant at = p.at();
    switch (p.key()) {
      case Descriptors.MILEAGE -> {
        say(out, "diagnostics", "odometer", measured(number(p), "kilometers"), at);
        if (vehicle.drive() == HighMobilityVehicle.Drive.PLUG_IN) {
          say(out, "diagnostics", "fuel_level", fraction(100 - number(p) % TANK_KM / 10), at);
        }
      }
      case Descriptors.LATITUDE -> latitude = number(p);
      case Descriptors.LONGITUDE -> {
        JsonObject place = new JsonObject().put("latitude", latitude).put("longitude", number(p));
        say(out, "vehicle_location", "coordinates", place, at);
      }
      case Descriptors.HEADING ->
          say(out, "vehicle_location", "heading", measured(number(p), "degrees"), at);
      case Descriptors.ALTITUDE ->
          say(out, "vehicle_location", "altitude", measured(number(p), "meters"), at);
      case Descriptors.LIGHTS ->
          say(out, "lights", "front_exterior_light", isOn(p) ? "active" : "inactive", at);
      case "vehicle.drivetrain.engine.isIgnitionOn" ->
          say(out, "ignition", "state", isOn(p) ? "on" : "off", at);
      case "vehicle.isMoving" ->
          say(
              out,
              "diagnostics",
              "speed",
              measured(isOn(p) ? SPEED : 0, "kilometers_per_hour"),
              at);
      case "vehicle.cabin.door.row1.driver.isOpen" -> doors(out, isOn(p), at);
      case "vehicle.body.flap.isLocked" -> locks(out, p.value().equals("FLAP_LOCKED"), at);
      case "vehicle.body.trunk.isLocked" ->
          say(out, "trunk", "lock", isOn(p) ? "locked" : "unlocked", at);
      case "vehicle.vehicle.preConditioning.activity" ->
          say(out, "climate", "hvac_state", "inactive", at);
      case "vehicle.trip.segment.end.time" ->
          say(out, "usage", "last_trip_date", at.truncatedTo(ChronoUnit.SECONDS).toString(), at);
      case "vehicle.trip.segment.end.travelledDistance" ->
          say(out, "usage", "odometer_after_last_trip", measured(number(p), "kilometers"), at);
      default -> {
        if (p.key().endsWith(".tire.pressure")) {
          pressure(p, out);
        } else if (vehicle.drive() == HighMobilityVehicle.Drive.DIESEL) {
          tank(p, out);
        } else {
          battery(p, out);
        }
      }
    }
  }

  private void tank(DataPoint p, List<HighMobilityPoint> out) {
    switch (p.key()) {
      case Descriptors.CHARGE -> {
        say(out, "diagnostics", "fuel_level", fraction(number(p)), p.at());
        double range = Math.round(number(p) / 100 * TANK_KM);
        say(out, "diagnostics", "estimated_range", measured(range, "kilometers"), p.at());
      }
      default -> {}
    }
  }

  private void battery(DataPoint p, List<HighMobilityPoint> out) {
    Instant at = p.at();
    switch (p.key()) {
      case Descriptors.CHARGE -> say(out, "charging", "battery_level", fraction(number(p)), at);
      case Descriptors.TARGET -> say(out, "charging", "charge_limit", fraction(number(p)), at);
      case Descriptors.CHARGING_STATUS -> say(out, "charging", "status", status(p), at);
      case "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange" ->
          say(out, "charging", "estimated_range", measured(number(p), "kilometers"), at);
      case "vehicle.body.chargingPort.status" -> {
        boolean in = p.value().equals("CONNECTED");
        say(out, "charging", "plugged_in", in ? "plugged_in" : "disconnected", at);
        say(out, "charging", "charge_port_state", in ? "open" : "closed", at);
      }
      case "vehicle.powertrain.electric.battery.charging.power" ->
          say(out, "charging", "charging_rate", measured(number(p) / 1000, "kilowatts"), at);
      case "vehicle.drivetrain.electricEngine.charging.timeRemaining" ->
          say(out, "charging", "time_to_complete_charge", measured(number(p), "minutes"), at);
      case "vehicle.trip.segment.end.drivetrain.batteryManagement.hvSoc" ->
          say(out, "usage", "last_trip_battery_remaining", fraction(number(p)), at);
      default -> {}
    }
  }

  private static String status(DataPoint p) {
    return switch (p.value().toString()) {
      case "INITIALIZATION" -> "initialising";
      case "CHARGINGACTIVE" -> "charging";
      case "CHARGINGENDED" -> "charging_complete";
      default -> "not_charging";
    };
  }

  /** A driver opens one door; the others are told with it. */
  private void doors(List<HighMobilityPoint> out, boolean open, Instant at) {
    List<JsonObject> all = new ArrayList<>();
    for (String corner : CORNERS) {
      boolean isOpen = open && corner.equals("front_left");
      all.add(new JsonObject().put("location", corner).put("position", isOpen ? "open" : "closed"));
    }
    say(out, "doors", "positions", all, at);
  }

  private void locks(List<HighMobilityPoint> out, boolean locked, Instant at) {
    String state = locked ? "locked" : "unlocked";
    List<JsonObject> all = new ArrayList<>();
    CORNERS.forEach(c -> all.add(new JsonObject().put("location", c).put("lock_state", state)));
    say(out, "doors", "locks", all, at);
    say(out, "doors", "locks_state", state, at);
  }

  /** BMW tells each wheel by itself; here all four are one list. */
  private void pressure(DataPoint p, List<HighMobilityPoint> out) {
    String axle = p.key().contains(".row1.") ? "front_" : "rear_";
    pressures.put(axle + (p.key().contains(".left.") ? "left" : "right"), number(p));
    if (pressures.size() < CORNERS.size()) {
      return;
    }
    List<JsonObject> all = new ArrayList<>();
    CORNERS.forEach(
        c ->
            all.add(
                new JsonObject()
                    .put("location", c)
                    .put("pressure", measured(pressures.get(c), "kilopascals"))));
    pressures.clear();
    say(out, "diagnostics", "tire_pressures", all, p.at());
  }

  /** Two values of one property never have the same time: their order may get lost. */
  private void say(
      List<HighMobilityPoint> out, String capability, String property, Object data, Instant at) {
    HighMobilityPoint point = new HighMobilityPoint(capability, property, data, at);
    HighMobilityPoint before = told.get(point.key());
    if (before != null && !before.data().equals(data) && !at.isAfter(before.at())) {
      Instant next = before.at().plusMillis(1);
      point = new HighMobilityPoint(capability, property, data, next);
    }
    told.put(point.key(), point);
    out.add(point);
  }

  private static double fraction(double percent) {
    return Math.round(percent) / 100.0;
  }

  private static double number(DataPoint p) {
    return ((Number) p.value()).doubleValue();
  }

  private static boolean isOn(DataPoint p) {
    return p.value().equals(true) || p.value().equals("ASN_isTrue");
  }
}
