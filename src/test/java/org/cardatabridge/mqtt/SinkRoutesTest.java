// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.mqtt.Events.NOON;
import static org.cardatabridge.mqtt.Events.VIN;
import static org.cardatabridge.mqtt.Events.event;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.Subscriber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped route files themselves, against the embedded broker; edits change what happens. */
@Timeout(120)
class SinkRoutesTest {

  private static final ShippedRoute MQTT = ShippedRoute.of("sink-mqtt");
  private static final ShippedRoute STATUS = ShippedRoute.of("sink-mqtt-status");
  private static final ShippedRoute FORGOTTEN = ShippedRoute.of("sink-mqtt-forgotten");
  private static final ShippedRoute RAW = ShippedRoute.of("sink-mqtt-raw");
  private static final String KEY = "vehicle.vehicle.travelledDistance";
  private static final String VALUE = "cardata/" + VIN + "/vehicle/vehicle/travelledDistance/value";

  @TempDir Path dir;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final StubEvents events = new StubEvents();
  private final Bridge bridge = new Bridge();
  private final List<CarEvent> known = new CopyOnWriteArrayList<>();
  private EmbeddedBroker broker;
  private Subscriber subscriber;

  /** Stands for the bean {@code status}. */
  public static final class Bridge {

    private volatile String state = "live";

    /** The status with one account in the state. */
    public String bridgeStatus() {
      return "{\"accounts\":[{\"name\":\"main\",\"stream\":{\"state\":\"" + state + "\"}}]}";
    }
  }

  @BeforeEach
  void startBroker() throws Exception {
    broker = new EmbeddedBroker("127.0.0.1", 0, null);
    broker.start();
    subscriber = Subscriber.on(broker.port());
  }

  @AfterEach
  void stopAll() throws Exception {
    subscriber.close();
    context.close();
    broker.stop();
  }

  private void start(ShippedRoute file, String... keysAndValues) throws Exception {
    start(file.yaml(), keysAndValues);
  }

  private void start(String yaml, String... keysAndValues) throws Exception {
    Map<String, String> values = new TreeMap<>();
    values.put("cardata.data-dir", dir.toString());
    values.put("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + broker.port());
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    Settings settings = Settings.of(values);
    Clock clock = Clock.systemUTC();
    Topics topics = new Topics(settings, clock);
    context.getPropertiesComponent().setOverrideProperties(properties(values));
    context.getRegistry().bind("cardata-settings", settings);
    context.getRegistry().bind("topics", topics);
    LocalMqttComponent mqtt = (LocalMqttComponent) context.getComponent("local-mqtt", true, false);
    context.addComponent("local-mqtt-raw", new LocalMqttComponent(mqtt, "mqtt-raw"));
    Newest newest = new Newest(topics, mqtt::retained);
    context.getRegistry().bind("newest", newest);
    context
        .getRegistry()
        .bind("forgotten", new ForgottenValues(topics, newest, mqtt, () -> Optional.of(known)));
    context.getRegistry().bind("statusPace", new StatusPace(clock, mqtt::connects));
    context.getRegistry().bind("status", bridge);
    context.addComponent("events", events);
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString("test.camel.yaml", yaml));
    context.start();
  }

  private static java.util.Properties properties(Map<String, String> values) {
    java.util.Properties properties = new java.util.Properties();
    properties.putAll(values);
    return properties;
  }

  private Exchange deliver(Object body) throws Exception {
    await().until(context.getComponent("local-mqtt", LocalMqttComponent.class)::isConnected);
    Exchange exchange = events.deliver("mqtt", body, Map.of());
    assertThat(exchange.getException()).isNull();
    return exchange;
  }

  private static CarEvent distance(long value, int second) {
    return event(KEY, value, "km", NOON.plusSeconds(second));
  }

