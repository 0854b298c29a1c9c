// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.spi.Registry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarEventJson;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.KafkaServer;
import org.cardatabridge.testing.RigTest;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped Kafka sink on a real journal and a real broker. */
@Timeout(180)
class KafkaSinkIT extends RigTest {

  private static final ShippedRoute KAFKA = ShippedRoute.of("sink-kafka");
  private static final String VIN = "WBY00TEST00000001";
  private static final String OTHER = "WBY00TEST00000002";
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir static Path home;
  private static KafkaServer kafka;

  private final String topic = "cardata-" + UUID.randomUUID();

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = KafkaServer.start(home.resolve("kafka"));
  }

  @AfterAll
  static void stopKafka() {
    if (kafka != null) {
      kafka.close();
    }
  }

  @BeforeEach
  void settings() {
    settings.put("cardata.sink.kafka.brokers", kafka.brokers());
    settings.put("cardata.sink.kafka.topic", topic);
  }

  @Override
  protected void bind(Registry registry, Settings values) {
    registry.bind("kafkaRecords", new KafkaRecords());
    registry.bind(
        "kafkaClients", Object.class, () -> new KafkaClients(values, dir, Clock.systemUTC()));
  }

  private static CarEvent event(String vin, String key, Object value, int second) {
    return new CarEvent(
        "main",
        vin,
        "mini",
        key,
        value,
        "km",
        NOON.plusSeconds(second),
        NOON.plusSeconds(100),
        "stream");
  }

  /** All that the topic has, by partition in its order. */
  private List<ConsumerRecord<String, String>> records() {
    List<ConsumerRecord<String, String>> all = new ArrayList<>();
    try (KafkaConsumer<String, String> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.brokers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          reader.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> reader.position(p) < ends.get(p))) {
        reader.poll(Duration.ofSeconds(1)).forEach(all::add);
      }
    }
    return all;
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void aRecordHasTheVinAsKeyJsonAsValueAndTheHeadersOfACloudEvent() throws Exception {
    start(KAFKA);
    CarEvent event = event(VIN, "vehicle.vehicle.travelledDistance", 81623L, 1);
    rig.publish(List.of(event));
    awaitDone();

    ConsumerRecord<String, String> record = records().get(0);
    assertThat(record.key()).isEqualTo(VIN);
    assertThat(record.value())
        .isEqualTo(new String(CarEventJson.object(event), StandardCharsets.UTF_8));
    assertThat(header(record, "content-type")).isEqualTo("application/json");
    assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(record, "ce_id")).isEqualTo(KafkaRecords.id(event)).hasSize(32);
    assertThat(header(record, "ce_type")).isEqualTo("org.cardatabridge.CarEvent");
    assertThat(header(record, "ce_source")).isEqualTo("/cardata-bridge/main");
    assertThat(header(record, "ce_subject")).isEqualTo("vehicle.vehicle.travelledDistance");
    assertThat(header(record, "ce_time")).isEqualTo("2026-01-31T12:00:01Z");
    assertThat(record.headers()).hasSize(7);
  }

  @Test
  void aBrokerKilledUnderLoadHasEverythingInTheOrderOfEachCar() throws Exception {
    Path shorter =
        Files.writeString(
            dir.resolve("client.properties"),
            "request.timeout.ms=2000\nlinger.ms=0\ndelivery.timeout.ms=4000\nmax.block.ms=2000\n");
    settings.put("cardata.sink.kafka.config-file", shorter.toString());
    start(KAFKA);
    int count = 3000;
    for (int i = 0; i < count; i += 20) {
      List<CarEvent> events = new ArrayList<>();
      for (int j = i; j < i + 20; j++) {
        events.add(event(j % 2 == 0 ? VIN : OTHER, "n", (long) j, j));
      }
      rig.publish(events);
      if (i == count / 2) {
        kafka.kill();
      }
    }
    await().atMost(PATIENCE).until(() -> rig.status().state() == SinkSnapshot.State.DOWN);
    assertThat(rig.status().lastError()).contains("Writing to Kafka");
    kafka.startAgain();
    awaitDone();

    assertThat(rig.status().failed()).isZero();
    for (String vin : List.of(VIN, OTHER)) {
      // Once each in order; what comes again after that is a repeat with the id it had.
      Map<String, Long> firsts = new HashMap<>();
      Set<Long> seen = new LinkedHashSet<>();
      for (ConsumerRecord<String, String> record : records()) {
        if (record.key().equals(vin)) {
          long value = Long.parseLong(record.value().replaceAll(".*\"value\":(\\d+).*", "$1"));
          assertThat(firsts.computeIfAbsent(header(record, "ce_id"), id -> value)).isEqualTo(value);
          seen.add(value);
        }
      }
      assertThat(List.copyOf(seen)).hasSize(count / 2).isSorted();
    }
  }

  @Test
  void aRecordThatIsTooLargeIsSetAsideAndTheRestIsThere() throws Exception {
    start(KAFKA);
    rig.publish(
        List.of(
            event(VIN, "n", 1L, 1),
            event(VIN, "n", "x".repeat(1_100_000), 2),
            event(VIN, "n", 3L, 3)));
    awaitDone();

    assertThat(rig.status().failed()).isEqualTo(1);
    assertThat(rig.status().lastError()).contains("Kafka refuses the record");
    assertThat(records().stream().map(r -> header(r, "ce_id")).distinct()).hasSize(2);
  }

  @Test
  void aRestartGoesOnWhereItWas() throws Exception {
    start(KAFKA);
    rig.publish(List.of(event(VIN, "n", 1L, 1)));
    awaitDone();
    rig.close();
    start(KAFKA);
    rig.publish(List.of(event(VIN, "n", 2L, 2)));
    awaitDone();
    assertThat(records()).hasSize(2);
  }

  @Test
  void aLoginThatIsRefusedAtFirstNeedsNoRestart() throws Exception {
    String jaas =
        "listener.name.client.plain.sasl.jaas.config="
            + "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"me\" password=\"right\" user_me=\"right\"%s;";
    List<String> sasl =
        List.of(
            "listener.name.client.sasl.enabled.mechanisms=PLAIN",
            "sasl.mechanism.inter.broker.protocol=PLAIN");
    Path place = home.resolve("sasl");
    List<String> before = new ArrayList<>(sasl);
    before.add(jaas.formatted(""));
    settings.put("cardata.sink.kafka.security-protocol", "SASL_PLAINTEXT");
    settings.put("cardata.sink.kafka.username", "bridge");
    settings.put("cardata.sink.kafka.password", "open \"sesame\"");
    try (KafkaServer guarded = KafkaServer.start(place, "SASL_PLAINTEXT", before)) {
      settings.put("cardata.sink.kafka.brokers", guarded.brokers());
      start(KAFKA);
      rig.publish(List.of(event(VIN, "n", 1L, 1)));
      await().atMost(PATIENCE).until(() -> rig.status().lastError() != null);
      assertThat(rig.status().lastError())
          .contains("Writing to Kafka")
          .contains("docs/sinks/kafka.md")
          .doesNotContain("sesame");
      guarded.kill();
      Path properties = place.resolve("server.properties");
      Files.writeString(
          properties,
          Files.readString(properties)
              .replace(
                  jaas.formatted(""), jaas.formatted(" user_bridge=\"open \\\\\"sesame\\\\\"\"")));
      guarded.startAgain();
      awaitDone();
      assertThat(rig.status().delivered()).isEqualTo(1);
      rig.close();
    }
  }

  @EditsRoute("sink-kafka")
  void aStepPutInChangesWhatIsWritten() throws Exception {
    start(
        KAFKA.before(
            "ref: kafkaRecords",
            """
            - transform:
                expression:
                  simple:
                    expression: "${body.subList(0, 1)}"
            """));
    rig.publish(List.of(event(VIN, "n", 1L, 1), event(VIN, "n", 2L, 2)));
    awaitDone();
    assertThat(records()).hasSize(1);
  }
}
