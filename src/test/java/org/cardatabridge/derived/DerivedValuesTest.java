// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.derived;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;

class DerivedValuesTest {

  private static final String SOC = DerivedValue.STATE_OF_CHARGE;

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final AtomicReference<Instant> now = new AtomicReference<>(ACar.START);
  private final AtomicReference<Instant> waiting = new AtomicReference<>();
  private final DerivedValues values =
      new DerivedValues(
          DerivedSettings.of(Settings.defaults(), ZoneOffset.UTC),
          new Nothing(),
          new SettableClock(now::get));

  /** A journal that is new. */
  private final class Nothing implements DerivedValues.Past {

    @Override
    public Instant takenUpTo() {
      return ACar.START;
    }

    @Override
    public Instant waitingSince() {
      return waiting.get();
    }

    @Override
    public void taken(Instant since, Consumer<CarEvent> to) {
      assertThat(since).isEqualTo(ACar.START.minus(Duration.ofHours(72)));
    }

    @Override
    public List<CarEvent> newestBefore(Instant time, Set<String> keys) {
      return List.of();
    }
  }

  private Exchange exchange(Object body) {
    Exchange exchange = new DefaultExchange(camel);
    exchange.getMessage().setBody(body);
    return exchange;
  }

  private void end(Exchange exchange, Exception failure) {
    exchange.setException(failure);
    UnitOfWorkHelper.doneSynchronizations(
        exchange, exchange.getExchangeExtension().handoverCompletions());
  }

  private List<CarEvent> work(CarEvent event, Exception failure) {
    Exchange exchange = exchange(event);
    List<CarEvent> out = values.work(exchange);
    end(exchange, failure);
    return out;
  }

  private List<List<CarEvent>> tick(Exception failure) {
    Exchange exchange = exchange(null);
    List<List<CarEvent>> out = values.tick(exchange);
    end(exchange, failure);
    return out;
  }

  private static CarEvent at(double minute, String key, Object value, String unit) {
    return ACar.event(ACar.at(minute), ACar.at(minute), key, value, unit);
  }

  private void charge() {
    work(at(-9, ACar.SOC, 50L, "%"), null);
    work(at(-9, ACar.CAPACITY, 80L, "kWh"), null);
    work(at(0, ACar.STATUS, "CHARGINGACTIVE", null), null);
    work(at(0, ACar.POWER, 11_000L, "W"), null);
  }

  @Test
  void nothingIsWorkedOutFromWhatWasWorkedOut() {
    assertThat(values.uses(exchange(at(0, ACar.SOC, 50L, "%")))).isTrue();
    assertThat(values.uses(exchange(at(0, CarEvent.LOCATION, null, null)))).isTrue();
    for (String key : List.of(SOC, DerivedValue.ERROR, DerivedValue.POWER, DerivedValue.TRIP)) {
      assertThat(values.uses(exchange(at(0, key, 50.0, "%")))).isFalse();
    }
  }

  @Test
  void valuesAreEventsOfTheCarWithTheSourceDerived() {
    assertThat(work(at(0, ACar.SOC, 50L, "%"), null))
        .first()
        .isEqualTo(
            new CarEvent(
                "main", ACar.VIN, ACar.VIN, SOC, 50.0, "%", ACar.START, now.get(), "derived"));
  }

  @Test
  void whatCouldNotBePublishedComesAgainAndIsNotWorkedOutTwice() {
    CarEvent event = at(0, ACar.SOC, 50L, "%");
    List<CarEvent> first = work(event, new IllegalStateException("the journal is away"));
    assertThat(first).hasSize(2);
    assertThat(work(event, new IllegalStateException("still"))).isEqualTo(first);
    assertThat(work(event, null)).isEqualTo(first);
    assertThat(work(event, null)).isEmpty();
    assertThat(tick(null)).isEmpty();
  }

