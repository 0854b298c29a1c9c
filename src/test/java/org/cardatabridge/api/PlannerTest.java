// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cardatabridge.api.RestVerdict.Kind;
import org.cardatabridge.api.SimulatedCar.Doing;
import org.cardatabridge.api.SimulatedLife.Call;
import org.junit.jupiter.api.Test;

/** What is fetched when, rule by rule. */
class PlannerTest {

  private static final Instant BEGIN = Instant.parse("2026-03-02T06:00:00Z");
  private static final String VIN = "WBY00TEST00000001";
  private static final String OTHER = "WBY00TEST00000002";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final SimulatedCar car = new SimulatedCar(VIN);
  private final SimulatedLife life = life(SimulatedLife.usual()).with(car);

  private static SimulatedLife life(PlanSettings settings) {
    return new SimulatedLife(BEGIN, SimulatedBmw.Reset.ROLLING, settings);
  }

  /** A bridge that has run for two days. */
  private Instant settle() {
    life.until(BEGIN.plus(Duration.ofDays(2)));
    return life.now();
  }

  private List<RestAction> actionsFrom(Instant time) {
    return life.callsFrom(time).stream().map(Call::action).toList();
  }

  private long fetches(RestAction action, Instant since) {
    return actionsFrom(since).stream().filter(action::equals).count();
  }

  private static RestVerdict verdict(Kind kind) {
    return RestVerdict.of(kind, "because of " + kind);
  }

  @Test
  void aFirstDayFetchesEachThingOnceAndWhatCanWaitAnHourLater() {
    life.until(BEGIN.plus(Duration.ofMinutes(5)));
    assertThat(actionsFrom(BEGIN))
        .containsExactly(
            RestAction.MAPPINGS,
            RestAction.CREATE_CONTAINER,
            RestAction.CREATE_CONTAINER,
            RestAction.TELEMATIC_DATA,
            RestAction.BASIC_DATA,
            RestAction.IMAGE);

    life.until(BEGIN.plus(Duration.ofHours(20)));

    assertThat(actionsFrom(BEGIN.plus(Duration.ofMinutes(5))))
        .containsExactlyInAnyOrder(RestAction.CHARGING_HISTORY, RestAction.TYRES);
  }

  @Test
  void aRestartFetchesNothingAgain() {
    life.until(BEGIN.plus(Duration.ofMinutes(30)));
    int before = life.calls.size();

    for (int i = 0; i < 20; i++) {
      life.restart();
      life.until(life.now().plus(SimulatedLife.MINUTE));
    }

    assertThat(life.calls).hasSize(before);
  }

  @Test
  void theStreamHasItsChanceFirst() {
    life.stream(false);
    life.minute();
    life.minute();
    assertThat(life.calls).isEmpty();

    life.minute();

    assertThat(life.calls).isNotEmpty();
  }

  @Test
  void aBridgeThatIsKilledInEachCallDoesNotCallAtEachStart() {
    for (int i = 0; i < 24 * 60; i++) {
      life.killInTheNextCall();
      life.minute();
    }

    assertThat(life.callsFrom(BEGIN)).hasSizeLessThan(SimulatedBmw.LIMIT - SimulatedBmw.RESERVE);
  }

  @Test
  void anOutageOfTheStreamIsFilledByOneCallForEachCar() {
    life.with(new SimulatedCar(OTHER));
    Instant day = settle();

    life.stream(false);
    life.until(day.plus(Duration.ofMinutes(20)));
    life.stream(true);
    life.until(day.plus(HOUR.multipliedBy(3)));

    assertThat(life.callsFrom(day).stream().filter(c -> c.purpose() == Purpose.GAP))
        .extracting(Call::vin)
        .containsExactlyInAnyOrder(VIN, OTHER);
  }

  @Test
  void aShortOutageIsNoGap() {
    Instant day = settle();

    life.stream(false);
    life.until(day.plus(Duration.ofMinutes(9)));
    life.stream(true);
    life.until(day.plus(HOUR.multipliedBy(3)));

    assertThat(fetches(RestAction.TELEMATIC_DATA, day)).isZero();
  }

