// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.testing.Mosquitto;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Another Camel application reads from a bridge in one line, through a real mosquitto. */
@Timeout(120)
class KameletIT {

  private static final Path KAMELET = Path.of("kamelets/cardata-source.kamelet.yaml");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOON = Instant.parse("2026-07-27T12:00:00Z");

  @TempDir Path dir;
  private final List<JsonNode> received = new CopyOnWriteArrayList<>();
  private final List<Map<String, Object>> headers = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void needsMosquitto() {
    Mosquitto.assumeInstalled();
  }

  private RunningBridge bridge(Mosquitto broker) throws Exception {
    return bridge(broker, "cardata");
  }

  private RunningBridge bridge(Mosquitto broker, String baseTopic) throws Exception {
    return RunningBridge.start(
        SettingsLoader.load(
            dir,
            Map.of(),
            Map.of(
                "cardata.sink.mqtt.url",
                "tcp://127.0.0.1:" + broker.port(),
                "cardata.sink.mqtt.base-topic",
                baseTopic,
                "cardata.sink.mqtt.leaves",
                "all",
                "cardata.routes.dir",
                Path.of("routes").toAbsolutePath().toString(),
                "cardata.http.port",
                "0")),
        text -> {},
        secret -> {});
  }

  private static void publish(RunningBridge bridge, String vehicle, String key, Object value)
      throws InterruptedException {
    String vin = "WBY00" + vehicle + "00000000".substring(vehicle.length()) + "0001";
    CarEvent event =
        new CarEvent("main", vin, vehicle, key, value, "km", NOON, NOON.plusMillis(5), "stream");
    byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
    bridge
        .part("journal", Journal.class)
        .publish(
            new CarMessage(
                "main", "stream", "gcid/" + vin, event.received(), payload, List.of(event)),
            false,
            failure -> {});
  }

  private DefaultCamelContext reader(String uri) throws Exception {
    DefaultCamelContext other = new DefaultCamelContext();
    KameletComponent kamelets = new KameletComponent();
    kamelets.setLocation("file:kamelets");
    other.addComponent("kamelet", kamelets);
    other.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from(uri)
                .process(
                    exchange -> {
                      headers.add(Map.copyOf(exchange.getMessage().getHeaders()));
                      received.add(JSON.readTree(exchange.getMessage().getBody(String.class)));
                    });
          }
        });
    other.start();
    return other;
  }

  private void awaitValues(int many) {
    await(many + " values").atMost(Duration.ofSeconds(40)).until(() -> received.size() >= many);
  }

  @Test
  void aPlainCamelApplicationGetsTheNewestValueAndEachNewOne() throws Exception {
    try (Mosquitto broker = Mosquitto.start(dir.resolve("broker"));
        RunningBridge bridge = bridge(broker)) {
      publish(bridge, "i4", "vehicle.vehicle.travelledDistance", 81623L);
      await("it is published")
          .atMost(Duration.ofSeconds(40))
          .until(() -> bridge.sinks().stream().anyMatch(s -> s.delivered() == 1));
      try (DefaultCamelContext other =
          reader("kamelet:cardata-source?brokerUrl=tcp://127.0.0.1:" + broker.port())) {
        awaitValues(1);
        publish(bridge, "ix", "vehicle.isMoving", true);
        awaitValues(2);
        assertThat(received.get(0))
            .isEqualTo(
                JSON.readTree(
                    """
                    {"vehicle":"i4","key":"vehicle.vehicle.travelledDistance","value":81623,
                     "unit":"km","timestamp":"2026-07-27T12:00:00Z"}"""));
        assertThat(received.get(1).path("key").asText()).isEqualTo("vehicle.isMoving");
        assertThat(received.get(1).path("value").asBoolean()).isTrue();
        assertThat(headers.get(1))
            .containsOnly(
                Map.entry("cardataVehicle", "ix"),
                Map.entry("cardataKey", "vehicle.isMoving"),
                Map.entry("Content-Type", "application/json"));
        assertThat(received).as("no bare values, nothing of the bridge's own").hasSize(2);
        assertThat(other.getRoutes()).isNotEmpty();
      }
    }
  }

  @Test
  void itReadsOneCarAndOnePartOfTheTreeWhereAsked() throws Exception {
    try (Mosquitto broker = Mosquitto.start(dir.resolve("broker"));
        RunningBridge bridge = bridge(broker);
        DefaultCamelContext other =
            reader(
                "kamelet:cardata-source?vehicle=i4&path=vehicle/drivetrain/%23&brokerUrl=tcp://127.0.0.1:"
                    + broker.port())) {
      assertThat(other.isStarted()).isTrue();
      publish(bridge, "ix", "vehicle.drivetrain.range", 1);
      publish(bridge, "i4", "vehicle.isMoving", true);
      publish(bridge, "i4", "vehicle.drivetrain.range", 2);
      awaitValues(1);
      assertThat(received.get(0).path("value").asInt()).isEqualTo(2);
      assertThat(received).hasSize(1);
    }
  }

  @Test
  void namesThatMeanSomethingElsewhereComeThroughAsTheyAre() throws Exception {
    try (Mosquitto broker = Mosquitto.start(dir.resolve("broker"));
        RunningBridge bridge = bridge(broker);
        DefaultCamelContext other =
            reader("kamelet:cardata-source?brokerUrl=tcp://127.0.0.1:" + broker.port())) {
      assertThat(other.isStarted()).isTrue();
      publish(bridge, "my \"i4\"", "vehicle.a\"b\\c", 1);
      awaitValues(1);
      assertThat(received.get(0).path("vehicle").asText()).isEqualTo("my \"i4\"");
      assertThat(received.get(0).path("key").asText()).isEqualTo("vehicle.a\"b\\c");
      assertThat(received.get(0).path("value").asInt()).isEqualTo(1);
      assertThat(headers.get(0)).containsEntry("cardataVehicle", "my \"i4\"");
      assertThat(received).as("nothing of the bridge's own").hasSize(1);
    }
  }

  @Test
  @SuppressWarnings("unchecked") // whatever is missing shows as a failure
  void everyPropertyIsDescribedAsInTheCatalogueOfKamelets() throws Exception {
    Map<String, Object> root =
        (Map<String, Object>)
            new Load(LoadSettings.builder().build()).loadFromString(Files.readString(KAMELET));
    Map<String, Object> metadata = (Map<String, Object>) root.get("metadata");
    assertThat(metadata.get("name")).isEqualTo("cardata-source");
    assertThat((Map<String, Object>) metadata.get("annotations"))
        .containsKeys(
            "camel.apache.org/kamelet.icon",
            "camel.apache.org/kamelet.group",
            "camel.apache.org/kamelet.namespace",
            "camel.apache.org/kamelet.support.level",
            "camel.apache.org/provider");
    Map<String, Object> definition =
        (Map<String, Object>) ((Map<String, Object>) root.get("spec")).get("definition");
    assertThat(definition).containsKeys("title", "description", "required", "type");
    Map<String, Map<String, Object>> properties =
        (Map<String, Map<String, Object>>) definition.get("properties");
    assertThat(properties.keySet()).containsAll((List<String>) definition.get("required"));
    properties.forEach(
        (name, property) -> {
          assertThat(property).as(name).containsKeys("title", "description", "type");
          assertThat(property.containsKey("default") || property.containsKey("example"))
              .as("%s has a default or an example", name)
              .isTrue();
        });
    assertThat(properties.get("password")).containsEntry("format", "password");
    assertThat(properties.get("clientId"))
        .as("two copies would oust each other")
        .doesNotContainKey("default");
  }
}
