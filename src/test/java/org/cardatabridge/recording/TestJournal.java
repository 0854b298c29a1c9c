// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A {@code journal.db} with the columns that an export reads, written as a bridge writes it. */
public final class TestJournal implements AutoCloseable {

  private final Connection connection;
  private long number;

  /** Makes the file in a data directory. */
  public TestJournal(Path dataDir) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + dataDir.resolve("journal.db"));
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute(
          "CREATE TABLE messages(number INTEGER PRIMARY KEY, received INTEGER, source TEXT,"
              + " account TEXT, topic TEXT, payload BLOB, points BLOB)");
      statement.execute("CREATE INDEX messages_received ON messages(received)");
    }
  }

  /** Adds a message of BMW's stream. */
  public TestJournal add(String received, String account, String topic, String payload)
      throws SQLException {
    return add(
        Instant.parse(received),
        "stream",
        account,
        topic,
        payload.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a message. */
  public TestJournal add(
      Instant received, String source, String account, String topic, byte[] payload)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO messages VALUES(?,?,?,?,?,?,NULL)")) {
      insert.setLong(1, ++number);
      insert.setLong(2, ChronoUnit.MICROS.between(Instant.EPOCH, received));
      insert.setString(3, source);
      insert.setString(4, account);
      insert.setString(5, topic);
      insert.setBytes(6, payload);
      insert.execute();
    }
    return this;
  }

  /** Adds so many messages, a second apart. */
  public TestJournal fill(int messages, Instant first, String payload) throws SQLException {
    connection.setAutoCommit(false);
    for (int i = 0; i < messages; i++) {
      add(
          first.plusSeconds(i),
          "stream",
          "main",
          "gcid/vin",
          (payload + i).getBytes(StandardCharsets.UTF_8));
    }
    connection.commit();
    connection.setAutoCommit(true);
    return this;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