  @Test
  void anOutageThatARestartFallsIntoIsFilledToo() {
    Instant day = settle();

    life.stream(false);
    life.until(day.plus(Duration.ofMinutes(20)));
    life.restart();
    life.stream(true);
    life.until(day.plus(HOUR.multipliedBy(3)));

    assertThat(fetches(RestAction.TELEMATIC_DATA, day)).isOne();
  }

  @Test
  void aStreamThatComesAndGoesAllDayLeavesHalfOfTheReserve() {
    Instant day = settle();

    for (int i = 0; i < 100; i++) {
      life.stream(false);
      life.until(life.now().plus(Duration.ofMinutes(11)));
      life.stream(true);
      life.until(life.now().plus(Duration.ofMinutes(4)));
    }

    assertThat(life.callsFrom(day))
        .isNotEmpty()
        .allMatch(call -> call.usedBefore() < SimulatedBmw.LIMIT - SimulatedBmw.RESERVE / 2);
  }

  @Test
  void valuesThatWereOldAtTheStartAreFetchedOnce() {
    settle();
    Instant day = life.now();
    life.restart();

    life.until(day.plus(HOUR.multipliedBy(8)));

    assertThat(fetches(RestAction.TELEMATIC_DATA, day)).isOne();
  }

  @Test
  void aDrivingCarIsAskedForOnlyWhileTheStreamIsSilent() {
    Instant day = settle();
    car.does(Doing.DRIVING, day.plus(HOUR), HOUR.multipliedBy(2), false);
    car.does(Doing.DRIVING, day.plus(HOUR.multipliedBy(5)), HOUR.multipliedBy(2), true);

    life.until(day.plus(HOUR.multipliedBy(5)));
    assertThat(fetches(RestAction.TELEMATIC_DATA, day)).isZero();
    life.until(day.plus(HOUR.multipliedBy(9)));

    assertThat(fetches(RestAction.TELEMATIC_DATA, day)).isBetween(3L, 5L);
  }

  @Test
  void callsThatBringNothingNewGetRareAndEnd() {
    Instant day = settle();
    car.does(Doing.CHARGING, day.plus(HOUR), DAY.multipliedBy(3), true);
    life.tellNothingByRest();

    life.until(day.plus(DAY.multipliedBy(2)));

    assertThat(fetches(RestAction.TELEMATIC_DATA, day)).isEqualTo(PlanWatch.VAIN);
    assertThat(life.planner().snapshot().left())
        .anyMatch(step -> step.why().contains("5 calls in a row brought nothing new"));
  }

  @Test
  void twoSilentCarsShareTheCalls() {
    SimulatedCar other = new SimulatedCar(OTHER);
    life.with(other);
    Instant day = settle();
    car.does(Doing.DRIVING, day, HOUR.multipliedBy(20), true);
    other.does(Doing.DRIVING, day, HOUR.multipliedBy(20), true);

    life.until(day.plus(HOUR.multipliedBy(20)));

    List<Call> polls =
        life.callsFrom(day).stream().filter(c -> c.action() == RestAction.TELEMATIC_DATA).toList();
    long mine = polls.stream().filter(call -> call.vin().equals(VIN)).count();
    assertThat(mine).isBetween(polls.size() / 2L - 1, polls.size() / 2L + 1);
    assertThat(polls).hasSizeBetween(16, SimulatedBmw.LIMIT - SimulatedBmw.RESERVE);
  }

  @Test
  void theChargingHistoryFollowsTheEndOfACharge() {
    Instant day = settle();
    Instant end = day.plus(HOUR.multipliedBy(4));
    car.does(Doing.CHARGING, day.plus(HOUR), HOUR.multipliedBy(3), false);

    life.until(end.plus(HOUR.multipliedBy(20)));

    assertThat(life.callsFrom(end))
        .filteredOn(call -> call.action() == RestAction.CHARGING_HISTORY)
        .singleElement()
        .satisfies(call -> assertThat(call.at()).isBetween(end, end.plusSeconds(1200)));
  }

  @Test
  void troubleThatPassesIsTriedAgainMoreAndMoreSeldom() {
    life.answer(order -> verdict(Kind.LATER));

    life.until(BEGIN.plus(DAY));

    assertThat(life.callsFrom(BEGIN)).hasSizeBetween(5, 15);
    assertThat(life.planner().snapshot().waits()).contains("because of LATER");
  }

