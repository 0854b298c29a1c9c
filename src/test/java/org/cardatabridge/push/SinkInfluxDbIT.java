// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.push.PushedSink.KEY;
import static org.cardatabridge.push.PushedSink.NOON;
import static org.cardatabridge.push.PushedSink.VIN;
import static org.cardatabridge.push.PushedSink.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cardatabridge.CarEvent;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped route against real databases; what they hold afterwards is what was sent. */
@Timeout(180)
class SinkInfluxDbIT {

  private static final String ROUTE = ShippedRoute.of("sink-influxdb").yaml();
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path dir;

  /** One value as a database gives it back. */
  private record Row(String vehicle, String key, long micros, Object value) {
    @Override
    public String toString() {
      return vehicle + "|" + key + "|" + micros + "|" + value;
    }
  }

  private static CarEvent odd(String vehicle, String key, Object value, int second) {
    Instant at = NOON.plusSeconds(second).plusNanos(123_456_000);
    return new CarEvent("main", VIN, vehicle, key, value, null, at, NOON, "stream");
  }

  private static CarEvent[] samples() {
    return new CarEvent[] {
      odd("ix", "vehicle.a", 81L, 1),
      odd("ix", "vehicle.a", 81.25, 2),
      odd("ix", "vehicle.a", new BigDecimal("-0.001"), 3),
      odd("ix", "vehicle.a", 1.5e20, 4),
      odd("ix", "vehicle.b", true, 1),
      odd("ix", "vehicle.b", false, 2),
      odd("ix", "vehicle.c", "CHARGINGACTIVE", 1),
      odd("ix", "vehicle.c", "größer, \"als\" \\ = 1", 2),
      odd("ix", "vehicle.d", List.of(1L, "x"), 1),
      odd("my car, the = red \\ one", "vehicle.a", 7L, 1),
      odd("ix", "a key, with = odd \\ signs", 8L, 1),
    };
  }

  private static Set<String> expected() {
    Set<String> rows = new TreeSet<>();
    for (CarEvent event : samples()) {
      Object value = event.value();
      Object read =
          value instanceof Number number
              ? Double.valueOf(number.doubleValue())
              : value instanceof Boolean || value instanceof String
                  ? value
                  : org.cardatabridge.CarEventJson.value(value);
      rows.add(
          new Row(tame(event.vehicle()), tame(event.key()), micros(event.timestamp()), read)
              .toString());
    }
    return rows;
  }

  private static String tame(String name) {
    return name.replace('\\', '/');
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }

  private static PushedSink sink(LineServer server, String... more) throws Exception {
    Map<String, String> settings = new TreeMap<>();
    settings.put("enabled", "true");
    settings.put("url", server.url());
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new PushedSink("influxdb", ROUTE, settings);
  }

  private static PushedSink version1(LineServer server) throws Exception {
    return sink(server, "version", "1", "database", "cars", "username", "me", "password", "pw");
  }

  private static JsonNode influxQl(LineServer server, String query) throws IOException {
    return server
        .json("/query?db=cars&epoch=u&q=" + LineServer.encoded(query))
        .at("/results/0/series/0");
  }

  private static Object field(JsonNode row, Map<String, Integer> at) {
    for (String name : List.of("value", "value_b", "value_s")) {
      JsonNode cell = row.path(at.getOrDefault(name, -1));
      if (!cell.isMissingNode() && !cell.isNull()) {
        return cell.isNumber()
            ? cell.doubleValue()
            : cell.isBoolean() ? cell.asBoolean() : cell.asText();
      }
    }
    return null;
  }

  @Test
  void influxDb1GivesBackWhatWasWritten() throws Exception {
    try (LineServer server = LineServer.influxDb1(dir);
        PushedSink sink = version1(server)) {
      sink.publish(samples());
      await().atMost(LONG).until(sink::isDone);
      assertThat(sink.snapshot().failed()).isZero();
      assertThat(influxRows(server)).isEqualTo(expected());
    }
  }

  private static Set<String> influxRows(LineServer server) throws IOException {
    JsonNode series = influxQl(server, "SELECT * FROM cardata");
    Map<String, Integer> at = new TreeMap<>();
    series.path("columns").forEach(name -> at.put(name.asText(), at.size()));
    Set<String> rows = new TreeSet<>();
    for (JsonNode row : series.path("values")) {
      rows.add(
          new Row(
                  row.path(at.get("vehicle")).asText(),
                  row.path(at.get("key")).asText(),
                  row.path(at.get("time")).asLong(),
                  field(row, at))
              .toString());
    }
    return rows;
  }

  @Test
  void influxDb1SetsAsideExactlyWhatItRefuses() throws Exception {
    try (LineServer server = LineServer.influxDb1(dir);
        PushedSink sink = version1(server)) {
      CarEvent tooEarly =
          new CarEvent(
              "main",
              VIN,
              "ix",
              KEY,
              1L,
              null,
              Instant.parse("1066-10-14T12:00:00Z"),
              NOON,
              "rest");
      sink.publish(event(KEY, 1L, 1), tooEarly, event(KEY, 3L, 3));
      await().atMost(LONG).until(sink::isDone);
      assertThat(sink.snapshot().failed()).isEqualTo(1);
      assertThat(sink.snapshot().lastError()).contains("it answers 400 (");
      assertThat(influxQl(server, "SELECT value FROM cardata").path("values")).hasSize(2);
    }
  }

