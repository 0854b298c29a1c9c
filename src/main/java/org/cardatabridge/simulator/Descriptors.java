// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

/** Names of BMW's catalogue that are used at several places. */
final class Descriptors {

  static final String MILEAGE = "vehicle.vehicle.travelledDistance";
  static final String CHARGE = "vehicle.drivetrain.batteryManagement.header";
  static final String TARGET = "vehicle.powertrain.electric.battery.stateOfCharge.target";
  static final String CHARGING_STATUS = "vehicle.drivetrain.electricEngine.charging.status";
  static final String HV_STATUS = "vehicle.drivetrain.electricEngine.charging.hvStatus";
  static final String LATITUDE = "vehicle.cabin.infotainment.navigation.currentLocation.latitude";
  static final String LONGITUDE = "vehicle.cabin.infotainment.navigation.currentLocation.longitude";
  static final String HEADING = "vehicle.cabin.infotainment.navigation.currentLocation.heading";
  static final String ALTITUDE = "vehicle.cabin.infotainment.navigation.currentLocation.altitude";
  static final String PRESSURE = "vehicle.chassis.axle.row1.wheel.left.tire.pressure";
  static final String WEEKLY = "vehicle.vehicle.averageWeeklyDistanceShortTerm";
  static final String LIGHTS = "vehicle.body.lights.isRunningOn";

  private Descriptors() {}
}
