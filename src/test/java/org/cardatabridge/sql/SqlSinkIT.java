// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.spi.Registry;
import org.cardatabridge.CarEvent;
import org.cardatabridge.journal.SinkSnapshot;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.Postgres;
import org.cardatabridge.testing.RigTest;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shipped SQL sink on a real journal and a real PostgreSQL. */
@Timeout(120)
class SqlSinkIT extends RigTest {

  private static final ShippedRoute SQL = ShippedRoute.of("sink-sql");
  private static final String VIN = "WBY00TEST00000001";
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final AtomicInteger TABLES = new AtomicInteger();

  private static Postgres postgres;

  private final String table = "values_" + TABLES.incrementAndGet();

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres = Postgres.start();
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  @BeforeEach
  void settings() {
    settings.put("cardata.sink.sql.url", postgres.url());
    settings.put("cardata.sink.sql.username", Postgres.USER);
    settings.put("cardata.sink.sql.password", Postgres.PASSWORD);
    settings.put("cardata.sink.sql.table", table);
    settings.put("cardata.sink.sql.create", "true");
  }

  @Override
  protected void bind(Registry registry, Settings values) {
    registry.bind("sqlRows", new SqlRows());
    SqlTable made = new SqlTable(values, Clock.systemUTC());
    registry.bind("sqlTable", SqlTable.class, made, null, "close");
  }

  private static CarEvent event(String key, Object value, String unit, int second) {
    return event(key, value, unit, second, 0);
  }

  private static CarEvent event(String key, Object value, String unit, int second, int received) {
    return new CarEvent(
        "main",
        VIN,
        "mini",
        key,
        value,
        unit,
        NOON.plusSeconds(second),
        NOON.plusSeconds(100L + received),
        "stream");
  }

  private List<String> rows(String columns) throws SQLException {
    return ask("SELECT concat_ws('|', " + columns + ") FROM " + table + " ORDER BY timestamp, key");
  }

  private static List<String> ask(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (answer.next()) {
        rows.add(answer.getString(1));
      }
      return rows;
    }
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void eachValueStandsInTheColumnOfItsType() throws Exception {
    start(SQL);
    rig.publish(
        List.of(
            event("a.number", 81623L, "km", 1),
            event("b.broken", 48.5, "°C", 2),
            event("c.flag", true, null, 3),
            event("d.text", "it's \"so\"; DROP TABLE x;--", null, 4),
            event("e.object", Map.of("latitude", 1.5), null, 5),
            event("f.list", List.of(1L, 2L), null, 6),
            event("g.gone", null, null, 7)));
    awaitDone();

    assertThat(rows("key, value_num, value_bool, value_text, value_json, unit"))
        .containsExactly(
            "a.number|81623|km",
            "b.broken|48.5|°C",
            "c.flag|t",
            "d.text|it's \"so\"; DROP TABLE x;--",
            "e.object|{\"latitude\": 1.5}",
            "f.list|[1, 2]",
            "g.gone");
    assertThat(ask("SELECT account || vin || vehicle || source FROM " + table + " LIMIT 1"))
        .containsExactly("main" + VIN + "ministream");
    assertThat(ask("SELECT timestamp AT TIME ZONE 'UTC' FROM " + table + " WHERE key = 'a.number'"))
        .containsExactly("2026-01-31 12:00:01");
    assertThat(ask("SELECT obj_description('" + table + "'::regclass)"))
        .containsExactly("cardata-bridge schema 1");
  }

  @Test
  void aRepeatDoublesNothingAndACorrectionTakesThePlaceOfWhatItCorrects() throws Exception {
    CarEvent first = event("a", 1L, "km", 1, 0);
    CarEvent corrected = event("a", 2L, "km", 1, 5);
    SqlTable direct = new SqlTable(rigless(), Clock.systemUTC());
    direct.prepare();
    direct.upsert(List.of(SqlRow.of(first), SqlRow.of(corrected)));
    assertThat(rows("key, value_num")).containsExactly("a|2");
    // A replay brings the old value again: what was received later stays.
    direct.upsert(List.of(SqlRow.of(first)));
    direct.upsert(List.of(SqlRow.of(first), SqlRow.of(event("a", 3L, "km", 2, 6))));
    assertThat(rows("key, value_num")).containsExactly("a|2", "a|3");
    direct.upsert(List.of(SqlRow.of(event("a", true, null, 1, 7))));
    assertThat(rows("key, value_num, value_bool")).containsExactly("a|t", "a|3");
    direct.close();
  }