  @Test
  void influxDb1ThatIsKilledUnderLoadHasEverythingInTheEnd() throws Exception {
    try (LineServer server = LineServer.influxDb1(dir);
        PushedSink sink = version1(server)) {
      for (int n = 0; n < 100; n++) {
        sink.publish(n * 100L + 1, n * 100L + 100);
        if (n == 30) {
          server.kill();
        }
        if (n == 60) {
          server.start();
        }
      }
      await().atMost(LONG).until(sink::isDone);
      assertThat(sink.snapshot().failed()).isZero();
      assertThat(influxQl(server, "SELECT count(value) FROM cardata").at("/values/0/1").asLong())
          .isEqualTo(10_000);
    }
  }

  @Test
  void aWrongPasswordAndAMissingDatabaseSetNothingAside() throws Exception {
    try (LineServer server = LineServer.influxDb1(dir)) {
      for (String[] wrong : new String[][] {{"cars", "no", "401"}, {"trains", "pw", "404"}}) {
        try (PushedSink sink =
            sink(
                server,
                "version",
                "1",
                "database",
                wrong[0],
                "username",
                "me",
                "password",
                wrong[1],
                "attempts",
                "1")) {
          sink.publish(1, 3);
          await().atMost(LONG).until(() -> sink.snapshot().lastError() != null);
          assertThat(sink.snapshot().lastError())
              .contains("it answers " + wrong[2], "check cardata.sink.influxdb.url, .database");
          assertThat(sink.snapshot().failed()).isZero();
        }
      }
    }
  }

  @Test
  void questDbGivesBackWhatWasWrittenByVersion2() throws Exception {
    try (LineServer server = LineServer.questDb(dir);
        PushedSink sink = sink(server, "org", "any", "bucket", "any", "token", "any")) {
      sink.publish(samples());
      await().atMost(LONG).until(sink::isDone);
      assertThat(sink.snapshot().lastError()).isNull();
      await().atMost(LONG).until(() -> questRows(server).size() >= expected().size());
      assertThat(questRows(server)).isEqualTo(expected());
    }
  }

  private static Set<String> questRows(LineServer server) throws IOException {
    JsonNode answer =
        server.json(
            "/exec?query="
                + LineServer.encoded(
                    "select vehicle, key, cast(timestamp as long), value, value_b, value_s from"
                        + " cardata"));
    Set<String> rows = new TreeSet<>();
    for (JsonNode row : answer.path("dataset")) {
      // A boolean column knows no null there.
      Object value =
          !row.path(3).isNull()
              ? row.path(3).doubleValue()
              : !row.path(5).isNull() ? row.path(5).asText() : (Object) row.path(4).asBoolean();
      rows.add(
          new Row(row.path(0).asText(), row.path(1).asText(), row.path(2).asLong(), value)
              .toString());
    }
    return rows;
  }

  @Test
  void victoriaMetricsGivesBackTheNumbersByBothVersions() throws Exception {
    try (LineServer server = LineServer.victoriaMetrics(dir)) {
      // It keeps the values of a series to about 18 digits together.
      CarEvent[] samples =
          Arrays.stream(samples())
              .filter(event -> !Double.valueOf(1.5e20).equals(event.value()))
              .toArray(CarEvent[]::new);
      try (PushedSink sink = sink(server, "org", "any", "bucket", "any")) {
        sink.publish(samples);
        await().atMost(LONG).until(sink::isDone);
        assertThat(sink.snapshot().lastError()).isNull();
      }
      try (PushedSink sink = sink(server, "version", "1", "database", "any")) {
        sink.publish(odd("ix", "vehicle.a", 99L, 9));
        await().atMost(LONG).until(sink::isDone);
        assertThat(sink.snapshot().lastError()).isNull();
      }
      Set<String> wanted = new TreeSet<>();
      for (CarEvent event : samples) {
        if (event.value() instanceof Number number) {
          wanted.add(number(event.vehicle(), event.key(), event.timestamp(), number.doubleValue()));
        }
      }
      CarEvent last = odd("ix", "vehicle.a", 99L, 9);
      wanted.add(number(last.vehicle(), last.key(), last.timestamp(), 99));
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(victoriaNumbers(server)).isEqualTo(wanted));
    }
  }

  private static String number(String vehicle, String key, Instant time, double value) {
    return new Row(tame(vehicle), tame(key), time.toEpochMilli(), value).toString();
  }

  private static Set<String> victoriaNumbers(LineServer server) throws IOException {
    server.get("/internal/force_flush");
    Set<String> rows = new TreeSet<>();
    for (String line : server.get("/api/v1/export?match%5B%5D=cardata_value").lines().toList()) {
      JsonNode series = new ObjectMapper().readTree(line);
      for (int i = 0; i < series.path("values").size(); i++) {
        rows.add(
            new Row(
                    series.at("/metric/vehicle").asText(),
                    series.at("/metric/key").asText(),
                    series.path("timestamps").path(i).asLong(),
                    series.path("values").path(i).doubleValue())
                .toString());
      }
    }
    return rows;
  }
}
