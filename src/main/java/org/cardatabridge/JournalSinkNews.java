// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import org.cardatabridge.journal.Journal;
import org.cardatabridge.routes.SinkNews;

/**
 * Shows what becomes of route files at the journal's sinks. Safe for use by many threads.
 *
 * @param journal knows the sinks
 */
record JournalSinkNews(Journal journal) implements SinkNews {

  @Override
  public boolean isFree(String sink) {
    return journal.isFree(sink);
  }

  @Override
  public void off(String sink) {
    journal.off(sink);
  }

  @Override
  public void broken(String sink, String reason) {
    journal.broken(sink, reason);
  }

  @Override
  public void waiting(String sink, String reason) {
    journal.waiting(sink, reason);
  }

  @Override
  public void mended(String sink) {
    journal.mended(sink);
  }

  @Override
  public boolean removed(String sink) {
    return journal.remove(sink);
  }
}
