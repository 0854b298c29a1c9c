// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A day of a fleet of several brands as High Mobility would tell it, in both generations of its
 * messages: an electric Mercedes-Benz that is driven, charged and left with an open window; an Opel
 * whose charge breaks off; a Peugeot with a tank that is left unlocked; a Ford that counts in
 * miles; a BMW; a Fiat and a Jeep that say little. Nothing of it is of a real car.
 */
public final class AFleet {

  /** The account. */
  public static final String ACCOUNT = "highmobility";

  /** Second generation: several properties a message. */
  public static final String MERCEDES = "W1K00TEST00000011";

  /** First generation: one property a message, as all below. */
  public static final String OPEL = "W0V00TEST00000012";

  /** With a tank. */
  public static final String PEUGEOT = "VR300TEST00000013";

  /** In miles, psi and °F. */
  public static final String FORD = "WF000TEST00000014";

  /** A BMW by way of High Mobility. */
  public static final String BMW = "WBA00TEST00000006";

  /** Says little. */
  public static final String FIAT = "ZFA00TEST00000015";

  /** Says little, and that in lists. */
  public static final String JEEP = "1J400TEST00000016";

  /** All of them. */
  public static final List<String> VINS = List.of(MERCEDES, OPEL, PEUGEOT, FORD, BMW, FIAT, JEEP);

  private static final String APP = "0123456789ABCDEF01234567";
  private static final String APP_2 = "7d3a1b52-0c4e-4f6a-8d21-5e9b60c7a314";
  private static final Instant DAY = Instant.parse("2026-03-16T00:00:00Z");

  private record Line(Instant received, int number, String text) {}

  private final List<Line> lines = new ArrayList<>();

  private AFleet() {}

  /** A line for each message, as {@code ./bridge export} writes it, in the order received. */
  public static List<String> lines() {
    AFleet day = new AFleet();
    day.mercedes();
    day.opel();
    day.peugeot();
    day.ford();
    day.bmw();
    day.others();
    return day.lines.stream()
        .sorted(Comparator.comparing(Line::received).thenComparing(Line::number))
        .map(Line::text)
        .toList();
  }

