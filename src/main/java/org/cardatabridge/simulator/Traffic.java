// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Messages whose order, number or timing is the point. Used on one thread. */
final class Traffic {

  private static final int MOST = 1_000_000;
  private static final int GULP = 200;

  private final Vertx vertx;
  private final Clock clock;
  private final Fleet fleet;

  Traffic(Vertx vertx, Clock clock, Fleet fleet) {
    this.vertx = vertx;
    this.clock = clock;
    this.fleet = fleet;
  }

  /** Messages at once, one descriptor each, all with the same envelope timestamp. */
  void burst(String vin, int count) {
    check(count);
    Instant now = clock.instant();
    List<DataPoint> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Ages differ, so that no two values of a descriptor claim the same second.
      Instant at = now.minusSeconds((count - 1 - i) / SAMPLES.size());
      points.add(new DataPoint(SAMPLES.get(i % SAMPLES.size()), 200 + i, null, at));
    }
    fleet.send(vin, points);
  }

  /** The same message again and again, byte for byte. */
  void duplicates(String vin, int count) {
    check(count);
    Instant now = clock.instant();
    byte[] payload =
        bytes(
            fleet
                .envelope(vin)
                .around(now, List.of(new DataPoint(Descriptors.CHARGE, 64, "percent", now))));
    for (int i = 0; i < count; i++) {
      fleet.publish(vin, payload);
    }
  }

  /** A value, and after it an older one of the same descriptor. */
  void late(String vin, Duration age) {
    Instant now = clock.instant();
    fleet.send(
        vin,
        List.of(
            new DataPoint(Descriptors.CHARGE, 64, "percent", now),
            new DataPoint(Descriptors.CHARGE, 41, "percent", now.minus(age))));
  }

  /** Five mileages in the wrong order; the newest, 10005 km, is the third. */
  void outOfOrder(String vin) {
    Instant now = clock.instant();
    List<DataPoint> points = new ArrayList<>();
    for (int back : new int[] {3, 1, 0, 4, 2}) {
      points.add(new DataPoint(Descriptors.MILEAGE, 10_005 - back, "km", now.minusSeconds(back)));
    }
    fleet.send(vin, points);
  }

  /** A latitude, and its longitude after a pause, both measured in the same second. */
  void gpsApart(String vin, Duration pause) {
    Instant now = clock.instant();
    fleet.send(vin, List.of(new DataPoint(Descriptors.LATITUDE, 50.3512, null, now)));
    List<DataPoint> rest =
        List.of(
            new DataPoint(Descriptors.LONGITUDE, 11.0731, null, now),
            new DataPoint(Descriptors.HEADING, 95, "degrees", now));
    vertx.setTimer(Math.max(1, pause.toMillis()), t -> fleet.send(vin, rest));
  }

  /** As many messages as a load test wants, without holding up everything else. */
  void flood(String vin, int count, int descriptors) {
    check(count);
    if (descriptors < 1 || descriptors > SAMPLES.size()) {
      throw new IllegalArgumentException(
          "flooding: " + descriptors + " descriptors — take 1 to " + SAMPLES.size());
    }
    fleet.envelope(vin);
    pour(vin, count, 0, descriptors);
  }

  private void pour(String vin, int count, int done, int descriptors) {
    int until = Math.min(count, done + GULP);
    Instant now = clock.instant();
    for (int i = done; i < until; i++) {
      List<DataPoint> points = new ArrayList<>(descriptors);
      for (int d = 0; d < descriptors; d++) {
        points.add(new DataPoint(SAMPLES.get(d), i, null, now));
      }
      fleet.publish(vin, bytes(fleet.envelope(vin).around(now, points)));
    }
    if (until < count) {
      vertx.setTimer(1, t -> pour(vin, count, until, descriptors));
    }
  }

  /** All payloads of an odd case. */
  void odd(String vin, OddMessage odd) {
    odd.payloads(fleet.envelope(vin), clock.instant()).forEach(p -> fleet.publish(vin, p));
  }

  private static void check(int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "sending messages: " + count + " of them — take 1 to " + MOST);
    }
  }

  private static byte[] bytes(JsonObject json) {
    return json.encode().getBytes(StandardCharsets.UTF_8);
  }

  private static final List<String> SAMPLES =
      List.of(
          Descriptors.PRESSURE,
          "vehicle.chassis.axle.row1.wheel.right.tire.pressure",
          "vehicle.chassis.axle.row2.wheel.left.tire.pressure",
          "vehicle.chassis.axle.row2.wheel.right.tire.pressure",
          "vehicle.chassis.axle.row1.wheel.left.tire.pressureTarget",
          "vehicle.chassis.axle.row1.wheel.right.tire.pressureTarget",
          "vehicle.chassis.axle.row2.wheel.left.tire.pressureTarget",
          "vehicle.chassis.axle.row2.wheel.right.tire.pressureTarget",
          Descriptors.WEEKLY,
          "vehicle.vehicle.averageWeeklyDistanceLongTerm",
          "vehicle.vehicle.avgSpeed",
          "vehicle.vehicle.speedRange.lowerBound",
          "vehicle.vehicle.speedRange.upperBound",
          "vehicle.status.serviceDistance.next",
          "vehicle.status.serviceDistance.yellow",
          "vehicle.cabin.door.row1.driver.position",
          "vehicle.cabin.door.row1.passenger.position",
          "vehicle.cabin.door.row2.driver.position",
          "vehicle.cabin.door.row2.passenger.position",
          "vehicle.drivetrain.electricEngine.charging.acVoltage");
}
