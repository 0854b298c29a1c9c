// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The cars of all accounts and what they send. Used on one thread. */
final class Fleet {

  private static final Duration LONGEST_STEP = Duration.ofMinutes(5);

  /** One car and what belongs to it. */
  private record Member(
      String gcid,
      Envelope envelope,
      Car car,
      DayRoutine routine,
      DayRoutine busy,
      Vehicle vehicle) {}

  private final Clock clock;
  private final Supplier<Behaviour> behaviour;
  private final Broker broker;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Set<String> begun = new HashSet<>();

  Fleet(Accounts accounts, Clock clock, Supplier<Behaviour> behaviour, Broker broker) {
    this.clock = clock;
    this.behaviour = behaviour;
    this.broker = broker;
    int number = 0;
    for (Account account : accounts.all()) {
      String gcid = account.config().gcid();
      for (String vin : account.config().vins()) {
        members.put(
            vin,
            new Member(
                gcid,
                new Envelope(gcid, vin),
                new Car(number),
                new DayRoutine(number),
                DayRoutine.busy(number),
                new Vehicle(vin, number, clock.instant())));
        number++;
      }
    }
  }

  /** Lets real time pass for all cars. */
  void tick(Duration passed) {
    Behaviour b = behaviour.get();
    Duration left = Duration.ofMillis(Math.round(passed.toMillis() * b.timeScale()));
    while (!left.isZero()) {
      Duration step = left.compareTo(LONGEST_STEP) > 0 ? LONGEST_STEP : left;
      left = left.minus(step);
      for (Member m : members.values()) {
        if (b.routine() && hasBegun(m)) {
          CarAction action = (b.isBusy() ? m.busy() : m.routine()).advance(step);
          if (action != null) {
            step(m, m.car().perform(action, clock.instant()));
          }
        }
        step(m, m.car().advance(step, clock.instant()));
      }
    }
  }

  /** A routine begins when somebody listens: whoever subscribes first misses nothing of it. */
  private boolean hasBegun(Member m) {
    return begun.contains(m.gcid())
        || broker.session(m.gcid()).filter(Session::isSubscribed).isPresent()
            && begun.add(m.gcid());
  }

  /** Tells a car what to do. */
  void perform(String vin, CarAction action) {
    Member m = member(vin);
    step(m, m.car().perform(action, clock.instant()));
  }

  /** What the REST API knows of a car. */
  Vehicle vehicle(String vin) {
    return member(vin).vehicle();
  }

  /** Mileage of a car in whole km. */
  long mileage(String vin) {
    return Math.round(member(vin).car().odometer());
  }

  /** The envelope of a car's messages. */
  Envelope envelope(String vin) {
    return member(vin).envelope();
  }

  /** Publishes points, each in its own message, all with the same envelope timestamp. */
  void send(String vin, List<DataPoint> points) {
    send(member(vin), points);
  }

  /** Publishes a payload on the car's topic; gives its number in the log. */
  long publish(String vin, byte[] payload) {
    Member m = member(vin);
    return broker.publish(m.gcid(), m.envelope().topic(), payload);
  }

  private void step(Member m, List<DataPoint> points) {
    send(m, points);
    m.vehicle().charging().observe(m.car(), clock.instant());
  }

  private void send(Member m, List<DataPoint> points) {
    Instant sent = clock.instant();
    m.vehicle().values().note(points);
    if (!behaviour.get().isTicked()) {
      return;
    }
    for (DataPoint point : points) {
      String json = m.envelope().around(sent, List.of(point)).encode();
      broker.publish(m.gcid(), m.envelope().topic(), json.getBytes(StandardCharsets.UTF_8));
    }
  }

  private Member member(String vin) {
    Member m = members.get(vin);
    if (m == null) {
      throw new IllegalArgumentException(
          "looking for a car: no account has this VIN — GET / lists the cars");
    }
    return m;
  }

  /** The VINs, in the order of the accounts. */
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
                    .put("gcid", m.gcid())
                    .put("state", m.car().state().word())
                    .put("charge", m.car().charge())
                    .put("mileage", Math.round(m.car().odometer()))));
    return cars;
  }
}
