// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table's columns over time: step by step from nothing to what this version writes. The table's
 * comment says how many steps it has had; one without that comment is somebody else's and stays as
 * it is. Immutable.
 */
final class TableSchema {

  /** Changes the table, inside a transaction. */
  interface Step {
    void run(Connection connection, TableName table) throws SQLException;
  }

  private static final Pattern VERSION = Pattern.compile("cardata-bridge schema (\\d{1,9})");

  /** Keeps two bridges from making the same table at once; any number will do. */
  private static final long LOCK = 0xCA2DA7A;

  private final List<Step> steps;

  TableSchema(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /** As this version of the bridge wants it. */
  static TableSchema current() {
    return new TableSchema(List.of(TableSchema::makeTable));
  }

  /**
   * Makes the table where there is none and brings an older one of ours up to date.
   *
   * @throws IllegalStateException where a newer bridge has changed it
   */
  void bringUpToDate(Connection connection, TableName table) throws SQLException {
    connection.setAutoCommit(false);
    try {
      lock(connection);
      int version = version(connection, table);
      if (version > steps.size()) {
        throw new IllegalStateException(
            "Preparing the table: it has schema %d, this bridge knows %d — update the bridge or name another table"
                .formatted(version, steps.size()));
      }
      if (version >= 0 && version < steps.size()) {
        for (Step step : steps.subList(version, steps.size())) {
          step.run(connection, table);
        }
        execute(
            connection,
            "COMMENT ON TABLE %s IS 'cardata-bridge schema %d'"
                .formatted(table.quoted(), steps.size()));
      }
      connection.commit();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static void lock(Connection connection) throws SQLException {
    execute(connection, "SELECT pg_advisory_xact_lock(" + LOCK + ")");
  }

  /** 0 where there is no table, -1 where it is not ours. */
  private static int version(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement ask =
        connection.prepareStatement(
            "SELECT to_regclass(?) IS NOT NULL, obj_description(to_regclass(?), 'pg_class')")) {
      ask.setString(1, table.quoted());
      ask.setString(2, table.quoted());
      try (ResultSet answer = ask.executeQuery()) {
        answer.next();
        if (!answer.getBoolean(1)) {
          return 0;
        }
        String comment = answer.getString(2);
        Matcher version = VERSION.matcher(comment == null ? "" : comment);
        return version.matches() ? Integer.parseInt(version.group(1)) : -1;
      }
    }
  }

  private static void makeTable(Connection connection, TableName table) throws SQLException {
    execute(
        connection,
        """
        CREATE TABLE %s (
          account    text NOT NULL,
          vin        text NOT NULL,
          vehicle    text NOT NULL,
          key        text NOT NULL,
          value_num  double precision,
          value_bool boolean,
          value_text text,
          value_json jsonb,
          unit       text,
          timestamp  timestamptz NOT NULL,
          received   timestamptz NOT NULL,
          source     text NOT NULL,
          PRIMARY KEY (vin, key, timestamp))"""
            .formatted(table.quoted()));
    if (hasTimescale(connection)) {
      try (PreparedStatement cut =
          connection.prepareStatement("SELECT create_hypertable(?::regclass, 'timestamp')")) {
        cut.setString(1, table.quoted());
        cut.execute();
      }
    }
  }

  private static boolean hasTimescale(Connection connection) throws SQLException {
    try (Statement ask = connection.createStatement();
        ResultSet answer =
            ask.executeQuery(
                "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'create_hypertable'"
                    + " AND pg_function_is_visible(oid))")) {
      answer.next();
      return answer.getBoolean(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