  @Test
  void aVehicleThatBmwDoesNotShowIsLeftForTheDay() {
    life.answer(order -> VIN.equals(order.vin()) ? verdict(Kind.VEHICLE) : RestVerdict.OK);

    life.until(BEGIN.plus(HOUR.multipliedBy(23)));

    assertThat(life.callsFrom(BEGIN)).filteredOn(call -> VIN.equals(call.vin())).hasSize(1);
  }

  @Test
  void whatBmwDoesNotHaveIsAskedForAgainInAWeek() {
    life.answer(
        order -> order.action() == RestAction.IMAGE ? verdict(Kind.NOTHING_THERE) : RestVerdict.OK);

    life.until(BEGIN.plus(DAY.multipliedBy(13)));

    assertThat(fetches(RestAction.IMAGE, BEGIN)).isEqualTo(2);
  }

  @Test
  void withoutTheScopeItWaitsForANewLogin() {
    life.answer(order -> verdict(Kind.LOGIN));
    life.until(BEGIN.plus(HOUR.multipliedBy(20)));
    assertThat(life.callsFrom(BEGIN)).hasSize(1);

    life.answer(order -> RestVerdict.OK);
    life.confirmLogin();
    Instant login = life.now();
    life.until(login.plus(HOUR));

    assertThat(actionsFrom(login)).contains(RestAction.MAPPINGS, RestAction.BASIC_DATA);
  }

  @Test
  void bmwsOwnWordThatTheCallsAreUsedUpIsTheEndOfTheDay() {
    life.bmw.refuseUntil(BEGIN.plus(HOUR));

    life.until(Instant.parse("2026-03-03T00:00:00Z").minusSeconds(60));
    assertThat(life.callsFrom(BEGIN)).hasSize(1);
    life.until(BEGIN.plus(DAY));

    assertThat(actionsFrom(BEGIN)).contains(RestAction.MAPPINGS, RestAction.IMAGE);
  }

  @Test
  void aContainerThatIsGoneIsMadeAgainAndTheValuesFetchedOnce() {
    List<RestAction> gone = new ArrayList<>();
    life.answer(
        order -> {
          if (order.action() == RestAction.TELEMATIC_DATA && gone.isEmpty()) {
            gone.add(order.action());
            return verdict(Kind.CONTAINER_GONE);
          }
          return RestVerdict.OK;
        });

    life.until(BEGIN.plus(Duration.ofMinutes(30)));

    assertThat(fetches(RestAction.TELEMATIC_DATA, BEGIN)).isEqualTo(2);
    assertThat(fetches(RestAction.CREATE_CONTAINER, BEGIN)).isEqualTo(4);
  }

  @Test
  void aContainerThatIsGoneAgainAndAgainIsLeftForTheDay() {
    life.answer(
        order ->
            order.action() == RestAction.TELEMATIC_DATA
                ? verdict(Kind.CONTAINER_GONE)
                : RestVerdict.OK);

    life.until(BEGIN.plus(HOUR.multipliedBy(20)));

    assertThat(fetches(RestAction.TELEMATIC_DATA, BEGIN)).isEqualTo(2);
    assertThat(fetches(RestAction.CREATE_CONTAINER, BEGIN)).isLessThanOrEqualTo(6);
  }

  @Test
  void aTokenThatBmwNeverTakesIsTriedMoreAndMoreSeldomAlsoAfterRestarts() {
    life.answer(order -> verdict(Kind.TOKEN));

    for (int i = 0; i < 2 * 24 * 3; i++) {
      life.until(life.now().plus(HOUR.dividedBy(2)));
      life.restart();
    }

    assertThat(life.callsFrom(BEGIN)).hasSizeBetween(8, 14);
    life.minute();
    assertThat(life.planner().snapshot().waits()).contains("because of TOKEN");
  }

  @Test
  void aNewLoginEndsTheWaitForTheToken() {
    life.answer(order -> verdict(Kind.TOKEN));
    life.until(BEGIN.plus(HOUR.multipliedBy(5)));

    life.answer(order -> RestVerdict.OK);
    life.confirmLogin();
    Instant login = life.now();
    life.until(login.plus(Duration.ofMinutes(5)));

    assertThat(actionsFrom(login)).contains(RestAction.MAPPINGS, RestAction.BASIC_DATA);
  }

