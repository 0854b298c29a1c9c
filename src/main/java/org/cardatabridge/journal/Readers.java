// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends reading connections, so that one slow query holds up no other reader. One that failed is
 * not lent again. Safe for use by many threads.
 */
final class Readers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
  private static final int KEPT = 2;

  private final Database database;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private int generation;
  private boolean closed;

  Readers(Database database) {
    this.database = database;
  }

  /** What is to be read. */
  @FunctionalInterface
  interface Query<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Runs a query on a connection that nobody else uses meanwhile.
   *
   * @throws UnreadableJournalException where the file cannot be read; caused by an error of a
   *     damaged file where it holds what cannot be
   */
  <T> T read(Query<T> query) {
    int lentIn;
    Connection connection;
    synchronized (this) {
      lentIn = generation;
      connection = idle.pollFirst();
    }
    boolean usable = false;
    try {
      if (connection == null) {
        connection = database.read();
      }
      T result = query.on(connection);
      usable = true;
      return result;
    } catch (SQLException e) {
      throw new UnreadableJournalException(isStale(lentIn) ? replaced() : e);
    } catch (IllegalStateException | NumberFormatException e) {
      SQLException damage = new SQLException(e.getMessage(), "", JournalTrouble.DAMAGED, e);
      throw new UnreadableJournalException(isStale(lentIn) ? replaced() : damage);
    } finally {
      giveBack(connection, usable, lentIn);
    }
  }

  private synchronized boolean isStale(int lentIn) {
    return lentIn != generation;
  }

  /** Whatever is wrong with a file that is gone says nothing about the one in its place. */
  private static SQLException replaced() {
    return new SQLException("the file was opened anew meanwhile");
  }

  private void giveBack(Connection connection, boolean usable, int lentIn) {
    if (connection == null) {
      return;
    }
    synchronized (this) {
      if (usable && !closed && lentIn == generation && idle.size() < KEPT) {
        idle.addFirst(connection);
        return;
      }
    }
    close(connection);
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("Closing a connection to the journal", e);
    }
  }

  /** The file is another one now: connections to the old one are not lent any more. */
  synchronized void forget() {
    generation++;
    idle.forEach(Readers::close);
    idle.clear();
  }

  @Override
  public synchronized void close() {
    closed = true;
    forget();
  }
}
