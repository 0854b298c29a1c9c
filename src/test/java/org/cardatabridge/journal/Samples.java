// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/** Data points and messages for the tests of this package. */
final class Samples {

  static final String VIN = "WBY00TEST00000001";
  static final String KEY = "vehicle.vehicle.travelledDistance";
  static final Instant NOON = Instant.parse("2026-07-27T12:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

  /** Pauses short enough for a test. */
  static final Pauses SHORT = new Pauses(Duration.ofMillis(1), Duration.ofMillis(5), () -> 0.5);

  private Samples() {}

  /** The n-th of a series: value n, one second apart. */
  static CarEvent event(long n) {
    return event(KEY, n, NOON.plusSeconds(n));
  }

  static CarEvent event(String key, Object value, Instant timestamp) {
    return new CarEvent(
        "main", VIN, VIN, key, value, "km", timestamp, timestamp.plusMillis(100), "stream");
  }

  /** As of an answer of the REST side that has no time. */
  static CarEvent undated(Object value, Instant received) {
    return new CarEvent("main", VIN, VIN, KEY, value, null, received, received, "rest");
  }

  static CarMessage message(CarEvent... points) {
    Instant received = points.length == 0 ? NOON : points[0].received();
    return new CarMessage(
        "main",
        "stream",
        "gcid/" + VIN,
        received,
        bytes("{\"n\":" + points.length + "}"),
        List.of(points));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
