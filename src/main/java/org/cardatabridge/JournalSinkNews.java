// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import org.cardatabridge.journal.Journal;
import org.cardatabridge.routes.SinkNews;
import org.cardatabridge.web.RouteProblems;

/**
 * Shows what becomes of route files, at the journal's sinks where they have one. Safe for use by
 * many threads.
 *
 * @param journal knows the sinks
 * @param problems takes those of other files
 */
record JournalSinkNews(Journal journal, RouteProblems problems) implements SinkNews {

  @Override
  public boolean isFree(String sink) {
    return journal.isFree(sink);
  }

  @Override
  public void off(String sink) {
    journal.off(sink);
  }

  @Override
  public void broken(String sink, String reason, String remark) {
    journal.broken(sink, reason, remark);
  }

  @Override
  public void problem(String file, String reason) {
    problems.put(file, reason);
  }

  @Override
  public void solved(String file) {
    problems.remove(file);
  }

  @Override
  public void waiting(String sink, String reason) {
    journal.waiting(sink, reason);
  }

  @Override
  public void changing(String sink) {
    journal.changing(sink);
  }

  @Override
  public void changed(String sink) {
    journal.changed(sink);
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
