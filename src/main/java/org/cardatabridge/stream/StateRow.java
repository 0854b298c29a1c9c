// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * A row of the table {@code stream_states}. Immutable.
 *
 * @param id counted up; rows of an account follow each other in its order
 * @param account the account's name
 * @param state as {@link StreamState#text()}
 * @param at when it began
 * @param seen up to when it is known to have lasted; never before {@code at}
 * @param code the MQTT reason code; null where there was none
 * @param text the reason in words; null for none
 */
record StateRow(
    long id, String account, String state, Instant at, Instant seen, Integer code, String text) {

  /** As many as are read at once; a week without a network makes ten times as many. */
  static final int MOST = 10_000;

  private static final String COLUMNS = "id, account, state, at, seen, code, text";

  StateRow numbered(long number) {
    return new StateRow(number, account, state, at, seen, code, text);
  }

  /** The same, known to have lasted until now, or only from then on where the clock went back. */
  StateRow seen(Instant now) {
    return new StateRow(id, account, state, at, now.isBefore(at) ? at : now, code, text);
  }

  StreamSpan span() {
    return new StreamSpan(state, at, seen, code, text);
  }

  static long lastId(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(id) FROM stream_states")) {
      return row.getLong(1);
    }
  }

  /** Rows of an account that lasted until then or longer, in their order, the last ones of many. */
  static List<StateRow> since(Connection connection, String account, Instant since)
      throws SQLException {
    List<StateRow> found = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM stream_states WHERE account = ? AND seen >= ? ORDER BY id DESC LIMIT ?")) {
      select.setString(1, account);
      select.setLong(2, micros(since));
      select.setInt(3, MOST);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          int number = row.getInt(6);
          Integer code = row.wasNull() ? null : number;
          found.add(
              new StateRow(
                  row.getLong(1),
                  row.getString(2),
                  row.getString(3),
                  instant(row.getLong(4)),
                  instant(row.getLong(5)),
                  code,
                  row.getString(7)));
        }
      }
    }
    Collections.reverse(found);
    return found;
  }

  static void put(Connection connection, Collection<StateRow> rows) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO stream_states ("
                + COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      for (StateRow row : rows) {
        insert.setLong(1, row.id());
        insert.setString(2, row.account());
        insert.setString(3, row.state());
        insert.setLong(4, micros(row.at()));
        insert.setLong(5, micros(row.seen()));
        if (row.code() == null) {
          insert.setNull(6, Types.INTEGER);
        } else {
          insert.setInt(6, row.code());
        }
        insert.setString(7, row.text());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  static void forgetBefore(Connection connection, Instant time) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM stream_states WHERE seen < ?")) {
      delete.setLong(1, micros(time));
      delete.execute();
    }
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
