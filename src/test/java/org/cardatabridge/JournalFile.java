// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** A bridge's journal.db as somebody else sees it who only reads. Used on one thread. */
final class JournalFile implements AutoCloseable {

  private static final Pattern VALUE = Pattern.compile("\"value\":(\\d+)");

  private final Connection connection;

  private JournalFile(Connection connection) {
    this.connection = connection;
  }

  static JournalFile open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setOpenMode(SQLiteOpenMode.READONLY);
    config.setBusyTimeout(10_000);
    return new JournalFile(
        JDBC.createConnection(JDBC.PREFIX + file.toAbsolutePath(), config.toProperties()));
  }

  /** The whole number that a payload of one data point carries. */
  static int valueIn(byte[] payload) {
    Matcher found = VALUE.matcher(new String(payload, StandardCharsets.UTF_8));
    return found.find() ? Integer.parseInt(found.group(1)) : -1;
  }

  /** Each message from this number on, by its number. */
  Map<Long, byte[]> messages(long from) throws SQLException {
    Map<Long, byte[]> all = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT number, payload FROM messages WHERE number >= " + from)) {
      while (rows.next()) {
        all.put(rows.getLong(1), rows.getBytes(2));
      }
    }
    return all;
  }

  /** The one number that a query gives. */
  long number(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.getLong(1);
    }
  }

  /** How many messages are not in the history yet. */
  long behind() throws SQLException {
    return number(
        "SELECT coalesce((SELECT max(number) + 1 FROM messages), 0)"
            + " - (SELECT number FROM progress WHERE name = 'history')");
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
