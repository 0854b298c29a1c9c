// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.evcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.mqtt.BrokerUnavailableException;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.Test;

class EvccTopicsTest {

  private static final CamelContext CONTEXT = new DefaultCamelContext();
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String CHARGING = "vehicle.drivetrain.electricEngine.charging.";
  private static final String HEADER = "vehicle.drivetrain.batteryManagement.header";
  private static final String PORT = "vehicle.body.chargingPort.status";

  private final List<CarEvent> journal = new ArrayList<>();
  private final EvccTopics evcc =
      new EvccTopics(
          new Topics(Settings.of(Map.of()), Clock.systemUTC()),
          (sink, vin) -> List.copyOf(journal));

  private static CarEvent event(String vehicle, String key, Object value, int second) {
    Instant at = NOON.plusSeconds(second);
    return new CarEvent("main", "VIN" + vehicle, vehicle, key, value, null, at, at, "stream");
  }

  private static CarEvent event(String key, Object value, int second) {
    return event("ix", key, value, second);
  }

  private static Exchange exchange(CarEvent... events) {
    Exchange exchange = new DefaultExchange(CONTEXT);
    exchange.getMessage().setBody(List.of(events));
    return exchange;
  }

  /** What changes with the events, name and text; the broker takes it, or not. */
  private List<String> said(boolean taken, CarEvent... events) {
    Exchange exchange = exchange(events);
    List<EvccValue> values = values(exchange);
    exchange
        .getExchangeExtension()
        .handoverCompletions()
        .forEach(
            done -> {
              if (taken) {
                done.onComplete(exchange);
              } else {
                done.onFailure(exchange);
              }
            });
    return values.stream().map(v -> v.name() + " " + v.text()).toList();
  }

