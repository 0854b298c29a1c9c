// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * The messages of a {@code journal.db}, read beside the bridge that writes it. Holds one message in
 * memory at a time, and never a long transaction, which would keep the bridge from tidying its
 * write-ahead log. For one thread.
 */
public final class JournalFile implements AutoCloseable {

  /** The file's name in the data directory. */
  public static final String NAME = "journal.db";

  private static final int PAGE = 2000;
  private static final int BUSY_MS = 10_000;

  // An index on received would sort each page anew; the messages are read in their order anyway.
  private static final String SELECT =
      "SELECT number, received, source, account, topic, payload FROM messages NOT INDEXED"
          + " WHERE number > ? AND number <= ? AND received >= ? AND received < ?"
          + " AND (? IS NULL OR account = ?) ORDER BY number LIMIT "
          + PAGE;

  /** Gets one message after the other. */
  @FunctionalInterface
  public interface Receiver {
    /** May fail, which ends the reading. */
    void take(RecordedMessage message) throws IOException;
  }

  private final Path file;
  private final Connection connection;
  private final long last;

  private JournalFile(Path file, Connection connection, long last) {
    this.file = file;
    this.connection = connection;
    this.last = last;
  }

  /**
   * Opens the journal of a data directory to read what it holds now.
   *
   * @throws IOException with a sentence where there is none or it cannot be read
   */
  public static JournalFile open(Path dataDir) throws IOException {
    Path file = dataDir.resolve(NAME);
    if (!Files.exists(file)) {
      throw new IOException(
          "Reading the journal: there is no "
              + file
              + " — start the bridge once, or name its directory with cardata.data-dir");
    }
    try {
      return opened(file, false);
    } catch (SQLException e) {
      if (Files.isReadable(file) && !Files.isWritable(dataDir) && hasNoLog(file)) {
        return openedAlone(file);
      }
      throw unreadable(file, e);
    }
  }

  /** Beside no write-ahead log, a directory that cannot be written to needs none. */
  private static JournalFile openedAlone(Path file) throws IOException {
    try {
      return opened(file, true);
    } catch (SQLException e) {
      throw unreadable(file, e);
    }
  }

  private static boolean hasNoLog(Path file) throws IOException {
    Path log = file.resolveSibling(NAME + "-wal");
    return !Files.exists(log) || Files.size(log) == 0;
  }

  private static JournalFile opened(Path file, boolean isImmutable) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setOpenMode(SQLiteOpenMode.OPEN_URI);
    config.setBusyTimeout(BUSY_MS);
    Connection connection =
        DriverManager.getConnection(
            "jdbc:sqlite:" + file.toUri() + (isImmutable ? "?immutable=1" : "?mode=ro"),
            config.toProperties());
    try (var statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(number) FROM messages")) {
      return new JournalFile(file, connection, row.next() ? row.getLong(1) : 0);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static IOException unreadable(Path file, SQLException cause) {
    return new IOException(
        "Reading the journal "
            + file
            + ": "
            + cause.getMessage()
            + " — is it the journal of a bridge, and may you read it and its directory?",
        cause);
  }

  /** Whether there is a message of this account. */
  public boolean knows(String account) throws IOException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT 1 FROM messages WHERE account = ? LIMIT 1")) {
      statement.setString(1, account);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    } catch (SQLException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Hands over every message, in the order in which they were journalled, that was received in a
   * time and by an account. What comes in after the file was opened is left out.
   *
   * @param since the first moment; null for no limit
   * @param until the first moment after it; null for no limit
   * @param account null for all
   * @throws IOException with a sentence where the file cannot be read, or from the receiver
   */
  public void read(Instant since, Instant until, String account, Receiver receiver)
      throws IOException {
    long from = since == null ? Long.MIN_VALUE : micros(since);
    long to = until == null ? Long.MAX_VALUE : micros(until);
    long place = Long.MIN_VALUE;
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setLong(2, last);
      select.setLong(3, from);
      select.setLong(4, to);
      select.setString(5, account);
      select.setString(6, account);
      for (long next = page(select, place, receiver); next > place; ) {
        place = next;
        next = page(select, place, receiver);
      }
    } catch (SQLException e) {
      throw unreadable(file, e);
    }
  }

  /** The number of the last message of a page; the place itself where there is none. */
  private long page(PreparedStatement select, long place, Receiver receiver)
      throws SQLException, IOException {
    select.setLong(1, place);
    long reached = place;
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        reached = rows.getLong(1);
        byte[] payload = rows.getBytes(6);
        receiver.take(
            new RecordedMessage(
                Instant.EPOCH.plus(rows.getLong(2), ChronoUnit.MICROS),
                text(rows, 3),
                text(rows, 4),
                text(rows, 5),
                payload == null ? new byte[0] : payload));
      }
    }
    return reached;
  }

  private static String text(ResultSet rows, int column) throws SQLException {
    String text = rows.getString(column);
    return text == null ? "" : text;
  }

  /** Microseconds since 1970, rounded up; the nearest long where there are too many. */
  static long micros(Instant time) {
    BigInteger nanos =
        BigInteger.valueOf(time.getEpochSecond())
            .multiply(BigInteger.valueOf(1_000_000_000))
            .add(BigInteger.valueOf(time.getNano()));
    BigInteger micros =
        nanos.subtract(BigInteger.ONE).divide(BigInteger.valueOf(1000)).add(BigInteger.ONE);
    if (nanos.signum() <= 0) {
      micros = nanos.divide(BigInteger.valueOf(1000));
    }
    return micros.bitLength() < 64
        ? micros.longValue()
        : micros.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw unreadable(file, e);
    }
  }
}
