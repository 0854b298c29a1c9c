// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables {@code bucket_objects} and {@code bucket_days}; times are microseconds since 1970. */
final class TakenRows {

  private static final String COLUMNS = "name, etag, root, day, at, reason, again, first";
  private static final String ALL = "SELECT " + COLUMNS + " FROM bucket_objects WHERE place = ?";

  private TakenRows() {}

  /** Those with a name from one to another, both included. */
  static List<TakenObject> between(Connection file, String place, String first, String last)
      throws SQLException {
    return select(file, ALL + " AND name BETWEEN ? AND ?", place, first, last);
  }

  /** The last ones that were set aside, the newest first. */
  static List<TakenObject> setAside(Connection file, String place, int most) throws SQLException {
    return select(file, ALL + " AND reason IS NOT NULL ORDER BY at DESC LIMIT " + most, place);
  }

  /** All of a place. */
  static List<TakenObject> all(Connection file, String place) throws SQLException {
    return select(file, ALL, place);
  }

  private static List<TakenObject> select(Connection file, String query, String... values)
      throws SQLException {
    List<TakenObject> found = new ArrayList<>();
    try (PreparedStatement select = file.prepareStatement(query)) {
      for (int i = 0; i < values.length; i++) {
        select.setString(i + 1, values[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new TakenObject(
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  LocalDate.ofEpochDay(row.getLong(4)),
                  instant(row, 5),
                  row.getString(6),
                  instant(row, 7),
                  instant(row, 8)));
        }
      }
    }
    return found;
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** Writes them, over what is there of the same name. */
  static void put(Connection file, String place, Collection<TakenObject> objects)
      throws SQLException {
    try (PreparedStatement insert =
        file.prepareStatement(
            "INSERT OR REPLACE INTO bucket_objects (place, "
                + COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (TakenObject object : objects) {
        insert.setString(1, place);
        insert.setString(2, object.name());
        insert.setString(3, object.etag());
        insert.setString(4, object.root());
        insert.setLong(5, object.day().toEpochDay());
        insert.setLong(6, micros(object.at()));
        insert.setString(7, object.reason());
        instant(insert, 8, object.again());
        instant(insert, 9, object.first());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void instant(PreparedStatement insert, int column, Instant time)
      throws SQLException {
    if (time == null) {
      insert.setNull(column, Types.INTEGER);
    } else {
      insert.setLong(column, micros(time));
    }
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** The first open day of each root. */
  static Map<String, LocalDate> days(Connection file, String place) throws SQLException {
    Map<String, LocalDate> days = new HashMap<>();
    try (PreparedStatement select =
        file.prepareStatement("SELECT root, day FROM bucket_days WHERE place = ?")) {
      select.setString(1, place);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          days.put(row.getString(1), LocalDate.ofEpochDay(row.getLong(2)));
        }
      }
    }
    return days;
  }

  /** The same days, but none behind an object that is to be tried again. */
  static Map<String, LocalDate> upToWaiting(
      Connection file, String place, Map<String, LocalDate> days) throws SQLException {
    Map<String, LocalDate> lowered = new HashMap<>(days);
    if (days.isEmpty()) {
      return lowered;
    }
    try (PreparedStatement select =
        file.prepareStatement(
            "SELECT root, min(day) FROM bucket_objects WHERE place = ? AND again IS NOT NULL"
                + " GROUP BY root")) {
      select.setString(1, place);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          LocalDate waits = LocalDate.ofEpochDay(row.getLong(2));
          lowered.computeIfPresent(
              row.getString(1), (root, day) -> day.isAfter(waits) ? waits : day);
        }
      }
    }
    return lowered;
  }

  /** Sets the first open day of roots and forgets what is older. */
  static void close(Connection file, String place, Map<String, LocalDate> days)
      throws SQLException {
    try (PreparedStatement insert =
            file.prepareStatement(
                "INSERT OR REPLACE INTO bucket_days (place, root, day) VALUES (?, ?, ?)");
        PreparedStatement delete =
            file.prepareStatement(
                "DELETE FROM bucket_objects WHERE place = ? AND root = ? AND day < ?")) {
      for (Map.Entry<String, LocalDate> day : days.entrySet()) {
        for (PreparedStatement one : List.of(insert, delete)) {
          one.setString(1, place);
          one.setString(2, day.getKey());
          one.setLong(3, day.getValue().toEpochDay());
          one.addBatch();
        }
      }
      insert.executeBatch();
      delete.executeBatch();
    }
  }

  /** Forgets the objects of other places that were read before a time. */
  static void forgetOthers(Connection file, String place, Instant before) throws SQLException {
    try (PreparedStatement delete =
        file.prepareStatement("DELETE FROM bucket_objects WHERE place <> ? AND at < ?")) {
      delete.setString(1, place);
      delete.setLong(2, micros(before));
      delete.executeUpdate();
    }
  }
}
