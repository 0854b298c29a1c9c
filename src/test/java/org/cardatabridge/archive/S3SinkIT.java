// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.spi.Registry;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.RigTest;
import org.cardatabridge.testing.S3Mock;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The shipped S3 sink on a real journal and a server of other people. */
@Timeout(180)
class S3SinkIT extends RigTest {

  private static final ShippedRoute S3 = ShippedRoute.of("sink-s3");
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir static Path home;
  private static S3Mock server;

  private final String prefix = UUID.randomUUID() + "/";

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Mock.start(home.resolve("s3"));
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void settings() {
    settings.put("cardata.sink.s3.endpoint", server.url());
    settings.put("cardata.sink.s3.bucket", "cardata");
    settings.put("cardata.sink.s3.prefix", prefix);
    settings.put("cardata.sink.s3.access-key", "AKIAEXAMPLE");
    settings.put("cardata.sink.s3.secret-key", "open-sesame-1234");
  }

  @Override
  protected void bind(Registry registry, Settings values) {
    registry.bind("archive", new Archive());
    registry.bind("s3Client", Object.class, () -> S3Clients.of(values, Path.of("")));
  }

  private static CarEvent event(String vehicle, long value, int second) {
    return ArchiveTest.event(vehicle, value, NOON.plusSeconds(second), "stream");
  }

  /** What the bucket has below the prefix: the values of each object by its name. */
  private Map<String, List<Long>> objects() throws Exception {
    Map<String, List<Long>> objects = new HashMap<>();
    try (S3Client client = S3Clients.of(Settings.defaults().with(settings), Path.of(""))) {
      for (S3Object found :
          client.listObjectsV2Paginator(list -> list.bucket("cardata").prefix(prefix)).contents()) {
        byte[] bytes =
            client.getObjectAsBytes(get -> get.bucket("cardata").key(found.key())).asByteArray();
        List<Long> values = new ArrayList<>();
        for (String line : ArchiveTest.text(bytes).lines().toList()) {
          values.add(Long.parseLong(line.replaceAll(".*\"value\":(\\d+),.*", "$1")));
        }
        objects.put(found.key().substring(prefix.length()), values);
      }
    }
    return objects;
  }

  @Test
  void eachDayAndVehicleHasItsObject() throws Exception {
    start(S3);
    rig.publish(List.of(event("mini", 1, 0), event("i3", 2, 0), event("mini", 3, 43_200)));
    awaitDone();
    assertThat(objects()).hasSize(3);
    assertThat(objects().keySet())
        .allMatch(name -> name.matches("day=2026-0[12]-\\d\\d/vehicle=(mini|i3)/.+\\.ndjson\\.gz"));
  }

  @Test
  void aStoreKilledUnderLoadHasEverythingOnce() throws Exception {
    settings.put("cardata.sink.s3.roll-events", "100");
    start(S3);
    int count = 2000;
    for (int i = 0; i < count; i += 20) {
      List<CarEvent> events = new ArrayList<>();
      for (int j = i; j < i + 20; j++) {
        events.add(event("mini", j, j));
      }
      rig.publish(events);
      if (i == count / 2) {
        server.kill();
      }
    }
    await().atMost(PATIENCE).until(() -> rig.status().state() == SinkSnapshot.State.DOWN);
    assertThat(rig.status().lastError()).doesNotContain("sesame").doesNotContain("AKIA");
    server.startAgain();
    awaitDone();
    List<Long> all = objects().values().stream().flatMap(List::stream).sorted().toList();
    assertThat(all).hasSize(count).doesNotHaveDuplicates();
    assertThat(rig.status().failed()).isZero();
  }

  @Test
  void aMissingBucketIsSaidAndWaitedFor() throws Exception {
    settings.put("cardata.sink.s3.bucket", "later");
    start(S3);
    rig.publish(List.of(event("mini", 1, 0)));
    await().atMost(PATIENCE).until(() -> rig.status().lastError() != null);
    assertThat(rig.status().lastError()).contains("NoSuchBucket");
    try (S3Client client = S3Clients.of(Settings.defaults().with(settings), Path.of(""))) {
      client.createBucket(create -> create.bucket("later"));
    }
    awaitDone();
    assertThat(rig.status().delivered()).isEqualTo(1);
  }

  @EditsRoute("sink-s3")
  void anotherNameIsAnotherObject() throws Exception {
    start(S3.writing("{{cardata.sink.s3.prefix:}}", "{{cardata.sink.s3.prefix:}}mine/"));
    rig.publish(List.of(event("mini", 1, 0)));
    awaitDone();
    assertThat(objects().keySet()).allMatch(name -> name.startsWith("mine/day="));
  }
}
