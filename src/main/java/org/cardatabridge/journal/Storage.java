// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * What is written into the journal's file, each method one transaction: all of it or nothing.
 * Belongs to one thread.
 */
final class Storage implements AutoCloseable {

  private final Database database;
  private final Connection connection;
  private final Names names;
  private final PointCodec codec;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private Boolean syncedForMessages;
  private long receivedMax;

  /** Opens the file, and makes it where there is none. */
  Storage(Database database, Names names) throws SQLException, IOException {
    this.database = database;
    this.names = names;
    this.codec = new PointCodec(names);
    this.connection = database.write();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT received_max FROM messages ORDER BY number DESC LIMIT 1")) {
      receivedMax = row.next() ? row.getLong(1) : Long.MIN_VALUE;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws SQLException;
  }

  private void transaction(boolean isForMessages, Work work) throws SQLException {
    if (syncedForMessages == null || syncedForMessages != isForMessages) {
      database.syncFor(connection, isForMessages);
      syncedForMessages = isForMessages;
    }
    prepared("BEGIN IMMEDIATE").execute();
    try {
      work.run();
      prepared("COMMIT").execute();
    } catch (SQLException | RuntimeException e) {
      try {
        prepared("ROLLBACK").execute();
      } catch (SQLException alreadyRolledBack) {
        e.addSuppressed(alreadyRolledBack);
      }
      throw e;
    }
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /** Appends messages, and saves with them what sinks have told. */
  void append(List<LogEntry> entries, Unsaved.Portion told) throws SQLException {
    long before = receivedMax;
    try {
      transaction(
          true,
          () -> {
            insert(entries);
            insertNames();
            insertTold(told);
          });
    } catch (SQLException | RuntimeException e) {
      receivedMax = before;
      throw e;
    }
    names.saved();
    codec.rest();
  }

  private void insert(List<LogEntry> entries) throws SQLException {
    PreparedStatement insert =
        prepared("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (LogEntry entry : entries) {
      CarMessage message = entry.message();
      long received = Micros.of(message.received());
      receivedMax = Math.max(receivedMax, received);
      insert.setLong(1, entry.sequence());
      insert.setLong(2, received);
      insert.setLong(3, receivedMax);
      insert.setString(4, message.source());
      insert.setString(5, message.account());
      insert.setString(6, message.topic());
      insert.setString(7, entry.sinks().isEmpty() ? null : String.join(",", entry.sinks()));
      insert.setLong(8, entry.pointsBefore());
      insert.setLong(9, entry.eventsBefore());
      insert.setBytes(10, codec.encode(frame(message), message.points(), entry.points()));
      insert.setBytes(11, message.payload());
      insert.addBatch();
    }
    insert.executeBatch();
  }

  /** The frame of a message; its time of receipt as the column holds it. */
  static PointCodec.Frame frame(CarMessage message) {
    return new PointCodec.Frame(
        message.account(), message.source(), Micros.instant(Micros.of(message.received())));
  }

  private void insertNames() throws SQLException {
    if (names.unsaved().isEmpty()) {
      return;
    }
    // A commit that failed may have been done none the less: they are there then.
    PreparedStatement insert = prepared("INSERT OR IGNORE INTO names VALUES (?, ?)");
    for (int id : names.unsaved()) {
      insert.setInt(1, id);
      insert.setString(2, names.name(id));
      insert.addBatch();
    }
    insert.executeBatch();
  }

  private void insertTold(Unsaved.Portion told) throws SQLException {
    for (SetAside refused : told.setAside()) {
      insert(refused);
    }
    PreparedStatement position =
        prepared("INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?)");
    for (Map.Entry<String, Position> saved : told.positions().entrySet()) {
      position.setString(1, saved.getKey());
      position.setLong(2, saved.getValue().message());
      position.setInt(3, saved.getValue().point());
      position.setLong(4, saved.getValue().points());
      position.setLong(5, receivedMax);
      position.execute();
    }
    PreparedStatement taken = prepared("DELETE FROM dead_letters WHERE id = ?");
    for (long id : told.forgotten()) {
      taken.setLong(1, id);
      taken.execute();
    }
  }

  private void insert(SetAside refused) throws SQLException {
    PreparedStatement insert =
        prepared("INSERT INTO dead_letters VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    CarMessage message = refused.message();
    CarEvent event = refused.event();
    insert.setString(1, refused.sink());
    insert.setLong(2, Micros.of(refused.at()));
    insert.setString(3, refused.reason());
    insert.setLong(4, Micros.of(message.received()));
    insert.setString(5, message.source());
    insert.setString(6, message.account());
    insert.setString(7, message.topic());
    insert.setString(8, event == null ? null : event.vin());
    insert.setString(9, event == null ? null : event.key());
    insert.setBytes(
        10, event == null ? null : codec.encode(frame(message), List.of(event), List.of(event)));
    insert.setBytes(11, event == null ? message.payload() : null);
    insert.execute();
  }

  /** Saves what sinks have told. */
  void save(Unsaved.Portion told) throws SQLException {
    transaction(
        false,
        () -> {
          insertTold(told);
          insertNames();
        });
    names.saved();
  }

  /** Writes what was gathered of the history, and how far that comes. */
  void write(PendingHistory.Portion portion) throws SQLException {
    transaction(
        false,
        () -> {
          for (HistoryBlock block : portion.blocks()) {
            insert(block);
          }
          prepared(INSERT_SERIES).executeBatch();
          for (PendingHistory.Newest value : portion.newest()) {
            forgetUndated(value.event(), value.vehicle(), value.key());
            upsertNewest(value.number(), value.event(), value.vehicle(), value.key());
          }
          prepared(UPSERT_NEWEST).executeBatch();
          progress(portion.to());
          insertNames();
        });
    names.saved();
  }

  private static final String INSERT_SERIES =
      "INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String UPSERT_NEWEST =
      "INSERT INTO newest VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (vehicle, key) DO UPDATE SET number = excluded.number,"
          + " point = excluded.point, timestamp = excluded.timestamp,"
          + " received = excluded.received, kind = excluded.kind, value = excluded.value,"
          + " unit = excluded.unit WHERE excluded.timestamp > timestamp"
          + " OR excluded.timestamp = timestamp AND excluded.number >= number";

  private void insert(HistoryBlock block) throws SQLException {
    PreparedStatement insert = prepared(INSERT_SERIES);
    insert.setInt(1, block.vehicle());
    insert.setInt(2, block.key());
    insert.setLong(3, block.hour());
    insert.setLong(4, block.last());
    insert.setInt(5, block.part());
    number(insert, 6, block.unit());
    number(insert, 7, block.source());
    insert.setString(8, block.points());
    insert.addBatch();
  }

  /** One of unknown age gives its place to any that has a time, even an earlier one. */
  private void forgetUndated(CarEvent event, int vehicle, int key) throws SQLException {
    PreparedStatement select =
        prepared(
            "SELECT received, point FROM newest WHERE vehicle = ? AND key = ?"
                + " AND timestamp = received AND timestamp > ?");
    select.setInt(1, vehicle);
    select.setInt(2, key);
    select.setLong(3, Micros.of(event.timestamp()));
    boolean isReplaced;
    try (ResultSet row = select.executeQuery()) {
      isReplaced =
          row.next()
              && codec.decode(newestFrame(row.getLong(1)), row.getBytes(2)).all().stream()
                  .anyMatch(event::replaces);
    }
    if (isReplaced) {
      PreparedStatement delete = prepared("DELETE FROM newest WHERE vehicle = ? AND key = ?");
      delete.setInt(1, vehicle);
      delete.setInt(2, key);
      delete.execute();
    }
  }

  private void upsertNewest(long number, CarEvent event, int vehicle, int key) throws SQLException {
    StoredValue value = StoredValue.of(event.value());
    PreparedStatement upsert = prepared(UPSERT_NEWEST);
    upsert.setInt(1, vehicle);
    upsert.setInt(2, key);
    upsert.setLong(3, number);
    upsert.setBytes(4, codec.encode(newestFrame(event), List.of(event), List.of(event)));
    upsert.setLong(5, Micros.of(event.timestamp()));
    upsert.setLong(6, Micros.of(event.received()));
    upsert.setInt(7, value.kind());
    upsert.setObject(8, value.value());
    number(upsert, 9, event.unit() == null ? Names.NONE : names.number(event.unit()));
    upsert.addBatch();
  }

  /** The frame of a point in the table newest, which repeats nothing of a message. */
  static PointCodec.Frame newestFrame(CarEvent event) {
    return newestFrame(Micros.of(event.received()));
  }

  static PointCodec.Frame newestFrame(long received) {
    return new PointCodec.Frame("", "", Micros.instant(received));
  }

  private static void number(PreparedStatement statement, int index, int name) throws SQLException {
    if (name == Names.NONE) {
      statement.setNull(index, Types.INTEGER);
    } else {
      statement.setInt(index, name);
    }
  }

  /** Begins a new file's tables where an older file's ended. */
  void begin(long number, List<StoredLog.Newest> newest) throws SQLException {
    transaction(
        false,
        () -> {
          for (StoredLog.Newest value : newest) {
            CarEvent event = value.event();
            int vehicle = names.number(event.vin());
            int key = names.number(event.key());
            if (vehicle != Names.NONE && key != Names.NONE) {
              upsertNewest(value.number(), event, vehicle, key);
            }
          }
          prepared(UPSERT_NEWEST).executeBatch();
          progress(number);
          insertNames();
        });
    names.saved();
  }

  private void progress(long number) throws SQLException {
    PreparedStatement progress = prepared("UPDATE progress SET number = ? WHERE name = 'history'");
    progress.setLong(1, number);
    progress.execute();
  }

  /** The number of the message that history and newest values are to be worked on next. */
  long derived() throws SQLException {
    try (ResultSet row =
        prepared("SELECT number FROM progress WHERE name = 'history'").executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** A row of the history can only lie there. */
  private record Place(int vehicle, int key, long hour) {}

  /**
   * Deletes the oldest messages, with the rows of the history that hold nothing younger.
   *
   * @param next number of the message that the history is to be written for next
   */
  void trim(List<LogEntry> oldest, long next) throws SQLException {
    long first = oldest.get(oldest.size() - 1).sequence() + 1;
    Set<Place> places = new HashSet<>();
    for (LogEntry entry : oldest) {
      for (CarEvent event : entry.points()) {
        places.add(
            new Place(
                names.find(event.vin()),
                names.find(event.key()),
                HistoryBlock.hourOf(Micros.of(event.timestamp()))));
      }
    }
    transaction(
        false,
        () -> {
          PreparedStatement series =
              prepared(
                  "DELETE FROM series WHERE vehicle = ? AND key = ? AND hour = ? AND last < ?");
          for (Place place : places) {
            series.setInt(1, place.vehicle());
            series.setInt(2, place.key());
            series.setLong(3, place.hour());
            series.setLong(4, first);
            series.addBatch();
          }
          series.executeBatch();
          PreparedStatement messages = prepared("DELETE FROM messages WHERE number < ?");
          messages.setLong(1, first);
          messages.execute();
          if (next < first) {
            progress(first);
          }
        });
  }

  /** Deletes what was set aside before this time, and the oldest beyond this count. */
  void trimSetAside(long before, int most) throws SQLException {
    transaction(
        false,
        () -> {
          PreparedStatement old = prepared("DELETE FROM dead_letters WHERE set_aside < ?");
          old.setLong(1, before);
          old.execute();
          PreparedStatement many =
              prepared(
                  "DELETE FROM dead_letters WHERE id <= (SELECT id FROM dead_letters"
                      + " ORDER BY id DESC LIMIT 1 OFFSET ?)");
          many.setInt(1, most);
          many.execute();
        });
  }

  /** Gives at most so many unused pages back to the file system. */
  void shrink(int pages) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
    }
  }

  /** Pages of the file and those of them that are unused. */
  record Pages(long all, long unused, int size) {
    long usedBytes() {
      return (all - unused) * size;
    }

    long bytes() {
      return all * size;
    }
  }

  Pages pages() throws SQLException {
    return new Pages(pragma("page_count"), pragma("freelist_count"), (int) pragma("page_size"));
  }

  private long pragma(String name) throws SQLException {
    try (ResultSet row = prepared("PRAGMA " + name).executeQuery()) {
      return row.getLong(1);
    }
  }

  /** Moves what the write-ahead log holds into the file, as far as readers let it. */
  void checkpoint(boolean truncate) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA wal_checkpoint(" + (truncate ? "TRUNCATE" : "PASSIVE") + ")");
    }
  }

  /** Writes all that the file holds, seen from here, into a new one. */
  void copyTo(java.nio.file.Path target) throws SQLException {
    PreparedStatement copy = prepared("VACUUM INTO ?");
    copy.setString(1, target.toString());
    copy.execute();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