  @Test
  void everyNewestValueIsPublishedAndALateOneIsNot() throws Exception {
    start(MQTT);
    assertThat(events.parameters("mqtt")).containsEntry("batch", "500");
    deliver(List.of(distance(100, 10), distance(90, 9), distance(110, 11)));
    deliver(List.of(distance(105, 10)));
    deliver(distance(120, 12));
    subscriber.awaitOn(VALUE, "120");
    assertThat(subscriber.live(VALUE)).containsExactly("100", "110", "120");
    assertThat(Files.readString(dir.resolve("mqtt-client-id"))).startsWith("cardata-bridge-");
  }

  @EditsRoute("sink-mqtt")
  void withoutTheNewestStepALateValueIsPublishedToo() throws Exception {
    start(MQTT.without("method: filter"));
    deliver(List.of(distance(100, 10), distance(90, 9)));
    subscriber.awaitOn(VALUE, "90");
  }

  @EditsRoute("sink-mqtt")
  void aStepPutInChangesWhatIsPublished() throws Exception {
    String mine =
        """
        - setBody:
            expression:
              simple:
                expression: "${body.size} values"
        - to:
            uri: local-mqtt:my/topic
            parameters:
              retain: false
        - stop: {}
        """;
    start(MQTT.before("  method: map", mine));
    deliver(List.of(distance(100, 10), distance(101, 11)));
    subscriber.awaitOn("my/topic", "2 values");
    assertThat(subscriber.latest()).doesNotContainKey(VALUE);
  }

  @EditsRoute("sink-mqtt-status")
  void aStepPutInChangesTheStatusToo() throws Exception {
    String mine =
        """
        - setBody:
            expression:
              constant:
                expression: '{"accounts":[]}'
        """;
    start(STATUS.after("method: bridgeStatus", mine));
    subscriber.awaitOn("cardata/bridge/status", "{\"accounts\":[]}");
    assertThat(subscriber.heard()).noneMatch(h -> h.payload().contains("live"));
  }

  @Test
  void aSwitchedOffSinkMakesNoConnection() throws Exception {
    start(MQTT.yaml() + STATUS.yaml() + FORGOTTEN.yaml(), "cardata.sink.mqtt.enabled", "false");
    assertThat(events.isRunning("mqtt")).isFalse();
    assertThat(context.getComponent("local-mqtt", LocalMqttComponent.class).connects()).isZero();
  }