  @Test
  void whatATickCouldNotPublishComesWithTheNext() {
    charge();
    now.set(ACar.at(1.5));
    List<List<CarEvent>> first = tick(new IllegalStateException("the journal is away"));
    assertThat(first).hasSize(1);
    assertThat(first.get(0)).extracting(CarEvent::key).containsExactly(SOC, DerivedValue.ERROR);
    assertThat(tick(null)).isEqualTo(first);
    assertThat(tick(null)).isEmpty();
  }

  @Test
  void whatIsUnderWayIsNotTakenByTheNextTick() {
    charge();
    now.set(ACar.at(1.5));
    Exchange slow = exchange(null);
    List<List<CarEvent>> first = values.tick(slow);
    assertThat(first).hasSize(1);
    assertThat(tick(null)).isEmpty();
    now.set(ACar.at(2.5));
    assertThat(tick(null)).hasSize(1).doesNotContainAnyElementsOf(first);
    end(slow, new IllegalStateException("the journal is away"));
    assertThat(tick(null)).isEqualTo(first);
    assertThat(tick(null)).isEmpty();
  }

  @Test
  void aClockThatIsSetBackDoesNotStopTime() {
    now.set(ACar.at(600));
    work(at(-9, ACar.SOC, 50L, "%"), null);
    work(at(-9, ACar.CAPACITY, 80L, "kWh"), null);
    now.set(ACar.at(600));
    Instant wrong = ACar.at(600);
    work(ACar.event(ACar.at(0), wrong, ACar.STATUS, "CHARGINGACTIVE", null), null);
    work(ACar.event(ACar.at(0), wrong, ACar.POWER, 11_000L, "W"), null);
    now.set(ACar.at(5.5));
    tick(null);
    now.set(ACar.at(6.5));
    assertThat(tick(null).get(0)).extracting(CarEvent::timestamp).containsOnly(ACar.at(6));
  }

  @Test
  void aTickLeavesTimeToWhatIsUnderWay() {
    charge();
    now.set(ACar.at(1).plusSeconds(9));
    assertThat(tick(null)).isEmpty();
    now.set(ACar.at(1).plusSeconds(10));
    assertThat(tick(null)).hasSize(1);
  }

  @Test
  void whileOlderEventsWaitTimeIsTheirs() {
    charge();
    now.set(ACar.at(20));
    waiting.set(ACar.at(14));
    assertThat(tick(null)).isEmpty();
    waiting.set(ACar.at(19.9));
    assertThat(tick(null)).hasSize(1);
  }

  @Test
  void estimatesOfAQuarterOfAnHourAgoAndReportsOfYesterdayAreKeptBack() {
    charge();
    now.set(ACar.at(28));
    assertThat(tick(null).get(0))
        .extracting(CarEvent::timestamp)
        .allMatch(time -> !time.isBefore(ACar.at(13)));
    now.set(ACar.at(60 * 24 + 40));
    assertThat(work(at(30, ACar.SOC, 55L, "%"), null)).isEmpty();
  }

  @Test
  void tripsAreNeverTooOldToBeTold() {
    now.set(ACar.at(60 * 24 * 300));
    work(at(-60, ACar.ODOMETER, 1_000L, "km"), null);
    work(at(0, ACar.MOVING, true, null), null);
    work(at(20, ACar.ODOMETER, 1_020L, "km"), null);
    work(at(21, ACar.MOVING, false, null), null);
    assertThat(work(at(90, ACar.SOC, 50L, "%"), null))
        .extracting(CarEvent::key)
        .containsExactly(DerivedValue.TRIP);
  }

  @Test
  void whatIsPlayedAgainChangesNothing() {
    charge();
    now.set(ACar.at(10));
    tick(null);
    for (CarEvent old :
        List.of(
            at(-9, ACar.SOC, 50L, "%"),
            at(0, ACar.STATUS, "CHARGINGACTIVE", null),
            at(0, ACar.POWER, 11_000L, "W"))) {
      assertThat(work(old, null)).isEmpty();
    }
  }
}