  private void mercedes() {
    all(
        MERCEDES,
        "05:00:00",
        "universal.brand",
        "'mercedes_benz'",
        "vehicle_information.model_name",
        "'EQA 250'",
        "charging.battery_level",
        "0.62",
        "charging.charge_limit",
        "0.8",
        "charging.battery_capacity",
        "{'unit':'kilowatt_hours','value':66.5}",
        "charging.plugged_in",
        "'disconnected'",
        "charging.status",
        "'cable_unplugged'",
        "diagnostics.odometer",
        "{'unit':'kilometers','value':19201.0}",
        "doors.locks_state",
        "'locked'",
        "vehicle_location.coordinates",
        "{'latitude':50.26,'longitude':10.96}");
    all(
        MERCEDES,
        "05:00:01",
        "doors.positions",
        "[{'location':'front_left','position':'closed'},{'location':'front_right','position':'closed'},"
            + "{'location':'rear_left','position':'closed'},{'location':'rear_right','position':'closed'}]",
        "windows.positions",
        "[{'location':'front_left','position':'closed'},{'location':'front_right','position':'closed'},"
            + "{'location':'rear_left','position':'closed'},{'location':'rear_right','position':'closed'}]",
        "diagnostics.tire_pressures",
        wheels("pressure", "bars", 2.6, 2.6, 2.7, 2.7),
        "diagnostics.tire_pressures_targets",
        wheels("pressure", "bars", 2.6, 2.6, 2.7, 2.7),
        "diagnostics.tire_temperatures",
        wheels("temperature", "celsius", 8, 8, 9, 9));
    all(
        MERCEDES,
        "06:29:00",
        "doors.locks_state",
        "'unlocked'",
        "doors.positions",
        "[{'location':'front_left','position':'open'},{'location':'front_right','position':'closed'},"
            + "{'location':'rear_left','position':'closed'},{'location':'rear_right','position':'closed'}]");
    all(MERCEDES, "06:30:00", "ignition.state", "'on'", "engine.status", "'on'");
    all(
        MERCEDES,
        "06:30:05",
        "doors.positions",
        "[{'location':'front_left','position':'closed'},{'location':'front_right','position':'closed'},"
            + "{'location':'rear_left','position':'closed'},{'location':'rear_right','position':'closed'}]");
    double[] speeds = {32, 78, 91, 64, 12};
    for (int i = 0; i < speeds.length; i++) {
      all(
          MERCEDES,
          "06:" + (33 + 5 * i) + ":00",
          "diagnostics.speed",
          "{'unit':'kilometers_per_hour','value':" + speeds[i] + "}",
          "diagnostics.odometer",
          "{'unit':'kilometers','value':" + (19203.0 + 6 * i) + "}",
          "charging.battery_level",
          "0." + (61 - i),
          "vehicle_location.coordinates",
          "{'latitude':" + (50.24 - 0.03 * i) + ",'longitude':" + (10.97 + 0.02 * i) + "}",
          "vehicle_location.heading",
          "{'unit':'degrees','value':168.5}",
          "climate.outside_temperature",
          "{'unit':'celsius','value':7.5}");
    }
    all(
        MERCEDES,
        "06:58:00",
        "diagnostics.speed",
        "{'unit':'kilometers_per_hour','value':0}",
        "ignition.state",
        "'off'",
        "engine.status",
        "'off'",
        "diagnostics.odometer",
        "{'unit':'kilometers','value':19230.5}",
        "charging.battery_level",
        "0.56",
        "charging.estimated_range",
        "{'unit':'kilometers','value':214.0}",
        "vehicle_location.coordinates",
        "{'latitude':50.1,'longitude':11.07}");
    all(MERCEDES, "06:58:40", "doors.locks_state", "'locked'");
    all(
        MERCEDES,
        "07:05:00",
        "charging.plugged_in",
        "'plugged_in'",
        "charging.status",
        "'initialising'");
    for (int i = 0; i <= 12; i++) {
      all(
          MERCEDES,
          String.format("%02d:%02d:00", 7 + (6 + 10 * i) / 60, (6 + 10 * i) % 60),
          "charging.status",
          "'charging'",
          "charging.charging_rate",
          "{'unit':'kilowatts','value':10.8}",
          "charging.current_type",
          "'alternating_current'",
          "charging.battery_level",
          "0." + (56 + 2 * i),
          "charging.time_to_complete_charge",
          "{'unit':'minutes','value':" + (120 - 10 * i) + "}",
          "charging.battery_temperature",
          "{'unit':'celsius','value':" + (18 + i) + "}");
    }
    all(
        MERCEDES,
        "09:07:00",
        "charging.status",
        "'charging_complete'",
        "charging.battery_level",
        "0.8",
        "charging.charging_rate",
        "{'unit':'kilowatts','value':0}",
        "charging.estimated_range",
        "{'unit':'kilometers','value':305.0}");
    all(
        MERCEDES,
        "11:00:00",
        "windows.positions",
        "[{'location':'front_left','position':'intermediate'},{'location':'front_right','position':'closed'},"
            + "{'location':'rear_left','position':'open'},{'location':'rear_right','position':'closed'}]");
    all(
        MERCEDES,
        "13:00:00",
        "diagnostics.tire_pressures",
        wheels("pressure", "bars", 2.6, 2.6, 2.1, 2.7),
        "diagnostics.trouble_codes",
        "[{'id':'C1116FA','ecu_id':'RDU_212FR','occurrences':2,'status':'PENDING','system':'chassis'}]");
  }

