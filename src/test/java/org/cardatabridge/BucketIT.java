// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.S3Mock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The bridge as a program of its own beside a server of other people, whose bucket holds what High
 * Mobility writes: read in order, killed in the middle, and nothing is lost, nor read again once it
 * was noted.
 */
@Timeout(240)
class BucketIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String APP = "9FBBEDED80595912588FF4FF/level13/";
  private static final List<String> VINS =
      List.of("WBA00TEST00000006", "VF300TEST00000007", "WDB00TEST00000008");
  private static final boolean LONG = Boolean.getBoolean("cardata.test.long");
  private static final int FILES = LONG ? 150 : 60;
  private static final int A_FILE = LONG ? 40 : 20;
  private static final Pattern NUMBER = Pattern.compile("\"value\":(\\d+)");

  @TempDir static Path home;
  private static S3Mock server;
  private static S3Client client;

  @TempDir Path dir;
  private final ObjectMapper json = new ObjectMapper();
  private int written;
  private int port;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Mock.start(home.resolve("s3"));
    client =
        S3Client.builder()
            .region(Region.US_EAST_1)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .endpointOverride(URI.create(server.ownUrl()))
            .forcePathStyle(true)
            .build();
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      client.close();
      server.close();
    }
  }

  private void put(String key, byte[] bytes) {
    client.putObject(to -> to.bucket("cardata").key(key), RequestBody.fromBytes(bytes));
  }

  /** A file with the next messages, of each car in turn. */
  private byte[] file() {
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < A_FILE; i++) {
      int number = written++;
      messages.add(
          ("{\"message_id\":\"M%06d\",\"version\":2,\"vin\":\"%s\",\"data\":{\"diagnostics\":"
                  + "{\"odometer\":[{\"data\":{\"unit\":\"kilometers\",\"value\":%d},"
                  + "\"timestamp\":\"2026-11-20T%02d:%02d:%02dZ\"}]}}}")
              .formatted(
                  number,
                  VINS.get(number % VINS.size()),
                  number,
                  number / 3600 % 24,
                  number / 60 % 60,
                  number % 60));
    }
    return ("[" + String.join(",\n", messages) + "]").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private Child start() throws Exception {
    Map<String, String> variables = new HashMap<>();
    variables.put("CARDATA_HIGHMOBILITY_S3_ENABLED", "true");
    variables.put("CARDATA_HIGHMOBILITY_S3_ENDPOINT", server.url());
    variables.put("CARDATA_HIGHMOBILITY_S3_BUCKET", "cardata");
    variables.put("CARDATA_HIGHMOBILITY_S3_ACCESS_KEY", "AKIATELLNOBODY");
    variables.put("CARDATA_HIGHMOBILITY_S3_SECRET_KEY", "tell-nobody-of-this-one");
    variables.put("CARDATA_HIGHMOBILITY_S3_EVERY", "1s");
    return start(variables);
  }

  private Child start(Map<String, String> more, String... options) throws Exception {
    port = Page.freePort();
    Map<String, String> variables = new HashMap<>(more);
    variables.put("CARDATA_SINK_MQTT_ENABLED", "false");
    variables.put("CARDATA_ROUTES_DIR", Path.of("routes").toAbsolutePath().toString());
    variables.put("CARDATA_HTTP_PORT", Integer.toString(port));
    List<String> command =
        new ArrayList<>(
            List.of(Child.java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Bridge.class.getName(), "run"));
    return Child.start(dir, variables, command);
  }

  private JsonNode get(String path) {
    try {
      return json.readTree(
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                  BodyHandlers.ofString())
              .body());
    } catch (IOException e) {
      return json.nullNode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return json.nullNode();
    }
  }

  private JsonNode awaitBucket(Child bridge, String what, Predicate<JsonNode> wanted) {
    return await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast(() -> assertThat(bridge.isAlive()).as(bridge::err).isTrue())
        .until(() -> get("/api/status").path("bucket"), wanted);
  }

  private Collection<byte[]> journalled() throws Exception {
    try (JournalFile journal = JournalFile.open(dir.resolve("data/journal.db"))) {
      return journal.messages(0).values();
    }
  }

  /** How many objects count as read, so that a start after a kill leaves them out. */
  private int noted() throws Exception {
    try (JournalFile journal = JournalFile.open(dir.resolve("data/journal.db"))) {
      return (int) journal.number("SELECT count(*) FROM bucket_objects WHERE reason IS NULL");
    }
  }

  private static int number(byte[] payload) {
    Matcher found = NUMBER.matcher(new String(payload, StandardCharsets.UTF_8));
    return found.find() ? Integer.parseInt(found.group(1)) : -1;
  }

  @Test
  void aBridgeThatIsKilledInTheMiddleReadsEverythingInOrder() throws Exception {
    for (int i = 0; i < FILES; i++) {
      String name = APP + "2026/11/%02d/%06d-a.json".formatted(15 + i * 5 / FILES, i);
      put(i % 3 == 0 ? name + ".gz" : name, i % 3 == 0 ? gzipped(file()) : file());
    }
    put(APP + "2026/11/16/000031-b.json", "perhaps".getBytes(StandardCharsets.UTF_8));
    put(APP + "2026/11/17/000061-b.json.gz", new byte[] {0x1f, (byte) 0x8b, 8, 0, 1});
    put(
        "day=2026-11-22/vehicle=V/120000.000000Z-0a.ndjson.gz",
        gzipped("{}".getBytes(StandardCharsets.UTF_8)));

    try (Child bridge = start()) {
      awaitBucket(bridge, "some of it", now -> now.path("taken").asInt() > FILES / 10);
    }
    List<Integer> before = journalled().stream().map(BucketIT::number).toList();
    assertThat(before).isNotEmpty().isSorted().doesNotHaveDuplicates();
    assertThat(before.size()).as("killed before the end").isLessThan(FILES * A_FILE);
    int noted = noted();
    assertThat(noted).as("what the bridge noted before").isPositive();

    server.kill();
    try (Child bridge = start()) {
      JsonNode down = awaitBucket(bridge, "down", now -> now.path("state").asText().equals("down"));
      assertThat(down.path("lastError").asText()).startsWith("Reading the bucket: ");
      server.startAgain();
      awaitBucket(bridge, "all of it", now -> now.path("state").asText().equals("waiting"));
      assertThat(get("/api/errors").toString())
          .contains("2026/11/16/000031-b.json from the bucket: it is no JSON")
          .contains("000061-b.json.gz from the bucket: it is not gzipped as it says")
          .contains("files of the sink s3 are left alone")
          .doesNotContain("9FBBEDED80595912588FF4FF");
      put(APP + "2026/11/18/000100-c.json", file());
      JsonNode late =
          awaitBucket(
              bridge, "a late one", now -> now.path("lastObject").asText().contains("000100-c"));
      assertThat(late.path("taken").asInt()).as("only the rest").isEqualTo(FILES - noted + 1);
      assertThat(bridge.out() + bridge.err())
          .doesNotContain("AKIATELLNOBODY", "tell-nobody", "9FBBEDED80595912588FF4FF");
    }
    List<Integer> all = journalled().stream().map(BucketIT::number).toList();
    assertThat(all.stream().distinct().count()).isEqualTo(written);
    assertThat(all.size() - written)
        .as("what came twice")
        .isEqualTo(before.size() - noted * A_FILE);
    if (LONG) {
      aThirdStartReadsOnlyWhatIsNew(all.size());
    }
    assertThat(Files.exists(dir.resolve("data/tokens.json"))).isFalse();
  }

  private void aThirdStartReadsOnlyWhatIsNew(int before) throws Exception {
    put(APP + "2026/11/19/999999-d.json", file());
    try (Child bridge = start()) {
      awaitBucket(bridge, "new", now -> now.path("lastObject").asText().contains("999999-d"));
      assertThat(get("/api/status").path("bucket").path("taken").asInt()).isEqualTo(1);
    }
    assertThat(journalled()).hasSize(before + A_FILE);
  }

  @Test
  void aBridgeWithoutABucketMakesNoClientOfAmazons() throws Exception {
    try (Child bridge = start(Map.of(), "-Xlog:class+load:file=" + dir.resolve("classes"))) {
      await("its status")
          .atMost(PATIENCE)
          .failFast(() -> assertThat(bridge.isAlive()).as(bridge::err).isTrue())
          .until(() -> get("/api/status").has("version"));
      assertThat(get("/api/status").has("bucket")).isFalse();
    }
    List<String> classes = Files.readAllLines(dir.resolve("classes"));
    assertThat(classes).anyMatch(line -> line.contains("org.cardatabridge.bucket.BucketWalk "));
    // Camel's component names a few of its interfaces; they are no client.
    assertThat(classes.stream().filter(line -> line.contains(" software.amazon.")).toList())
        .hasSizeLessThan(20)
        .noneMatch(line -> line.contains(".http.") || line.contains(".model."));
  }
}