  private List<EvccValue> values(Exchange exchange) {
    try {
      return evcc.values(exchange);
    } catch (BrokerUnavailableException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> said(CarEvent... events) {
    return said(true, events);
  }

  @Test
  void whatEvccAsksForIsSaidInPlainWords() {
    assertThat(
            said(
                event(HEADER, 81.5, 1),
                event("vehicle.drivetrain.electricEngine.kombiRemainingElectricRange", 412L, 2),
                event("vehicle.vehicle.travelledDistance", 81623.0, 3),
                event("vehicle.powertrain.electric.battery.stateOfCharge.target", 80L, 4),
                event(
                    "vehicle.cabin.hvac.preconditioning.status.comfortState", "COMFORT_HEATING", 5),
                event(CHARGING + "status", "CHARGINGACTIVE", 6),
                event(CHARGING + "timeRemaining", 90L, 7)))
        .containsExactly(
            "soc 81.5",
            "range 412",
            "odometer 81623",
            "limitSoc 80",
            "climater true",
            "status C",
            "finishTime 2026-01-31T13:30:07Z");
  }

  @Test
  void aRepeatWithALaterTimeIsSaidAgainAndAnOlderOneIsNot() {
    assertThat(said(event(HEADER, 81L, 10))).containsExactly("soc 81");
    assertThat(said(event(HEADER, 81L, 20))).containsExactly("soc 81");
    assertThat(said(event(HEADER, 70L, 15))).isEmpty();
    assertThat(said(event("vehicle.isMoving", true, 21))).isEmpty();
  }

  @Test
  void whatTheBrokerDidNotTakeIsSaidWhenItComesAgain() {
    assertThat(said(false, event(HEADER, 81L, 10))).containsExactly("soc 81");
    assertThat(said(true, event(HEADER, 81L, 10))).containsExactly("soc 81");
    assertThat(said(true, event(HEADER, 81L, 10))).isEmpty();
  }

  @Test
  void everyValueOfABatchIsSaidInItsOrder() {
    assertThat(said(event(HEADER, 80L, 1), event(HEADER, 81L, 2), event(HEADER, 82L, 3)))
        .containsExactly("soc 80", "soc 81", "soc 82");
  }

  @Test
  void statusGoesByWhatChargingSaysAndElseByThePort() {
    assertThat(said(event(PORT, "DISCONNECTED", 1))).containsExactly("status A");
    assertThat(said(event(PORT, "CONNECTED", 2))).containsExactly("status B");
    assertThat(said(event(CHARGING + "status", "INITIALIZATION", 3))).containsExactly("status B");
    assertThat(said(event(CHARGING + "status", "CHARGINGACTIVE", 4))).containsExactly("status C");
    assertThat(said(event(CHARGING + "status", "CHARGINGENDED", 5))).containsExactly("status B");
    assertThat(said(event(CHARGING + "status", "NOCHARGING", 6))).containsExactly("status B");
    assertThat(said(event(PORT, "DISCONNECTED", 7))).containsExactly("status A");
    assertThat(said(event(CHARGING + "status", "CHARGINGERROR", 8))).isEmpty();
  }

  @Test
  void hvStatusStandsInWhereThereIsNoOther() {
    assertThat(said(event(CHARGING + "hvStatus", "CHARGING", 1))).containsExactly("status C");
    assertThat(said(event(CHARGING + "hvStatus", "FINISHED_NOT_FULL", 2)))
        .containsExactly("status B");
    assertThat(said(event(CHARGING + "hvStatus", "NOT_CHARGING", 3))).containsExactly("status A");
  }

  @Test
  void noFinishTimeIsSaidWhileTheCarDoesNotCharge() {
    assertThat(said(event(CHARGING + "timeRemaining", 90L, 6))).isEmpty();
  }

  @Test
  void whatIsNotAvailableErasesNothing() {
    assertThat(said(event(HEADER, 81L, 1))).containsExactly("soc 81");
    assertThat(said(event(HEADER, null, 2))).isEmpty();
  }

  @Test
  void anOlderValueDoesNotStepInForABetterOneThatIsNotAvailableNow() {
    String target = "vehicle.powertrain.electric.battery.stateOfCharge.target";
    String professional = target + "SoCForProfessionalMode";
    assertThat(said(event(CHARGING + "level", 70L, 1))).containsExactly("soc 70");
    assertThat(said(event(HEADER, 81L, 2))).containsExactly("soc 81");
    assertThat(said(event(HEADER, null, 3))).isEmpty();
    assertThat(said(event(professional, 90L, 4))).containsExactly("limitSoc 90");
    assertThat(said(event(target, 80L, 5))).containsExactly("limitSoc 80");
    assertThat(said(event(target, null, 6))).isEmpty();
  }

  @Test
  void theTimeThatRemainedOfAnEarlierChargeIsNoFinishTime() {
    assertThat(said(event(CHARGING + "timeRemaining", 90L, 6))).isEmpty();
    assertThat(said(event(CHARGING + "status", "CHARGINGACTIVE", 3600)))
        .containsExactly("status C");
    assertThat(said(event(CHARGING + "timeRemaining", 60L, 3600)))
        .containsExactly("finishTime 2026-01-31T14:00:00Z");
  }

  @Test
  void aCableThatWasPulledOutSinceCountsMoreThanWhatChargingSaid() {
    assertThat(said(event(CHARGING + "status", "CHARGINGACTIVE", 1))).containsExactly("status C");
    assertThat(said(event(PORT, "DISCONNECTED", 1))).isEmpty();
    assertThat(said(event(PORT, "DISCONNECTED", 2))).containsExactly("status A");
    assertThat(said(event(CHARGING + "status", "CHARGINGENDED", 3))).containsExactly("status B");
  }

  @Test
  void aChargeThatEndsBeforeItsTimeTakesItsTimeBack() {
    said(
        event(CHARGING + "status", "CHARGINGACTIVE", 1), event(CHARGING + "timeRemaining", 90L, 2));
    assertThat(said(event(CHARGING + "status", "CHARGINGPAUSED", 60)))
        .containsExactly("status B", "finishTime 2026-01-31T12:01:00Z");
    assertThat(said(event(CHARGING + "status", "CHARGINGENDED", 70))).containsExactly("status B");
    said(
        event(CHARGING + "status", "CHARGINGACTIVE", 100),
        event(CHARGING + "timeRemaining", 1L, 101));
    assertThat(said(event(CHARGING + "status", "CHARGINGENDED", 200)))
        .as("at its time")
        .containsExactly("status B");
  }

  @Test
  void carsAreToldApartByTheirNames() {
    List<Publication> out =
        evcc.topics(values(exchange(event("ix", HEADER, 81L, 1), event("i4", HEADER, 40L, 1))));
    assertThat(out)
        .extracting(Publication::topic)
        .containsExactly("cardata/ix/evcc/soc", "cardata/i4/evcc/soc");
    assertThat(out).allMatch(p -> p.retain() && p.qos() == 1);
  }

  @Test
  void afterARestartWhatWasKnownBeforeIsKnown() {
    journal.add(event(HEADER, 81L, 10));
    journal.add(event(PORT, "CONNECTED", 1));
    assertThat(said(event(HEADER, 60L, 5))).as("a late, old value").isEmpty();
    assertThat(said(event(CHARGING + "status", "NOCHARGING", 11)))
        .as("the port is known")
        .isEmpty();
    assertThat(said(event(HEADER, 81L, 12))).containsExactly("soc 81");
  }

  @Test
  void aForeignBodyIsRefusedInWords() {
    Exchange exchange = exchange();
    exchange.getMessage().setBody("text");
    assertThatThrownBy(() -> evcc.values(exchange))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CarEvent");
  }
}
