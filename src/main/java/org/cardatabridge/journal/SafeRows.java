// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A way into the journal's file for others who keep a few rows in tables of their own there: what
 * {@link #write} returned from survives a power cut, whatever {@code cardata.journal.sync} says.
 * Each use opens the file anew, so that nothing stays open between and a file that took the place
 * of another is found. Safe for use by many threads, and by other processes at the same time.
 */
public final class SafeRows {

  /** What is done with the file in one transaction; called again where the file was replaced. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it with this connection, which stays the giver's. */
    T with(Connection connection) throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(SafeRows.class);
  private static final int ATTEMPTS = 3;
  private static final int MOST_ASIDES = 3;
  private static final int SINCE_VERSION = 4;

  private final Database database;
  private final Consumer<Throwable> damaged;

  /** For the file that these settings name, of which this process keeps no journal. */
  public SafeRows(JournalSettings settings) {
    this(settings, error -> {});
  }

  /**
   * The same.
   *
   * @param damaged hears of damage to the file
   */
  SafeRows(JournalSettings settings, Consumer<Throwable> damaged) {
    this.database = new Database(settings.file(), true, settings.pragmas());
    this.damaged = damaged;
  }

  /**
   * Does the work in one transaction, with which nobody else writes; it is safe when this returns.
   * Makes the file where there is none.
   *
   * @throws RowsException where the file cannot be written
   */
  public <T> T write(Work<T> work) throws RowsException {
    try {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        try (Connection connection = database.writeRows()) {
          Object file = FileIdentity.of(database).database();
          T result = transaction(connection, work);
          // What went into a file that was taken away meanwhile would be lost.
          if (Objects.equals(file, FileIdentity.of(database).database())) {
            return result;
          }
        }
      }
      throw new IOException("the file is replaced again and again");
    } catch (SQLException | IOException e) {
      throw failed("Writing to ", e);
    }
  }

  private static <T> T transaction(Connection connection, Work<T> work) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        T result = work.with(connection);
        statement.execute("COMMIT");
        return result;
      } catch (SQLException | RuntimeException e) {
        try {
          statement.execute("ROLLBACK");
        } catch (SQLException alreadyRolledBack) {
          e.addSuppressed(alreadyRolledBack);
        }
        throw e;
      }
    }
  }

  /**
   * Reads.
   *
   * @return null where there is no file yet, or one that was not brought up to date
   * @throws RowsException where the file cannot be read
   */
  public <T> T read(Work<T> work) throws RowsException {
    if (!Files.exists(database.file())) {
      return null;
    }
    try (Connection connection = database.read()) {
      return Database.version(connection) < SINCE_VERSION ? null : work.with(connection);
    } catch (SQLException e) {
      throw failed("Reading ", e);
    }
  }

  /** Reads the last files that were moved aside as damaged, as far as that goes; never fails. */
  public void readAsides(Work<?> work) {
    List<Path> asides;
    try {
      asides = database.asides();
    } catch (IOException e) {
      LOG.debug("Looking for damaged files", e);
      return;
    }
    for (Path aside : asides.stream().limit(MOST_ASIDES).toList()) {
      try (Connection connection = new Database(aside, true, List.of()).read()) {
        work.with(connection);
      } catch (SQLException e) {
        LOG.debug("Reading what is left of {}", aside, e);
      }
    }
  }

  private RowsException failed(String doing, Exception error) {
    LOG.debug("What the file met", error);
    if (JournalTrouble.isDamage(error)) {
      damaged.accept(error);
    }
    return new RowsException(doing + database.file() + ": " + JournalTrouble.cause(error), error);
  }
}
