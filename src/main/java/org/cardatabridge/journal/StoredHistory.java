// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.cardatabridge.CarEvent;

/** The history of single descriptors, from the file and from what waits for it. Thread-safe. */
final class StoredHistory {

  private static final String SELECT =
      "SELECT vehicle, key, hour, last, part, unit, source, points FROM series"
          + " WHERE vehicle = ? AND key = ?";

  private final Readers readers;
  private final PendingHistory pending;
  private final Names names;

  StoredHistory(Readers readers, PendingHistory pending, Names names) {
    this.readers = readers;
    this.pending = pending;
    this.names = names;
  }

  /**
   * Values of a descriptor in the order of the car's time; those with the same time in the order
   * received.
   *
   * @param upTo messages before this number are in it
   */
  record Found(List<HistoryPoint> values, long upTo) {}

  /**
   * Values from one car time to before another.
   *
   * @param limit how many at most
   * @param isFromTheEnd which are left out where there are more: the oldest
   */
  Found read(int vehicle, int key, Instant since, Instant until, int limit, boolean isFromTheEnd) {
    // First of all: what is written while the file is read is left out there, but found here.
    PendingHistory.View waiting = pending.of(vehicle, key);
    long from = Micros.of(since);
    long to = Micros.of(until);
    LongPredicate wanted = time -> time >= from && time < to;
    Selection selection = new Selection(wanted, limit, isFromTheEnd);
    waiting.blocks().forEach(block -> selection.keep(block, names));
    readers.read(
        connection -> {
          Range range =
              new Range(
                  vehicle, key, HistoryBlock.hourOf(from), HistoryBlock.hourOf(to), waiting.from());
          read(connection, range, isFromTheEnd, selection);
          return null;
        });
    return new Found(selection.values(), waiting.to());
  }

