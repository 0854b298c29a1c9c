// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.SinkRig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped Kafka sink where nothing listens. */
@Timeout(120)
class KafkaAwayTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path dir;

  @Test
  void aBatchForABrokerThatIsAwayFailsAsSoonAsItsFirstRecordHas() throws Exception {
    Path client = Files.writeString(dir.resolve("client.properties"), "max.block.ms=1000\n");
    Map<String, String> settings =
        Map.of(
            "cardata.sink.kafka.brokers",
            "127.0.0.1:" + Page.freePort(),
            "cardata.sink.kafka.topic",
            "t",
            "cardata.sink.kafka.config-file",
            client.toString());
    try (SinkRig rig =
        SinkRig.start(
            dir,
            ShippedRoute.of("sink-kafka"),
            settings,
            (registry, values) -> {
              registry.bind("kafkaRecords", new KafkaRecords());
              registry.bind(
                  "kafkaClients",
                  Object.class,
                  () -> new KafkaClients(values, dir, Clock.systemUTC()));
            })) {
      rig.publish(IntStream.range(0, 500).mapToObj(KafkaAwayTest::event).toList());

      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> rig.status().state() == SinkSnapshot.State.DOWN);
      assertThat(rig.status().lastError()).startsWith("Writing to Kafka");
      assertThat(rig.status().failed()).isZero();
    }
  }

  private static CarEvent event(int n) {
    Instant at = NOON.plusSeconds(n);
    return new CarEvent("main", "WBY00TEST00000001", "mini", "k", (long) n, "km", at, at, "stream");
  }
}
