// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.mqtt.Events.NOON;
import static org.cardatabridge.mqtt.Events.VIN;
import static org.cardatabridge.mqtt.Events.event;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.CarEvent;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Subscriber;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped sink against a real Mosquitto, beside what {@code MqttContractIT} holds. */
@Timeout(120)
class SinkMqttIT {

  @TempDir Path dir;
  private final StubEvents events = new StubEvents();
  private DefaultCamelContext context;
  private Mosquitto mosquitto;

  @BeforeAll
  static void needsMosquitto() {
    Mosquitto.assumeInstalled();
  }

  @BeforeEach
  void start() throws Exception {
    mosquitto = Mosquitto.start(dir, List.of("allow_anonymous true", "max_queued_messages 0"));
    startContext();
  }

  @AfterEach
  void stop() throws Exception {
    context.close();
    mosquitto.close();
  }

  private void startContext() throws Exception {
    context = new DefaultCamelContext();
    Map<String, String> values =
        Map.of(
            "cardata.data-dir",
            dir.toString(),
            "cardata.sink.mqtt.url",
            "tcp://127.0.0.1:" + mosquitto.port());
    Properties properties = new Properties();
    properties.putAll(values);
    context.getPropertiesComponent().setOverrideProperties(properties);
    Settings settings = Settings.of(values);
    Topics topics = new Topics(settings, Clock.systemUTC());
    context.getRegistry().bind("cardata-settings", settings);
    context.getRegistry().bind("topics", topics);
    LocalMqttComponent mqtt = (LocalMqttComponent) context.getComponent("local-mqtt", true, false);
    Newest newest = new Newest(topics, mqtt::retained);
    context.getRegistry().bind("newest", newest);
    context
        .getRegistry()
        .bind("forgotten", new ForgottenValues(topics, newest, mqtt, Optional::empty));
    context.getRegistry().bind("statusPace", new StatusPace(Clock.systemUTC(), mqtt::connects));
    context.getRegistry().bind("status", new SinkRoutesTest.Bridge());
    context.addComponent("events", events);
    String yaml = Files.readString(Path.of("routes/sink-mqtt.camel.yaml"));
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString("sink-mqtt.camel.yaml", yaml));
    context.start();
    await().until(mqtt::isConnected);
  }

  private static String topic(int descriptor) {
    return "cardata/" + VIN + "/vehicle/key" + descriptor;
  }

  private static CarEvent value(int descriptor, int round) {
    return event(
        "vehicle.key" + descriptor, descriptor + ":" + round, null, NOON.plusSeconds(round));
  }

  /** Every value carries its descriptor's number, so that a stray one shows itself. */
  private static void assertNothingStrayed(Subscriber subscriber) {
    for (Subscriber.Heard heard : subscriber.heard()) {
      if (heard.topic().endsWith("/value")) {
        String descriptor = heard.topic().replaceAll(".*/key(\\d+)/value", "$1");
        assertThat(heard.payload()).as(heard.topic()).startsWith(descriptor + ":");
      } else if (heard.topic().contains("/vehicle/key")) {
        String descriptor = heard.topic().replaceAll(".*/key(\\d+)", "$1");
        assertThat(heard.payload())
            .as(heard.topic())
            .startsWith("{\"value\":\"" + descriptor + ":");
      }
    }
  }

  @Test
  void noValueEverLandsOnAnotherDescriptorsTopicWhateverHeadersTheMessageCameWith()
      throws Exception {
    try (Subscriber subscriber = Subscriber.on(mosquitto.port())) {
      for (int round = 0; round < 50; round++) {
        int now = round;
        MqttProperties fromAnotherBroker = new MqttProperties();
        fromAnotherBroker.setTopicAlias(1 + round % 10);
        Exchange exchange =
            events.deliver(
                "mqtt", IntStream.range(0, 20).mapToObj(i -> value(i, now)).toList(), Map.of());
        assertThat(exchange.getException()).isNull();
      }
      for (int i = 0; i < 20; i++) {
        subscriber.awaitOn(topic(i) + "/value", i + ":49");
        assertThat(subscriber.live(topic(i) + "/value")).hasSize(50);
      }
      assertNothingStrayed(subscriber);
    }
  }

  @Test
  void aMessageConsumedByPahoMqtt5AndSplitLandsOnItsOwnTopics() throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            // The naive route of an integrator, which fails with paho-mqtt5 as its target: its
            // message properties, and with them a topic alias, go along with every part.
            from("paho-mqtt5:in/car?brokerUrl=tcp://127.0.0.1:" + mosquitto.port())
                .split(body().tokenize(","))
                .process(
                    exchange -> {
                      String part = exchange.getMessage().getBody(String.class);
                      String key = part.replaceAll(":.*", "");
                      exchange
                          .getMessage()
                          .setBody(
                              Publication.of(
                                  topic(Integer.parseInt(key)) + "/value", part, 1, true));
                    })
                .to("local-mqtt:publish");
          }
        });
    try (Subscriber subscriber = Subscriber.on(mosquitto.port())) {
      for (int round = 0; round < 20; round++) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          parts.add(i + ":" + round);
        }
        context
            .createProducerTemplate()
            .sendBody("local-mqtt:in/car?retain=false", String.join(",", parts));
      }
      for (int i = 0; i < 20; i++) {
        String topic = topic(i) + "/value";
        await()
            .atMost(Duration.ofSeconds(40))
            .untilAsserted(() -> assertThat(subscriber.live(topic)).hasSize(20));
      }
      assertNothingStrayed(subscriber);
    }
  }

  @Test
  void afterARestartOfTheBridgeAnOlderValueStillDoesNotReplaceTheRetainedOne() throws Exception {
    events.deliver("mqtt", List.of(value(1, 50), value(2, 50)), Map.of());
    context.close();
    startContext();
    Map<String, String> kept = new HashMap<>();
    assertThat(
            events
                .deliver("mqtt", List.of(value(1, 40), value(2, 60), value(3, 1)), Map.of())
                .getException())
        .isNull();
    try (Subscriber later = Subscriber.on(mosquitto.port())) {
      later.awaitOn(topic(1) + "/value", "1:50");
      later.awaitOn(topic(2) + "/value", "2:60");
      later.awaitOn(topic(3) + "/value", "3:1");
      kept.putAll(later.latest());
    }
    assertThat(kept.values()).doesNotContain("1:40");
  }

  @Test
  void aSentinelClearsTheBareValueAndKeepsTheJson() throws Exception {
    events.deliver("mqtt", event("vehicle.door", "OPEN", null, NOON), Map.of());
    events.deliver("mqtt", event("vehicle.door", null, null, NOON.plusSeconds(1)), Map.of());
    try (Subscriber later = Subscriber.on(mosquitto.port())) {
      later.awaitOn(
          "cardata/" + VIN + "/vehicle/door",
          "{\"value\":null,\"unit\":null,\"timestamp\":\"2026-01-31T12:00:01Z\"}");
      later.awaitOn("cardata/bridge/state", "online");
      assertThat(later.latest()).doesNotContainKey("cardata/" + VIN + "/vehicle/door/value");
    }
  }
}
