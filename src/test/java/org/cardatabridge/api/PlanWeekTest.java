// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cardatabridge.api.SimulatedBmw.Reset;
import org.cardatabridge.api.SimulatedCar.Doing;
import org.cardatabridge.api.SimulatedLife.Call;
import org.junit.jupiter.api.Test;

/** Weeks of a bridge in moments: the calls stay within the limit, and the day's figures. */
class PlanWeekTest {

  private static final Instant BEGIN = Instant.parse("2026-03-02T06:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Path DOCS = Path.of("docs/rest.md");
  private static final Pattern TABLE =
      Pattern.compile("(?s)(<!-- days: begin -->\n).*(<!-- days: end -->)");

  private static SimulatedLife life(Reset reset) {
    return new SimulatedLife(BEGIN, reset, SimulatedLife.usual());
  }

  private static Duration minutes(long count) {
    return Duration.ofMinutes(count);
  }

  /** What holds in every week. */
  private static void staysWithinItsLimits(SimulatedLife life) {
    List<Instant> seen = life.bmw.seen();
    for (int i = SimulatedBmw.LIMIT; i < seen.size(); i++) {
      assertThat(Duration.between(seen.get(i - SimulatedBmw.LIMIT), seen.get(i)))
          .as("the time in which there were 51 calls, the last at %s", seen.get(i))
          .isGreaterThanOrEqualTo(DAY);
    }
    assertThat(life.callsFrom(BEGIN))
        .filteredOn(call -> call.purpose() == Purpose.ROUTINE)
        .as("daily business leaves the reserve alone")
        .allMatch(call -> call.usedBefore() < SimulatedBmw.LIMIT - SimulatedBmw.RESERVE);
    assertThat(life.callsFrom(BEGIN))
        .as("gaps leave half of the reserve")
        .allMatch(call -> call.usedBefore() < SimulatedBmw.LIMIT - SimulatedBmw.RESERVE / 2);
    assertThat(life.calls)
        .filteredOn(call -> !call.isMade())
        .as("orders that the ledger had to refuse")
        .allMatch(call -> call.action() == RestAction.CREATE_CONTAINER);
  }

  /** A week of three cars in which everything happens. */
  private static SimulatedLife roughWeek(Reset reset) {
    SimulatedCar parked = new SimulatedCar("WBY00TEST00000001");
    SimulatedCar driving = new SimulatedCar("WBY00TEST00000002");
    SimulatedCar charging = new SimulatedCar("WBY00TEST00000003");
    SimulatedLife life = life(reset).with(parked).with(driving).with(charging);
    for (int day = 0; day < 7; day++) {
      Instant morning = BEGIN.plus(DAY.multipliedBy(day));
      boolean isSilent = day % 2 == 1;
      driving.does(Doing.DRIVING, morning.plus(minutes(90)), minutes(150), isSilent);
      driving.does(Doing.DRIVING, morning.plus(HOUR.multipliedBy(11)), minutes(200), isSilent);
      charging.does(Doing.CHARGING, morning.plus(HOUR.multipliedBy(14)), minutes(540), isSilent);
    }
    while (life.now().isBefore(BEGIN.plus(DAY.multipliedBy(7)))) {
      long minute = Duration.between(BEGIN, life.now()).toMinutes();
      // Outages of all lengths, a day of flapping, restarts, kills, CU-429 in the afternoon of day
      // 4.
      boolean isFlapping = minute / 1440 == 4 && minute % 15 < 11;
      boolean isAway = minute % 1999 < 45 || minute % 3333 < 500;
      life.stream(!isFlapping && !isAway);
      if (minute % 777 == 0) {
        life.restart();
      }
      if (minute % 501 == 0) {
        life.killInTheNextCall();
      }
      if (minute == 3 * 1440 + 500) {
        life.bmw.refuseUntil(life.now().plus(minutes(100)));
      }
      boolean isDown = minute % 2500 < 90;
      life.answer(
          order -> isDown ? RestVerdict.of(RestVerdict.Kind.LATER, "CU-503") : RestVerdict.OK);
      life.minute();
    }
    return life;
  }

  @Test
  void aRoughWeekStaysWithinTheLimitWhateverBmwsReset() {
    for (Reset reset : Reset.values()) {
      SimulatedLife life = roughWeek(reset);

      staysWithinItsLimits(life);
      assertThat(life.callsFrom(BEGIN)).hasSizeBetween(60, 7 * SimulatedBmw.LIMIT);
      assertThat(life.callsFrom(BEGIN).stream().map(Call::vin).filter(v -> v != null).distinct())
          .hasSize(3);
    }
  }

  @Property(tries = 40)
  void anyWeekStaysWithinTheLimit(@ForAll long seed, @ForAll Reset reset) {
    java.util.Random random = new java.util.Random(seed);
    SimulatedLife life = life(reset);
    int cars = 1 + random.nextInt(4);
    for (int i = 1; i <= cars; i++) {
      SimulatedCar car = new SimulatedCar("WBY00TEST0000000" + i);
      Instant at = BEGIN.plus(minutes(random.nextInt(600)));
      while (at.isBefore(BEGIN.plus(DAY.multipliedBy(7)))) {
        Doing doing = random.nextBoolean() ? Doing.DRIVING : Doing.CHARGING;
        Duration length = minutes(5 + random.nextInt(900));
        car.does(doing, at, length, random.nextInt(3) == 0);
        at = at.plus(length).plus(minutes(1 + random.nextInt(900)));
      }
      life.with(car);
    }
    int trouble = 1 + random.nextInt(400);
    boolean isStreamThere = true;
    while (life.now().isBefore(BEGIN.plus(DAY.multipliedBy(7)))) {
      switch (random.nextInt(12 * trouble)) {
        case 0 -> life.restart();
        case 1 -> life.killInTheNextCall();
        case 2, 3, 4 -> {
          isStreamThere = !isStreamThere;
          life.stream(isStreamThere);
        }
        case 5 -> life.bmw.refuseUntil(life.now().plus(minutes(random.nextInt(2000))));
        case 6, 7 -> {
          RestVerdict.Kind kind = RestVerdict.Kind.values()[random.nextInt(13)];
          boolean isQuota = kind == RestVerdict.Kind.OK || kind == RestVerdict.Kind.QUOTA;
          life.answer(
              order -> isQuota ? RestVerdict.OK : RestVerdict.of(kind, "because of " + kind));
        }
        default -> life.answer(order -> RestVerdict.OK);
      }
      life.minute();
    }
    staysWithinItsLimits(life);
  }

  @Test
  void aWeekOfALastingRefusalOfTheTokenCostsFewCalls() {
    SimulatedLife life = life(Reset.ROLLING).with(new SimulatedCar("WBY00TEST00000001"));
    life.until(BEGIN.plus(DAY));
    life.answer(order -> RestVerdict.of(RestVerdict.Kind.TOKEN, "CU-101"));
    Instant from = life.now();
    life.until(from.plus(DAY.multipliedBy(7)));

    staysWithinItsLimits(life);
    assertThat(life.callsFrom(from.plusSeconds(1))).hasSizeBetween(12, 22);
  }

  @Test
  void aWeekOfChargesThatComeAndGoWithAClockThatWasAheadStaysWithinTheLimit() {
    SimulatedCar sunny = new SimulatedCar("WBY00TEST00000001");
    for (int i = 0; i < 7 * 24; i++) {
      Instant hour = BEGIN.plus(HOUR.multipliedBy(i));
      sunny.does(Doing.CHARGING, hour, minutes(20), false);
      sunny.does(Doing.CHARGING, hour.plus(minutes(30)), minutes(10), false);
    }
    SimulatedLife life = life(Reset.ROLLING).with(sunny);
    life.until(BEGIN.plus(DAY));
    Instant stepped = life.now();
    life.clock.move(DAY.multipliedBy(30));
    life.until(life.now().plus(HOUR));
    life.clock.set(stepped.plus(HOUR));
    life.until(BEGIN.plus(DAY.multipliedBy(7)));

    List<Call> calls =
        life.calls.stream()
            .filter(call -> call.at().isAfter(stepped) && !call.at().isAfter(life.now()))
            .toList();
    assertThat(calls).allMatch(Call::isMade).hasSizeBetween(12, 45);
    assertThat(calls).extracting(Call::action).contains(RestAction.TYRES, RestAction.MAPPINGS);
  }

  private static List<Call> dayOf(Consumer<SimulatedLife> what) {
    SimulatedLife life = life(Reset.ROLLING).with(new SimulatedCar("WBY00TEST00000001"));
    Instant day = BEGIN.plus(DAY.multipliedBy(2)).plus(HOUR);
    life.until(day);
    what.accept(life);
    life.until(day.plus(DAY));
    return life.callsFrom(day.plusSeconds(1));
  }

  private static Consumer<SimulatedLife> car(
      Doing doing, boolean isSilent, int... hoursAndMinutes) {
    return life -> {
      for (int i = 0; i < hoursAndMinutes.length; i += 2) {
        life.cars
            .get(0)
            .does(
                doing,
                life.now().plus(HOUR.multipliedBy(hoursAndMinutes[i])),
                minutes(hoursAndMinutes[i + 1]),
                isSilent);
      }
    };
  }

  private static Consumer<SimulatedLife> outages(int count, int length) {
    return life -> {
      for (int i = 0; i < count; i++) {
        life.until(life.now().plus(HOUR.multipliedBy(3)));
        life.stream(false);
        life.until(life.now().plus(minutes(length)));
        life.stream(true);
      }
    };
  }

  private static String row(String name, List<Call> calls) {
    Map<String, Long> each =
        calls.stream()
            .collect(
                Collectors.groupingBy(
                    call -> call.action().word(), TreeMap::new, Collectors.counting()));
    String what =
        each.entrySet().stream()
            .map(e -> e.getValue() == 1 ? e.getKey() : e.getValue() + " × " + e.getKey())
            .collect(Collectors.joining(", "));
    return "| " + name + " | " + calls.size() + " | " + what + " |\n";
  }

  @Test
  void theDaysInTheDocsAreTheDaysOfThePlan() throws IOException {
    SimulatedLife first = life(Reset.ROLLING).with(new SimulatedCar("WBY00TEST00000001"));
    first.until(BEGIN.plus(HOUR.multipliedBy(23)));
    String table =
        "| a day of one car | calls | which |\n| --- | --- | --- |\n"
            + row("the first one", first.callsFrom(BEGIN))
            + row("parked", dayOf(life -> {}))
            + row("two drives of 45 minutes", dayOf(car(Doing.DRIVING, false, 1, 45, 10, 45)))
            + row("a charge of 6 hours", dayOf(car(Doing.CHARGING, false, 2, 360)))
            + row(
                "the two drives, the stream silent of them",
                dayOf(car(Doing.DRIVING, true, 1, 45, 10, 45)))
            + row(
                "a drive of 4 hours, the stream silent of it",
                dayOf(car(Doing.DRIVING, true, 1, 240)))
            + row("the charge, the stream silent of it", dayOf(car(Doing.CHARGING, true, 2, 360)))
            + row("parked, three outages of 20 minutes", dayOf(outages(3, 20)))
            + row("parked, the stream away for 21 hours", dayOf(outages(1, 1260)));
    String docs = Files.readString(DOCS);
    Matcher place = TABLE.matcher(docs);
    assertThat(place.find()).as("markers in " + DOCS).isTrue();
    String wanted = place.replaceFirst("$1" + Matcher.quoteReplacement(table) + "$2");
    if (System.getProperty("golden.rewrite") != null) {
      Files.writeString(DOCS, wanted);
    }
    assertThat(Files.readString(DOCS))
        .as("run ./mvnw verify -Dgolden.rewrite and read the difference")
        .isEqualTo(wanted);
  }
}