  /**
   * The last values of a key, the oldest first: those of the last hours of the car's time, and
   * within an hour those received last. Reads no further than it must, as the hour of a flood may
   * hold a hundred thousand.
   *
   * @param limit how many at most
   */
  List<HistoryPoint> recent(int vehicle, int key, int limit) {
    PendingHistory.View waiting = pending.of(vehicle, key);
    Selection selection = new Selection(time -> true, limit, true);
    waiting.blocks().forEach(block -> selection.keep(block, names));
    readers.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  SELECT + " AND last < ? ORDER BY hour DESC, last DESC, part DESC")) {
            select.setInt(1, vehicle);
            select.setInt(2, key);
            select.setLong(3, waiting.from());
            try (ResultSet row = select.executeQuery()) {
              while (!selection.isFull() && row.next()) {
                selection.add(block(row), names);
              }
            }
          }
          return null;
        });
    return selection.values();
  }

  /** The time of the first value; empty where there is none. */
  Optional<Instant> begin(int vehicle, int key) {
    OptionalLong waiting =
        pending.of(vehicle, key).blocks().stream().mapToLong(HistoryBlock::hour).min();
    OptionalLong written =
        readers.read(
            connection -> {
              try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT min(hour) FROM series WHERE vehicle = ? AND key = ?")) {
                select.setInt(1, vehicle);
                select.setInt(2, key);
                try (ResultSet row = select.executeQuery()) {
                  long hour = row.getLong(1);
                  return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(hour);
                }
              }
            });
    OptionalLong hour = LongStream.concat(waiting.stream(), written.stream()).min();
    if (hour.isEmpty()) {
      return Optional.empty();
    }
    Instant from = Micros.instant(hour.getAsLong() * HistoryBlock.HOUR);
    List<HistoryPoint> first = new ArrayList<>(1);
    each(
        vehicle,
        key,
        from,
        from.plus(1, ChronoUnit.HOURS),
        point -> {
          if (first.isEmpty() || point.timestamp().isBefore(first.get(0).timestamp())) {
            first.clear();
            first.add(point);
          }
        });
    return first.stream().map(HistoryPoint::timestamp).findFirst();
  }

  /**
   * Tells all values from one car time to before another, hardly in order, without holding them.
   *
   * @return messages before this number are among them
   */
  long each(int vehicle, int key, Instant since, Instant until, Consumer<HistoryPoint> to) {
    PendingHistory.View waiting = pending.of(vehicle, key);
    long from = Micros.of(since);
    long end = Micros.of(until);
    Consumer<HistoryBlock> block =
        one -> {
          for (HistoryPoint value : one.values(names)) {
            long time = Micros.of(value.timestamp());
            if (time >= from && time < end) {
              to.accept(value);
            }
          }
        };
    readers.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  SELECT + " AND hour >= ? AND hour <= ? AND last < ? ORDER BY hour, last, part")) {
            select.setInt(1, vehicle);
            select.setInt(2, key);
            select.setLong(3, HistoryBlock.hourOf(from));
            select.setLong(4, HistoryBlock.hourOf(end));
            select.setLong(5, waiting.from());
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                block.accept(block(row));
              }
            }
          }
          return null;
        });
    waiting.blocks().forEach(block);
    return waiting.to();
  }

  /** Whether this value is there already. */
  boolean has(int vehicle, int key, CarEvent event) {
    long timestamp = Micros.of(event.timestamp());
    long hour = HistoryBlock.hourOf(timestamp);
    String begin = HistoryBlock.begin(timestamp);
    StoredValue value = StoredValue.of(event.value());
    PendingHistory.View waiting = pending.of(vehicle, key);
    for (HistoryBlock block : waiting.blocks()) {
      if (block.hour() == hour && block.points().contains(begin) && has(block, timestamp, value)) {
        return true;
      }
    }
    return readers.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  SELECT + " AND hour = ? AND last < ? AND instr(points, ?) > 0")) {
            select.setInt(1, vehicle);
            select.setInt(2, key);
            select.setLong(3, hour);
            select.setLong(4, waiting.from());
            select.setString(5, begin);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                if (has(block(row), timestamp, value)) {
                  return true;
                }
              }
              return false;
            }
          }
        });
  }

  private boolean has(HistoryBlock block, long timestamp, StoredValue value) {
    return block.values(names).stream()
        .anyMatch(
            point ->
                Micros.of(point.timestamp()) == timestamp
                    && StoredValue.of(point.value()).equals(value));
  }

  private record Range(int vehicle, int key, long firstHour, long lastHour, long before) {}

  private void read(Connection connection, Range range, boolean isFromTheEnd, Selection selection)
      throws SQLException {
    String order = isFromTheEnd ? "hour DESC, last, part" : "hour, last, part";
    try (PreparedStatement select =
        connection.prepareStatement(
            SELECT + " AND hour >= ? AND hour <= ? AND last < ? ORDER BY " + order)) {
      select.setInt(1, range.vehicle());
      select.setInt(2, range.key());
      select.setLong(3, range.firstHour());
      select.setLong(4, range.lastHour());
      select.setLong(5, range.before());
      try (ResultSet row = select.executeQuery()) {
        long hour = 0;
        while (row.next()) {
          HistoryBlock block = block(row);
          if (block.hour() != hour && selection.isFull()) {
            return;
          }
          hour = block.hour();
          selection.add(block, names);
        }
      }
    }
  }

  private static HistoryBlock block(ResultSet row) throws SQLException {
    return new HistoryBlock(
        row.getInt(1),
        row.getInt(2),
        row.getLong(3),
        row.getLong(4),
        row.getInt(5),
        row.getInt(6),
        row.getInt(7),
        row.getString(8));
  }

  /** Values that are wanted, of which only the first or the last count. */
  private static final class Selection {
    private final LongPredicate wanted;
    private final int limit;
    private final boolean isFromTheEnd;
    private final List<HistoryPoint> fromFile = new ArrayList<>();
    private final List<HistoryPoint> waiting = new ArrayList<>();

    Selection(LongPredicate wanted, int limit, boolean isFromTheEnd) {
      this.wanted = wanted;
      this.limit = limit;
      this.isFromTheEnd = isFromTheEnd;
    }

    void add(HistoryBlock block, Names names) {
      addTo(fromFile, block, names);
    }

    void keep(HistoryBlock block, Names names) {
      addTo(waiting, block, names);
    }

    private void addTo(List<HistoryPoint> values, HistoryBlock block, Names names) {
      for (HistoryPoint value : block.values(names)) {
        if (wanted.test(Micros.of(value.timestamp()))) {
          values.add(value);
        }
      }
    }

    /** Whether what lies in further hours cannot be among those that count. */
    boolean isFull() {
      return fromFile.size() >= limit;
    }

    List<HistoryPoint> values() {
      List<HistoryPoint> all = new ArrayList<>(fromFile);
      all.addAll(waiting);
      all.sort(Comparator.comparing(HistoryPoint::timestamp));
      if (all.size() <= limit) {
        return Collections.unmodifiableList(all);
      }
      return List.copyOf(
          isFromTheEnd ? all.subList(all.size() - limit, all.size()) : all.subList(0, limit));
    }
  }
}
