// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A day of one battery car as BMW's stream would tell it: parked overnight, a drive to work, a
 * drive home with a stop at a shop, a charge at home with a pause, an evening at the cable,
 * unplugged. With sentinels, duplicates, values that come late or again, and positions whose halves
 * come in messages of their own.
 *
 * <p>{@code recordings/a-day.ndjson} holds it as {@code ./bridge export} would write it; {@code
 * ADayTest} writes that file anew with {@code -Dwrite.a-day=true}.
 */
public final class ADay {

  /** The car. */
  public static final String VIN = "WBY00TEST00000001";

  /** The file of the recording. */
  public static final Path FILE = Path.of("src/test/resources/recordings/a-day.ndjson");

  private static final String GCID = "5b1e0c7a-2f4d-4e81-9a36-c07d18e4f2b9";
  private static final Instant DAY = Instant.parse("2026-03-02T00:00:00Z");

  private static final String POSITION = "vehicle.cabin.infotainment.navigation.currentLocation.";
  private static final String BATTERY = "vehicle.drivetrain.batteryManagement.";
  private static final String ENGINE = "vehicle.drivetrain.electricEngine.";
  private static final String CHARGING = ENGINE + "charging.";
  private static final String ODOMETER = "vehicle.vehicle.travelledDistance";
  private static final String SOC = BATTERY + "header";
  private static final String POWER = "vehicle.powertrain.electric.battery.charging.power";
  private static final String DISPLAYED =
      "vehicle.powertrain.electric.battery.stateOfCharge.displayed";

  private record Line(Instant received, int number, String text) {}

  private final List<Line> lines = new ArrayList<>();

  private ADay() {}

  /** The recording, a line for each message in the order received. */
  public static List<String> lines() {
    ADay day = new ADay();
    day.night();
    day.toWork();
    day.parkedAtWork();
    day.home();
    day.charge();
    day.evening();
    return day.lines.stream()
        .sorted(Comparator.comparing(Line::received).thenComparing(Line::number))
        .map(Line::text)
        .toList();
  }

