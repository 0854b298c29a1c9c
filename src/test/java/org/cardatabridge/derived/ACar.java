// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.Settings;

/** Tells a {@link CarHistory} what a car says, at minutes of a day, and keeps what comes out. */
final class ACar {

  static final String VIN = "WBY00TEST00000001";
  static final String SOC = "vehicle.drivetrain.batteryManagement.header";
  static final String TARGET = "vehicle.powertrain.electric.battery.stateOfCharge.target";
  static final String CAPACITY = "vehicle.drivetrain.batteryManagement.maxEnergy";
  static final String POWER = "vehicle.powertrain.electric.battery.charging.power";
  static final String STATUS = "vehicle.drivetrain.electricEngine.charging.status";
  static final String PORT = "vehicle.body.chargingPort.status";
  static final String LEFT = "vehicle.drivetrain.electricEngine.charging.timeRemaining";
  static final String ODOMETER = "vehicle.vehicle.travelledDistance";
  static final String MOVING = "vehicle.isMoving";
  static final Instant START = Instant.parse("2026-03-02T06:00:00Z");

  private final DerivedSettings terms;
  private final List<DerivedValue> out = new ArrayList<>();
  private CarHistory history = CarHistory.of(VIN, VIN);

  ACar() {
    this(Map.of());
  }

  ACar(Map<String, String> settings) {
    this.terms = DerivedSettings.of(Settings.defaults().with(settings), ZoneOffset.UTC);
  }

  static Instant at(double minute) {
    return START.plusMillis(Math.round(minute * 60_000));
  }

  static CarEvent event(Instant measured, Instant received, String key, Object value, String unit) {
    return new CarEvent("main", VIN, VIN, key, value, unit, measured, received, "stream");
  }

  /** Measured at that minute and received a second later. */
  ACar says(double minute, String key, Object value, String unit) {
    return says(minute, minute + 1 / 60.0, key, value, unit);
  }

  ACar says(double minute, String key, Object value) {
    return says(minute, key, value, null);
  }

  ACar says(double minute, double received, String key, Object value, String unit) {
    return takes(event(at(minute), at(received), key, value, unit));
  }

  ACar isAt(double minute, double latitude, double longitude) {
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("latitude", latitude);
    place.put("longitude", longitude);
    return says(minute, CarEvent.LOCATION, place);
  }

  ACar takes(CarEvent event) {
    history = history.then(event, terms, out);
    return this;
  }

  /** Lets time pass. */
  ACar waitsUntil(double minute) {
    history = history.at(at(minute), terms, out);
    return this;
  }

  ACar waits(Duration time) {
    history = history.at(history.clock().plus(time), terms, out);
    return this;
  }

  CarHistory history() {
    return history;
  }

  List<DerivedValue> out() {
    return out;
  }

  List<DerivedValue> out(String key) {
    return out.stream().filter(value -> value.key().equals(key)).toList();
  }

  @SuppressWarnings("unchecked")
  List<Map<String, Object>> rows(String key) {
    return out(key).stream().map(value -> (Map<String, Object>) value.value()).toList();
  }

  /** The last number under a key; null where there is none. */
  Double last(String key) {
    List<DerivedValue> all = out(key);
    return all.isEmpty() ? null : (Double) all.get(all.size() - 1).value();
  }
}
