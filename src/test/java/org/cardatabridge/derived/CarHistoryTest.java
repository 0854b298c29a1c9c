// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.ADay;
import org.junit.jupiter.api.Test;

/** What is worked out from a day is the same however often, and wherever it is taken up again. */
class CarHistoryTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/derived/a-day.txt");
  private static final Instant NEXT_DAY = Instant.parse("2026-03-03T06:00:00Z");
  private static final DerivedSettings TERMS =
      DerivedSettings.of(
          Settings.defaults()
              .with(
                  Map.of(
                      "cardata.derived.tariff", "0.32, 18:00-06:00=0.24",
                      "cardata.home.latitude", "50.26",
                      "cardata.home.longitude", "10.96")),
          ZoneOffset.UTC);
  private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
  private static final List<CarEvent> DAY = DecodedDay.events();

  private static List<DerivedValue> workedOut(List<CarEvent> events) {
    List<DerivedValue> out = new ArrayList<>();
    CarHistory car = CarHistory.of(ADay.VIN, ADay.VIN);
    for (CarEvent event : events) {
      car = car.then(event, TERMS, out);
    }
    car.at(NEXT_DAY, TERMS, out);
    return out;
  }

  private static List<DerivedValue> rows(List<DerivedValue> values) {
    return values.stream().filter(DerivedValue::isRow).toList();
  }

  @Test
  void theDayGivesWhatTheFileShows() throws Exception {
    List<String> lines =
        workedOut(DAY).stream()
            .distinct()
            .map(
                value ->
                    value.at()
                        + " "
                        + value.key()
                        + " "
                        + CarEventJson.value(value.value())
                        + (value.unit() == null ? "" : " " + value.unit()))
            .toList();
    if (Boolean.getBoolean("write.golden")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, String.join("\n", lines) + "\n");
    }
    assertThat(Files.readAllLines(GOLDEN)).as("-Dwrite.golden=true").isEqualTo(lines);
  }

  @Test
  void workingItOutAgainGivesTheSame() {
    assertThat(workedOut(DAY)).isEqualTo(workedOut(DAY));
    assertThat(rows(workedOut(DAY))).hasSize(3);
  }

  @Test
  void everyEventTwiceGivesTheSameRows() {
    List<CarEvent> twice = DAY.stream().flatMap(event -> List.of(event, event).stream()).toList();
    assertThat(rows(workedOut(twice))).isEqualTo(rows(workedOut(DAY)));
  }

  @Test
  void messagesThatAreUpToAMinuteLateGiveTheSameRows() {
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      List<CarEvent> late =
          DAY.stream()
              .map(
                  event ->
                      new CarEvent(
                          event.account(),
                          event.vin(),
                          event.vehicle(),
                          event.key(),
                          event.value(),
                          event.unit(),
                          event.timestamp(),
                          event.received().plusMillis(random.nextInt(60_000)),
                          event.source()))
              .sorted(Comparator.comparing(CarEvent::received))
              .toList();
      assertThat(rows(workedOut(late))).as("seed %d", seed).isEqualTo(rows(workedOut(DAY)));
    }
  }

  /** A journal in memory, of which so many events were taken. */
  private record Memory(List<CarEvent> all, int count) implements DerivedValues.Past {

    @Override
    public Instant takenUpTo() {
      return all.get(Math.min(count, all.size() - 1)).received();
    }

    @Override
    public Instant waitingSince() {
      return null;
    }

    @Override
    public void taken(Instant since, Consumer<CarEvent> to) {
      all.subList(0, count).stream().filter(e -> !e.received().isBefore(since)).forEach(to);
    }

    @Override
    public List<CarEvent> newestBefore(Instant time, Set<String> keys) {
      return List.of();
    }
  }

  @Test
  void aBridgeThatEndsAnywhereGoesOnAsIfItHadNot() {
    List<List<Object>> whole = told(0, DAY.size());
    assertThat(whole).hasSize(3);
    for (int cut = 1; cut < DAY.size(); cut += 19) {
      List<List<Object>> all = new ArrayList<>(told(0, cut));
      all.addAll(told(cut, DAY.size()));
      assertThat(all.stream().distinct()).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  /** Trips and charges that come out when these events are handed over, then the bridge ends. */
  private static List<List<Object>> told(int from, int to) {
    java.util.concurrent.atomic.AtomicReference<Instant> now =
        new java.util.concurrent.atomic.AtomicReference<>();
    DerivedValues values =
        new DerivedValues(TERMS, new Memory(DAY, from), new SettableClock(now::get));
    List<List<Object>> all = new ArrayList<>();
    for (CarEvent event : DAY.subList(from, to)) {
      now.set(event.received().plusMillis(3));
      Exchange exchange = new DefaultExchange(CAMEL);
      exchange.getMessage().setBody(event);
      if (values.uses(exchange)) {
        for (CarEvent derived : values.work(exchange)) {
          if (derived.value() instanceof Map) {
            all.add(List.of(derived.key(), derived.timestamp(), derived.value()));
          }
        }
      }
    }
    return all.stream().distinct().toList();
  }

  @Test
  void aReplayQueuesNothing() {
    List<DerivedValue> out = new ArrayList<>();
    CarHistory car = CarHistory.of(ADay.VIN, ADay.VIN);
    for (CarEvent event : DAY) {
      car = car.then(event, TERMS, out);
    }
    car = car.at(NEXT_DAY, TERMS, out);
    int before = out.size();
    for (CarEvent event : DAY) {
      car = car.then(event, TERMS, out);
      assertThat(car.waiting()).isEmpty();
    }
    assertThat(out).hasSize(before);
  }

  @Test
  void aSilentCarCostsNothingHoweverLongItSleeps() {
    List<DerivedValue> out = new ArrayList<>();
    CarHistory car = CarHistory.of(ADay.VIN, ADay.VIN);
    car = car.then(DAY.get(0), TERMS, out).at(NEXT_DAY, TERMS, out);
    assertThat(car.isUnderWay()).isFalse();
    assertThat(car.at(NEXT_DAY.plus(Duration.ofDays(100_000)), TERMS, out).clock())
        .isEqualTo(NEXT_DAY.plus(Duration.ofDays(100_000)));
  }
}
