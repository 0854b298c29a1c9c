// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/** What the journal's file holds, read back. Safe for use by many threads. */
final class StoredLog {

  private static final byte[] NO_BYTES = {};
  private static final long MOST_BYTES = 1L << 20;
  private static final String SELECT =
      "SELECT number, received, source, account, topic, sinks, points_before, events_before,"
          + " points, ";

  private final Readers readers;
  private final PointCodec codec;

  StoredLog(Readers readers, Names names) {
    this.readers = readers;
    this.codec = new PointCodec(names);
  }

  /** The file was opened anew, and may be another one: what was open for reading is let go. */
  void reopened() {
    readers.forget();
  }

  /** Messages from this number on, at most so many, fewer where they are large. */
  List<LogEntry> read(long from, int limit, boolean withPayload) {
    return readers.read(connection -> read(connection, from, limit, withPayload));
  }

  private List<LogEntry> read(Connection connection, long from, int limit, boolean withPayload)
      throws SQLException {
    List<LogEntry> found = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            SELECT
                + (withPayload ? "payload" : "NULL")
                + " FROM messages WHERE number >= ? ORDER BY number LIMIT ?")) {
      select.setLong(1, from);
      select.setInt(2, limit);
      long bytes = 0;
      try (ResultSet row = select.executeQuery()) {
        while (bytes < MOST_BYTES && row.next()) {
          LogEntry entry = entry(row);
          found.add(entry);
          bytes += entry.message().payload().length + 200L * entry.points().size();
        }
      }
    }
    return found;
  }

  /** Tells the last messages of a source with their bytes from this number on, the newest first. */
  void last(String source, long from, int limit, Consumer<CarMessage> to) {
    readers.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  SELECT
                      + "payload FROM messages WHERE number >= ? AND source = ?"
                      + " ORDER BY number DESC LIMIT ?")) {
            select.setLong(1, from);
            select.setString(2, source);
            select.setInt(3, limit);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                to.accept(entry(row).message());
              }
            }
          }
          return limit;
        });
  }

  private LogEntry entry(ResultSet row) throws SQLException {
    Instant received = Micros.instant(row.getLong(2));
    String source = row.getString(3);
    String account = row.getString(4);
    String sinks = row.getString(6);
    byte[] payload = row.getBytes(10);
    PointCodec.Points points =
        codec.decode(new PointCodec.Frame(account, source, received), row.getBytes(9));
    return new LogEntry(
        row.getLong(1),
        row.getLong(7),
        row.getLong(8),
        new CarMessage(
            account,
            source,
            row.getString(5),
            received,
            payload == null ? NO_BYTES : payload,
            points.all()),
        points.fresh(),
        sinks == null ? Set.of() : Set.of(sinks.split(",")));
  }

  /** The oldest message. */
  Optional<LogEntry> oldest() {
    return read(0, 1, false).stream().findFirst();
  }

  /** The newest message. */
  Optional<LogEntry> newest() {
    OptionalLong number =
        readers.read(
            connection -> {
              try (PreparedStatement select =
                      connection.prepareStatement("SELECT max(number) FROM messages");
                  ResultSet row = select.executeQuery()) {
                long last = row.getLong(1);
                return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(last);
              }
            });
    return number.isEmpty()
        ? Optional.empty()
        : read(number.getAsLong(), 1, false).stream().findFirst();
  }

  /**
   * The oldest message received at this time or later. Times of receipt rise with the numbers
   * unless the clock was set back; their running maximum always does.
   */
  Optional<LogEntry> since(Instant received) {
    long time = Micros.of(received);
    OptionalLong number = readers.read(connection -> since(connection, time));
    return number.isEmpty()
        ? Optional.empty()
        : read(number.getAsLong(), 1, false).stream().findFirst();
  }

  private static OptionalLong since(Connection connection, long time) throws SQLException {
    long low;
    long high;
    try (PreparedStatement bounds =
            connection.prepareStatement(
                "SELECT (SELECT min(number) FROM messages), (SELECT max(number) FROM messages)");
        ResultSet row = bounds.executeQuery()) {
      low = row.getLong(1);
      if (row.wasNull()) {
        return OptionalLong.empty();
      }
      high = row.getLong(2) + 1;
    }
    long end = high;
    try (PreparedStatement probe =
        connection.prepareStatement("SELECT received_max FROM messages WHERE number = ?")) {
      while (low < high) {
        long middle = (low + high) >>> 1;
        probe.setLong(1, middle);
        try (ResultSet row = probe.executeQuery()) {
          // Trimmed meanwhile: it is older than all that is left.
          if (!row.next() || row.getLong(1) < time) {
            low = middle + 1;
          } else {
            high = middle;
          }
        }
      }
    }
    return low == end ? OptionalLong.empty() : OptionalLong.of(low);
  }

  /** All names by number. */
  Map<Integer, String> names() {
    return readers.read(
        connection -> {
          Map<Integer, String> found = new HashMap<>();
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT id, name FROM names");
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              found.put(row.getInt(1), row.getString(2));
            }
          }
          return found;
        });
  }

  /** The sinks' positions. */
  Map<String, Position> positions() {
    return readers.read(
        connection -> {
          Map<String, Position> found = new HashMap<>();
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT sink, message, point, points FROM positions");
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              found.put(
                  row.getString(1), new Position(row.getLong(2), row.getInt(3), row.getLong(4)));
            }
          }
          return found;
        });
  }

  /**
   * A newest value.
   *
   * @param number the number of its message
   */
  record Newest(CarEvent event, long number) {}

  /** The newest value of each key of each vehicle, as far as they are derived. */
  List<Newest> newestValues() {
    return readers.read(
        connection -> {
          List<Newest> found = new ArrayList<>();
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT number, received, point FROM newest");
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              PointCodec.Frame frame = Storage.newestFrame(row.getLong(2));
              for (CarEvent event : codec.decode(frame, row.getBytes(3)).all()) {
                found.add(new Newest(event, row.getLong(1)));
              }
            }
          }
          return found;
        });
  }

  /**
   * What was set aside, as the file holds it.
   *
   * @param id its number there
   */
  record Refused(long id, SetAside refused) {}

  /** What was set aside behind this number, oldest first; of one sink, or of all for null. */
  List<Refused> setAside(String sink, long after, int limit) {
    return readers.read(
        connection -> {
          List<Refused> found = new ArrayList<>();
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT id, sink, set_aside, reason, received, source, account, topic, point,"
                      + " payload FROM dead_letters WHERE id > ? AND (?2 IS NULL OR sink = ?2)"
                      + " ORDER BY id LIMIT ?3")) {
            select.setLong(1, after);
            select.setString(2, sink);
            select.setInt(3, limit);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(refused(row));
              }
            }
          }
          return found;
        });
  }

  /** What was set aside last, without its bytes, the newest first. */
  List<RecentErrors.Entry> lastSetAside(int limit) {
    return readers.read(
        connection -> {
          List<RecentErrors.Entry> found = new ArrayList<>();
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT set_aside, sink, vin, topic, key, reason FROM dead_letters"
                      + " ORDER BY id DESC LIMIT ?")) {
            select.setInt(1, limit);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(
                    new RecentErrors.Entry(
                        Micros.instant(row.getLong(1)),
                        RecentErrors.Kind.SET_ASIDE,
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6)));
              }
            }
          }
          return found;
        });
  }

  /** How much of a sink's is set aside, and the number of the last. */
  record Count(long number, long lastId) {}

  Count countSetAside(String sink) {
    return readers.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT count(*), max(id) FROM dead_letters WHERE sink = ?")) {
            select.setString(1, sink);
            try (ResultSet row = select.executeQuery()) {
              return new Count(row.getLong(1), row.getLong(2));
            }
          }
        });
  }

  private Refused refused(ResultSet row) throws SQLException {
    Instant received = Micros.instant(row.getLong(5));
    String source = row.getString(6);
    String account = row.getString(7);
    byte[] point = row.getBytes(9);
    byte[] payload = row.getBytes(10);
    List<CarEvent> points =
        point == null
            ? List.of()
            : codec.decode(new PointCodec.Frame(account, source, received), point).all();
    return new Refused(
        row.getLong(1),
        new SetAside(
            row.getString(2),
            Micros.instant(row.getLong(3)),
            row.getString(4),
            new CarMessage(
                account,
                source,
                row.getString(8),
                received,
                payload == null ? NO_BYTES : payload,
                points),
            points.isEmpty() ? null : points.get(0)));
  }
}
