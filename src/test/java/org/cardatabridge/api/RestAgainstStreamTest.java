// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.decode.FlattenBeans;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.mqtt.Newest;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Values of the stream and of the REST side, through the real routes into a real journal. */
@Timeout(120)
class RestAgainstStreamTest {

  private static final String VIN = RestBench.VIN;
  private static final String KEY = "vehicle.vehicle.travelledDistance";
  private static final Instant NOON = RestBench.NOW;

  @TempDir Path dir;
  private final SetClock clock = new SetClock(NOON);
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<CarEvent> delivered = new CopyOnWriteArrayList<>();
  private Journal journal;
  private Newest topics;

  @BeforeEach
  void start() throws Exception {
    Settings settings = Settings.of(Map.of("cardata.accounts", "main"));
    journal = new Journal(JournalSettings.in(dir), clock);
    EventsComponent events = new EventsComponent();
    events.setJournal(journal);
    camel.addComponent("events", events);
    new FlattenBeans(settings, clock, vin -> {}, journal.newest()::newest)
        .byName()
        .forEach(camel.getRegistry()::bind);
    topics =
        new Newest(
            new Topics(settings, clock),
            () -> CompletableFuture.completedFuture(null),
            journal.newest()::newest,
            journal.newest()::undatedBefore);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("events:hook").process(e -> delivered.add(e.getMessage().getBody(CarEvent.class)));
          }
        });
    camel.start();
    for (String file : List.of("flatten", "rest-message")) {
      PluginHelper.getRoutesLoader(camel)
          .loadRoutes(
              ResourceHelper.fromString(file + ".camel.yaml", ShippedRoute.of(file).yaml()));
    }
  }

  @AfterEach
  void stop() {
    camel.stop();
    journal.close();
  }

  private void stream(String entry) {
    Exchange sent =
        camel
            .createProducerTemplate()
            .send(
                "direct:flatten",
                e -> {
                  e.setProperty(CarMessage.ACCOUNT, "main");
                  e.setProperty(CarMessage.SOURCE, "stream");
                  e.setProperty(CarMessage.TOPIC, "gcid/" + VIN);
                  e.setProperty(CarMessage.RECEIVED, clock.instant());
                  e.getMessage()
                      .setBody(
                          ("{\"vin\":\"" + VIN + "\",\"data\":{\"" + KEY + "\":" + entry + "}}")
                              .getBytes(StandardCharsets.UTF_8));
                });
    assertThat(sent.getException()).isNull();
  }

  private void rest(String entry) {
    Exchange sent =
        camel
            .createProducerTemplate()
            .send(
                "direct:rest-message",
                e ->
                    e.getMessage()
                        .setBody(
                            new RestMessage(
                                "main",
                                RestPath.topic(VIN, "telematicData"),
                                clock.instant(),
                                ("{\"telematicData\":{\"" + KEY + "\":" + entry + "}}")
                                    .getBytes(StandardCharsets.UTF_8))));
    assertThat(sent.getException()).isNull();
  }

  private CarEvent newest() {
    return journal.newest().newest(VIN, KEY).orElseThrow();
  }

  /** What the retained topics would show after what was delivered so far. */
  private CarEvent shown() throws Exception {
    List<CarEvent> all = new ArrayList<>();
    Exchange exchange = new DefaultExchange(camel);
    exchange.getMessage().setBody(List.copyOf(delivered));
    all.addAll(topics.filter(exchange));
    return all.get(all.size() - 1);
  }

  @Test
  void anOlderValueOfTheRestSideIsHistoryOnly() throws Exception {
    stream("{\"value\":81623,\"unit\":\"km\",\"timestamp\":\"2026-07-27T11:59:00Z\"}");
    rest("{\"value\":\"81600\",\"unit\":\"km\",\"timestamp\":\"2026-07-27T10:00:00.000Z\"}");
    await().until(() -> delivered.size() == 2);

    assertThat(newest().value()).isEqualTo(81623L);
    assertThat(newest().source()).isEqualTo("stream");
    assertThat(shown().value()).isEqualTo(81623L);
    assertThat(journal.history(VIN, KEY, null, NOON, 10)).hasSize(2);
  }

  @Test
  void aNewerOneTakesItsPlaceAndALateValueOfTheStreamDoesNot() throws Exception {
    rest("{\"value\":\"81623\",\"unit\":\"km\",\"timestamp\":\"2026-07-27T11:59:00.000Z\"}");
    stream("{\"value\":81600,\"unit\":\"km\",\"timestamp\":\"2026-07-27T10:00:00Z\"}");
    await().until(() -> delivered.size() == 2);

    assertThat(newest().value()).isEqualTo(81623L);
    assertThat(newest().source()).isEqualTo("rest");
    assertThat(shown().value()).isEqualTo(81623L);
  }

  @Test
  void theSameValueOfTheSameCarTimeIsADuplicate() throws Exception {
    stream("{\"value\":81623,\"unit\":\"km\",\"timestamp\":\"2026-07-27T11:59:00Z\"}");
    rest("{\"value\":\"81623\",\"unit\":\"km\",\"timestamp\":\"2026-07-27T11:59:00.000Z\"}");
    stream("{\"value\":81624,\"unit\":\"km\",\"timestamp\":\"2026-07-27T11:59:30Z\"}");
    await().until(() -> delivered.size() == 2);

    assertThat(delivered).extracting(CarEvent::value).containsExactly(81623L, 81624L);
    assertThat(journal.snapshot().duplicates()).isEqualTo(1);
  }

  @Test
  void oneWithoutATimeNeverTakesThePlaceOfAnother() throws Exception {
    stream("{\"value\":81623,\"unit\":\"km\",\"timestamp\":\"2026-07-27T11:59:00Z\"}");
    rest("{\"value\":\"1\",\"unit\":\"km\"}");
    rest("{\"value\":\"2\",\"unit\":\"km\",\"timestamp\":\"yesterday\"}");
    stream("{\"value\":81624,\"unit\":\"km\",\"timestamp\":\"2026-07-27T11:59:30Z\"}");
    await().until(() -> delivered.size() == 2);

    assertThat(newest().value()).isEqualTo(81624L);
  }

  @Test
  void anotherOneWithoutATimeTakesItsPlaceAndTheSameOneDoesNot() throws Exception {
    rest("{\"value\":\"81600\",\"unit\":\"km\"}");
    clock.set(NOON.plusSeconds(60));
    rest("{\"value\":\"81600\",\"unit\":\"km\"}");
    clock.set(NOON.plusSeconds(120));
    rest("{\"value\":\"81623\",\"unit\":\"km\",\"timestamp\":null}");
    await().until(() -> delivered.size() == 2);

    assertThat(delivered).extracting(CarEvent::value).containsExactly(81600L, 81623L);
    assertThat(newest().value()).isEqualTo(81623L);
    assertThat(shown().value()).isEqualTo(81623L);
  }

  @Test
  void anyOneWithATimeTakesThePlaceOfOneWithoutAlsoAfterARestart() throws Exception {
    rest("{\"value\":\"81600\",\"unit\":\"km\"}");
    clock.set(NOON.plusSeconds(60));
    rest("{\"value\":\"81623\",\"unit\":\"km\",\"timestamp\":\"2026-07-27T10:00:00.000Z\"}");
    rest("{\"value\":\"81624\",\"unit\":\"km\"}");
    await().until(() -> delivered.size() == 2);

    assertThat(newest().value()).isEqualTo(81623L);
    assertThat(shown().value()).isEqualTo(81623L);

    stop();
    journal = new Journal(JournalSettings.in(dir), clock);
    assertThat(newest().value()).isEqualTo(81623L);
  }

  @Test
  void aRetainedValueOfUnknownAgeGivesItsPlaceToOneWithATimeAfterARestart() throws Exception {
    rest("{\"value\":\"81600\",\"unit\":\"km\"}");
    await().until(() -> delivered.size() == 1);
    String topic = new Topics(Settings.of(Map.of()), clock).topicOf(delivered.get(0));
    topics.learn(
        topic,
        ("{\"timestamp\":\"" + NOON + "\",\"value\":81600}").getBytes(StandardCharsets.UTF_8));
    clock.set(NOON.plusSeconds(60));
    rest("{\"value\":\"81623\",\"unit\":\"km\",\"timestamp\":\"2026-07-27T10:00:00.000Z\"}");
    await().until(() -> delivered.size() == 2);

    Exchange exchange = new DefaultExchange(camel);
    exchange.getMessage().setBody(List.of(delivered.get(1)));
    assertThat(topics.filter(exchange)).hasSize(1);
  }

  @Test
  void anAnswerDoesNotMakeACarLookAsIfItHadSent() throws Exception {
    stream("{\"value\":81623,\"unit\":\"km\",\"timestamp\":\"2026-07-27T11:59:00Z\"}");
    clock.set(NOON.plusSeconds(3600));
    rest("{\"value\":\"81700\",\"unit\":\"km\",\"timestamp\":\"2026-07-27T12:30:00Z\"}");
    await().until(() -> delivered.size() == 2);

    assertThat(journal.newest().vehicle(VIN).orElseThrow().lastMessageAt()).isEqualTo(NOON);
    assertThat(newest().value()).isEqualTo(81700L);
  }
}
