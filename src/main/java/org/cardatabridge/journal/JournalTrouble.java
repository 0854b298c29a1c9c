// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** What is wrong with the journal's file, and what to do, in a sentence for the user. */
final class JournalTrouble {

  /** The code of a damaged file. */
  static final int DAMAGED = 11;

  // SQLite's primary result codes: https://www.sqlite.org/rescode.html
  private static final int PERMISSION = 3;
  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int READ_ONLY = 8;
  private static final int IO_ERROR = 10;
  private static final int FULL = 13;
  private static final int CANNOT_OPEN = 14;
  private static final int NO_DATABASE = 26;

  private JournalTrouble() {}

  /** Whether the file itself is damaged, so that trying again does not help. */
  static boolean isDamage(Throwable error) {
    int code = code(error);
    return code == DAMAGED || code == NO_DATABASE;
  }

  /** Whether the disk has no room left. */
  static boolean isFull(Throwable error) {
    return code(error) == FULL;
  }

  private static int code(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql.getErrorCode() & 0xFF;
      }
    }
    return -1;
  }

  /** For a status and a log: names the file, never what is in it. */
  static String sentence(Throwable error, Path file) {
    String name = "Keeping messages in " + file + ": ";
    if (error instanceof NewerJournalException) {
      return name + error.getMessage();
    }
    return name + cause(error) + " — no message is acknowledged meanwhile; it goes on by itself";
  }

  /** What is wrong with the file and what to do, as the second half of a sentence. */
  static String cause(Throwable error) {
    if (error instanceof NewerJournalException) {
      return error.getMessage();
    }
    return switch (code(error)) {
      case FULL -> "the disk is full — free space on it";
      case READ_ONLY -> "it cannot be written to — make the disk and the file writable";
      case PERMISSION, CANNOT_OPEN ->
          "it cannot be opened — check that its directory exists and that this user may write"
              + " there";
      case BUSY, LOCKED ->
          "another program has locked it — close that program (a database browser, a backup)";
      case IO_ERROR -> "the disk reports an error — check the disk and its free space";
      case DAMAGED, NO_DATABASE -> "it is damaged — it is moved aside and a new one begun";
      default -> reason(error) + " — check the disk and the file";
    };
  }

  private static String reason(Throwable error) {
    return error instanceof IOException
        ? "its directory cannot be used (" + error.getClass().getSimpleName() + ")"
        : ErrorText.of(error);
  }
}
