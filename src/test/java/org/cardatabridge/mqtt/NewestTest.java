// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cardatabridge.mqtt.Events.NOON;
import static org.cardatabridge.mqtt.Events.VIN;
import static org.cardatabridge.mqtt.Events.event;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NewestTest {

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final Topics topics = new Topics(Settings.of(Map.of()), Clock.systemUTC());
  private CompletionStage<Void> learnt = CompletableFuture.completedFuture(null);
  private final Newest newest = new Newest(topics, () -> learnt);

  @AfterEach
  void close() throws Exception {
    context.close();
  }

  private static CarEvent at(String key, Object value, int seconds) {
    return event(key, value, null, NOON.plusSeconds(seconds));
  }

  private Exchange exchange(Object body) {
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(body);
    return exchange;
  }

  private static void end(Exchange exchange, boolean confirmed) {
    for (Synchronization outcome : exchange.getExchangeExtension().handoverCompletions()) {
      if (confirmed) {
        outcome.onComplete(exchange);
      } else {
        outcome.onFailure(exchange);
      }
    }
  }

  private List<Object> confirmed(CarEvent... events) throws Exception {
    Exchange exchange = exchange(List.of(events));
    List<CarEvent> passed = newest.filter(exchange);
    end(exchange, true);
    return passed.stream().map(CarEvent::value).toList();
  }

  @Test
  void anOlderValueNeverPassesAfterANewerOne() throws Exception {
    assertThat(confirmed(at("a", "t5", 5), at("a", "t3", 3), at("a", "t6", 6)))
        .containsExactly("t5", "t6");
    assertThat(confirmed(at("a", "t4", 4), at("b", "t1", 1))).containsExactly("t1");
  }

  @Test
  void ofTwoWithTheSameTimestampTheLaterArrivalWins() throws Exception {
    assertThat(confirmed(at("a", "first", 5), at("a", "second", 5)))
        .containsExactly("first", "second");
    assertThat(confirmed(at("a", "third", 5))).containsExactly("third");
  }

  @Test
  void ofAReplayOnlyTheNewestThatTheJournalKnowsPasses() throws Exception {
    CarEvent corrected = at("a", "corrected", 5);
    Newest replaying = new Newest(topics, () -> learnt, (vin, key) -> Optional.of(corrected));
    List<CarEvent> again =
        java.util.stream.Stream.of(at("a", "old", 4), at("a", "wrong", 5), corrected)
            .map(NewestTest::replayed)
            .toList();
    assertThat(replaying.filter(exchange(again)))
        .extracting(CarEvent::value)
        .containsExactly("corrected");
  }

  private static CarEvent replayed(CarEvent event) {
    return new CarEvent(
        event.account(),
        event.vin(),
        event.vehicle(),
        event.key(),
        event.value(),
        event.unit(),
        event.timestamp(),
        event.received(),
        "replay");
  }

  @Test
  void theSameKeyOfAnotherCarIsAnotherMatter() throws Exception {
    confirmed(at("a", "mine", 5));
    CarEvent other =
        new CarEvent("main", "OTHER", "OTHER", "a", "theirs", null, NOON, NOON, "stream");
    assertThat(confirmed(other)).containsExactly("theirs");
  }

  @Test
  void aTimestampMoreThanADayAheadNeverPassesAndHoldsNothingUp() throws Exception {
    int day = 86_400;
    assertThat(confirmed(at("a", "far", day + 1), at("a", "now", 0), at("a", "edge", day)))
        .containsExactly("now", "edge");
  }

  @Test
  void aBatchThatFailedIsJudgedAfresh() throws Exception {
    Exchange failing = exchange(List.of(at("a", "t1", 1), at("a", "t2", 2)));
    newest.filter(failing);
    end(failing, false);
    assertThat(confirmed(at("a", "t1", 1), at("a", "t2", 2))).containsExactly("t1", "t2");
  }

  @Test
  void whatIsStillOnTheWayCountsAsShown() throws Exception {
    Exchange onTheWay = exchange(at("a", "t5", 5));
    assertThat(newest.filter(onTheWay)).hasSize(1);
    assertThat(newest.filter(exchange(at("a", "t4", 4)))).isEmpty();
  }

  @Test
  void whatTheBrokerRetainsCountsAsShownBeforeTheFirstDataPoint() throws Exception {
    learn(
        "cardata/" + VIN + "/a",
        "{\"value\":{\"x\":[1]},\"unit\":null,\"timestamp\":\"2026-01-31T12:00:05Z\"}");
    learn("cardata/" + VIN + "/a/value", "81");
    learn("cardata/" + VIN + "/b", "{\"value\":1,\"timestamp\":\"yesterday\"}");
    learn("cardata/" + VIN + "/c", "{\"value\":");
    learn("cardata/" + VIN + "/d", "{\"timestamp\":\"2036-01-31T12:00:05Z\"}");
    assertThat(
            confirmed(
                at("a", "old", 4),
                at("a", "same", 5),
                at("b", "b", 0),
                at("c", "c", 0),
                at("d", "a bad clock once wrote it", 0)))
        .containsExactly("same", "b", "c", "a bad clock once wrote it");
  }

  @Test
  void nothingPassesUntilTheBrokerHasToldWhatItRetains() throws Exception {
    learnt = CompletableFuture.failedFuture(new IllegalStateException("away"));
    assertThatThrownBy(() -> newest.filter(exchange(at("a", 1L, 0))))
        .isInstanceOf(BrokerUnavailableException.class);
    learnt = CompletableFuture.failedFuture(new BrokerUnavailableException("it is off", null));
    assertThatThrownBy(() -> newest.filter(exchange(at("a", 1L, 0)))).hasMessage("it is off");
    learnt = CompletableFuture.completedFuture(null);
    assertThat(confirmed(at("a", 1L, 0))).containsExactly(1L);
  }

  @Test
  void theStatusPaceTellsAStateThatHeldAndCountersNowAndThen() throws Exception {
    SetClock clock = new SetClock(NOON);
    long[] connects = {1};
    StatusPace pace = new StatusPace(clock, () -> connects[0]);
    assertThat(pace.isDue(status("live", 0))).as("the first").isTrue();
    assertThat(pace.isDue(status("connecting", 0))).as("a credential cycle").isFalse();
    clock.move(Duration.ofSeconds(2));
    assertThat(pace.isDue(status("live", 1))).as("over again").isFalse();
    clock.move(Duration.ofSeconds(28));
    assertThat(pace.isDue(status("live", 1))).as("counters after 30 s").isTrue();
    clock.move(Duration.ofSeconds(60));
    assertThat(pace.isDue(status("live", 1))).as("nothing new").isFalse();
    assertThat(pace.isDue(status("backing-off", 1))).isFalse();
    clock.move(Duration.ofSeconds(4));
    assertThat(pace.isDue(status("backing-off", 1))).isFalse();
    clock.move(Duration.ofSeconds(1));
    assertThat(pace.isDue(status("backing-off", 1))).as("held for 5 s").isTrue();
    for (int i = 0; i < 14; i++) {
      clock.move(Duration.ofSeconds(2));
      assertThat(pace.isDue(status(i % 2 == 0 ? "connecting" : "live", 1))).isFalse();
    }
    clock.move(Duration.ofSeconds(4));
    assertThat(pace.isDue(status("connecting", 1))).as("a fight that never holds").isTrue();
    connects[0]++;
    assertThat(pace.isDue(status("connecting", 1))).as("the broker is new").isTrue();
  }

  private static String status(String state, int messages) {
    return "{\"accounts\":[{\"name\":\"main\",\"stream\":{\"state\":\"%s\",\"messages\":%d}}]}"
        .formatted(state, messages);
  }

  private void learn(String topic, String payload) {
    newest.learn(topic, payload.getBytes(StandardCharsets.UTF_8));
  }
}
