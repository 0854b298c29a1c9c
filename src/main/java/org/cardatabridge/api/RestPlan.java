// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.cardatabridge.api.RestAction.BASIC_DATA;
import static org.cardatabridge.api.RestAction.CHARGING_HISTORY;
import static org.cardatabridge.api.RestAction.CREATE_CONTAINER;
import static org.cardatabridge.api.RestAction.IMAGE;
import static org.cardatabridge.api.RestAction.MAPPINGS;
import static org.cardatabridge.api.RestAction.TELEMATIC_DATA;
import static org.cardatabridge.api.RestAction.TYRES;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cardatabridge.api.PlanFacts.Car;

/**
 * What is fetched when: the rules of docs/rest.md. Looks at facts and notes and changes neither.
 * Made for one look, used by one thread.
 */
final class RestPlan {

  /** Which cars there are, and tyres. */
  static final Duration WEEK = Duration.ofDays(7);

  /** Model and picture. */
  static final Duration MONTH = Duration.ofDays(28);

  static final Duration DAY = Duration.ofDays(1);

  /** What can wait leaves the first hour to what cannot. */
  static final Duration LATER_ON = Duration.ofHours(1);

  /** BMW needs a while to book a charge. */
  static final Duration BOOKED = Duration.ofMinutes(15);

  private static final Duration HISTORIES_APART = Duration.ofHours(1);

  /** A wallbox that follows the sun ends many charges a day. */
  private static final Duration CHARGES_APART = Duration.ofHours(6);

  /** What a broker kept for us comes first. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private static final Duration GAPS_APART = Duration.ofMinutes(30);
  private static final Duration GAP_FORGOTTEN = Duration.ofDays(2);

  /** While the stream is away, a car at rest is asked for so much more seldom. */
  private static final int AT_REST = 8;

  private final PlanFacts facts;
  private final PlanSettings settings;
  private final PlanMemory memory;
  private final PlanWatch watch;
  private final Instant now;
  private final PlanHolds holds;
  private final List<PlanStep> steps = new ArrayList<>();

  RestPlan(
      PlanFacts facts, PlanSettings settings, PlanMemory memory, PlanWatch watch, Instant now) {
    this.facts = facts;
    this.settings = settings;
    this.memory = memory;
    this.watch = watch;
    this.now = now;
    this.holds = new PlanHolds(facts, settings, memory, watch, now);
  }

  /** Everything wanted, what goes first in front; what is left at the end. */
  List<PlanStep> steps() {
    mappings();
    container();
    List<Car> cars = new ArrayList<>(facts.cars());
    cars.sort(
        Comparator.comparing((Car car) -> car.newsAt() == null)
            .thenComparing(
                car -> memory.fetched(TELEMATIC_DATA, car.vin()),
                Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Car::vin));
    for (Car car : cars) {
      values(car);
      every(BASIC_DATA, car, MONTH, 4, "model and equipment");
      every(IMAGE, car, MONTH, 5, "the picture");
      charges(car);
      every(TYRES, car, WEEK, 7, "the tyres");
    }
    // The order of the cars decides among equals: the sort keeps it.
    return steps.stream()
        .sorted(
            Comparator.comparing((PlanStep step) -> step.at() == null)
                .thenComparing(step -> !step.isDue(now))
                .thenComparing(step -> step.isDue(now) ? null : step.at(), nullsFirst())
                .thenComparing(PlanStep::rank))
        .toList();
  }

  private static Comparator<Instant> nullsFirst() {
    return Comparator.nullsFirst(Comparator.naturalOrder());
  }

  private void mappings() {
    Instant last = memory.fetched(MAPPINGS, null);
    if (last == null || !facts.isMappingDoubtful()) {
      every(MAPPINGS, null, WEEK, 0, "which cars the account has");
    } else {
      Instant at = last.plus(memory.hasDoubted() ? DAY : LATER_ON);
      String why = "which cars the account has: BMW named none, or not each that the stream brings";
      want(MAPPINGS, null, Purpose.ROUTINE, 0, at, why);
    }
  }

  private void container() {
    if (memory.hasContainer() && memory.hasOtherContainer(facts.container())) {
      String why = "the list of values to ask for: the settings want another one";
      want(CREATE_CONTAINER, null, Purpose.ROUTINE, 1, watch.startedAt(), why);
    } else if (!memory.hasContainer()) {
      want(
          CREATE_CONTAINER,
          null,
          Purpose.ROUTINE,
          1,
          watch.startedAt(),
          "the list of values to ask for");
    }
  }

  private void every(RestAction action, Car car, Duration pause, int rank, String what) {
    String vin = car == null ? null : car.vin();
    Instant last = memory.fetched(action, vin);
    boolean canWait = action == TYRES;
    Instant at =
        last != null ? last.plus(pause) : canWait ? firstSeen().plus(LATER_ON) : watch.startedAt();
    String why = what + (last == null ? ": not fetched yet" : ", every " + days(pause));
    want(action, car, Purpose.ROUTINE, rank, at, why);
  }

  private Instant firstSeen() {
    Instant mapped = memory.fetched(MAPPINGS, null);
    return mapped == null ? watch.startedAt() : mapped;
  }

  private static String days(Duration pause) {
    return pause.equals(DAY) ? "day" : pause.toDays() + " days";
  }

