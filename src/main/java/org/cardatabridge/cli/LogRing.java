// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.Layout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Keeps the last lines of the log in memory, without secrets, for whoever looks for a fault. Safe
 * for use by many threads.
 */
final class LogRing extends AppenderBase<ILoggingEvent> {

  /** The name in the log's context. */
  static final String NAME = "cardata-log-lines";

  private static final int MOST = 500;
  private static final int LONGEST = 2000;

  private final Layout<ILoggingEvent> layout;
  private final Deque<String> lines = new ArrayDeque<>();

  LogRing(Layout<ILoggingEvent> layout) {
    this.layout = layout;
  }

  @Override
  protected void append(ILoggingEvent event) {
    String line = layout.doLayout(event);
    synchronized (lines) {
      if (lines.size() == MOST) {
        lines.removeFirst();
      }
      lines.addLast(line.length() > LONGEST ? line.substring(0, LONGEST) + "…\n" : line);
    }
  }

  /** The lines, the oldest first, each with its line break. */
  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }
}
