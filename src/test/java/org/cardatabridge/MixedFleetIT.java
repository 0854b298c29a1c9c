// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.cardatabridge.push.LineServer;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.HighMobilityConfig;
import org.cardatabridge.simulator.HighMobilityVehicle;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.Ear;
import org.cardatabridge.testing.KafkaServer;
import org.cardatabridge.testing.Postgres;
import org.cardatabridge.testing.S3Mock;
import org.cardatabridge.web.SinkStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Two BMW accounts and a certificate of High Mobility through one bridge into every sink that is
 * shipped, each with a real target: all three cars are there, and nothing of one is told as
 * another's.
 */
@Timeout(300)
class MixedFleetIT {

  private static final AccountConfig ANN = AccountConfig.first();
  private static final AccountConfig BOB = AccountConfig.second();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SINK = "cardata.sink.";

  /** What each sink has of a car, and nobody else's. */
  private record Car(String account, String vin, String name, int odometer, int pressure) {

    boolean isIn(String text) {
      String record = text.toLowerCase(Locale.ROOT);
      return record.contains(name)
          || record.contains(vin.toLowerCase(Locale.ROOT))
          || record.contains("token-of-" + name)
          || record.matches("(?s).*\\b" + odometer + "\\b.*");
    }
  }

  private static final List<Car> CARS =
      List.of(
          new Car("main", ANN.vins().get(0), "annsi4", 110_011, 151),
          new Car("second", BOB.vins().get(0), "bobsix", 220_022, 152),
          new Car("highmobility", HighMobilityVehicle.mercedes().vin(), "fleeteqe", 330_033, 153));

  @TempDir Path dir;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> hooks = new CopyOnWriteArrayList<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final List<String> planner = new CopyOnWriteArrayList<>();
  private BridgeUnderTest test;
  private LineServer influx;
  private Postgres postgres;
  private KafkaServer kafka;
  private S3Mock s3;
  private Ear ear;

  @BeforeEach
  void start() throws Exception {
    test = opened(BridgeUnderTest.in(dir, HighMobilityConfig.oneCar(), ANN, BOB));
    CompletableFuture<S3Mock> store = async(() -> S3Mock.start(dir.resolve("s3")));
    CompletableFuture<KafkaServer> broker = async(() -> KafkaServer.start(dir.resolve("kafka")));
    CompletableFuture<Postgres> database = async(Postgres::start);
    influx = LineServer.influxDb1(Files.createDirectories(dir.resolve("influx")));
    open.add(influx);
    postgres = opened(database.join());
    kafka = opened(broker.join());
    s3 = opened(store.join());
    ear = opened(Ear.on(test.broker().port()));
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }

