// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sinks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.cardatabridge.CarEvent;
import org.cardatabridge.testing.KafkaServer;

/** The contract for {@code sink-kafka}, against a Kafka that asks for a login. */
class KafkaContractIT extends SinkContract {

  private static final String PREFIX = "cardata.sink.kafka.";
  private static final String PASSWORD = "tell-nobody-of-this-one";
  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"me\" password=\""
          + PASSWORD
          + "\"";

  @Override
  protected String sink() {
    return "kafka";
  }

  /** An outage shows when the longest delivery is over, which is half a minute as shipped. */
  @Override
  protected String route(String shipped) {
    return shipped
        .replace("maxBlockMs: 15000", "maxBlockMs: 1500")
        .replace("requestTimeoutMs: 10000", "requestTimeoutMs: 1000")
        .replace("deliveryTimeoutMs: 30000", "deliveryTimeoutMs: 1500");
  }

  @Override
  protected SinkTarget target(Path directory) throws Exception {
    KafkaServer server =
        KafkaServer.start(
            directory.resolve("kafka"),
            "SASL_PLAINTEXT",
            List.of(
                "listener.name.client.plain.sasl.jaas.config="
                    + LOGIN
                    + " user_me=\""
                    + PASSWORD
                    + "\";",
                "listener.name.client.sasl.enabled.mechanisms=PLAIN",
                "sasl.mechanism.inter.broker.protocol=PLAIN"));
    return new Topic(server);
  }

  private static final class Topic implements SinkTarget {

    private static final int PARTITIONS = 3;

    private final KafkaServer server;
    private final KafkaConsumer<String, String> reader;
    private final List<String> read = new ArrayList<>();

    Topic(KafkaServer server) {
      this.server = server;
      reader =
          new KafkaConsumer<>(
              Map.of(
                  "bootstrap.servers",
                  server.brokers(),
                  "auto.offset.reset",
                  "earliest",
                  "security.protocol",
                  "SASL_PLAINTEXT",
                  "sasl.mechanism",
                  "PLAIN",
                  "sasl.jaas.config",
                  LOGIN + ";"),
              new StringDeserializer(),
              new StringDeserializer());
      reader.assign(
          IntStream.range(0, PARTITIONS).mapToObj(n -> new TopicPartition("cardata", n)).toList());
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          PREFIX + "brokers",
          server.brokers(),
          PREFIX + "security-protocol",
          "SASL_PLAINTEXT",
          PREFIX + "username",
          "me",
          PREFIX + "password",
          PASSWORD);
    }

    @Override
    public Set<String> secrets() {
      return Set.of(PASSWORD);
    }

    @Override
    public void stop() throws Exception {
      server.stop();
    }

    @Override
    public void kill() {
      server.kill();
    }

    @Override
    public void start() throws IOException {
      server.startAgain();
    }

    @Override
    public synchronized List<Long> received(String key) {
      ConsumerRecords<String, String> some = reader.poll(Duration.ofMillis(30));
      while (!some.isEmpty()) {
        for (ConsumerRecord<String, String> each : some) {
          read.add(each.value());
        }
        some = reader.poll(Duration.ofMillis(30));
      }
      return read.stream().flatMap(json -> StoredLines.value(json, key)).toList();
    }

    /** Above the largest record that a broker takes. */
    @Override
    public Optional<CarEvent> poisoned(CarEvent good) {
      return Optional.of(Poison.with(good, good.key() + ".large", "x".repeat(1_100_000)));
    }

    @Override
    public Map<String, String> badSettings() {
      return Map.of(
          PREFIX + "brokers", "nowhere",
          PREFIX + "topic", "a/b",
          PREFIX + "security-protocol", "PLAINTEXT",
          PREFIX + "config-file", "/nowhere/kafka.properties");
    }

    @Override
    public void close() {
      reader.close();
      server.close();
    }
  }
}
