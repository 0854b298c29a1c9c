// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.camel.Body;
import org.cardatabridge.CarEvent;
import org.cardatabridge.meaning.CarModel;
import org.cardatabridge.meaning.CarState;
import org.cardatabridge.meaning.Meaning;
import org.cardatabridge.meaning.Meanings;

/**
 * The rules for what a car says, a step of {@code routes/sink-notify.camel.yaml} each. Safe for use
 * by many threads.
 */
public final class CarRules {

  private static final String REPLAY = "replay";

  private record Car(CarState state, String vehicle, long number) {}

  private final Rulebook rules;
  private final KnownCars known;
  private final Instant started;
  private final Map<String, Car> cars = new HashMap<>();
  private final Map<String, Long> looked = new HashMap<>();

  /** Cars begin with what is known of them; see {@link #look}. */
  CarRules(Rulebook rules, KnownCars known) {
    this.rules = rules;
    this.known = known;
    this.started = rules.now();
  }

  /** The cars that may have something to say when time has passed. */
  public synchronized Set<String> vins() {
    Set<String> all = new TreeSet<>(cars.keySet());
    all.addAll(known.vins());
    return all;
  }

  /**
   * A car with a new value, or as it is. At the first look it begins with what was known before
   * that value, or before the start of the bridge. A replayed value changes nothing.
   *
   * @param body a {@link CarEvent}, or a VIN where only time has passed
   */
  public synchronized Look look(@Body Object body) {
    if (body instanceof CarEvent event) {
      boolean isReplayed = event.source().equals(REPLAY);
      Car before = car(event.vin(), isReplayed ? started : event.received());
      if (isReplayed) {
        return new Look(event.vin(), before.vehicle(), before.state(), null, before.number());
      }
      CarState state = before.state().with(event);
      String vehicle =
          event.vehicle().equals(event.vin())
              ? model(event).orElse(before.vehicle())
              : event.vehicle();
      Car car = new Car(state, vehicle, before.number() + 1);
      cars.put(event.vin(), car);
      return new Look(event.vin(), vehicle, state, event, car.number());
    }
    String vin = body.toString();
    Car car = car(vin, started);
    return new Look(vin, car.vehicle(), car.state(), null, car.number());
  }

  private Car car(String vin, Instant knownBefore) {
    return cars.computeIfAbsent(vin, v -> firstSeen(v, knownBefore));
  }

  private Car firstSeen(String vin, Instant knownBefore) {
    List<CarEvent> events =
        known.values(vin).stream().filter(e -> e.received().isBefore(knownBefore)).toList();
    return new Car(CarState.empty().with(events), name(vin, events), 0);
  }

  /** Alias, else model, else a word. */
  private String name(String vin, List<CarEvent> events) {
    Optional<String> alias =
        events.stream().map(CarEvent::vehicle).filter(name -> !name.equals(vin)).findFirst();
    Optional<String> model =
        events.stream().map(CarRules::model).flatMap(Optional::stream).findFirst();
    return alias.or(() -> model).orElseGet(() -> rules.wording().word("car"));
  }

  private static Optional<String> model(CarEvent event) {
    return Optional.ofNullable(CarModel.said(event).get("modelName"))
        .filter(name -> !name.contains(event.vin()));
  }

  // ---- the rules ----------------------------------------------------------------------------

  /** Charging has ended as it should. */
  public void chargeFinished(@Body Look look) {
    apply("charge-finished", look, before -> CarFindings.chargeFinished(look.car(), before));
  }

  /** Charging has ended before it was done. */
  public void chargingStopped(@Body Look look) {
    apply("charging-stopped", look, before -> CarFindings.chargingStopped(look.car(), before));
  }

  /** Parked and not locked for a while. */
  public void leftUnlocked(@Body Look look) {
    apply("left-unlocked", look, before -> CarFindings.leftUnlocked(look.car()));
  }

  /** Parked with an open window or roof for a while. */
  public void windowOpen(@Body Look look) {
    apply("window-open", look, before -> CarFindings.windowOpen(look.car()));
  }

  /** A tyre has too little pressure; each tyre is an episode of its own. */
  public void tyreLow(@Body Look look) {
    int percent = rules.settings().integer("tyre-low.below");
    Integer leastKpa =
        rules.settings().find("tyre-low.below-kpa").map(Integer::valueOf).orElse(null);
    for (String wheel : Meanings.standard().elements(Meaning.TYRE_PRESSURE)) {
      apply(
          "tyre-low",
          look,
          look.vin() + "#" + wheel,
          before -> CarFindings.tyreLow(look.car(), wheel, percent, leastKpa, before));
    }
  }

  private void apply(String rule, Look look, Function<Episode, Finding> finding) {
    apply(rule, look, look.vin(), finding);
  }

  private synchronized void apply(
      String rule, Look look, String subject, Function<Episode, Finding> finding) {
    // A look of another thread may be newer already.
    if (looked.merge(rule + "|" + subject, look.number(), Math::max) > look.number()) {
      return;
    }
    rules.apply(
        rule,
        new Rulebook.About(look, subject, origin(look.event()), look.vehicle(), "", null),
        finding);
  }

  /**
   * A rule of a user's own: says a text about the new value, unless the value is old.
   *
   * @param rule its name, of {@code a-z}, {@code 0-9} and {@code -}, for its switch and for urgency
   */
  public void say(@Body Look look, String rule, String text) {
    rules.say(rule, look, origin(look.event()), text);
  }

  /** What tells a data point from all others; null for none. */
  static String origin(CarEvent event) {
    return event == null
        ? null
        : event.vin() + "|" + event.key() + "|" + event.timestamp() + "|" + event.value();
  }
}