  /** The same, read from the file. */
  public static List<String> recorded() {
    try {
      return Files.readAllLines(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void night() {
    Instant t = at("04:30:05");
    say(t, BATTERY + "maxEnergy", "80.7", "kWh");
    say(t, BATTERY + "batterySizeMax", "\"0.0\"", "kWh");
    say(t, "vehicle.powertrain.electric.battery.stateOfCharge.target", "80", "percent");
    say(t, "vehicle.powertrain.electric.battery.stateOfHealth.displayed", "96", null);
    say(t, SOC, "64", "percent");
    say(t, DISPLAYED, "64.0", "percent");
    say(t, ODOMETER, "20451", "km");
    say(t, ENGINE + "kombiRemainingElectricRange", "262", "km");
    say(t, "vehicle.drivetrain.lastRemainingRange", "262", "km");
    say(t, "vehicle.drivetrain.avgElectricRangeConsumption", "2777774", "kWh/100km");
    say(t, "vehicle.drivetrain.fuelSystem.remainingFuel", "0", "l");
    say(t, "vehicle.body.chargingPort.status", text("DISCONNECTED"), null);
    say(t, "vehicle.powertrain.tractionBattery.charging.port.anyPosition.isPlugged", "false", null);
    say(t, CHARGING + "status", text("NOCHARGING"), null);
    say(t, CHARGING + "hvStatus", text("NOT_CHARGING"), null);
    say(t, CHARGING + "timeToFullyCharged", text("INVALID"), "min");
    say(t, POWER, "0", "W");
    say(t, "vehicle.isMoving", text("ASN_isFalse"), null);
    say(t, "vehicle.drivetrain.engine.isIgnitionOn", text("ASN_isUnknown"), null);
    closed(t.plusSeconds(1));
    lock(t.plusSeconds(2), "SECURED");
    tyres(t.plusSeconds(3), 268, 271, 266, 262);
    say(t.plusSeconds(4), "vehicle.electricalSystem.battery.stateOfCharge", "88", "%");
    say(t.plusSeconds(4), "vehicle.electricalSystem.battery.voltage", "12.9", "V");
    say(t.plusSeconds(5), "vehicle.vehicle.preConditioning.activity", text("INACTIVE"), null);
    say(
        t.plusSeconds(5),
        "vehicle.vehicleIdentification.basicVehicleData",
        "{\"brand\":\"BMW\",\"modelName\":\"i4 eDrive40\",\"driveTrain\":\"BEV\","
            + "\"numberOfDoors\":5,\"chargingModes\":[\"AC\",\"DC\"]}",
        null);
    say(t.plusSeconds(6), "vehicle.status.checkControlMessages", "[]", null);
    say(t.plusSeconds(6), "vehicle.vehicle.averageWeeklyDistanceShortTerm", "212", "weeks");
    position(t.plusSeconds(7), 50.2601, 10.9602, 3, null);
    again(t, 64);
  }

  /** What the car said just before, word for word, as after a reconnect. */
  private void again(Instant t, int soc) {
    say(t, after(t, 95), SOC, Integer.toString(soc), "percent");
    say(t, after(t, 95), "vehicle.body.chargingPort.status", text("DISCONNECTED"), null);
    say(t, after(t, 96), ODOMETER, "20451", "km");
  }

  private void toWork() {
    Instant t = at("06:12:00");
    lock(t.minusSeconds(75), "UNLOCKED");
    door(t.minusSeconds(60), true);
    door(t.minusSeconds(48), false);
    say(t.minusSeconds(35), "vehicle.drivetrain.engine.isIgnitionOn", text("ASN_isTrue"), null);
    say(t, "vehicle.isMoving", text("ASN_isTrue"), null);
    drive(t, Duration.ofMinutes(34), 20451, 31, 64, 57, 50.2601, 10.9602, 50.1015, 11.0744);
    Instant end = t.plus(Duration.ofMinutes(34));
    say(end, "vehicle.isMoving", text("ASN_isFalse"), null);
    say(end.plusSeconds(12), "vehicle.drivetrain.engine.isIgnitionOn", text("ASN_isFalse"), null);
    segmentEnd(end.plusSeconds(14), 20482, 57, 6.1);
    door(end.plusSeconds(30), true);
    window(end.plusSeconds(31), "INTERMEDIATE");
    door(end.plusSeconds(41), false);
    lock(end.plusSeconds(55), "SECURED");
    position(end.plusSeconds(20), 50.1015, 11.0744, 21, 185);
  }

  private void parkedAtWork() {
    Instant t = at("08:00:00");
    say(t, "vehicle.electricalSystem.battery.stateOfCharge", "84", "%");
    say(t, ENGINE + "kombiRemainingElectricRange", text("INVALID"), "km");
    tyres(at("09:10:00"), 271, 273, 268, 199);
    say(at("10:30:00"), ENGINE + "kombiRemainingElectricRange", "231", "km");
    window(at("11:15:00"), "CLOSED");
    say(at("12:05:00"), DISPLAYED, "57.0", "percent");
    // A value of the morning that was on its way for hours: it is history and nothing else.
    say(at("06:20:00"), at("12:05:02"), SOC, "63", "percent");
    say(at("15:10:00"), "vehicle.vehicle.preConditioning.activity", text("HEATING"), null);
    say(at("15:10:01"), "vehicle.vehicle.preConditioning.remainingRunningTime", "1200", "s");
    say(at("15:30:10"), "vehicle.vehicle.preConditioning.activity", text("STANDBY"), null);
  }

  private void home() {
    Instant t = at("15:34:00");
    lock(t.minusSeconds(70), "UNLOCKED");
    door(t.minusSeconds(55), true);
    door(t.minusSeconds(44), false);
    say(t.minusSeconds(30), "vehicle.drivetrain.engine.isIgnitionOn", text("ASN_isTrue"), null);
    say(t, "vehicle.isMoving", text("ASN_isTrue"), null);
    drive(t, Duration.ofMinutes(18), 20482, 14, 57, 53, 50.1015, 11.0744, 50.1832, 11.0210);
    Instant shop = t.plus(Duration.ofMinutes(18));
    say(shop, "vehicle.isMoving", text("ASN_isFalse"), null);
    say(shop.plusSeconds(15), "vehicle.drivetrain.engine.isIgnitionOn", text("ASN_isFalse"), null);
    trunk(shop.plusSeconds(200), true);
    trunk(shop.plusSeconds(230), false);
    Instant on = shop.plus(Duration.ofMinutes(6));
    say(on.minusSeconds(20), "vehicle.drivetrain.engine.isIgnitionOn", text("ASN_isTrue"), null);
    say(on, "vehicle.isMoving", text("ASN_isTrue"), null);
    drive(on, Duration.ofMinutes(22), 20496, 19, 53, 49, 50.1832, 11.0210, 50.2601, 10.9602);
    Instant end = on.plus(Duration.ofMinutes(22));
    say(end, "vehicle.isMoving", text("ASN_isFalse"), null);
    say(end.plusSeconds(9), "vehicle.drivetrain.engine.isIgnitionOn", text("ASN_isFalse"), null);
    // The trip's last kilometre comes a minute late.
    say(end.minusSeconds(4), end.plusSeconds(66), ODOMETER, "20515", "km");
    segmentEnd(end.plusSeconds(11), 20515, 49, 6.9);
    position(end.plusSeconds(18), 50.2601, 10.9602, 9, 12);
    door(end.plusSeconds(40), true);
    door(end.plusSeconds(52), false);
  }

  private void charge() {
    Instant plug = at("16:24:10");
    say(plug, "vehicle.body.chargingPort.status", text("CONNECTED"), null);
    String port = "vehicle.powertrain.tractionBattery.charging.port.anyPosition.";
    say(plug, port + "flap.isOpen", "true", null);
    say(plug, port + "isPlugged", "true", null);
    say(plug.plusSeconds(4), CHARGING + "status", text("INITIALIZATION"), null);
    say(plug.plusSeconds(5), CHARGING + "hvStatus", text("WAITING_FOR_CHARGING"), null);
    lock(plug.plusSeconds(20), "SECURED");
    Instant start = at("16:25:00");
    charging(start, 230, 16);
    double soc = 49;
    // 10.7 kW reach the battery: a percent in 4.53 minutes.
    int[] news = {7, 12, 6, 14, 9, 11};
    Instant t = start;
    for (int minutes : news) {
      t = t.plus(Duration.ofMinutes(minutes));
      soc += minutes / 4.53;
      report(t, soc, 10_700 + 30 * (minutes % 5 - 2));
      // The value of the beginning comes again beside the new one.
      say(start, after(t, 3), SOC, "49", "percent");
    }
    Instant pause = at("17:27:00");
    say(pause, CHARGING + "status", text("CHARGINGPAUSED"), null);
    say(pause.plusSeconds(1), POWER, "0", "W");
    soc += Duration.between(t, pause).toSeconds() / 60.0 / 4.53;
    t = pause.plus(Duration.ofMinutes(12));
    charging(t, 231, 16);
    for (int minutes : new int[] {8, 13, 10, 6, 15, 9}) {
      t = t.plus(Duration.ofMinutes(minutes));
      soc += minutes / 4.53;
      report(t, soc, 10_680 + 25 * (minutes % 4));
      say(t, after(t, 41), DISPLAYED, Long.toString((long) soc), "percent");
    }
    Duration rest = Duration.ofSeconds(Math.round((80 - soc) * 4.53 * 60));
    Instant end = t.plus(rest);
    say(end, SOC, "80", "percent");
    say(end.plusSeconds(1), DISPLAYED, "80.0", "percent");
    say(end.plusSeconds(1), CHARGING + "status", text("CHARGINGENDED"), null);
    say(end.plusSeconds(1), CHARGING + "hvStatus", text("FINISHED_NOT_FULL"), null);
    say(end.plusSeconds(2), POWER, "0", "W");
    say(end.plusSeconds(2), CHARGING + "phaseNumber", text("NO_CHARGING"), null);
    say(end.plusSeconds(2), CHARGING + "timeRemaining", "0", "min");
    say(end.plusSeconds(3), ENGINE + "kombiRemainingElectricRange", "334", "km");
    String reason = text("CUSTOMER_INTERACTION_HMI_CHARGING_TARGET_REACHED");
    say(end.plusSeconds(3), CHARGING + "reasonChargingEnd", reason, null);
    // And all of the end once more.
    say(end, after(end, 120), SOC, "80", "percent");
    say(end.plusSeconds(1), after(end, 120), CHARGING + "status", text("CHARGINGENDED"), null);
  }

  private void charging(Instant t, int volts, int amperes) {
    say(t, CHARGING + "status", text("CHARGINGACTIVE"), null);
    say(t.plusSeconds(1), CHARGING + "hvStatus", text("CHARGING"), null);
    say(t.plusSeconds(2), CHARGING + "phaseNumber", text("3-PHASES"), null);
    say(t.plusSeconds(2), CHARGING + "acVoltage", Integer.toString(volts), "V");
    say(t.plusSeconds(2), CHARGING + "acAmpere", Integer.toString(amperes), "A");
    say(t.plusSeconds(3), CHARGING + "method", text("AC_TYPE2PLUG"), null);
    say(t.plusSeconds(20), POWER, "10650", "W");
  }

  private void report(Instant t, double soc, int watts) {
    say(t, SOC, Long.toString((long) soc), "percent");
    say(t.plusSeconds(1), POWER, Integer.toString(watts), "W");
    String left = Long.toString(Math.round((80 - soc) * 4.53));
    say(t.plusSeconds(2), CHARGING + "timeRemaining", left, "min");
  }

  private void evening() {
    Instant t = at("20:05:00");
    lock(t.minusSeconds(30), "UNLOCKED");
    say(t, "vehicle.body.chargingPort.status", text("DISCONNECTED"), null);
    String port = "vehicle.powertrain.tractionBattery.charging.port.anyPosition.";
    say(t, port + "isPlugged", "false", null);
    say(t.plusSeconds(9), port + "flap.isOpen", "false", null);
    say(t.plusSeconds(2), CHARGING + "status", text("NOCHARGING"), null);
    say(t.plusSeconds(3), CHARGING + "hvStatus", text("NOT_CHARGING"), null);
    // Left unlocked for a quarter of an hour.
    lock(t.plusSeconds(900), "SECURED");
    say(at("23:30:00"), "vehicle.electricalSystem.battery.stateOfCharge", text("-NA-"), "%");
    say(at("23:30:00"), SOC, "80", "percent");
  }

  private void drive(
      Instant from,
      Duration length,
      int odometer,
      int kilometres,
      int soc,
      int socAtEnd,
      double latitude,
      double longitude,
      double toLatitude,
      double toLongitude) {
    long seconds = length.toSeconds();
    for (long s = 90; s < seconds - 60; s += 180) {
      double part = (double) s / seconds;
      // Not as the crow flies.
      double aside = 0.008 * Math.sin(part * Math.PI);
      position(
          from.plusSeconds(s),
          latitude + (toLatitude - latitude) * part + aside,
          longitude + (toLongitude - longitude) * part - aside,
          (int) (s / 60 * 7 % 21),
          (int) (170 + 40 * Math.sin(part * 9)));
    }
    for (int km = 3; km < kilometres; km += 4) {
      say(
          from.plusSeconds(seconds * km / kilometres),
          ODOMETER,
          Integer.toString(odometer + km),
          "km");
    }
    for (int down = 1; down <= soc - socAtEnd; down++) {
      Instant t = from.plusSeconds(seconds * down / (soc - socAtEnd) - 30);
      say(t, SOC, Integer.toString(soc - down), "percent");
      if (down % 3 == 1) {
        say(t, after(t, 4), SOC, Integer.toString(soc - down), "percent");
      }
    }
    say(
        from.plusSeconds(seconds / 2),
        "vehicle.vehicle.avgSpeed",
        Long.toString(kilometres * 3600L / seconds),
        "km/h");
    say(
        from.plusSeconds(seconds - 31),
        ODOMETER,
        Integer.toString(odometer + kilometres - 1),
        "km");
  }

  private void segmentEnd(Instant t, int odometer, int soc, double comfort) {
    String end = "vehicle.trip.segment.end.";
    String time =
        java.time.format.DateTimeFormatter.ofPattern("dd.MM.uuuu HH:mm:ss 'UTC'")
            .withZone(java.time.ZoneOffset.UTC)
            .format(t.minusSeconds(14));
    message(
        t,
        after(t, 2),
        entry(end + "travelledDistance", Integer.toString(odometer), "km", t)
            + ","
            + entry(end + "time", text(time), null, t)
            + ","
            + entry(
                end + "drivetrain.batteryManagement.hvSoc",
                String.format(Locale.ROOT, "%d.5", soc),
                "percent",
                t));
    say(t, ODOMETER, Integer.toString(odometer), "km");
    say(
        t,
        "vehicle.trip.segment.accumulated.drivetrain.electricEngine.energyConsumptionComfort",
        Double.toString(comfort / 10),
        "kWh");
  }

  private void closed(Instant t) {
    for (String door : List.of("row1.driver", "row1.passenger", "row2.driver", "row2.passenger")) {
      say(t, "vehicle.cabin.door." + door + ".isOpen", "false", null);
      say(t, "vehicle.cabin.window." + door + ".status", text("CLOSED"), null);
    }
    say(t, "vehicle.body.trunk.isOpen", text("CLOSED"), null);
    say(t, "vehicle.body.trunk.isLocked", text("LOCKED"), null);
    say(t, "vehicle.body.hood.isOpen", text("INVALID"), null);
    say(t, "vehicle.body.flap.isLocked", text("FLAP_LOCKED"), null);
    say(t, "vehicle.cabin.sunroof.overallStatus", text("CLOSED"), null);
  }

  private void door(Instant t, boolean open) {
    say(t, "vehicle.cabin.door.row1.driver.isOpen", Boolean.toString(open), null);
  }

  private void trunk(Instant t, boolean open) {
    say(t, "vehicle.body.trunk.isOpen", text(open ? "OPEN" : "CLOSED"), null);
  }

  private void window(Instant t, String status) {
    say(t, "vehicle.cabin.window.row1.driver.status", text(status), null);
  }

  private void lock(Instant t, String status) {
    say(t, "vehicle.cabin.door.lock.status", text(status), null);
  }

  private void tyres(Instant t, int... pressures) {
    String[] wheels = {
      "row1.wheel.left", "row1.wheel.right", "row2.wheel.left", "row2.wheel.right"
    };
    for (int i = 0; i < wheels.length; i++) {
      say(
          t,
          "vehicle.chassis.axle." + wheels[i] + ".tire.pressure",
          Integer.toString(pressures[i]),
          "kpa");
    }
  }

  /** Two messages, of which the second comes some seconds later; a heading in a third. */
  private void position(Instant t, double latitude, double longitude, int apart, Integer heading) {
    say(t, after(t, 2), POSITION + "latitude", degrees(latitude), "degrees");
    say(t, after(t, 2 + apart), POSITION + "longitude", degrees(longitude), "degrees");
    if (heading != null) {
      say(t, after(t, 3), POSITION + "heading", heading.toString(), "degrees");
    }
  }

  private static String degrees(double degrees) {
    return String.format(Locale.ROOT, "%.6f", degrees);
  }

  private static Instant at(String time) {
    String[] parts = time.split(":");
    return DAY.plus(Duration.ofHours(Integer.parseInt(parts[0])))
        .plus(Duration.ofMinutes(Integer.parseInt(parts[1])))
        .plusSeconds(Integer.parseInt(parts[2]));
  }

  /** So many seconds later, at an uneven fraction. */
  private Instant after(Instant t, int seconds) {
    return t.plusSeconds(seconds).plusMillis(lines.size() * 37L % 900);
  }

  private static String text(String value) {
    return '"' + value + '"';
  }

  private void say(Instant measured, String key, String value, String unit) {
    say(measured, after(measured, 2), key, value, unit);
  }

  private void say(Instant measured, Instant received, String key, String value, String unit) {
    message(measured, received, entry(key, value, unit, measured));
  }

  private static String entry(String key, String value, String unit, Instant measured) {
    return "\""
        + key
        + "\":{\"timestamp\":\""
        + measured
        + "\",\"value\":"
        + value
        + (unit == null ? "" : ",\"unit\":\"" + unit + '"')
        + '}';
  }

  private void message(Instant measured, Instant received, String entries) {
    Instant sent = received.minusMillis(420);
    String payload =
        String.format(
            "{\"vin\":\"%s\",\"entityId\":\"%s\",\"topic\":\"%s\",\"timestamp\":\"%s\",\"data\":{%s}}",
            VIN, GCID, VIN, sent, entries);
    String line =
        String.format(
            "{\"received\":\"%s\",\"source\":\"stream\",\"account\":\"main\",\"topic\":\"%s/%s\","
                + "\"payload\":\"%s\"}",
            received, GCID, VIN, payload.replace("\"", "\\\""));
    lines.add(new Line(received, lines.size(), line));
  }
}
