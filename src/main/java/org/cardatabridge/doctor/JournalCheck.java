// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.util.Optional;
import java.util.Set;
import org.cardatabridge.journal.Journal;

/** Whether the journal keeps what it takes. */
final class JournalCheck implements Check {

  private final Journal journal;

  JournalCheck(Journal journal) {
    this.journal = journal;
  }

  @Override
  public String id() {
    return "journal";
  }

  @Override
  public Set<String> needs() {
    return Set.of("settings", "disk");
  }

  @Override
  public Finding look() {
    Optional<String> trouble = journal.trouble();
    if (trouble.isPresent()) {
      return Finding.failed("journal.down", "reason", trouble.get());
    }
    return journal
        .notice()
        .map(notice -> Finding.warning("journal.notice", "reason", notice))
        .orElseGet(() -> Finding.ok("journal.ok", "count", journal.snapshot().events()));
  }
}
