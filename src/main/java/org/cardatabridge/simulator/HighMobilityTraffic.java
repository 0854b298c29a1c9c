// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** High Mobility's messages whose order, number or shape is the point. Used on one thread. */
final class HighMobilityTraffic {

  private static final int MOST = 1_000_000;
  private static final int GULP = 200;

  private final Vertx vertx;
  private final Clock clock;
  private final HighMobilityFleet fleet;

  HighMobilityTraffic(Vertx vertx, Clock clock, HighMobilityFleet fleet) {
    this.vertx = vertx;
    this.clock = clock;
    this.fleet = fleet;
  }

  /** Readings of one sensor at once, a millisecond apart. */
  void burst(String vin, int count) {
    check(count);
    Instant now = clock.instant();
    List<HighMobilityPoint> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(reading(i, now.minusMillis(count - 1L - i)));
    }
    fleet.send(vin, points);
  }

  private static HighMobilityPoint reading(int number, Instant at) {
    return new HighMobilityPoint(
        "diagnostics", "battery_voltage", HighMobilityPoint.measured(number, "volts"), at);
  }

  /** The same message again and again, byte for byte and with the same id. */
  void duplicates(String vin, int count) {
    check(count);
    HighMobilityEnvelope.Letter letter =
        fleet.envelope(vin).around(List.of(odometer(8050, clock.instant()))).get(0);
    for (int i = 0; i < count; i++) {
      fleet.publish(vin, letter.topic(), bytes(letter));
    }
  }

  /** A value, and after it an older one of the same property. */
  void late(String vin, Duration age) {
    Instant now = clock.instant();
    fleet.send(vin, List.of(odometer(8050, now), odometer(8041, now.minus(age))));
  }

  /** Five mileages in the wrong order; the newest, 10005 km, is the third. */
  void outOfOrder(String vin) {
    Instant now = clock.instant();
    List<HighMobilityPoint> points = new ArrayList<>();
    for (int back : new int[] {3, 1, 0, 4, 2}) {
      points.add(odometer(10_005 - back, now.minusSeconds(back)));
    }
    fleet.send(vin, points);
  }

  private static HighMobilityPoint odometer(double km, Instant at) {
    return new HighMobilityPoint(
        "diagnostics", "odometer", HighMobilityPoint.measured(km, "kilometers"), at);
  }

  /** As many messages as a load test wants, without holding up everything else. */
  void flood(String vin, int count) {
    check(count);
    fleet.envelope(vin);
    pour(vin, count, 0);
  }

  private void pour(String vin, int count, int done) {
    int until = Math.min(count, done + GULP);
    Instant now = clock.instant();
    for (int i = done; i < until; i++) {
      fleet.send(vin, List.of(reading(i, now.plusNanos(i * 1_000_000L))));
    }
    if (until < count) {
      vertx.setTimer(1, t -> pour(vin, count, until));
    }
  }

  /** One message of an odd shape; gives its number in the log. */
  long odd(String vin, HighMobilityOdd odd) {
    HighMobilityOdd.Odd made = odd.make(fleet.envelope(vin), clock.instant());
    return fleet.publish(vin, made.topic(), made.payload());
  }

  /** Publishes one property, measured now; gives the number of its last message. */
  long publish(String vin, String capability, String property, Object data) {
    HighMobilityPoint point = new HighMobilityPoint(capability, property, data, clock.instant());
    HighMobilityEnvelope.Letter letter = fleet.envelope(vin).around(List.of(point)).get(0);
    return fleet.publish(vin, letter.topic(), bytes(letter));
  }

  private static byte[] bytes(HighMobilityEnvelope.Letter letter) {
    return letter.json().encode().getBytes(StandardCharsets.UTF_8);
  }

  private static void check(int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "sending messages: " + count + " of them — take 1 to " + MOST);
    }
  }
}