  @Test
  void closingEndsAnInsertThatWaitsForALock() throws Exception {
    SqlTable direct = new SqlTable(rigless(), Clock.systemUTC());
    direct.prepare();
    try (Connection other = postgres.connect()) {
      other.setAutoCommit(false);
      other.createStatement().execute("LOCK TABLE " + table);
      CompletableFuture<Void> insert =
          CompletableFuture.runAsync(
              () -> {
                try {
                  direct.upsert(List.of(SqlRow.of(event("a", 1L, "km", 1, 0))));
                } catch (Exception e) {
                  throw new java.util.concurrent.CompletionException(e);
                }
              });
      await()
          .until(
              () ->
                  !ask("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '"
                          + table
                          + "'::regclass")
                      .isEmpty());
      CompletableFuture.runAsync(direct::close).get(40, TimeUnit.SECONDS);
      assertThatThrownBy(() -> insert.get(5, TimeUnit.SECONDS)).isNotNull();
      other.rollback();
    }
    direct.upsert(List.of(SqlRow.of(event("a", 2L, "km", 2, 0))));
    assertThat(rows("key, value_num")).contains("a|2");
    direct.close();
  }

  private org.cardatabridge.settings.Settings rigless() {
    return org.cardatabridge.settings.Settings.defaults().with(settings);
  }

  @Test
  void aRowThatTheTableNeverTakesIsSetAsideAndTheRestIsThere() throws Exception {
    start(SQL);
    List<CarEvent> events = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      events.add(event("n", (long) i, null, i));
    }
    events.set(13, event("n", "with\0zero", null, 13));
    events.set(29, event("n", Map.of("deep", "a\0b"), null, 29));
    rig.publish(events);
    awaitDone();

