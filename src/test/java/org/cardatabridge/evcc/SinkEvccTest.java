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
import java.util.Optional;
import org.cardatabridge.CarEvent;
import org.cardatabridge.mqtt.EmbeddedBroker;
import org.cardatabridge.mqtt.LocalMqttComponent;
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
@Timeout(120)
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
              LocalMqttComponent mqtt = new LocalMqttComponent();
              registry.bind("local-mqtt", mqtt);
              registry.bind("cardata-settings", read);
              registry.bind("topics", topics);
              registry.bind(
                  "evcc",
                  new EvccTopics(
                      topics,
                      (sink, vin) -> rig == null ? List.of() : rig.journal().newestFor(sink, vin),
                      mqtt,
                      this::handed));
            });
  }

  private Optional<List<CarEvent>> handed() {
    return rig != null && rig.journal().tellsNewestFor("evcc")
        ? Optional.of(rig.journal().newestFor("evcc", null))
        : Optional.empty();
  }

  private void anotherBroker() throws Exception {
    int port = broker.port();
    subscriber.close();
    broker.stop();
    broker = new EmbeddedBroker("127.0.0.1", port, null);
    broker.start();
    subscriber = Subscriber.on(port);
  }

  @Test
  void aBrokerThatHasForgottenIsToldAgainWhatStoodThereLast() throws Exception {
    start(ROUTE, Map.of());
    rig.publish(List.of(soc(80, 1), soc(81, 2)));
    subscriber.awaitOn("cardata/ix/evcc/soc", "81");
    // The better value is not available; what stands in for it is older and was not said.
    rig.publish(List.of(displayed(79, 1), soc(null, 3)));
    await().atMost(Duration.ofSeconds(40)).until(rig::isDone);
    anotherBroker();
    subscriber.awaitOn("cardata/ix/evcc/soc", "81");
    assertThat(subscriber.live("cardata/ix/evcc/soc")).containsExactly("81");
  }

  @EditsRoute("sink-evcc-forgotten")
  void aStepPutInChangesWhatIsSaidAgain() throws Exception {
    String mine =
        """
        - setBody:
            expression:
              simple:
                expression: "${body[0].name} again"
        - to:
            uri: local-mqtt:my/topic
        - stop: {}
        """;
    start(ROUTE.before("{ref: evcc, method: topics}", mine), Map.of());
    rig.publish(List.of(soc(80, 1)));
    subscriber.awaitOn("cardata/ix/evcc/soc", "80");
    anotherBroker();
    subscriber.awaitOn("my/topic", "soc again");
    assertThat(subscriber.latest()).doesNotContainKey("cardata/ix/evcc/soc");
  }

  private static CarEvent displayed(long value, int second) {
    CarEvent soc = soc(value, second);
    return new CarEvent(
        soc.account(),
        soc.vin(),
        soc.vehicle(),
        "vehicle.powertrain.electric.battery.stateOfCharge.displayed",
        value,
        "%",
        soc.timestamp(),
        soc.received(),
        soc.source());
  }

  private static CarEvent soc(Object value, int second) {
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
    await().atMost(Duration.ofSeconds(40)).until(rig::isDone);
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
    await().atMost(Duration.ofSeconds(40)).until(() -> rig.status().lastError() != null);
    assertThat(subscriber.latest()).doesNotContainKey("cardata/ix/evcc/soc");
  }
}
