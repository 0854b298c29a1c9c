// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** The cars of all applications and what they send. Used on one thread. */
final class HighMobilityFleet {

  private static final Duration LONGEST_STEP = Duration.ofMinutes(5);

  /** One car and what belongs to it. */
  private record Member(
      String owner,
      HighMobilityEnvelope envelope,
      HighMobilityCar car,
      DayRoutine routine,
      DayRoutine busy) {}

  private record Held(String owner, HighMobilityEnvelope.Letter letter) {}

  private final Clock clock;
  private final Supplier<Behaviour> pace;
  private final Supplier<HighMobilityBehaviour> behaviour;
  private final Sessions sessions;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Set<String> begun = new HashSet<>();
  private final List<Held> held = new ArrayList<>();
  // The same disorder in each run: a test that fails once fails again.
  private final Random disorder = new Random(8);
  private long sent;

  HighMobilityFleet(
      Collection<HighMobilityApp> apps,
      Clock clock,
      Supplier<Behaviour> pace,
      Supplier<HighMobilityBehaviour> behaviour,
      Sessions sessions) {
    this.clock = clock;
    this.pace = pace;
    this.behaviour = behaviour;
    this.sessions = sessions;
    HighMobilityEnvelope.Ids ids = new HighMobilityEnvelope.Ids();
    // After the BMWs of an account; the first one begins its busy day with a trip.
    int number = 2;
    for (HighMobilityApp app : apps) {
      for (HighMobilityVehicle v : app.cars()) {
        members.put(
            v.vin(),
            new Member(
                app.clientId(),
                new HighMobilityEnvelope(app, v.vin(), ids),
                new HighMobilityCar(v, number),
                new DayRoutine(number),
                DayRoutine.busy(number)));
        number++;
      }
    }
  }

  /** Lets real time pass for all cars. */
  void tick(Duration passed) {
    release();
    Behaviour b = pace.get();
    Duration left = Duration.ofMillis(Math.round(passed.toMillis() * b.timeScale()));
    while (!left.isZero()) {
      Duration step = left.compareTo(LONGEST_STEP) > 0 ? LONGEST_STEP : left;
      left = left.minus(step);
      for (Member m : members.values()) {
        if (b.routine() && hasBegun(m)) {
          CarAction action = (b.isBusy() ? m.busy() : m.routine()).advance(step);
          if (action != null) {
            send(m, m.car().perform(action, clock.instant()));
          }
        }
        send(m, m.car().advance(step, clock.instant()));
      }
    }
  }

  /** A routine begins when somebody listens, with all that the car knows. */
  private boolean hasBegun(Member m) {
    if (begun.contains(m.envelope().vin())) {
      return true;
    }
    if (sessions.session(m.owner()).filter(Session::isSubscribed).isEmpty()) {
      return false;
    }
    send(m, m.car().perform(CarAction.WAKE, clock.instant()));
    return begun.add(m.envelope().vin());
  }

  /** Tells a car what to do. */
  void perform(String vin, CarAction action) {
    Member m = member(vin);
    send(m, m.car().perform(action, clock.instant()));
  }

  /** The topics and the JSON of a car's messages. */
  HighMobilityEnvelope envelope(String vin) {
    return member(vin).envelope();
  }

  /** Publishes points of a car as its application has them. */
  void send(String vin, List<HighMobilityPoint> points) {
    send(member(vin), points);
  }

  private void send(Member m, List<HighMobilityPoint> points) {
    List<HighMobilityEnvelope.Letter> letters = new ArrayList<>(m.envelope().around(points));
    if (behaviour.get().shuffle()) {
      Collections.shuffle(letters, disorder);
      letters.removeIf(l -> disorder.nextInt(3) == 0 && held.add(new Held(m.owner(), l)));
    }
    letters.forEach(l -> send(m.owner(), l));
  }

  /** What was held back comes after what was sent later. */
  private void release() {
    List<Held> late = List.copyOf(held);
    held.clear();
    late.forEach(h -> send(h.owner(), h.letter()));
  }

  private void send(String owner, HighMobilityEnvelope.Letter letter) {
    byte[] payload = letter.json().encode().getBytes(StandardCharsets.UTF_8);
    sessions.publish(owner, letter.topic(), payload);
    int each = behaviour.get().duplicateEach();
    if (each > 0 && ++sent % each == 0) {
      sessions.publish(owner, letter.topic(), payload);
    }
  }

  /** Publishes a payload of a car on a topic; gives its number in the log. */
  long publish(String vin, String topic, byte[] payload) {
    return sessions.publish(member(vin).owner(), topic, payload);
  }

  private Member member(String vin) {
    Member m = members.get(vin);
    if (m == null) {
      throw new IllegalArgumentException(
          "looking for a car: High Mobility has no such VIN — GET /highmobility lists the cars");
    }
    return m;
  }

  /** The VINs, in the order of the applications. */
  List<String> vins() {
    return List.copyOf(members.keySet());
  }

  JsonArray toJson() {
    JsonArray cars = new JsonArray();
    members.forEach(
        (vin, m) ->
            cars.add(
                new JsonObject()
                    .put("vin", vin)
                    .put("certificate", m.owner())
                    .put("state", m.car().state().word())
                    .put("charge", m.car().charge())
                    .put("mileage", Math.round(m.car().odometer()))));
    return cars;
  }
}