    assertThat(ask("SELECT count(*) FROM " + table)).containsExactly("38");
    assertThat(rig.status().failed()).isEqualTo(2);
    assertThat(rig.status().state()).isEqualTo(SinkSnapshot.State.UP);
    assertThat(rig.status().lastError()).contains("the table refuses it (22").doesNotContain(VIN);
  }

  @Test
  void aConstraintOfTheUsersOwnSetsTheOneRowAside() throws Exception {
    start(SQL);
    rig.publish(List.of(event("n", 1L, null, 1)));
    awaitDone();
    execute("ALTER TABLE " + table + " ADD CONSTRAINT small CHECK (value_num < 100)");
    rig.publish(
        List.of(event("n", 2L, null, 2), event("n", 500L, null, 3), event("n", 3L, null, 4)));
    awaitDone();

    assertThat(rows("value_num")).containsExactly("1", "2", "3");
    assertThat(rig.status().lastError()).contains("23514").contains("small");
  }

  @Test
  void aServerKilledUnderLoadGetsEverythingOnce() throws Exception {
    start(SQL);
    int count = 6000;
    for (int i = 0; i < count; i += 20) {
      List<CarEvent> events = new ArrayList<>();
      for (int j = i; j < i + 20; j++) {
        events.add(event("n", (long) j, null, j));
      }
      rig.publish(events);
      if (i == count / 2) {
        postgres.kill();
      }
    }
    await().atMost(PATIENCE).until(() -> rig.status().state() == SinkSnapshot.State.DOWN);
    assertThat(rig.status().lastError())
        .contains("Writing to the database")
        .doesNotContain(Postgres.PASSWORD)
        .doesNotContain(Postgres.USER + "\"");
    postgres.startAgain();
    awaitDone();

    assertThat(ask("SELECT count(*) || ' ' || sum(value_num) FROM " + table))
        .containsExactly(count + " " + (count * (count - 1L) / 2));
    assertThat(rig.status().failed()).isZero();
  }

  @Test
  void aRestartGoesOnWhereItWas() throws Exception {
    start(SQL);
    rig.publish(List.of(event("n", 1L, null, 1)));
    awaitDone();
    rig.close();
    start(SQL);
    rig.publish(List.of(event("n", 2L, null, 2)));
    awaitDone();
    assertThat(rig.status().delivered()).isEqualTo(1);
    assertThat(rows("value_num")).containsExactly("1", "2");
  }

  @Test
  void aMissingTableIsSaidInWordsAndWaitedFor() throws Exception {
    settings.put("cardata.sink.sql.create", "false");
    start(SQL);
    rig.publish(List.of(event("n", 1L, null, 1)));
    await().atMost(PATIENCE).until(() -> rig.status().lastError() != null);
    assertThat(rig.status().lastError())
        .contains("there is no table \"" + table + "\" — set cardata.sink.sql.create=true");
    try (Connection connection = postgres.connect()) {
      TableSchema.current().bringUpToDate(connection, TableName.of(table));
    }
    awaitDone();
    assertThat(rows("value_num")).containsExactly("1");
  }

  @Test
  void aWrongPasswordIsSaidWithoutNames() throws Exception {
    settings.put("cardata.sink.sql.password", "wrong-word");
    start(SQL);
    rig.publish(List.of(event("n", 1L, null, 1)));
    await().atMost(PATIENCE).until(() -> rig.status().lastError() != null);
    assertThat(rig.status().lastError())
        .contains("it refuses the login (28P01) — check cardata.sink.sql.username")
        .doesNotContain("wrong-word");
  }

  @Test
  void anEvilNameIsANameAndNothingElse() throws Exception {
    String evil = "x\"; DROP TABLE y; --";
    settings.put("cardata.sink.sql.table", evil);
    execute("CREATE TABLE y (a int)");
    start(SQL);
    rig.publish(List.of(event("n", 1L, null, 1)));
    awaitDone();
    assertThat(ask("SELECT value_num FROM \"x\"\"; DROP TABLE y; --\"")).containsExactly("1");
    assertThat(ask("SELECT count(*) FROM y")).containsExactly("0");
  }

  @Test
  void anOlderTableOfOursIsBroughtUpToDateAndANewerOneIsLeftAlone() throws Exception {
    TableName name = TableName.of(table);
    try (Connection connection = postgres.connect()) {
      TableSchema.current().bringUpToDate(connection, name);
      TableSchema.Step more =
          (c, t) -> {
            try (Statement alter = c.createStatement()) {
              alter.execute("ALTER TABLE " + t.quoted() + " ADD COLUMN more text");
            }
          };
      List<TableSchema.Step> steps =
          List.of(
              (c, t) -> {
                throw new AssertionError("done already");
              },
              more);
      TableSchema next = new TableSchema(steps);
      next.bringUpToDate(connection, name);
      next.bringUpToDate(connection, name);
      assertThat(ask("SELECT obj_description('" + table + "'::regclass)"))
          .containsExactly("cardata-bridge schema 2");
      assertThatThrownBy(() -> TableSchema.current().bringUpToDate(connection, name))
          .hasMessageContaining("it has schema 2, this bridge knows 1 — update the bridge");
    }
  }

  @Test
  void withTimescaleTheTableIsAHypertable() throws Exception {
    execute("CREATE SCHEMA scale");
    execute("CREATE TABLE scale.asked (what text)");
    // Stands for the extension's function, which asks the same of its caller.
    execute(
        """
        CREATE FUNCTION scale.create_hypertable(relation regclass, time_column_name name)
        RETURNS void LANGUAGE sql AS $$
          INSERT INTO scale.asked VALUES (relation || ' by ' || time_column_name) $$\
        """);
    settings.put("cardata.sink.sql.url", postgres.url() + "?currentSchema=public,scale");
    start(SQL);
    rig.publish(List.of(event("n", 1L, null, 1)));
    awaitDone();
    assertThat(ask("SELECT what FROM scale.asked")).containsExactly(table + " by timestamp");
  }

  @EditsRoute("sink-sql")
  void withoutThePrepareStepNoTableIsMade() throws Exception {
    start(SQL.without("method: prepare"));
    rig.publish(List.of(event("n", 1L, null, 1)));
    await().atMost(PATIENCE).until(() -> rig.status().lastError() != null);
    assertThat(rig.status().lastError()).contains("42P01");
    assertThat(ask("SELECT to_regclass('" + table + "')")).containsExactly((String) null);
  }

  @EditsRoute("sink-sql")
  void aStepPutInChangesTheRows() throws Exception {
    start(
        SQL.after(
            "method: prepare",
            """
            - transform:
                expression:
                  simple:
                    expression: "${body.subList(0, 1)}"
            """));
    rig.publish(List.of(event("n", 1L, null, 1), event("n", 2L, null, 2)));
    awaitDone();
    assertThat(rows("value_num")).containsExactly("1");
  }
}