  /** The last values of a car: at most one reason at a time. */
  private void values(Car car) {
    Instant last = memory.fetched(TELEMATIC_DATA, car.vin());
    PlanMemory.Gap gap = memory.gap().orElse(null);
    if (gap != null
        && now.isBefore(gap.until().plus(GAP_FORGOTTEN))
        && (last == null || last.isBefore(gap.until()))) {
      Instant at = later(gap.until().plus(SETTLED), last, GAPS_APART.multipliedBy(thrift()));
      String since = gap.since() == null ? "" : " from " + clock(gap.since());
      want(
          TELEMATIC_DATA,
          car,
          Purpose.GAP,
          2,
          at,
          "last values: the stream was away" + since + " until " + clock(gap.until()));
    } else if (car.newsAt() == null || last == null) {
      Instant at = last == null ? watch.startedAt() : last.plus(DAY);
      String why = last == null ? "last values: not fetched yet" : "last values: none are known";
      want(TELEMATIC_DATA, car, Purpose.ROUTINE, 3, at, why);
    } else if (watch.isOldSinceStart(car.vin())
        && (last == null || !last.plus(PlanWatch.OLD).isAfter(watch.startedAt()))) {
      String why = "last values: those known at the start were of " + clock(car.newsAt());
      want(TELEMATIC_DATA, car, Purpose.ROUTINE, 3, watch.startedAt(), why);
    } else {
      poll(car, last);
    }
  }

  private void poll(Car car, Instant last) {
    Instant away = watch.awaySince(now);
    if (settings.pollEvery() == null) {
      leave(TELEMATIC_DATA, car, "polling a silent car is off: cardata.api.poll-every");
    } else if (car.isActive()) {
      String what = car.isDriving() ? "driving" : "charging";
      String soon = "last values: " + what + ", should the stream become silent";
      Instant told = car.streamNewsAt();
      boolean isTold = told != null && !told.isAfter(now.plus(PlanMemory.AHEAD));
      Instant news = isTold ? told : watch.startedAt();
      Instant silent = news.plus(settings.silentAfter());
      int vain = watch.vain(car);
      if (vain >= PlanWatch.VAIN) {
        leave(
            TELEMATIC_DATA,
            car,
            "last told to be " + what + ", but " + vain + " calls in a row brought nothing new");
      } else {
        Duration pause = settings.pollEvery().multipliedBy((long) shared() << vain);
        Instant at = later(silent, last, pause);
        String why = "last values: " + what + ", and the stream is silent since " + clock(news);
        want(
            TELEMATIC_DATA,
            car,
            Purpose.ROUTINE,
            PlanHolds.POLL,
            at,
            silent.isAfter(now) ? soon : why);
      }
    } else if (away != null) {
      Duration pause = settings.pollEvery().multipliedBy((long) AT_REST * thrift());
      Instant at = later(away.plus(pause), last, pause);
      String why = "last values: the stream is away since " + clock(away);
      want(TELEMATIC_DATA, car, Purpose.ROUTINE, PlanHolds.POLL, at, why);
    } else {
      leave(TELEMATIC_DATA, car, "the stream brings the values");
    }
  }

  /** The factor of a pause: the fewer calls are left, the larger; all silent cars share them. */
  private int shared() {
    long silent =
        facts.cars().stream()
            .filter(Car::isActive)
            .filter(car -> watch.vain(car) < PlanWatch.VAIN)
            .filter(
                car ->
                    car.streamNewsAt() == null
                        || !car.streamNewsAt().plus(settings.silentAfter()).isAfter(now))
            .count();
    return thrift() * (int) Math.max(1, silent);
  }

  private int thrift() {
    PlanFacts.Quota quota = facts.quota();
    int all = Math.max(1, quota.limit() - quota.reserve() - holds.business());
    int left = Math.max(0, quota.leftFor(Purpose.ROUTINE) - holds.business());
    return 2 * left >= all ? 1 : 4 * left >= all ? 2 : 4;
  }

  private void charges(Car car) {
    if (!car.isElectric()) {
      leave(CHARGING_HISTORY, car, "no value shows a drive battery");
      return;
    }
    Instant last = memory.fetched(CHARGING_HISTORY, car.vin());
    Instant charged = memory.charged(car.vin());
    if (charged != null) {
      Instant booked = later(charged.plus(BOOKED), last, HISTORIES_APART);
      Instant before = memory.chargeFetched(car.vin());
      Instant apart = later(booked, before, CHARGES_APART.multipliedBy(thrift()));
      Instant daily = last == null ? apart : last.plus(DAY);
      Instant at = daily.isBefore(apart) ? daily : apart;
      String why = "charging history: a charge ended at " + clock(charged);
      want(CHARGING_HISTORY, car, Purpose.ROUTINE, 5, at, why);
    } else {
      Instant at = last == null ? firstSeen().plus(LATER_ON) : last.plus(DAY);
      String why = "charging history" + (last == null ? ": not fetched yet" : ", every day");
      want(CHARGING_HISTORY, car, Purpose.ROUTINE, 7, at, why);
    }
  }

  private static Instant later(Instant time, Instant last, Duration pause) {
    return last == null || !last.plus(pause).isAfter(time) ? time : last.plus(pause);
  }

  private void leave(RestAction action, Car car, String why) {
    steps.add(new PlanStep(action, car.vin(), car.name(), Purpose.ROUTINE, 9, null, why, null));
  }

  private void want(RestAction action, Car car, Purpose purpose, int rank, Instant at, String why) {
    String vin = car == null ? null : car.vin();
    String name = car == null ? null : car.name();
    PlanStep step = new PlanStep(action, vin, name, purpose, rank, at, why, null);
    steps.add(holds.hold(step));
  }

  private static String clock(Instant time) {
    return time.truncatedTo(ChronoUnit.MINUTES).toString();
  }
}
