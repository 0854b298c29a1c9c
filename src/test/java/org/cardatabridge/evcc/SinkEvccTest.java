// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.evcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;
import org.cardatabridge.mqtt.EmbeddedBroker;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.SinkRig;
import org.cardatabridge.testing.Subscriber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped route against the embedded broker. */
@Timeout(60)
class SinkEvccTest {

  private static final ShippedRoute ROUTE = ShippedRoute.of("sink-evcc");
  private static final String HEADER = "vehicle.drivetrain.batteryManagement.header";

  @TempDir Path dir;
  private EmbeddedBroker broker;
  private Subscriber subscriber;
  private SinkRig rig;

  @BeforeEach
  void startBroker() throws Exception {
    broker = new EmbeddedBroker("127.0.0.1", 0, null);
    broker.start();
    subscriber = Subscriber.on(broker.port());
  }

  @AfterEach
  void stop() throws Exception {
    if (rig != null) {
      rig.close();
    }
    subscriber.close();
    broker.stop();
  }

  private void start(ShippedRoute route, Map<String, String> more) throws Exception {
    Map<String, String> settings = new java.util.TreeMap<>(more);
    settings.put("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + broker.port());
    rig =
        SinkRig.start(
            dir,
            route,
            settings,
            (registry, read) -> {
              Topics topics = new Topics(read, Clock.systemUTC());
              registry.bind("cardata-settings", read);
              registry.bind("topics", topics);
              registry.bind(
                  "evcc",
                  new EvccTopics(
                      topics,
                      (sink, vin) -> rig == null ? List.of() : rig.journal().newestFor(sink, vin)));
            });
  }

  private static CarEvent soc(long value, int second) {
    Instant at = Instant.parse("2026-01-31T12:00:00Z").plusSeconds(second);
    return new CarEvent(
        "main", "WBY00TEST00000001", "ix", HEADER, value, "%", at, at.plusMillis(250), "stream");
  }

  @Test
  void theTopicsAreRetainedForAnEvccThatStartsLater() throws Exception {
    start(ROUTE, Map.of());
    rig.publish(List.of(soc(80, 1), soc(81, 2)));
    subscriber.awaitOn("cardata/ix/evcc/soc", "81");
    assertThat(subscriber.live("cardata/ix/evcc/soc")).containsExactly("80", "81");
    try (Subscriber later = Subscriber.on(broker.port())) {
      later.awaitOn("cardata/ix/evcc/soc", "81");
    }
  }

  @Test
  void whatAFilterKeepsBackIsNotLearntFromTheJournalEither() throws Exception {
    start(ROUTE, Map.of("cardata.sink.evcc.exclude", "*.header"));
    rig.publish(List.of(soc(80, 1)));
    await().atMost(Duration.ofSeconds(20)).until(rig::isDone);
    assertThat(rig.journal().newestFor("evcc", "WBY00TEST00000001")).isEmpty();
    assertThat(rig.journal().newestFor("none", "WBY00TEST00000001")).isEmpty();
    assertThat(subscriber.heard()).noneMatch(h -> h.topic().contains("/evcc/"));
  }

  @EditsRoute("sink-evcc")
  void aStepPutInChangesWhatEvccGets() throws Exception {
    String mine =
        """
        - setBody:
            expression:
              simple:
                expression: "${body[0].vehicle} ${body[0].name} ${body[0].text}"
        - to:
            uri: local-mqtt:my/topic
        - stop: {}
        """;
    start(ROUTE.after("method: values", mine), Map.of());
    rig.publish(List.of(soc(80, 1)));
    subscriber.awaitOn("my/topic", "ix soc 80");
    assertThat(subscriber.latest()).doesNotContainKey("cardata/ix/evcc/soc");
  }

  @EditsRoute("sink-evcc")
  void withoutItsFirstStepNothingCanBeSaid() throws Exception {
    start(ROUTE.without("method: values"), Map.of());
    rig.publish(List.of(soc(80, 1)));
    await().atMost(Duration.ofSeconds(20)).until(() -> rig.status().lastError() != null);
    assertThat(subscriber.latest()).doesNotContainKey("cardata/ix/evcc/soc");
  }
}
