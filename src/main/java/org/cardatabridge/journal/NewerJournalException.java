// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.sql.SQLException;

/** The journal was written by a newer version of this program, which alone knows its tables. */
final class NewerJournalException extends SQLException {

  private static final long serialVersionUID = 1L;

  NewerJournalException(int version) {
    super(
        "its tables have version "
            + version
            + ", this program knows up to "
            + Database.VERSION
            + " — start the newer program again, or name another cardata.data-dir");
  }
}
