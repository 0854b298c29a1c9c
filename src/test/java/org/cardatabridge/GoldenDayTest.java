// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.evcc.EvccTopics;
import org.cardatabridge.homeassistant.HomeAssistant;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.NewestValues;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.push.Abrp;
import org.cardatabridge.push.Telemetry;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.ADay;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A day of a car through flatten and journal, and what Home Assistant, evcc and A Better
 * Routeplanner are told of it, minute by minute: golden/day has it to read. {@code
 * -Dgolden.rewrite=true} writes it anew. What is notified of a day stands in golden/notify.
 */
class GoldenDayTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/day");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static List<CarEvent> day;

  @TempDir Path data;
  private final SetClock clock = new SetClock(Instant.parse("2026-03-02T00:00:00Z"));

  @BeforeAll
  static void hearTheDay(@TempDir Path dir) throws Exception {
    day = new CopyOnWriteArrayList<>();
    SetClock atNight = new SetClock(Instant.parse("2026-03-03T00:00:00Z"));
    try (Journal journal = new Journal(JournalSettings.in(dir), atNight);
        DefaultCamelContext context = new DefaultCamelContext()) {
      EventsComponent events = new EventsComponent();
      events.setJournal(journal);
      context.addComponent("events", events);
      context.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("events:golden?from=beginning")
                  .process(exchange -> day.add(exchange.getMessage().getBody(CarEvent.class)));
            }
          });
      context.start();
      for (CarMessage message : DecodedDay.messages()) {
        CompletableFuture<Void> kept = new CompletableFuture<>();
        journal.publish(message, false, failure -> kept.complete(null));
        kept.get(30, TimeUnit.SECONDS);
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> journal.sinks().get(0).lag() == 0);
    }
  }

  private Settings settings(String... more) {
    Map<String, String> all = new TreeMap<>(Settings.defaults().asMap());
    all.put("cardata.data-dir", data.toString());
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return Settings.of(all);
  }

  /** What came in within so long of each other, as a sink that gathers is handed it. */
  private static List<List<CarEvent>> gathered(Duration within) {
    List<List<CarEvent>> batches = new ArrayList<>();
    Instant end = Instant.MIN;
    for (CarEvent event : day) {
      if (event.received().isAfter(end)) {
        batches.add(new ArrayList<>());
        end = event.received().plus(within);
      }
      batches.get(batches.size() - 1).add(event);
    }
    return batches;
  }

  private Exchange exchange(DefaultCamelContext context, Object body) {
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(body);
    return exchange;
  }

  private static void isAsReviewed(String name, String text) throws Exception {
    Path golden = GOLDEN.resolve(name);
    if (System.getProperty("golden.rewrite") != null) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, text);
    }
    assertThat(text).isEqualTo(Files.readString(golden));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void homeAssistantIsToldOfWhatWasSeen(String language) throws Exception {
    Settings settings =
        settings(
            "cardata.sink.homeassistant.enabled",
            "true",
            "cardata.sink.homeassistant.language",
            language);
    Topics topics = new Topics(settings, clock);
    HomeAssistant homeAssistant =
        new HomeAssistant(settings, data, topics, new NewestValues(clock), () -> true);
    Map<String, String> retained = new HashMap<>();
    List<String> told = new ArrayList<>();
    String config = null;
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      for (List<CarEvent> batch : gathered(Duration.ofSeconds(5))) {
        clock.set(batch.get(batch.size() - 1).received());
        for (Publication state : topics.map(batch)) {
          retained.put(state.topic(), text(state));
        }
        List<String> due = homeAssistant.see(batch);
        if (!due.isEmpty()) {
          List<Publication> messages = homeAssistant.messages(due);
          homeAssistant.published(exchange(context, messages));
          config = text(messages.get(0));
          told.add(clock.instant() + " " + JSON.readTree(config).get("cmps").size());
        }
      }
    }
    JsonNode discovery = JSON.readTree(config);
    isAsReviewed("discovery." + language + ".json", JSON.writeValueAsString(discovery) + "\n");
    isAsReviewed("entities." + language + ".txt", entities(discovery, retained));
    isAsReviewed("announcements.txt", String.join("\n", told) + "\n");
  }

  /** A line for each entity: platform, class, name, unit, and the state it reads from at night. */
  private static String entities(JsonNode discovery, Map<String, String> retained) {
    List<String> lines = new ArrayList<>();
    for (JsonNode entity : discovery.get("cmps")) {
      if (!entity.has("uniq_id")) {
        continue;
      }
      String topic = entity.path("stat_t").asText(entity.path("json_attr_t").asText());
      lines.add(
          String.format(
              Locale.ROOT,
              "%-14s %-16s %-44s %-10s %s",
              entity.path("p").asText(),
              entity.path("dev_cla").asText("-"),
              entity.path("name").asText(),
              entity.path("unit_of_meas").asText("-"),
              retained.getOrDefault(topic, "nothing")));
    }
    lines.sort(null);
    return String.join("\n", lines) + "\n";
  }

  @Test
  void evccIsToldOfEachChange() throws Exception {
    Settings settings = settings();
    EvccTopics evcc = new EvccTopics(new Topics(settings, clock), (sink, vin) -> List.of());
    List<String> said = new ArrayList<>();
    eachBatch(
        Duration.ZERO,
        exchange -> evcc.topics(evcc.values(exchange)),
        (at, item) -> {
          Publication publication = (Publication) item;
          said.add(at + " " + publication.topic() + " " + text(publication));
        });
    isAsReviewed("evcc.txt", String.join("\n", said) + "\n");
  }

  @Test
  void aBetterRouteplannerIsToldWhatIsFresh() throws Exception {
    Settings settings =
        settings("cardata.sink.abrp.api-key", "key", "cardata.sink.abrp.token", "token");
    Abrp abrp = new Abrp(settings, clock, (sink, vin) -> List.of());
    List<String> said = new ArrayList<>();
    eachBatch(
        Duration.ofSeconds(10),
        abrp::telemetry,
        (at, item) ->
            said.add(at + " " + new String(abrp.json((Telemetry) item), StandardCharsets.UTF_8)));
    isAsReviewed("abrp.txt", String.join("\n", said) + "\n");
    assertThat(said).noneMatch(line -> line.contains(ADay.VIN));
  }

  private interface Taker {
    void take(Instant at, Object item) throws Exception;
  }

  private void eachBatch(Duration within, Function<Exchange, List<?>> step, Taker taker)
      throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      for (List<CarEvent> batch : gathered(within)) {
        clock.set(batch.get(batch.size() - 1).received());
        Exchange exchange = exchange(context, batch);
        for (Object item : step.apply(exchange)) {
          taker.take(clock.instant(), item);
        }
        exchange
            .getExchangeExtension()
            .handoverCompletions()
            .forEach(completion -> completion.onComplete(exchange));
      }
    }
  }

  private static String text(Publication publication) {
    return new String(publication.payload(), StandardCharsets.UTF_8);
  }
}
