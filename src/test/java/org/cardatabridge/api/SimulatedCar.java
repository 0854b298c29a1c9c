// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A car that does something at times, and what the bridge knows of it. Used by one thread. */
final class SimulatedCar {

  /** What a car does. */
  enum Doing {
    PARKED(Duration.ofDays(99)),
    DRIVING(Duration.ofMinutes(1)),
    CHARGING(Duration.ofMinutes(10));

    private final Duration every;

    Doing(Duration every) {
      this.every = every;
    }
  }

  private record Span(Instant from, Instant to, Doing doing, boolean isSilent) {
    boolean has(Instant now) {
      return !now.isBefore(from) && now.isBefore(to);
    }
  }

  private final String vin;
  private final List<Span> spans = new ArrayList<>();

  private Doing doing = Doing.PARKED;
  private Instant measuredAt;
  private Doing told = Doing.PARKED;
  private Instant toldMeasuredAt;
  private Instant newsAt;
  private Instant streamNewsAt;

  SimulatedCar(String vin) {
    this.vin = vin;
  }

  String vin() {
    return vin;
  }

  /** Has it do something; where it is silent, the stream brings nothing of it. */
  SimulatedCar does(Doing what, Instant from, Duration length, boolean isSilent) {
    spans.add(new Span(from, from.plus(length), what, isSilent));
    return this;
  }

  /** Has it be as if the stream had told of it before. */
  SimulatedCar knownSince(Instant time) {
    measuredAt = time;
    tell(time, true);
    return this;
  }

  /** One minute of its life. */
  void live(Instant now, boolean isStreamThere) {
    Span span = spans.stream().filter(s -> s.has(now)).findFirst().orElse(null);
    Doing before = doing;
    doing = span == null ? Doing.PARKED : span.doing();
    boolean isNews =
        doing != before || measuredAt == null || !measuredAt.plus(doing.every).isAfter(now);
    if (isNews) {
      measuredAt = now;
      boolean isSilent = span != null && span.isSilent() && doing == before;
      boolean wasSilent =
          span == null && spans.stream().anyMatch(s -> s.isSilent() && s.to().equals(now));
      if (isStreamThere && !isSilent && !wasSilent) {
        tell(now, true);
      }
    }
  }

  /** Its last values, by REST or by the stream. */
  void tell(Instant now, boolean byStream) {
    told = doing;
    toldMeasuredAt = measuredAt;
    newsAt = now;
    if (byStream) {
      streamNewsAt = now;
    }
  }

  PlanFacts.Car facts() {
    return new PlanFacts.Car(
        vin,
        "car " + vin.charAt(vin.length() - 1),
        newsAt,
        streamNewsAt,
        toldMeasuredAt,
        told == Doing.DRIVING,
        told == Doing.CHARGING,
        newsAt != null);
  }
}