  @Test
  void aMappingThatTheStreamContradictsIsAskedForAfterAnHourAndThenDaily() {
    life.doubtMapping();

    life.until(BEGIN.plus(HOUR).plus(Duration.ofMinutes(5)));
    assertThat(fetches(RestAction.MAPPINGS, BEGIN)).isEqualTo(2);
    life.until(BEGIN.plus(DAY.multipliedBy(4)));

    assertThat(fetches(RestAction.MAPPINGS, BEGIN)).isEqualTo(5);
  }

  @Test
  void aClockThatWasAheadDoesNotPinThePlan() {
    Instant day = settle();
    life.clock.move(DAY.multipliedBy(40));
    life.stream(false);
    life.until(life.now().plus(HOUR));
    life.stream(true);
    life.answer(order -> verdict(Kind.LATER));
    life.until(life.now().plus(HOUR));
    life.answer(order -> RestVerdict.OK);

    life.clock.set(day.plus(HOUR.multipliedBy(2)));
    Instant back = life.now();
    life.until(back.plus(DAY.multipliedBy(8)));

    List<RestAction> since =
        life.callsFrom(back).stream()
            .filter(call -> !call.at().isAfter(life.now()))
            .map(Call::action)
            .toList();
    assertThat(since)
        .contains(RestAction.MAPPINGS, RestAction.TYRES)
        .hasSizeLessThan(SimulatedBmw.LIMIT - SimulatedBmw.RESERVE);
    assertThat(since.stream().filter(RestAction.CHARGING_HISTORY::equals).count())
        .isBetween(7L, 10L);
    assertThat(life.planner().snapshot().waits()).isNull();
  }

  @Test
  void anOrderOfATimeWhenTheClockWasAheadIsNotWaitedFor() {
    Planner planner = life.planner();
    assertThat(planner.next()).isNotNull();

    life.clock.move(DAY.negated());
    planner.next();
    life.clock.move(Duration.ofMinutes(6));

    assertThat(planner.next()).isNotNull();
  }

  @Test
  void aWallboxThatFollowsTheSunCostsFourHistoriesADay() {
    Instant day = settle();
    for (int i = 0; i < 24; i++) {
      car.does(Doing.CHARGING, day.plus(HOUR.multipliedBy(i)), Duration.ofMinutes(25), false);
    }

    life.until(day.plus(DAY));

    assertThat(fetches(RestAction.CHARGING_HISTORY, day)).isBetween(2L, 5L);
  }

  @Test
  void whatFailsForGoodIsAskedForDailyAndThenWeekly() {
    life.answer(order -> order.action() == RestAction.IMAGE ? verdict(Kind.LATER) : RestVerdict.OK);

    life.until(BEGIN.plus(DAY.multipliedBy(27)));

    assertThat(fetches(RestAction.IMAGE, BEGIN)).isBetween(10L, 14L);
  }

  @Test
  void aRefusalThatKeepsTheReserveStopsOneOrderOnly() {
    Planner planner = life.planner();
    RestRequest first = planner.next();

    planner.done(first, new RestOutcome(verdict(Kind.QUOTA), null));

    RestRequest second = planner.next();
    assertThat(second).isNotNull();
    assertThat(second.action()).isNotEqualTo(first.action());
  }

  @Test
  void aCronLeavesWhatBmwDoesNotHaveAndWhatJustFailed() {
    life.with(new SimulatedCar(OTHER));
    settle();
    life.notes.put("main", VIN, "image.none", "nothing there");
    assertThat(life.planner().scheduled("image")).extracting(RestRequest::vin).containsOnly(OTHER);
    RestRequest other = RestRequest.of("main", RestAction.IMAGE, OTHER, Purpose.ROUTINE);
    assertThat(life.planner().starts(other)).isTrue();

    life.planner().done(other, new RestOutcome(verdict(Kind.VEHICLE), null));

    assertThat(life.planner().scheduled("image")).isEmpty();
  }

  @Test
  void callsInVainAreRememberedBeyondARestart() {
    Instant day = settle();
    car.does(Doing.DRIVING, day.plus(HOUR), DAY.multipliedBy(3), true);
    life.tellNothingByRest();
    life.until(day.plus(HOUR.multipliedBy(19)));
    assertThat(fetches(RestAction.TELEMATIC_DATA, day)).isEqualTo(PlanWatch.VAIN);

    life.restart();
    life.until(day.plus(HOUR.multipliedBy(22)));

    assertThat(fetches(RestAction.TELEMATIC_DATA, day)).isEqualTo(PlanWatch.VAIN);
  }

