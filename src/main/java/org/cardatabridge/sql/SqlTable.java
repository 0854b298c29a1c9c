// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TargetAwayException;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of the SQL sink, behind one connection that is opened when first needed and again after
 * any failure but a refused row. One batch is one statement, so it is in the table as a whole or
 * not at all. Safe for use by many threads, one after the other.
 */
public final class SqlTable implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SqlTable.class);
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final int CHECK_SECONDS = 5;

  private final Settings settings;
  private final TableSchema schema;
  private final Clock clock;
  private volatile Connection connection;
  private SqlSettings used;
  private boolean prepared;
  private Instant lastUse = Instant.EPOCH;

  /** Reads the settings when it connects, so that a sink that is off asks for none. */
  public SqlTable(Settings settings, Clock clock) {
    this(settings, TableSchema.current(), clock);
  }

  SqlTable(Settings settings, TableSchema schema, Clock clock) {
    this.settings = settings;
    this.schema = schema;
    this.clock = clock;
  }

  /**
   * Sees whether the settings can be used.
   *
   * @throws BadSettingException for one that cannot
   */
  public static void check(Settings settings) {
    SqlSettings.of(settings);
  }

  /**
   * Sees to the table, once for each connection. With {@code cardata.sink.sql.create} it is made
   * and brought up to date, else it has to be there.
   *
   * @throws TargetAwayException where the database cannot be reached or a person has to do
   *     something
   * @throws IllegalStateException for any other failure
   */
  public synchronized void prepare() throws Exception {
    connect();
    if (prepared) {
      return;
    }
    try {
      if (used.create()) {
        schema.bringUpToDate(connection, used.table());
      } else {
        mustBeThere();
      }
      prepared = true;
    } catch (SQLException e) {
      drop();
      throw SqlTrouble.ofConnection(e);
    } catch (RuntimeException e) {
      drop();
      throw e;
    }
  }

  private void connect() throws Exception {
    try {
      if (connection != null
          && (connection.isClosed() || isIdle() && !connection.isValid(CHECK_SECONDS))) {
        drop();
      }
      if (connection == null) {
        used = SqlSettings.of(settings);
        connection = new org.postgresql.Driver().connect(used.url(), used.properties());
      }
    } catch (SQLException e) {
      throw SqlTrouble.ofConnection(e);
    }
    if (connection == null) {
      throw new BadSettingException(
          "cardata.sink.sql.url: got one that the driver cannot read, takes a URL such as"
              + " jdbc:postgresql://host/database");
    }
    lastUse = clock.instant();
  }

  private boolean isIdle() {
    return Duration.between(lastUse, clock.instant()).compareTo(IDLE) > 0;
  }

  private void mustBeThere() throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement("SELECT to_regclass(?)")) {
      ask.setString(1, used.table().quoted());
      try (ResultSet answer = ask.executeQuery()) {
        if (!answer.next() || answer.getString(1) == null) {
          throw new TargetAwayException(
              "Writing to the database: there is no table "
                  + used.table().quoted()
                  + " — set cardata.sink.sql.create=true, or make it as docs/sinks/sql.md says",
              null);
        }
      }
    }
  }

  /**
   * Writes rows; of those with the same VIN, descriptor and time of measurement the one received
   * last stays.
   *
   * @throws EventRefusedException where the table will never take one of them; none is written
   * @throws TryLaterException where the database cannot be reached
   * @throws IllegalStateException for any other failure
   */
  public synchronized void upsert(List<SqlRow> rows) throws Exception {
    connect();
    // One statement must not touch a row twice.
    Map<SqlRow.Key, SqlRow> once = new LinkedHashMap<>();
    rows.forEach(row -> once.merge(row.once(), row, SqlTable::later));
    try (PreparedStatement insert = connection.prepareStatement(sql(used.table()))) {
      bind(insert, List.copyOf(once.values()));
      insert.executeUpdate();
    } catch (SQLException e) {
      Exception trouble = SqlTrouble.ofInsert(e);
      if (!(trouble instanceof EventRefusedException)) {
        drop();
      }
      throw trouble;
    }
  }

  private static SqlRow later(SqlRow first, SqlRow second) {
    return second.received().isBefore(first.received()) ? first : second;
  }

  private static String sql(TableName table) {
    return """
    INSERT INTO %s AS old (account, vin, vehicle, key, value_num, value_bool, value_text, value_json, unit,
        timestamp, received, source)
    SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::float8[], ?::bool[], ?::text[],
        ?::jsonb[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::text[])
    ON CONFLICT (vin, key, timestamp) DO UPDATE SET
        account = excluded.account, vehicle = excluded.vehicle, value_num = excluded.value_num,
        value_bool = excluded.value_bool, value_text = excluded.value_text,
        value_json = excluded.value_json, unit = excluded.unit, received = excluded.received,
        source = excluded.source
      WHERE excluded.received >= old.received
        AND (old.value_num, old.value_bool, old.value_text, old.value_json, old.unit)
            IS DISTINCT FROM (excluded.value_num, excluded.value_bool, excluded.value_text,
                excluded.value_json, excluded.unit)\
    """
        .formatted(table.quoted());
  }

  private void bind(PreparedStatement insert, List<SqlRow> rows) throws SQLException {
    column(insert, 1, "text", rows, SqlRow::account);
    column(insert, 2, "text", rows, SqlRow::vin);
    column(insert, 3, "text", rows, SqlRow::vehicle);
    column(insert, 4, "text", rows, SqlRow::key);
    column(insert, 5, "float8", rows, SqlRow::number);
    column(insert, 6, "bool", rows, SqlRow::flag);
    column(insert, 7, "text", rows, SqlRow::text);
    column(insert, 8, "text", rows, SqlRow::json);
    column(insert, 9, "text", rows, SqlRow::unit);
    column(insert, 10, "text", rows, row -> row.timestamp().toString());
    column(insert, 11, "text", rows, row -> row.received().toString());
    column(insert, 12, "text", rows, SqlRow::source);
  }

  private void column(
      PreparedStatement insert,
      int index,
      String type,
      List<SqlRow> rows,
      Function<SqlRow, Object> value)
      throws SQLException {
    insert.setArray(
        index, connection.createArrayOf(type, rows.stream().map(value).toArray(Object[]::new)));
  }

  /**
   * Ends the connection at once, also under a statement, which then fails; the next call opens one
   * again.
   */
  @Override
  public void close() {
    Connection open = connection;
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debug("Ending a connection that is broken", e);
      }
    }
  }

  private void drop() {
    Connection old = connection;
    connection = null;
    prepared = false;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException e) {
        LOG.debug("Closing a connection that is broken", e);
      }
    }
  }
}