  private static <T> CompletableFuture<T> async(Callable<T> start) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return start.call();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @AfterEach
  void end() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  /** Takes whatever is posted to a path. */
  private String target(List<String> taken) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          taken.add(exchange.getRequestURI().getQuery() + " " + body);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    open.add(() -> server.stop(0));
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/cars";
  }

  private void settings() throws Exception {
    test.set("cardata.accounts", "main,second")
        .set("cardata.account.second.client-id", BOB.clientId());
    for (String sink :
        List.of(
            "mqtt",
            "mqtt-raw",
            "homeassistant",
            "evcc",
            "homie",
            "file",
            "http",
            "influxdb",
            "sql",
            "kafka",
            "s3",
            "notify",
            "abrp")) {
      test.set(SINK + sink + ".enabled", "true");
    }
    test.set(SINK + "file.dir", dir.resolve("export").toString())
        .set(SINK + "file.roll-after", "1s")
        .set(SINK + "http.url", target(hooks))
        .set(SINK + "influxdb.url", influx.url())
        .set(SINK + "influxdb.version", "1")
        .set(SINK + "influxdb.database", "cars")
        .set(SINK + "influxdb.username", "me")
        .set(SINK + "influxdb.password", "pw")
        .set(SINK + "sql.url", postgres.url())
        .set(SINK + "sql.username", Postgres.USER)
        .set(SINK + "sql.password", Postgres.PASSWORD)
        .set(SINK + "sql.create", "true")
        .set(SINK + "kafka.brokers", kafka.brokers())
        .set(SINK + "s3.endpoint", s3.url())
        .set(SINK + "s3.bucket", "cardata")
        .set(SINK + "s3.access-key", "access")
        .set(SINK + "s3.secret-key", "secret")
        .set(SINK + "s3.roll-after", "1s")
        .set(SINK + "notify.webhook.url", target(notices))
        .set(SINK + "notify.tyre-low.below-kpa", "200")
        .set(SINK + "notify.group-for", "100ms")
        .set(SINK + "abrp.url", target(planner))
        .set(SINK + "abrp.api-key", "key")
        .set(SINK + "abrp.every", "1s");
    for (Car car : CARS) {
      test.set("cardata.vehicle." + car.vin() + ".alias", car.name())
          .set(SINK + "abrp.vehicle." + car.vin() + ".token", "token-of-" + car.name());
    }
  }

  private void drive() {
    JsonObject low =
        new JsonObject().put("unit", "kilopascals").put("value", CARS.get(2).pressure());
    test.highMobility()
        .publish(
            CARS.get(2).vin(),
            "diagnostics",
            "tire_pressures",
            List.of(new JsonObject().put("location", "front_left").put("pressure", low)));
    test.highMobility()
        .publish(
            CARS.get(2).vin(),
            "diagnostics",
            "odometer",
            new JsonObject().put("unit", "kilometers").put("value", CARS.get(2).odometer()));
    for (Car car : CARS.subList(0, 2)) {
      test.bmw()
          .publish(
              car.vin(),
              "vehicle.chassis.axle.row1.wheel.left.tire.pressure",
              car.pressure(),
              "kPa");
      test.bmw().publish(car.vin(), "vehicle.vehicle.travelledDistance", car.odometer(), "km");
    }
  }

  @Test
  void everySinkHoldsAllThreeAccountsAndMixesNothingUp() throws Exception {
    settings();
    test.store("main", ANN);
    test.store("second", BOB);
    test.start();
    for (Car car : CARS) {
      test.awaitStream(car.account(), "live");
    }
    drive();

    sees("mqtt", this::published, byValue());
    sees("homeassistant", this::announced, car -> text -> text.contains(car.name()));
    sees("evcc", this::forEvcc, byValue());
    sees("homie", this::asHomie, byValue());
    sees("file", this::files, byValue());
    sees("http", () -> hooks, byValue());
    sees("influxdb", this::series, byValue());
    sees("sql", this::rows, byValue());
    sees("kafka", this::records, byValue());
    sees("s3", this::objects, byValue());
    sees("notify", this::told, car -> text -> text.contains(car.name()));
    sees("abrp", () -> planner, byValue());
    assertThat(raw()).as("BMW's own bytes").anyMatch(CARS.get(0)::isIn).anyMatch(CARS.get(1)::isIn);
    assertThat(raw()).as("for readers of BMW's shape").noneMatch(CARS.get(2)::isIn);
    for (Car car : CARS) {
      assertThat(test.http("GET", "/api/vehicles/" + car.vin()).body())
          .contains("\"account\":\"" + car.account() + "\"", String.valueOf(car.odometer()));
    }
    assertThat(test.status().sinks())
        .filteredOn(SinkStatus::enabled)
        .allSatisfy(
            sink -> {
              assertThat(sink.state()).as(sink.name()).isEqualTo("up");
              assertThat(sink.failed()).as(sink.name()).isZero();
            });
  }

  private static java.util.function.Function<Car, Predicate<String>> byValue() {
    return car ->
        text ->
            text.toLowerCase(Locale.ROOT).matches("(?s).*\\b" + car.odometer() + "\\b.*")
                && (text.contains(car.name()) || text.contains(car.vin()));
  }

  /** Waits until a sink has something of each car, and looks whether it mixes two up. */
  private static void sees(
      String sink,
      Callable<? extends List<String>> records,
      java.util.function.Function<Car, Predicate<String>> own)
      throws Exception {
    for (Car car : CARS) {
      await(sink + " has the car of " + car.account())
          .atMost(BridgeUnderTest.PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(() -> assertThat(records.call()).as(sink).anyMatch(own.apply(car)));
    }
    assertThat(records.call())
        .as(sink + " mixes cars up")
        .allMatch(text -> CARS.stream().filter(car -> car.isIn(text)).count() <= 1);
  }

  // ---- what the targets have ----------------------------------------------------------------

  private List<String> heard(String begin) {
    return ear.heard().stream()
        .filter(heard -> heard.topic().startsWith(begin))
        .map(heard -> heard.topic() + " " + heard.text())
        .toList();
  }

  private List<String> published() {
    return heard("cardata/").stream().filter(text -> !text.startsWith("cardata/bridge/")).toList();
  }

  private List<String> announced() {
    return heard("homeassistant/device/cardata_");
  }

  private List<String> forEvcc() {
    return published().stream().filter(text -> text.contains("/evcc/odometer ")).toList();
  }

  private List<String> asHomie() {
    return heard("homie/5/cardata--");
  }

  private List<String> raw() {
    return heard("bmw/raw/");
  }

  private List<String> told() throws IOException {
    List<String> all = new ArrayList<>();
    for (String body : notices) {
      JSON.readTree(body.substring(body.indexOf('{')))
          .path("notices")
          .forEach(notice -> all.add(notice.toString()));
    }
    return all;
  }

  private List<String> files() throws IOException {
    List<String> lines = new ArrayList<>();
    if (!Files.isDirectory(dir.resolve("export"))) {
      return lines;
    }
    try (Stream<Path> all = Files.walk(dir.resolve("export"))) {
      for (Path file :
          all.filter(path -> path.toString().endsWith(".ndjson.gz"))
              .filter(path -> !path.getFileName().toString().startsWith("."))
              .toList()) {
        for (String line : unzipped(Files.readAllBytes(file))) {
          lines.add(file.getFileName() + " " + line);
        }
      }
    }
    return lines;
  }

  private static List<String> unzipped(byte[] bytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private List<String> series() throws IOException {
    String query = "SELECT * FROM cardata GROUP BY \"key\", \"vehicle\"";
    List<String> all = new ArrayList<>();
    influx
        .json("/query?db=cars&q=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
        .at("/results/0/series")
        .forEach(series -> all.add(series.toString()));
    return all;
  }

  private List<String> rows() throws SQLException {
    List<String> all = new ArrayList<>();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT t::text FROM cardata_values t")) {
      while (rows.next()) {
        all.add(rows.getString(1));
      }
    }
    return all;
  }

  private List<String> records() {
    List<String> all = new ArrayList<>();
    try (KafkaConsumer<String, String> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.brokers(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      reader.assign(IntStream.range(0, 3).mapToObj(n -> new TopicPartition("cardata", n)).toList());
      for (int empty = 0; empty < 5; empty++) {
        reader
            .poll(Duration.ofMillis(200))
            .forEach(record -> all.add(record.key() + " " + record.value()));
      }
    }
    return all;
  }

  private List<String> objects() throws IOException {
    List<String> all = new ArrayList<>();
    try (S3Client client =
        S3Client.builder()
            .region(Region.US_EAST_1)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
            .endpointOverride(URI.create(s3.ownUrl()))
            .forcePathStyle(true)
            .build()) {
      for (S3Object found : client.listObjectsV2Paginator(l -> l.bucket("cardata")).contents()) {
        byte[] bytes =
            client.getObjectAsBytes(g -> g.bucket("cardata").key(found.key())).asByteArray();
        for (String line : unzipped(bytes)) {
          all.add(found.key() + " " + line);
        }
      }
    }
    return all;
  }
}
