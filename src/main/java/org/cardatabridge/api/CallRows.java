// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** The table {@code rest_calls}. Times are microseconds since 1970 there. */
final class CallRows {

  private static final String COLUMNS =
      "id, account, at, purpose, method, path, counts, status, error_id, error, bytes, millis,"
          + " blocked_until";

  private CallRows() {}

  /** All calls in the file, which holds those of a few days. */
  static List<CallEntry> all(Connection connection) throws SQLException {
    List<CallEntry> found = new ArrayList<>();
    each(connection, found::add);
    return found;
  }

  /** The same, one by one: of a damaged file there is what comes before the damage. */
  static void each(Connection connection, Consumer<CallEntry> to) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT " + COLUMNS + " FROM rest_calls");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        to.accept(entry(row));
      }
    }
  }

  private static CallEntry entry(ResultSet row) throws SQLException {
    return new CallEntry(
        row.getLong(1),
        row.getString(2),
        instant(row.getLong(3)),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getInt(7) != 0,
        number(row, 8) == null ? null : row.getInt(8),
        row.getString(9),
        row.getString(10),
        number(row, 11),
        number(row, 12),
        number(row, 13) == null ? null : instant(row.getLong(13)));
  }

  private static Long number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  /** Writes calls as they are now, whether they are there or not. */
  static void put(Connection connection, Collection<CallEntry> entries) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO rest_calls ("
                + COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (CallEntry entry : entries) {
        insert.setLong(1, entry.id());
        insert.setString(2, entry.account());
        insert.setLong(3, micros(entry.at()));
        insert.setString(4, entry.purpose());
        insert.setString(5, entry.method());
        insert.setString(6, entry.path());
        insert.setInt(7, entry.counts() ? 1 : 0);
        number(insert, 8, entry.status() == null ? null : entry.status().longValue());
        insert.setString(9, entry.errorId());
        insert.setString(10, entry.error());
        number(insert, 11, entry.bytes());
        number(insert, 12, entry.millis());
        number(insert, 13, entry.blockedUntil() == null ? null : micros(entry.blockedUntil()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void number(PreparedStatement insert, int column, Long value) throws SQLException {
    if (value == null) {
      insert.setNull(column, Types.INTEGER);
    } else {
      insert.setLong(column, value);
    }
  }

  /** Forgets calls. */
  static void delete(Connection connection, Collection<CallEntry> entries) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM rest_calls WHERE id = ?")) {
      for (CallEntry entry : entries) {
        delete.setLong(1, entry.id());
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }

  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
