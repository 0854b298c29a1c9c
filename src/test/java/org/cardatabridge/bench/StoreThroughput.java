// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bench;

import static org.awaitility.Awaitility.await;
import static org.cardatabridge.bench.Rig.say;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.camel.spi.Registry;
import org.cardatabridge.CarEvent;
import org.cardatabridge.archive.Archive;
import org.cardatabridge.archive.ExportFolder;
import org.cardatabridge.archive.S3Clients;
import org.cardatabridge.kafka.KafkaClients;
import org.cardatabridge.kafka.KafkaRecords;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.sql.SqlRows;
import org.cardatabridge.sql.SqlTable;
import org.cardatabridge.testing.KafkaServer;
import org.cardatabridge.testing.Postgres;
import org.cardatabridge.testing.S3Mock;
import org.cardatabridge.testing.ShippedRoute;
import org.cardatabridge.testing.SinkRig;

/**
 * How many data points a second each sink takes from a full journal, with the shipped route and a
 * real server on the same machine. Arguments: names of sinks; without any, all.
 */
public final class StoreThroughput {

  private static final int KEYS = 20;
  private static final int MESSAGES = Integer.getInteger("bench.messages", 5_000);
  private static final int PASSES = 3;

  private StoreThroughput() {}

  /** Measures the sinks one after the other. */
  public static void main(String[] sinks) throws Exception {
    for (String sink : sinks.length == 0 ? new String[] {"sql", "kafka", "file", "s3"} : sinks) {
      Path dir = Files.createTempDirectory("cardata-sink-bench");
      switch (sink) {
        case "sql" -> sql(dir);
        case "kafka" -> kafka(dir);
        case "file" ->
            measure(
                "file",
                dir,
                Map.of("cardata.sink.file.dir", dir.resolve("export").toString()),
                (registry, settings) -> {
                  registry.bind("archive", new Archive());
                  registry.bind("exportFolder", new ExportFolder(settings));
                });
        case "s3" -> s3(dir);
        default -> throw new IllegalArgumentException("no such sink: " + sink);
      }
    }
  }

  private static void sql(Path dir) throws Exception {
    try (Postgres postgres = Postgres.start()) {
      measure(
          "sql",
          dir,
          Map.of(
              "cardata.sink.sql.url",
              postgres.url(),
              "cardata.sink.sql.username",
              Postgres.USER,
              "cardata.sink.sql.password",
              Postgres.PASSWORD,
              "cardata.sink.sql.create",
              "true"),
          (registry, settings) -> {
            registry.bind("sqlRows", new SqlRows());
            SqlTable table = new SqlTable(settings, Clock.systemUTC());
            registry.bind("sqlTable", SqlTable.class, table, null, "close");
          });
    }
  }

  private static void kafka(Path dir) throws Exception {
    try (KafkaServer kafka = KafkaServer.start(dir.resolve("kafka"))) {
      measure(
          "kafka",
          dir,
          Map.of("cardata.sink.kafka.brokers", kafka.brokers()),
          (registry, settings) -> {
            registry.bind("kafkaRecords", new KafkaRecords());
            registry.bind(
                "kafkaClients",
                Object.class,
                () -> new KafkaClients(settings, java.nio.file.Path.of(""), Clock.systemUTC()));
          });
    }
  }

  private static void s3(Path dir) throws Exception {
    try (S3Mock server = S3Mock.start(dir.resolve("s3"))) {
      measure(
          "s3",
          dir,
          Map.of(
              "cardata.sink.s3.endpoint", server.url(),
              "cardata.sink.s3.bucket", "cardata",
              "cardata.sink.s3.access-key", "bench",
              "cardata.sink.s3.secret-key", "bench"),
          (registry, settings) -> {
            registry.bind("archive", new Archive());
            registry.bind("s3Client", Object.class, () -> S3Clients.of(settings, Path.of("")));
          });
    }
  }

  private static void measure(
      String sink, Path dir, Map<String, String> values, BiConsumer<Registry, Settings> beans)
      throws Exception {
    String route = "sink-" + sink;
    try (SinkRig rig = SinkRig.start(dir.resolve("data"), ShippedRoute.of(route), values, beans)) {
      for (int pass = 0; pass < PASSES; pass++) {
        rig.context().getRouteController().stopRoute(route);
        for (int message = 0; message < MESSAGES; message++) {
          rig.publish(message(pass * MESSAGES + message));
        }
        long begin = System.nanoTime();
        rig.context().getRouteController().startRoute(route);
        await()
            .atMost(Duration.ofMinutes(3))
            .pollInterval(5, TimeUnit.MILLISECONDS)
            .until(rig::isDone);
        double seconds = (System.nanoTime() - begin) / 1e9;
        say(
            "%s, pass %d: %.0f data points/s (%d in %.2f s), set aside %d",
            sink,
            pass + 1,
            MESSAGES * KEYS / seconds,
            MESSAGES * KEYS,
            seconds,
            rig.status().failed());
      }
    }
  }

  /** Received a day ago, so that nothing waits for a file to be due. */
  private static List<CarEvent> message(int number) {
    Instant time = Instant.parse("2026-01-31T00:00:00Z").plusSeconds(number);
    List<CarEvent> events = new ArrayList<>(KEYS);
    for (int key = 0; key < KEYS; key++) {
      events.add(
          new CarEvent(
              "main",
              "WBY00TEST000000" + (10 + number % 10),
              "car" + number % 10,
              "vehicle.bench.descriptor" + key,
              (long) number,
              "km",
              time,
              time,
              "stream"));
    }
    return events;
  }
}
