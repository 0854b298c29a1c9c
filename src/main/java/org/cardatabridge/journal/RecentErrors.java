// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.cardatabridge.CarMessage;

/**
 * The last {@value #MOST} messages that nobody could read and data points that a target refused for
 * good, since the bridge started. Safe for use by many threads.
 */
public final class RecentErrors {

  static final int MOST = 200;

  /** What happened. */
  public enum Kind {
    /** A message could not be read. */
    UNPARSED,
    /** A target refused something for good. */
    SET_ASIDE
  }

  /**
   * One thing that went wrong. Immutable.
   *
   * @param at when
   * @param kind what
   * @param sink the sink whose target refused it; null where it was none
   * @param vin the VIN; null where only the topic may tell it
   * @param topic where the message came from; private, as it names the account
   * @param key the descriptor; null where it is about a whole message
   * @param text why, in words that may be shown
   */
  public record Entry(
      Instant at, Kind kind, String sink, String vin, String topic, String key, String text) {

    static Entry unreadable(CarMessage message, String why) {
      String vin = message.points().isEmpty() ? null : message.points().get(0).vin();
      return new Entry(
          message.received(),
          Kind.UNPARSED,
          null,
          vin,
          message.topic(),
          null,
          ErrorText.clean(why));
    }

    static Entry setAside(SetAside refused) {
      boolean isMessage = refused.event() == null;
      return new Entry(
          Micros.instant(Micros.of(refused.at())),
          Kind.SET_ASIDE,
          refused.sink(),
          isMessage ? null : refused.event().vin(),
          refused.message().topic(),
          isMessage ? null : refused.event().key(),
          refused.reason());
    }

    /** Names neither topic nor vehicle. */
    @Override
    public String toString() {
      return "Entry[" + kind + " at " + at + ": " + text + "]";
    }
  }

  private final Deque<Entry> entries = new ArrayDeque<>();

  /** Remembers nothing yet. */
  RecentErrors() {}

  synchronized void add(Entry entry) {
    if (entries.size() == MOST) {
      entries.removeFirst();
    }
    entries.addLast(entry);
  }

  /** All that is remembered, the newest first. */
  public synchronized List<Entry> newestFirst() {
    List<Entry> all = new ArrayList<>(entries);
    Collections.reverse(all);
    return all;
  }
}
