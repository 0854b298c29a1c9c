// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.cardatabridge.testing.SetClock;

/**
 * Days of a bridge with its cars, minute by minute, on a clock of their own: the plan, a stream
 * that comes and goes, restarts, kills in the middle of a call, BMW's quota. Used by one thread.
 */
final class SimulatedLife {

  /**
   * One call that the plan led to.
   *
   * @param isMade whether BMW saw it; else the ledger refused it
   * @param usedBefore calls of the last 24 h before it
   */
  record Call(
      Instant at, RestAction action, String vin, Purpose purpose, boolean isMade, int usedBefore) {}

  static final Duration MINUTE = Duration.ofMinutes(1);

  final SetClock clock;
  final SimulatedBmw bmw;
  final List<SimulatedCar> cars = new ArrayList<>();
  final List<Call> calls = new ArrayList<>();
  final RestNotes notes;
  private final PlanSettings settings;
  private Planner planner;
  private boolean isStreamThere = true;
  private boolean isRestEmpty;
  private Instant confirmedAt;
  private boolean isKilledInTheNextCall;
  private boolean isMappingDoubtful;
  private String container;
  private Function<RestRequest, RestVerdict> answers = order -> RestVerdict.OK;

  SimulatedLife(Instant begin, SimulatedBmw.Reset reset, PlanSettings settings) {
    this.clock = new SetClock(begin);
    this.notes = new SimulatedNotes(clock);
    this.bmw = new SimulatedBmw(reset);
    this.settings = settings;
    restart();
  }

  static PlanSettings usual() {
    return new PlanSettings(
        null,
        Duration.ofMinutes(10),
        Duration.ofMinutes(30),
        Duration.ofMinutes(30),
        java.util.Set.of());
  }

  Instant now() {
    return clock.instant();
  }

  Planner planner() {
    return planner;
  }

  SimulatedLife with(SimulatedCar car) {
    cars.add(car);
    return this;
  }

  void restart() {
    planner = new Planner("main", settings, this::facts, notes, clock);
  }

  void stream(boolean isThere) {
    isStreamThere = isThere;
  }

  void killInTheNextCall() {
    isKilledInTheNextCall = true;
  }

  /** The settings want this container. */
  void wantContainer(String fingerprint) {
    container = fingerprint;
  }

  /** BMW does not name the cars that the stream brings. */
  void doubtMapping() {
    isMappingDoubtful = true;
  }

  /** BMW's answers have no values any more. */
  void tellNothingByRest() {
    isRestEmpty = true;
  }

  /** A person logs in. */
  void confirmLogin() {
    confirmedAt = now();
  }

  /** What BMW answers where it answers at all. */
  void answer(Function<RestRequest, RestVerdict> how) {
    answers = how;
  }

  private PlanFacts facts() {
    return new PlanFacts(
        new PlanFacts.Login(true, true, confirmedAt),
        isStreamThere,
        bmw.quota(now()),
        cars.stream().map(SimulatedCar::facts).toList(),
        isMappingDoubtful,
        container);
  }

  /** Lives on until then; gives itself. */
  SimulatedLife until(Instant end) {
    while (now().isBefore(end)) {
      minute();
    }
    return this;
  }

  void minute() {
    clock.move(MINUTE);
    cars.forEach(car -> car.live(now(), isStreamThere));
    for (int i = 0; i < 3; i++) {
      RestRequest order = planner.next();
      if (order == null) {
        return;
      }
      carryOut(order);
    }
  }

  private void carryOut(RestRequest order) {
    // An order to create a container lists the containers first.
    int needed = order.action() == RestAction.CREATE_CONTAINER ? 2 : 1;
    RestVerdict verdict = null;
    for (int i = 0; i < needed && (i == 0 || verdict.kind() == RestVerdict.Kind.OK); i++) {
      verdict = call(order);
      if (verdict == null) {
        restart();
        return;
      }
    }
    if (verdict.kind() == RestVerdict.Kind.TOKEN
        && bmw.quota(now()).leftFor(order.purpose()) > 0
        && call(order) == null) {
      // The retry with a token that was refreshed.
      restart();
      return;
    }
    if (verdict.kind() == RestVerdict.Kind.OK) {
      String word = order.action().word();
      notes.put("main", order.vin(), word + ".fetched", "ok");
      if (order.action() == RestAction.CREATE_CONTAINER) {
        notes.put("main", null, "container", "C0NTAINER0001");
        notes.put("main", null, "container.wanted", String.valueOf(container));
      } else if (order.action() == RestAction.TELEMATIC_DATA) {
        cars.stream()
            .filter(car -> !isRestEmpty && car.vin().equals(order.vin()))
            .forEach(car -> car.tell(now(), false));
      }
    }
    planner.done(order, new RestOutcome(verdict, null));
  }

  /** Null where the bridge was killed between the call and what follows. */
  private RestVerdict call(RestRequest order) {
    int used = bmw.quota(now()).used();
    RestVerdict verdict = bmw.takePlace(order.purpose(), now());
    boolean isMade = verdict == null;
    if (isMade) {
      verdict = bmw.call(now());
      if (verdict.kind() == RestVerdict.Kind.OK) {
        verdict = answers.apply(order);
      }
      if (isKilledInTheNextCall) {
        isKilledInTheNextCall = false;
        verdict = null;
      }
    }
    calls.add(new Call(now(), order.action(), order.vin(), order.purpose(), isMade, used));
    return verdict;
  }

  /** What BMW saw from a time on. */
  List<Call> callsFrom(Instant time) {
    return calls.stream().filter(call -> call.isMade() && !call.at().isBefore(time)).toList();
  }
}
