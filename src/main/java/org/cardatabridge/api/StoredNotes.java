// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardatabridge.journal.RowsException;
import org.cardatabridge.journal.SafeRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the table {@code rest_notes} of journal.db, read once and then kept in memory as well: a
 * file that took the place of a lost one gets them with the next note. Safe for use by many
 * threads.
 */
public final class StoredNotes implements RestNotes {

  private static final Logger LOG = LoggerFactory.getLogger(StoredNotes.class);

  private static final String COLUMNS = "rest_notes (account, vin, name, text, at)";
  private static final String REPLACING =
      "INSERT OR REPLACE INTO " + COLUMNS + " VALUES (?, ?, ?, ?, ?)";
  private static final String UNLESS_THERE =
      "INSERT OR IGNORE INTO " + COLUMNS + " VALUES (?, ?, ?, ?, ?)";

  /** What a note is found by. */
  private record Key(String account, String vin, String name) {
    static Key of(String account, String vin, String name) {
      return new Key(account, vin == null ? "" : vin, name);
    }
  }

  private final SafeRows rows;
  private final Clock clock;
  private final Map<Key, Note> notes = new HashMap<>();
  private final Set<Key> unwritten = new HashSet<>();
  private final Set<Key> forgotten = new HashSet<>();
  private boolean read;
  private boolean warned;

  /** For a file, which is opened when the first note is asked for. */
  public StoredNotes(SafeRows rows, Clock clock) {
    this.rows = rows;
    this.clock = clock;
  }

  @Override
  public synchronized Optional<Note> find(String account, String vin, String name) {
    readOnce();
    return Optional.ofNullable(notes.get(Key.of(account, vin, name)));
  }

  @Override
  public synchronized void put(String account, String vin, String name, String text) {
    readOnce();
    Key key = Key.of(account, vin, name);
    notes.put(key, new Note(text, clock.instant().truncatedTo(ChronoUnit.MICROS)));
    forgotten.remove(key);
    unwritten.add(key);
    write();
  }

  @Override
  public synchronized void forget(String account, String vin, String name) {
    readOnce();
    Key key = Key.of(account, vin, name);
    if (notes.remove(key) != null) {
      unwritten.remove(key);
      forgotten.add(key);
      write();
    }
  }

  private void readOnce() {
    if (read) {
      return;
    }
    try {
      rows.read(this::read);
      read = true;
      if (notes.isEmpty()) {
        rows.readAsides(this::read);
      }
    } catch (RowsException e) {
      complain("Reading what is remembered of BMW's REST API: ", e);
    }
  }

  private Void read(Connection file) throws SQLException {
    try (PreparedStatement select =
            file.prepareStatement("SELECT account, vin, name, text, at FROM rest_notes");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        Key key = new Key(row.getString(1), row.getString(2), row.getString(3));
        Note note = new Note(row.getString(4), CallRows.instant(row.getLong(5)));
        // What is remembered since is newer.
        if (!forgotten.contains(key)) {
          notes.putIfAbsent(key, note);
        }
      }
    }
    return null;
  }

  private void write() {
    try {
      rows.write(
          file -> {
            delete(file, List.copyOf(forgotten));
            put(file, UNLESS_THERE, notes.keySet());
            put(file, REPLACING, unwritten);
            return null;
          });
      forgotten.clear();
      unwritten.clear();
      warned = false;
    } catch (RowsException e) {
      complain("Remembering something of BMW's REST API, until then in memory only: ", e);
    }
  }

  private void put(Connection file, String how, Set<Key> keys) throws SQLException {
    try (PreparedStatement insert = file.prepareStatement(how)) {
      for (Key key : keys) {
        insert.setString(1, key.account());
        insert.setString(2, key.vin());
        insert.setString(3, key.name());
        insert.setString(4, notes.get(key).text());
        insert.setLong(5, CallRows.micros(notes.get(key).at()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void delete(Connection file, List<Key> keys) throws SQLException {
    try (PreparedStatement delete =
        file.prepareStatement(
            "DELETE FROM rest_notes WHERE account = ? AND vin = ? AND name = ?")) {
      for (Key key : keys) {
        delete.setString(1, key.account());
        delete.setString(2, key.vin());
        delete.setString(3, key.name());
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }

  private void complain(String doing, RowsException error) {
    if (!warned) {
      warned = true;
      LOG.warn("{}{}", doing, error.getMessage());
    }
  }
}
