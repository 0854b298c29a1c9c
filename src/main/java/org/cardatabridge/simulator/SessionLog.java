// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What happened to MQTT sessions, and how many were open at once. Used on one thread. */
final class SessionLog {

  private final int limit;
  private final Deque<SessionEvent> events = new ArrayDeque<>();
  private final Map<String, Integer> open = new HashMap<>();
  private final Map<String, Integer> mostOpen = new HashMap<>();
  private final Map<String, Instant> lastLeave = new HashMap<>();

  SessionLog(int limit) {
    this.limit = limit;
  }

  void add(SessionEvent event) {
    if (events.size() == limit) {
      events.removeFirst();
    }
    events.addLast(event);
    if (event.kind() == SessionEvent.Kind.CONNECTED) {
      int now = open.merge(event.gcid(), 1, Integer::sum);
      mostOpen.merge(event.gcid(), now, Math::max);
    } else if (event.kind().isEnd()) {
      open.merge(event.gcid(), -1, Integer::sum);
      if (event.kind() == SessionEvent.Kind.CLIENT_DISCONNECT
          || event.kind() == SessionEvent.Kind.CLOSED) {
        lastLeave.put(event.gcid(), event.at());
      }
    }
  }

  List<SessionEvent> events() {
    return List.copyOf(events);
  }

  int open(String gcid) {
    return open.getOrDefault(gcid, 0);
  }

  int mostOpen(String gcid) {
    return mostOpen.getOrDefault(gcid, 0);
  }

  /** When a client of the account last went away by itself; the beginning of time if none did. */
  Instant lastLeave(String gcid) {
    return lastLeave.getOrDefault(gcid, Instant.MIN);
  }
}