  @Test
  void aBrokerThatGoesAwayFailsTheExchangeAndTheSameBatchPassesAfterItsReturn() throws Exception {
    start(MQTT);
    deliver(distance(100, 10));
    int port = broker.port();
    broker.stop();
    Exchange failed =
        events.deliver("mqtt", List.of(distance(110, 11), distance(120, 12)), Map.of());
    assertThat(failed.getException()).isInstanceOf(BrokerUnavailableException.class);

    broker = new EmbeddedBroker("127.0.0.1", port, null);
    broker.start();
    LocalMqttComponent mqtt = context.getComponent("local-mqtt", LocalMqttComponent.class);
    await().atMost(Duration.ofSeconds(40)).until(mqtt::isConnected);
    subscriber.close();
    subscriber = Subscriber.on(port);
    deliver(List.of(distance(110, 11), distance(120, 12)));
    subscriber.awaitOn(VALUE, "120");
    assertThat(subscriber.live(VALUE)).containsExactly("110", "120");
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
  void aBrokerThatHasForgottenIsToldAgainAndOneThatRemembersIsNot() throws Exception {
    known.add(distance(100, 10));
    start(MQTT.yaml() + FORGOTTEN.yaml());
    // The first broker knows nothing either.
    subscriber.awaitOn(VALUE, "100");
    anotherBroker();
    subscriber.awaitOn(VALUE, "100");
    assertThat(subscriber.live(VALUE)).containsExactly("100");
    subscriber.awaitOn("cardata/bridge/state", "online");
  }

  @Test
  void whatIsToldAgainNeverTakesThePlaceOfSomethingNewer() throws Exception {
    start(MQTT.yaml() + FORGOTTEN.yaml());
    deliver(distance(100, 10));
    deliver(distance(120, 12));
    known.add(distance(100, 10));
    known.add(event("vehicle.isMoving", true, null, NOON));
    anotherBroker();
    subscriber.awaitOn("cardata/" + VIN + "/vehicle/isMoving/value", "true");
    assertThat(subscriber.live(VALUE)).isEmpty();
    deliver(distance(130, 13));
    subscriber.awaitOn(VALUE, "130");
  }

  @EditsRoute("sink-mqtt-forgotten")
  void withoutItsStepASecondTellingOvertakesWhatIsNewer() throws Exception {
    start(MQTT.yaml() + FORGOTTEN.without("method: again").yaml());
    deliver(distance(120, 12));
    known.add(distance(100, 10));
    anotherBroker();
    subscriber.awaitOn(VALUE, "100");
  }

  @Test
  void theStatusGoesOutAtOnceAndWhenANewStateHasHeld() throws Exception {
    start(STATUS);
    subscriber.awaitOn("cardata/bridge/state", "online");
    subscriber.awaitOn("cardata/bridge/status", bridge.bridgeStatus());
    bridge.state = "login-required";
    subscriber.awaitOn("cardata/bridge/status", bridge.bridgeStatus());
    assertThat(subscriber.live("cardata/bridge/status")).hasSizeLessThanOrEqualTo(3);
    context.close();
    subscriber.awaitOn("cardata/bridge/state", "offline");
  }

  @Test
  void theRelayIsOffByDefaultAndSendsBmwsBytesWhenOn() throws Exception {
    start(RAW);
    assertThat(events.isRunning("mqtt-raw")).isFalse();
  }

  @Test
  void theRelaySendsBmwsBytesOnlyUnlessItsFilterIsTakenOut() throws Exception {
    start(RAW, "cardata.sink.mqtt-raw.enabled", "true");
    assertThat(events.parameters("mqtt-raw")).containsEntry("of", "messages");
    relay("rest", "/customers/vehicles/" + VIN, "{\"rest\":1}");
    relay("stream", "gcid/" + VIN, "{\"vin\": 1 }");
    subscriber.awaitOn("bmw/raw/" + VIN, "{\"vin\": 1 }");
    subscriber.awaitOn("bmw/" + VIN, "{\"vin\": 1 }");
    assertThat(subscriber.heard()).noneMatch(h -> h.payload().contains("rest"));
  }

  @EditsRoute("sink-mqtt-raw")
  void withAnotherFilterTheRelaySendsOtherSources() throws Exception {
    start(RAW.writing("in 'stream,replay'", "== 'rest'"), "cardata.sink.mqtt-raw.enabled", "true");
    relay("stream", "gcid/" + VIN, "{\"vin\":1}");
    relay("rest", "x/" + VIN, "{\"rest\":1}");
    subscriber.awaitOn("bmw/" + VIN, "{\"rest\":1}");
    assertThat(subscriber.heard()).noneMatch(h -> h.payload().contains("vin"));
  }

  @EditsRoute("sink-mqtt-raw")
  void aStepPutInChangesTheBytesThatAreRelayed() throws Exception {
    String mine =
        """
        - setBody:
            expression:
              constant:
                expression: '{"mine":1}'
        """;
    start(RAW.before("method: raw", mine), "cardata.sink.mqtt-raw.enabled", "true");
    relay("stream", "gcid/" + VIN, "{\"vin\":1}");
    subscriber.awaitOn("bmw/" + VIN, "{\"mine\":1}");
    assertThat(subscriber.heard()).noneMatch(h -> h.payload().contains("vin"));
  }

  @Test
  void theRelayUsesABrokerOfItsOwnWhereOneIsSet() throws Exception {
    EmbeddedBroker other = new EmbeddedBroker("127.0.0.1", 0, null);
    other.start();
    try (Subscriber reader = Subscriber.on(other.port())) {
      start(
          RAW.yaml() + MQTT.yaml(),
          "cardata.sink.mqtt-raw.enabled",
          "true",
          "cardata.sink.mqtt-raw.url",
          "tcp://127.0.0.1:" + other.port());
      deliver(distance(100, 10));
      relay("stream", "gcid/" + VIN, "{\"vin\":1}");
      reader.awaitOn("bmw/" + VIN, "{\"vin\":1}");
      subscriber.awaitOn(VALUE, "100");
      assertThat(subscriber.heard()).noneMatch(h -> h.topic().startsWith("bmw/"));
      context.close();
      subscriber.awaitOn("cardata/bridge/state", "offline");
      assertThat(reader.heard()).allMatch(h -> h.topic().startsWith("bmw/"));
    } finally {
      context.close();
      other.stop();
    }
  }

  @Test
  void theRelaySharesTheConnectionWhereItsBrokerIsTheSame() throws Exception {
    start(
        RAW.yaml() + MQTT.yaml(),
        "cardata.sink.mqtt-raw.enabled",
        "true",
        "cardata.sink.mqtt-raw.url",
        "tcp://127.0.0.1:" + broker.port());
    deliver(distance(100, 10));
    relay("stream", "gcid/" + VIN, "{\"vin\":1}");
    subscriber.awaitOn("bmw/" + VIN, "{\"vin\":1}");
    assertThat(dir.resolve("mqtt-raw-client-id")).doesNotExist();
    assertThat(context.getComponent("local-mqtt-raw", LocalMqttComponent.class).publisher())
        .isSameAs(context.getComponent("local-mqtt", LocalMqttComponent.class).publisher());
  }

  @Test
  void theRelayUsesTheEmbeddedBrokerToo() throws Exception {
    start(
        RAW,
        "cardata.sink.mqtt-raw.enabled",
        "true",
        "cardata.sink.mqtt.url",
        "embedded",
        "cardata.sink.mqtt-raw.url",
        "embedded",
        "cardata.embedded.port",
        "0");
    LocalMqttComponent mqtt = context.getComponent("local-mqtt", LocalMqttComponent.class);
    try (Subscriber reader = Subscriber.on(mqtt.embeddedBroker().orElseThrow().port())) {
      relay("stream", "gcid/" + VIN, "{\"vin\":1}");
      reader.awaitOn("bmw/" + VIN, "{\"vin\":1}");
    }
  }

  private void relay(String source, String topic, String payload) throws Exception {
    Exchange exchange =
        events.deliver(
            "mqtt-raw",
            payload.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            Map.of(CarMessage.SOURCE, source, CarMessage.TOPIC, topic));
    assertThat(exchange.getException()).isNull();
  }

  @Test
  void urlEmbeddedStartsABrokerAndStopsItWithTheContext() throws Exception {
    start(MQTT, "cardata.sink.mqtt.url", "embedded", "cardata.embedded.port", "0");
    LocalMqttComponent mqtt = context.getComponent("local-mqtt", LocalMqttComponent.class);
    EmbeddedBroker own = mqtt.embeddedBroker().orElseThrow();
    try (Subscriber other = Subscriber.on(own.port())) {
      deliver(distance(100, 10));
      other.awaitOn(VALUE, "100");
    }
    context.close();
    assertThat(own.port()).isZero();
  }

  @EditsRoute("sink-mqtt")
  void aBodyWithoutATopicAndATopicWithAWildcardAreRefusedInWords() throws Exception {
    start(MQTT.without("  method: map"));
    Exchange refused = events.deliver("mqtt", distance(1, 1), Map.of());
    assertThat(refused.getException()).hasMessageContaining("name a topic in the URI");
    assertThatThrownBy(() -> context.getEndpoint("local-mqtt:a/+/b").createProducer())
        .hasStackTraceContaining("no topic to publish on");
  }
}
