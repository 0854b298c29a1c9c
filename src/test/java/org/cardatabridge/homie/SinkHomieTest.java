// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.CarEvent;
import org.cardatabridge.mqtt.EmbeddedBroker;
import org.cardatabridge.mqtt.LocalMqttComponent;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.SinkRig;
import org.cardatabridge.testing.Subscriber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes against the embedded broker. */
@Timeout(120)
class SinkHomieTest {

  private static final ShippedRoute ROUTE = ShippedRoute.of("sink-homie");
  private static final String ROOT = "homie/5/cardata/$state";
  private static final String SOC = "homie/5/cardata--ix/drivetrain/battery-management--header";

  @TempDir Path dir;
  private EmbeddedBroker broker;
  private Subscriber subscriber;
  private SinkRig rig;
  private String[] clientId = {};

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

  private void start(ShippedRoute route, String... more) throws Exception {
    Map<String, String> settings =
        new TreeMap<>(Map.of("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + broker.port()));
    if (clientId.length > 0) {
      settings.put(clientId[0], clientId[1]);
    }
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    SinkRig[] started = new SinkRig[1];
    rig =
        SinkRig.start(
            dir,
            route,
            settings,
            (registry, read) -> {
              registry.bind("cardata-settings", read);
              LocalMqttComponent connection =
                  new LocalMqttComponent(new LocalMqttComponent(), "homie");
              Homie homie =
                  new Homie(
                      read,
                      Clock.systemUTC(),
                      Worlds.past(() -> started[0] == null ? null : started[0].journal()),
                      Worlds.link(connection));
              connection.speakFor(homie.presence(), homie.filter(), homie::learn);
              registry.bind("local-homie", connection);
              registry.bind("homie", homie);
            });
    started[0] = rig;
  }

  private static CarEvent soc(long value, int second) {
    Instant at = Instant.parse("2026-01-31T12:00:00Z").plusSeconds(second);
    return new CarEvent(
        "main",
        "WBY00TEST00000001",
        "ix",
        "vehicle.drivetrain.batteryManagement.header",
        value,
        "%",
        at,
        at.plusMillis(250),
        "stream");
  }

  @Test
  void theBridgeIsReadyWithoutACarAndDisconnectedInTheEnd() throws Exception {
    start(ROUTE);
    subscriber.awaitOn(ROOT, "ready");
    rig.publish(List.of(soc(80, 1), soc(81, 2)));
    subscriber.awaitOn(SOC, "81");
    assertThat(subscriber.live(SOC)).containsExactly("80", "81");
    subscriber.awaitOn("homie/5/cardata--ix/$state", "ready");
    rig.close();
    rig = null;
    subscriber.awaitOn(ROOT, "disconnected");
    subscriber.awaitOn("homie/5/cardata--ix/$state", "disconnected");
    assertThat(dir.resolve("homie-devices")).exists();
  }

  @Test
  void everythingSaidKeepsToTheConvention() throws Exception {
    start(ROUTE);
    subscriber.awaitOn(ROOT, "ready");
    rig.publish(List.of(soc(80, 1)));
    subscriber.awaitOn(SOC, "80");
    await().atMost(Duration.ofSeconds(40)).until(rig::isDone);
    HomieRules rules = new HomieRules();
    subscriber.heard().stream()
        .filter(h -> h.topic().startsWith("homie/"))
        .forEach(h -> rules.hear(h.topic(), h.payload(), true));
    assertThat(rules.faults()).isEmpty();
  }

  @EditsRoute("sink-homie")
  void aStepPutInKeepsCarsBack() throws Exception {
    String mine =
        """
        - filter:
            expression:
              simple:
                expression: "${body[0].key} contains 'header'"
            steps:
              - stop: {}
        """;
    start(ROUTE.before("method: values", mine));
    rig.publish(List.of(soc(80, 1)));
    await().atMost(Duration.ofSeconds(40)).until(rig::isDone);
    assertThat(subscriber.latest()).doesNotContainKey(SOC);
  }

  @EditsRoute("sink-homie-devices")
  void withoutItsSecondRouteTheBridgeStaysInInit() throws Exception {
    start(ROUTE.without("method: devices"));
    subscriber.awaitOn(ROOT, "init");
    rig.publish(List.of(soc(80, 1)));
    subscriber.awaitOn(ROOT, "ready");
    assertThat(subscriber.live(ROOT))
        .as("only with the first value")
        .containsExactly("init", "init", "ready");
  }

  private void switchOff(ShippedRoute route) throws Exception {
    start(ROUTE);
    rig.publish(List.of(soc(80, 1)));
    subscriber.awaitOn("homie/5/cardata--ix/$state", "ready");
    rig.close();
    start(route, Homie.ENABLED, "false", Homie.LEFT_OVER, "true");
  }

  @Test
  void allDevicesAreRemovedWhereTheSinkIsSwitchedOff() throws Exception {
    switchOff(ROUTE);
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> !dir.resolve("homie-devices").toFile().exists());
    try (Subscriber later = Subscriber.on(broker.port())) {
      rig.context().createProducerTemplate().sendBody("local-homie:the/end", "x");
      later.awaitOn("the/end", "x");
      assertThat(later.heard()).noneMatch(h -> h.topic().startsWith("homie/"));
    }
  }

  @Test
  void allDevicesAreRemovedAlsoWhereAClientIdIsSet() throws Exception {
    clientId = new String[] {"cardata.sink.mqtt.client-id", "mine"};
    switchOff(ROUTE);
    subscriber.awaitOn(SOC, "");
    subscriber.awaitOn(ROOT, "");
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> !dir.resolve("homie-devices").toFile().exists());
  }

  @EditsRoute("sink-homie-removal")
  void withoutItsLastStepItIsTriedAgainAtTheNextStart() throws Exception {
    switchOff(ROUTE.without("method: removed"));
    subscriber.awaitOn(SOC, "");
    subscriber.awaitOn(ROOT, "");
    assertThat(dir.resolve("homie-devices")).exists();
  }
}
