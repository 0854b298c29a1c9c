// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.homeassistant.Cars.MILEAGE;
import static org.cardatabridge.homeassistant.Cars.VIN;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.NewestValues;
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

/** The shipped route file itself, against the embedded broker. */
@Timeout(120)
class SinkHomeAssistantTest {

  private static final ShippedRoute ROUTE =
      ShippedRoute.of("sink-homeassistant").writing("gather: 5s", "gather: 200ms");
  private static final String CAR = "homeassistant/device/" + Ids.car(VIN) + "/config";
  private static final String BRIDGE = "homeassistant/device/cardata_bridge/config";

  @TempDir Path dir;
  private EmbeddedBroker broker;
  private Subscriber subscriber;
  private SinkRig rig;
  private int second;

  @BeforeEach
  void startBroker() throws Exception {
    broker = new EmbeddedBroker("127.0.0.1", 0, null);
    broker.start();
    subscriber = Subscriber.on(broker.port());
  }

  @AfterEach
  void stopAll() throws Exception {
    if (rig != null) {
      rig.close();
    }
    subscriber.close();
    broker.stop();
  }

  private void start(ShippedRoute route, String... keysAndValues) throws Exception {
    Map<String, String> values = new TreeMap<>();
    values.put("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + broker.port());
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    rig =
        SinkRig.start(
            dir,
            route,
            values,
            (registry, settings) -> {
              Topics topics = Cars.topics(settings);
              registry.bind("cardata-settings", settings);
              registry.bind("topics", topics);
              registry.bind(
                  "homeassistant",
                  new HomeAssistant(
                      settings, dir, topics, new NewestValues(Clock.systemUTC()), () -> true));
            });
  }

  private void publish(String... keys) throws Exception {
    List<CarEvent> events = new ArrayList<>();
    for (String key : keys) {
      Instant at = Cars.NOON.plusSeconds(++second);
      // Gathering counts from the receipt.
      events.add(
          new CarEvent("main", VIN, VIN, key, (long) second, null, at, Instant.now(), "stream"));
    }
    rig.publish(events);
  }

  private void say(String topic, String payload) throws Exception {
    await().until(rig.context().getComponent("local-mqtt", LocalMqttComponent.class)::isConnected);
    rig.context().createProducerTemplate().sendBody("local-mqtt:" + topic, payload);
  }

  private void delivered() {
    await().atMost(Duration.ofSeconds(40)).until(rig::isDone);
  }

  private void announced(String part) {
    await("announced: " + part)
        .atMost(Duration.ofSeconds(40))
        .until(() -> subscriber.latest().getOrDefault(CAR, "").contains(part));
  }

  private static void awaitTopic(Subscriber ears, String topic) {
    await(topic)
        .atMost(Duration.ofSeconds(40))
        .until(() -> !ears.latest().getOrDefault(topic, "").isEmpty());
  }

  private int times(String topic) {
    return subscriber.live(topic).size();
  }

  @Test
  void aBurstOfNewDescriptorsIsOneMessageAndRepeatsAreNone() throws Exception {
    start(ROUTE);
    awaitTopic(subscriber, BRIDGE);
    publish("vehicle.a", "vehicle.b");
    publish("vehicle.c");
    announced("vehicle_c");
    delivered();
    int before = times(CAR);
    assertThat(before).isLessThanOrEqualTo(2);
    publish("vehicle.a", "vehicle.b", "vehicle.c");
    delivered();
    assertThat(times(CAR)).isEqualTo(before);
  }

  @Test
  void theWholeCatalogueArrivesInOneMessageThatHomeAssistantTakes() throws Exception {
    start(ROUTE);
    rig.publish(Cars.wholeCatalogue(VIN, VIN));
    announced("travelledDistance");
    delivered();
    subscriber.awaitOn(CAR, subscriber.latest().get(CAR));
    DiscoveryRules rules = new DiscoveryRules();
    rules.check(CAR, subscriber.latest().get(CAR));
    assertThat(rules.faults()).isEmpty();
    assertThat(subscriber.live(CAR).get(0)).hasSizeBetween(200_000, 300_000);
  }

  @Test
  void theBirthMessageIsAnsweredWithEverything() throws Exception {
    start(ROUTE);
    awaitTopic(subscriber, BRIDGE);
    publish(MILEAGE);
    announced("travelledDistance");
    delivered();
    int car = times(CAR);
    int bridge = times(BRIDGE);
    say("homeassistant/status", "offline");
    say("homeassistant/status", "online");
    await().atMost(Duration.ofSeconds(40)).until(() -> times(CAR) > car && times(BRIDGE) > bridge);
    assertThat(times(CAR)).isEqualTo(car + 1);
  }

  @EditsRoute("sink-homeassistant")
  void aStepPutInChangesWhatIsAnnounced() throws Exception {
    String mine =
        """
        - split:
            expression: {simple: {expression: "${body}"}}
            steps:
              - setProperty: {name: key, expression: {simple: {expression: "${body.key}"}}}
        - setBody:
            expression: {constant: {expression: ""}}
        - stop: {}
        """;
    start(ROUTE.before("method: see", mine));
    publish(MILEAGE);
    delivered();
    assertThat(subscriber.latest()).doesNotContainKey(CAR);
  }

  @EditsRoute("sink-homeassistant")
  void withoutNotingWhatWasConfirmedItIsSaidAgainAndAgain() throws Exception {
    ShippedRoute forgetful =
        ROUTE.writing(
            "- to: {id: to-homeassistant, uri: \"local-mqtt:publish\"}",
            "- to: {id: to-homeassistant, uri: \"local-mqtt:publish\"}\n              - stop: {}");
    start(forgetful);
    awaitTopic(subscriber, BRIDGE);
    publish("vehicle.a");
    delivered();
    publish("vehicle.a");
    delivered();
    publish("vehicle.a");
    delivered();
    await().atMost(Duration.ofSeconds(40)).until(() -> times(CAR) >= 3);
  }

  @EditsRoute("sink-homeassistant-birth")
  void withoutItsFilterTheFarewellOfHomeAssistantIsAnsweredToo() throws Exception {
    start(
        ShippedRoute.of("sink-homeassistant")
            .writing("${bodyAs(String)} != 'offline'", "${bodyAs(String)} == 'offline'"));
    publish(MILEAGE);
    say("homeassistant/status", "online");
    say("homeassistant/status", "offline");
    awaitTopic(subscriber, BRIDGE);
    assertThat(times(BRIDGE)).isOne();
  }

  @Test
  void switchedOffItTakesBackWhatWasAnnounced() throws Exception {
    start(ROUTE);
    publish(MILEAGE);
    announced("travelledDistance");
    awaitTopic(subscriber, BRIDGE);
    delivered();
    rig.close();
    start(ROUTE, "cardata.sink.homeassistant.enabled", "false", HomeAssistant.LEFT_OVER, "true");
    subscriber.awaitOn(CAR, "");
    subscriber.awaitOn(BRIDGE, "");
    await().atMost(Duration.ofSeconds(40)).until(() -> !HomeAssistant.hasLeftOvers(dir));
  }

  @EditsRoute("sink-homeassistant-clear")
  void withoutItsPublicationNothingIsTakenBack() throws Exception {
    Files.writeString(
        dir.resolve("homeassistant.json"), "{\"announced\":{\"" + CAR + "\":{\"a\":\"sensor\"}}}");
    ShippedRoute silent = ShippedRoute.of("sink-homeassistant").without("to-homeassistant-clear");
    start(silent, "cardata.sink.homeassistant.enabled", "false", HomeAssistant.LEFT_OVER, "true");
    await().atMost(Duration.ofSeconds(40)).until(() -> !HomeAssistant.hasLeftOvers(dir));
    assertThat(subscriber.latest()).doesNotContainKey(CAR);
  }

  @Test
  void aSwitchedOffSinkMakesNoConnection() throws Exception {
    start(ROUTE, "cardata.sink.homeassistant.enabled", "false");
    assertThat(rig.context().getComponent("local-mqtt", LocalMqttComponent.class).connects())
        .isZero();
  }

  @Test
  void aBrokerThatComesBackEmptyIsToldEverythingAgain() throws Exception {
    start(ROUTE);
    publish(MILEAGE);
    announced("travelledDistance");
    delivered();
    int port = broker.port();
    broker.stop();
    broker = new EmbeddedBroker("127.0.0.1", port, null);
    broker.start();
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> {
              try (Subscriber newcomer = Subscriber.on(port)) {
                awaitTopic(newcomer, CAR);
              }
            });
  }
}