  @Test
  void anotherWantedContainerIsMadeOnce() {
    life.wantContainer("first");
    Instant day = settle();

    life.wantContainer("second");
    life.until(day.plus(DAY));

    assertThat(fetches(RestAction.CREATE_CONTAINER, day)).isEqualTo(2);
  }

  @Test
  void anActionWithACronOfItsOwnIsLeftAlone() {
    PlanSettings usual = SimulatedLife.usual();
    SimulatedLife own =
        life(new PlanSettings(
                null,
                usual.gapAfter(),
                usual.silentAfter(),
                usual.pollEvery(),
                Set.of(RestAction.TYRES)))
            .with(car)
            .with(new SimulatedCar(OTHER));

    own.until(BEGIN.plus(DAY));

    assertThat(own.callsFrom(BEGIN)).noneMatch(call -> call.action() == RestAction.TYRES);
    assertThat(own.planner().snapshot().left())
        .anyMatch(step -> step.why().contains("cardata.api.tyres.cron"));
    assertThat(own.planner().scheduled("tyres"))
        .extracting(RestRequest::vin)
        .containsExactlyInAnyOrder(VIN, OTHER);
    assertThatThrownBy(() -> own.planner().scheduled("tires"))
        .hasMessageContaining("there is no such action");
  }

  @Test
  void switchedOffItFetchesNothing() {
    PlanSettings usual = SimulatedLife.usual();
    SimulatedLife off =
        life(new PlanSettings(
                "cardata.api.plan",
                usual.gapAfter(),
                usual.silentAfter(),
                usual.pollEvery(),
                Set.of()))
            .with(car);

    off.until(BEGIN.plus(DAY));

    assertThat(off.calls).isEmpty();
    assertThat(off.planner().snapshot().waits()).contains("cardata.api.plan");
  }

  @Test
  void thePlanSaysWhatComesWhenAndWhyWithoutAVin() {
    settle();
    life.minute();

    Planner.Snapshot plan = life.planner().snapshot();

    assertThat(plan.waits()).isNull();
    assertThat(plan.next().get(0))
        .satisfies(
            step -> {
              assertThat(step.action()).isEqualTo(RestAction.CHARGING_HISTORY);
              assertThat(step.at()).isAfter(life.now());
              assertThat(step.why()).isEqualTo("charging history, every day");
              assertThat(step.car()).isEqualTo("car 1");
            });
    assertThat(plan.left()).anyMatch(step -> step.why().equals("the stream brings the values"));
    assertThat(plan.next()).noneMatch(step -> step.toString().contains(VIN));
  }

  @Test
  void anOutcomeThatIsNoneIsTroubleThatPasses() {
    life.minute();
    RestRequest order = RestRequest.of("main", RestAction.IMAGE, VIN, Purpose.ROUTINE);

    life.planner().done(order, "nonsense");

    assertThat(life.notes.find("main", VIN, "image.tried"))
        .hasValueSatisfying(note -> assertThat(note.text()).startsWith("LATER|1|"));
  }

  @Test
  void oneOrderIsUnderWayAtATimeAndALostOneIsAFailure() {
    Planner planner = life.planner();
    assertThat(planner.next()).isNotNull();
    assertThat(planner.next()).isNull();

    life.clock.move(Duration.ofMinutes(10));

    assertThat(planner.next()).as("held after the failure").isNull();
    life.clock.move(Duration.ofMinutes(1));
    assertThat(planner.next()).isNotNull();
  }

  @Test
  void aNoteThatCannotBeReadIsNoNote() {
    for (String text : List.of("", "LATER", "WHAT|1|2026-03-02T06:00:00Z|x", "LATER|a|b|c")) {
      assertThat(Attempt.read(new RestNotes.Note(text, BEGIN))).as(text).isEmpty();
    }
    Attempt kept = new Attempt(Kind.VEHICLE, 3, BEGIN, BEGIN.plusSeconds(5), "not | this vehicle");
    assertThat(Attempt.read(new RestNotes.Note(kept.text(), BEGIN))).contains(kept);
  }
}