  private static String wheels(String what, String unit, double... values) {
    List<String> places = List.of("front_left", "front_right", "rear_left", "rear_right");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      all.add(
          "{'location':'%s','%s':{'unit':'%s','value':%s}}"
              .formatted(places.get(i), what, unit, values[i]));
    }
    return "[" + String.join(",", all) + "]";
  }

  private void opel() {
    one(OPEL, "06:00:00", "vehicle_information", "model_name", "'Corsa-e'");
    one(OPEL, "06:00:01", "diagnostics", "odometer", "{'unit':'kilometers','value':8050.4}");
    one(OPEL, "06:00:02", "charging", "charge_limit", "0.8");
    one(OPEL, "06:00:03", "ignition", "state", "'off'");
    one(OPEL, "06:10:00", "charging", "plugged_in", "'plugged_in_both_sides'");
    one(OPEL, "06:10:01", "charging", "status", "'slow_charging'");
    one(OPEL, "06:10:02", "charging", "battery_charge_type", "'normal'");
    one(OPEL, "06:10:03", "charging", "battery_level", "0.57");
    one(OPEL, "06:10:04", "charging", "estimated_range", "{'unit':'kilometers','value':170}");
    one(OPEL, "06:40:00", "charging", "battery_level", "0.63");
    one(OPEL, "06:50:00", "charging", "battery_level", "0.65");
    one(OPEL, "06:50:02", "charging", "status", "'charging_error'");
  }

  private void peugeot() {
    one(PEUGEOT, "08:00:00", "vehicle_information", "model_name", "'308'");
    one(PEUGEOT, "08:00:01", "diagnostics", "odometer", "{'unit':'kilometers','value':45210}");
    one(PEUGEOT, "08:00:02", "diagnostics", "fuel_level", "0.45");
    one(PEUGEOT, "08:00:03", "diagnostics", "fuel_volume", "{'unit':'liters','value':23.5}");
    one(PEUGEOT, "08:00:04", "diagnostics", "estimated_range", "{'unit':'kilometers','value':410}");
    one(PEUGEOT, "08:00:05", "diagnostics", "battery_voltage", "{'unit':'volts','value':12.4}");
    one(PEUGEOT, "08:01:00", "ignition", "state", "'on'");
    one(PEUGEOT, "08:20:00", "ignition", "state", "'off'");
    one(PEUGEOT, "08:20:01", "engine", "status", "'off'");
    list(
        PEUGEOT,
        "08:20:10",
        "doors",
        "locks",
        "{'location':'front_left','lock_state':'unlocked'}",
        "{'location':'front_right','lock_state':'locked'}");
    list(
        PEUGEOT,
        "08:20:11",
        "diagnostics",
        "tire_pressures",
        "{'location':'front_left','pressure':{'unit':'kilopascals','value':230}}",
        "{'location':'front_right','pressure':{'unit':'kilopascals','value':232}}");
    one(PEUGEOT, "08:20:12", "trunk", "position", "'open'");
    one(PEUGEOT, "08:20:13", "hood", "position", "'closed'");
    list(
        PEUGEOT,
        "08:20:14",
        "dashboard_lights",
        "bulb_failures",
        "'turn_signal_right'",
        "'high_beam'");
    one(PEUGEOT, "08:21:00", "maintenance", "next_inspection_date", "'2027-01-27T14:38:47.000Z'");
    one(PEUGEOT, "08:21:01", "maintenance", "time_to_next_service", "{'unit':'days','value':211}");
  }

  private void ford() {
    one(FORD, "09:00:00", "vehicle_information", "model_name", "'E-Transit'");
    one(FORD, "09:00:01", "diagnostics", "odometer", "{'unit':'miles','value':1000}");
    one(FORD, "09:00:02", "charging", "battery_level", "0.4");
    one(FORD, "09:00:03", "charging", "estimated_range", "{'unit':'miles','value':70}");
    one(FORD, "09:00:04", "diagnostics", "speed", "{'unit':'miles_per_hour','value':30}");
    one(FORD, "09:00:05", "climate", "outside_temperature", "{'unit':'fahrenheit','value':50}");
    list(
        FORD,
        "09:00:06",
        "diagnostics",
        "tire_pressures",
        "{'location':'front_left','pressure':{'unit':'pounds_force_per_square_inch','value':55}}");
    one(FORD, "09:30:00", "ignition", "state", "'off'");
    one(FORD, "09:31:00", "charging", "station_displayed_status", "'scheduled'");
  }

  private void bmw() {
    one(BMW, "10:00:00", "vehicle_information", "model_name", "'i4 eDrive40'");
    one(BMW, "10:00:01", "charging", "battery_level", "0.71");
    one(
        BMW,
        "10:00:02",
        "charging",
        "battery_max_available",
        "{'unit':'kilowatt_hours','value':80.7}");
    one(BMW, "10:00:03", "rooftop_control", "sunroof_state", "'closed'");
    one(BMW, "10:00:04", "engine", "preconditioning_status", "'heating'");
    one(BMW, "10:00:05", "charging", "charging_phases", "'three'");
    one(BMW, "10:00:06", "diagnostics", "battery_level", "0.92");
    one(BMW, "10:00:07", "theft_alarm", "status", "'armed'");
  }

  private void others() {
    one(FIAT, "11:00:00", "charging", "battery_level", "0.5");
    one(FIAT, "11:00:01", "vehicle_location", "coordinates", "{'latitude':45.06,'longitude':7.66}");
    list(
        JEEP,
        "12:00:00",
        "dashboard_lights",
        "dashboard_lights",
        "{'name':'tire_pressure_low','state':'on'}",
        "{'name':'engine_oil','state':'off'}");
    list(JEEP, "12:00:01", "doors", "positions", "{'location':'all','position':'closed'}");
    one(JEEP, "12:00:02", "race", "vehicle_moving", "'not_moving'");
  }

  /** Second generation; names with dots and values in turn, each value in a list. */
  private void all(String vin, String time, String... namesAndValues) {
    Instant at = at(time);
    Map<String, List<String>> capabilities = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String[] name = namesAndValues[i].split("\\.");
      String value = namesAndValues[i + 1];
      String items =
          value.startsWith("[")
              ? value
                  .substring(1, value.length() - 1)
                  .replaceAll("(?<=^|},)(?=\\{)", "@")
                  .replace(",@", "@")
              : "@" + value;
      List<String> data = new ArrayList<>();
      for (String item : items.substring(1).split("@")) {
        data.add("{'data':" + item + ",'timestamp':'" + at + "'}");
      }
      capabilities
          .computeIfAbsent(name[0], capability -> new ArrayList<>())
          .add("'" + name[1] + "':[" + String.join(",", data) + "]");
    }
    String all =
        capabilities.entrySet().stream()
            .map(entry -> "'" + entry.getKey() + "':{" + String.join(",", entry.getValue()) + "}")
            .collect(Collectors.joining(","));
    add(
        at,
        "live/level13/" + APP_2,
        "{'version':2,'application_id':'"
            + APP_2
            + "','message_id':'"
            + id()
            + "','vin':'"
            + vin
            + "','data':{"
            + all
            + "}}");
  }

  /** First generation: one property. */
  private void one(String vin, String time, String capability, String property, String value) {
    String data = "{'data':" + value + ",'timestamp':'" + at(time) + "'}";
    message(vin, time, capability, property, data);
  }

  /** First generation: one property that is a list. */
  private void list(String vin, String time, String capability, String property, String... items) {
    List<String> data = new ArrayList<>();
    for (String item : items) {
      data.add("{'data':" + item + "}");
    }
    message(vin, time, capability, property, "[" + String.join(",", data) + "]");
  }

  private void message(String vin, String time, String capability, String property, String data) {
    add(
        at(time),
        "live/level13/" + APP + "/" + vin + "/" + capability + "/get/" + property,
        "{'version':1,'message_id':'"
            + id()
            + "','vin':'"
            + vin
            + "','capability':'"
            + capability
            + "','property':'"
            + property
            + "','timestamp':'"
            + at(time)
            + "','data':{'"
            + capability
            + "':{'"
            + property
            + "':"
            + data
            + "}}}");
  }

  private String id() {
    return String.format("%064X", lines.size() + 1);
  }

  private static Instant at(String time) {
    return DAY.plus(
        Duration.between(java.time.LocalTime.MIDNIGHT, java.time.LocalTime.parse(time)));
  }

  private void add(Instant at, String topic, String payload) {
    String json = payload.replace('\'', '"').replace("\"", "\\\"");
    lines.add(
        new Line(
            at.plusSeconds(2),
            lines.size(),
            "{\"received\":\""
                + at.plusSeconds(2)
                + "\",\"source\":\"highmobility\",\"account\":\""
                + ACCOUNT
                + "\",\"topic\":\""
                + topic
                + "\",\"payload\":\""
                + json
                + "\"}"));
  }
}
