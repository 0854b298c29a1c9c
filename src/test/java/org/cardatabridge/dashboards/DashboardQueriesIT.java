// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.RunningBridge;
import org.cardatabridge.dashboards.Dashboards.Dashboard;
import org.cardatabridge.dashboards.Dashboards.Query;
import org.cardatabridge.derived.DecodedDay;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.push.LineServer;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.testing.ADay;
import org.cardatabridge.testing.Postgres;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of every dashboard, against databases that the shipped sinks filled with a day of a
 * battery car and of one that burns petrol. A query has to be taken, and has to say something.
 */
@Timeout(120)
class DashboardQueriesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Everything that a variable's format has to escape. */
  private static final String PETROL = "Omas 3.0 (rot)/'s";

  private static final String READER = "grafana-reader";

  @TempDir static Path dir;
  private static LineServer influx;
  private static Postgres postgres;
  private static Instant end;

  @BeforeAll
  static void aDayIsWritten() throws Exception {
    Programs.need("influxd");
    Postgres.assumeInstalled();
    influx = LineServer.influxDb1(Files.createDirectories(dir.resolve("influxdb")));
    postgres = Postgres.start();
    Instant now = Clock.systemUTC().instant();
    try (RunningBridge bridge =
        RunningBridge.start(
            SettingsLoader.load(dir, Map.of(), settings()), text -> {}, secret -> {})) {
      write(bridge.part("journal", Journal.class), now);
      await("trips and charges in both databases")
          .atMost(PATIENCE)
          .until(
              () ->
                  count("derived.trip.last") >= 2
                      && count("derived.charging.session") >= 1
                      && bridge.sinks().stream().allMatch(sink -> sink.lag() == 0));
    }
    for (String statement : documented()) {
      sql(statement);
    }
    end = now;
  }

  private static GrafanaMacros macros(String... vehicles) {
    return new GrafanaMacros(
        end.minus(Duration.ofHours(24)),
        end,
        Duration.ofMinutes(2),
        Map.of(
            "measurement",
            List.of("cardata"),
            "table",
            List.of("cardata_values"),
            "account",
            List.of("main"),
            "vehicle",
            List.of(vehicles)));
  }

  @AfterAll
  static void stop() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
    if (influx != null) {
      influx.close();
    }
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("cardata.data-dir", dir.resolve("data").toString());
    settings.put("cardata.routes.dir", Path.of("routes").toAbsolutePath().toString());
    settings.put("cardata.routes.reload", "false");
    settings.put("cardata.http.port", "0");
    settings.put("cardata.derived.enabled", "true");
    settings.put("cardata.derived.tariff", "0.32");
    settings.put("cardata.home.latitude", "50.2601");
    settings.put("cardata.home.longitude", "10.9602");
    settings.put("cardata.sink.mqtt.enabled", "false");
    settings.put("cardata.sink.influxdb.enabled", "true");
    settings.put("cardata.sink.influxdb.url", influx.url());
    settings.put("cardata.sink.influxdb.version", "1");
    settings.put("cardata.sink.influxdb.database", "cars");
    settings.put("cardata.sink.influxdb.username", "me");
    settings.put("cardata.sink.influxdb.password", "pw");
    settings.put("cardata.sink.sql.enabled", "true");
    settings.put("cardata.sink.sql.url", postgres.url());
    settings.put("cardata.sink.sql.username", Postgres.USER);
    settings.put("cardata.sink.sql.password", Postgres.PASSWORD);
    settings.put("cardata.sink.sql.create", "true");
    return settings;
  }

  /** The recorded day, moved so that it ended half an hour ago, and the other car's. */
  private static void write(Journal journal, Instant now) throws Exception {
    List<CarMessage> day = DecodedDay.messages();
    Duration move =
        Duration.between(day.get(day.size() - 1).received(), now.minus(Duration.ofMinutes(30)));
    CountDownLatch kept = new CountDownLatch(day.size() + 1);
    for (CarMessage message : day) {
      List<CarEvent> points =
          message.points().stream()
              .map(e -> moved(e, e.timestamp().plus(move), e.received().plus(move)))
              .toList();
      Instant received = message.received().plus(move);
      publish(
          journal,
          new CarMessage("main", "stream", "day", received, message.payload(), points),
          kept);
    }
    publish(
        journal,
        new CarMessage("main", "stream", "petrol", now, new byte[] {1}, petrol(now)),
        kept);
    assertThat(kept.await(40, TimeUnit.SECONDS)).isTrue();
  }

  private static void publish(Journal journal, CarMessage message, CountDownLatch kept)
      throws InterruptedException {
    journal.publish(message, false, failure -> kept.countDown());
  }

  private static CarEvent moved(CarEvent e, Instant timestamp, Instant received) {
    return new CarEvent(
        e.account(),
        e.vin(),
        e.vehicle(),
        e.key(),
        e.value(),
        e.unit(),
        timestamp,
        received,
        e.source());
  }

  private static List<CarEvent> petrol(Instant now) {
    List<CarEvent> events = new ArrayList<>();
    for (int hour = 8; hour >= 1; hour--) {
      Instant at = now.minus(Duration.ofHours(hour));
      events.add(petrol("vehicle.vehicle.travelledDistance", 90_000 - 25 * hour, "km", at));
      events.add(petrol("vehicle.drivetrain.fuelSystem.level", 40 + 2 * hour, "%", at));
      events.add(petrol("vehicle.drivetrain.fuelSystem.remainingFuel", 20.5 + hour, "L", at));
      events.add(petrol("vehicle.drivetrain.totalRemainingRange", 300 + 20 * hour, "km", at));
      events.add(petrol("vehicle.body.trunk.isOpen", hour % 2 == 0, null, at));
    }
    return events;
  }

  private static CarEvent petrol(String key, Object value, String unit, Instant at) {
    return new CarEvent(
        "main", "WBA00TEST00000007", PETROL, key, value, unit, at, at.plusSeconds(2), "stream");
  }

  /** The statements of docs/dashboards.md: a user who may only read, and indexes. */
  private static List<String> documented() throws Exception {
    List<String> statements =
        Files.readAllLines(Path.of("docs/dashboards.md")).stream()
            .map(String::strip)
            .filter(line -> line.matches("(CREATE|GRANT) .*;"))
            .toList();
    assertThat(statements).hasSize(5);
    return statements;
  }

  private static void sql(String statement) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement run = connection.createStatement()) {
      run.execute(statement.replace("DATABASE cardata ", "DATABASE postgres "));
    }
  }

  /** In the database that has fewer. */
  private static long count(String key) throws Exception {
    JsonNode answer =
        influx.json(path("SELECT count(value_s) FROM cardata WHERE \"key\" = '" + key + "'"));
    long lines = answer.at("/results/0/series/0/values/0/1").asLong();
    try (Connection connection = postgres.connect();
        Statement ask = connection.createStatement();
        ResultSet row =
            ask.executeQuery("SELECT count(*) FROM cardata_values WHERE key = '" + key + "'")) {
      row.next();
      return Math.min(lines, row.getLong(1));
    } catch (SQLException e) {
      return 0;
    }
  }

  // ---- what a query answers -----------------------------------------------------------------

  /**
   * An answer as a table.
   *
   * @param columns their names
   * @param rows a value for each column; null for none
   */
  private record Rows(Set<String> columns, List<Map<String, Object>> rows) {

    /** Whether any row has more than its time and the name of its series. */
    boolean saysSomething(boolean isZeroNothing) {
      return rows.stream()
          .flatMap(row -> row.entrySet().stream())
          .filter(
              cell -> !cell.getKey().matches("(?i)time|metric|tag .*") && cell.getValue() != null)
          .anyMatch(
              cell ->
                  !isZeroNothing || !(cell.getValue() instanceof Number n) || n.doubleValue() != 0);
    }

    List<Object> column(String name) {
      return rows.stream().map(row -> row.get(name)).toList();
    }
  }

  private interface Database {
    Rows ask(String query) throws Exception;
  }

  private static String path(String query) {
    return "/query?db=cars&epoch=ms&q=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  private static Rows askInflux(String query) throws Exception {
    return askInflux(query, macros(ADay.VIN, PETROL));
  }

  private static Rows askInflux(String query, GrafanaMacros macros) throws Exception {
    JsonNode result = influx.json(path(macros.influxQl(query))).at("/results/0");
    if (result.has("error")) {
      throw new IllegalStateException(result.path("error").asText());
    }
    Set<String> columns = new TreeSet<>();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode series : result.path("series")) {
      List<String> names = new ArrayList<>();
      series.path("columns").forEach(name -> names.add(name.asText()));
      columns.addAll(names);
      for (JsonNode values : series.path("values")) {
        Map<String, Object> row = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
          row.put(names.get(i), JSON.convertValue(values.path(i), Object.class));
        }
        for (Map.Entry<String, JsonNode> tag : series.path("tags").properties()) {
          row.put("tag " + tag.getKey(), tag.getValue().asText());
        }
        rows.add(row);
      }
    }
    rows.forEach(row -> columns.addAll(row.keySet()));
    return new Rows(columns, rows);
  }

  private static Rows askPostgres(String query) throws Exception {
    return askPostgres(query, macros(ADay.VIN, PETROL));
  }

  private static Rows askPostgres(String query, GrafanaMacros macros) throws Exception {
    try (Connection connection = DriverManager.getConnection(postgres.url(), READER, "choose one");
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(macros.sql(query))) {
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= answer.getMetaData().getColumnCount(); i++) {
        names.add(answer.getMetaData().getColumnLabel(i));
      }
      List<Map<String, Object>> rows = new ArrayList<>();
      while (answer.next()) {
        Map<String, Object> row = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
          row.put(names.get(i), answer.getObject(i + 1));
        }
        rows.add(row);
      }
      return new Rows(new TreeSet<>(names), rows);
    }
  }

  // ---- all of them --------------------------------------------------------------------------

  /** What is wrong with a query; null for nothing. */
  private static String fault(Database database, String query) {
    try {
      Rows rows = database.ask(query);
      return rows.saysSomething(query.contains("count(")) ? null : "no rows that say anything";
    } catch (Exception | AssertionError e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static int assertAllSaySomething(String name, Database database) {
    SoftAssertions all = new SoftAssertions();
    int number = 0;
    for (Dashboard dashboard : Dashboards.of(name)) {
      for (Query query : dashboard.queries()) {
        all.assertThat(fault(database, query.text())).as(query.where()).isNull();
        number++;
      }
    }
    all.assertAll();
    return number;
  }

  @Test
  void everyQueryOfInfluxDbSaysSomething() {
    int number = assertAllSaySomething("influxdb", DashboardQueriesIT::askInflux);
    System.out.println(number + " queries of InfluxDB");
    assertThat(number).isGreaterThan(50);
  }

  @Test
  void everyQueryOfPostgreSqlSaysSomethingToOneWhoMayOnlyRead() {
    int number = assertAllSaySomething("postgresql", DashboardQueriesIT::askPostgres);
    System.out.println(number + " queries of PostgreSQL");
    assertThat(number).isGreaterThan(50);
  }

  @Test
  void aWrongColumnFieldTagOrKeyIsNoticed() {
    SoftAssertions all = new SoftAssertions();
    Map<String, String> sql =
        Map.of("value_num", "value_nun", "vehicle", "vehikel", "received", "recieved");
    Map<String, String> influxQl =
        Map.of(
            "\"value\"",
            "\"valeu\"",
            "\"value_s\"",
            "\"value_t\"",
            "\"vehicle\" =~",
            "\"vehikel\" =~");
    for (Dashboard dashboard : Dashboards.all()) {
      boolean isInflux = dashboard.database().equals("influxdb");
      Database database =
          isInflux ? DashboardQueriesIT::askInflux : DashboardQueriesIT::askPostgres;
      for (Query query : dashboard.queries()) {
        (isInflux ? influxQl : sql)
            .forEach(
                (right, wrong) -> {
                  String mutant = query.text().replace(right, wrong);
                  if (!mutant.equals(query.text())) {
                    all.assertThat(fault(database, mutant)).as(mutant).isNotNull();
                  }
                });
        String other = query.text().replaceAll("vehicle\\\\?\\.(\\w+)\\\\?\\.", "vehicle.no$1.");
        if (!other.equals(query.text())) {
          all.assertThat(fault(database, other)).as(other).isNotNull();
        }
      }
    }
    all.assertAll();
  }

  @Test
  void theVehiclesAreFoundByTheVariable() throws Exception {
    Query influxQl = variable("influxdb", "vehicle");
    assertThat(askInflux(influxQl.text()).column("value"))
        .containsExactlyInAnyOrder(ADay.VIN, PETROL);
    Query sql = variable("postgresql", "vehicle");
    assertThat(askPostgres(sql.text()).column("vehicle"))
        .containsExactlyInAnyOrder(ADay.VIN, PETROL);
  }

  private static Query variable(String database, String name) {
    return Dashboards.of(database).get(0).queries().stream()
        .filter(query -> query.where().endsWith("variable " + name))
        .findFirst()
        .orElseThrow();
  }

  private static Query panel(String database, String title) {
    return Dashboards.of(database).stream()
        .flatMap(dashboard -> dashboard.queries().stream())
        .filter(query -> query.panel().path("title").asText().equals(title))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void thePanelsSayWhatHappenedThatDay() throws Exception {
    assertThat(newest("State of charge", ADay.VIN)).isEqualTo("80.0");
    assertThat(newest("Mileage", ADay.VIN)).isEqualTo("20515.0");
    assertThat(newest("Fuel", PETROL)).isEqualTo("42.0");
    assertThat(newest("Fuel in the tank", PETROL)).isEqualTo("21.5");
    assertThat(newest("Total range", PETROL)).isEqualTo("320.0");
    assertThat(newest("Distance driven", PETROL)).isEqualTo("175.0");
    assertThat(newest("Distance driven", ADay.VIN)).isEqualTo("64.0");
    assertThat(ofTheDay("Trips")).isEqualTo(2L);
    assertThat(ofTheDay("Distance of the trips")).isEqualTo(64.0);
    assertThat(ofTheDay("Charges")).isEqualTo(1L);
    assertThat(ofTheDay("Energy charged")).isEqualTo(25.02);
  }

  /** What PostgreSQL says where only the battery car is chosen. */
  private static Object ofTheDay(String title) throws Exception {
    return askPostgres(panel("postgresql", title).text(), macros(ADay.VIN)).column("value").get(0);
  }

  /** As both databases say. */
  private static String newest(String title, String vehicle) throws Exception {
    List<Object> ours =
        askPostgres(panel("postgresql", title).text()).rows().stream()
            .filter(row -> vehicle.equals(row.get("metric")))
            .map(row -> row.get("value"))
            .toList();
    List<Object> theirs =
        askInflux(panel("influxdb", title).text()).rows().stream()
            .filter(row -> vehicle.equals(row.get("tag vehicle")))
            .map(row -> row.getOrDefault("last", row.get("spread")))
            .map(value -> (Object) ((Number) value).doubleValue())
            .toList();
    assertThat(theirs).as(title).hasSize(1).isEqualTo(ours);
    return theirs.get(0).toString();
  }

  @Test
  void columnsThatPanelsDressUpAreThere() throws Exception {
    SoftAssertions all = new SoftAssertions();
    for (Dashboard dashboard : Dashboards.of("postgresql")) {
      for (Query query : dashboard.queries()) {
        Set<String> columns = askPostgres(query.text()).columns();
        for (JsonNode override : query.panel().at("/fieldConfig/overrides")) {
          String name = override.at("/matcher/options").asText();
          all.assertThat(columns).as(query.where()).contains(name);
        }
        JsonNode sorted = query.panel().at("/options/sortBy/0/displayName");
        if (!sorted.isMissingNode()) {
          all.assertThat(columns).as(query.where()).contains(sorted.asText());
        }
      }
    }
    all.assertAll();
  }

  @Test
  void fieldsThatInfluxDbsPanelsTakeOutOfTripsAndChargesAreThere() throws Exception {
    SoftAssertions all = new SoftAssertions();
    int panels = 0;
    for (Dashboard dashboard : Dashboards.of("influxdb")) {
      for (Query query : dashboard.queries()) {
        JsonNode steps = query.panel().path("transformations");
        if (!steps.at("/0/id").asText().equals("extractFields")) {
          continue;
        }
        panels++;
        Rows rows = askInflux(query.text());
        String column = steps.at("/0/options/source").asText();
        all.assertThat(rows.columns()).as(query.where()).contains(column);
        Set<String> there = new TreeSet<>(Set.of("Time", "vehicle"));
        for (Object row : rows.column(column)) {
          JSON.readTree(row.toString()).fieldNames().forEachRemaining(there::add);
        }
        Set<String> named = new TreeSet<>();
        steps.at("/1/options/fields").fieldNames().forEachRemaining(named::add);
        steps.at("/1/options/include/names").forEach(name -> named.add(name.asText()));
        all.assertThat(there).as(query.where()).containsAll(named);
        JsonNode renamed = steps.at("/2/options/renameByName");
        Set<String> grouped =
            named.stream().map(name -> name + " (lastNotNull)").collect(Collectors.toSet());
        renamed.fieldNames().forEachRemaining(name -> all.assertThat(grouped).contains(name));
      }
    }
    assertThat(panels).isGreaterThan(8);
    all.assertAll();
  }
}
