// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.sql;

import java.io.IOException;
import java.sql.SQLException;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.TargetAwayException;
import org.cardatabridge.journal.TryLaterException;

/** Tells by PostgreSQL's five-character code what a failure means for the sink. */
final class SqlTrouble {

  private SqlTrouble() {}

  /**
   * The exception to throw for a failed insert: an {@link EventRefusedException} where the row
   * itself is what the table will never take, a {@link TryLaterException} where the database takes
   * none, anything else where it may pass.
   */
  static Exception ofInsert(SQLException e) {
    String state = state(e);
    // 22: a value that does not fit. 23: a constraint. 54: larger than an index takes.
    boolean isTheRow = state.startsWith("22") || state.startsWith("23") || state.equals("54000");
    if (isTheRow) {
      return new EventRefusedException("the table refuses it (" + state + "): " + words(e), e);
    }
    // The connection may have broken over this very row.
    return ofConnection(e) instanceof TargetAwayException away
        ? new TryLaterException(away.getMessage(), null, new IOException(away))
        : ofConnection(e);
  }

  /** The exception to throw where no row is to blame. */
  static Exception ofConnection(SQLException e) {
    String state = state(e);
    if (state.startsWith("28")) {
      // PostgreSQL names the user, who is a secret.
      return new TargetAwayException(
          "Connecting to the database: it refuses the login ("
              + state
              + ") — check cardata.sink.sql.username and cardata.sink.sql.password",
          null);
    }
    if (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")) {
      String text = "Writing to the database: " + words(e) + " (" + state + ")";
      return new TargetAwayException(text + " — it is tried again", e);
    }
    return new IllegalStateException(
        "Writing to the database: " + words(e) + " (" + state + ") — see docs/sinks/sql.md", e);
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  private static String words(SQLException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse("").replaceFirst("^(ERROR|FATAL): ", "");
  }
}
