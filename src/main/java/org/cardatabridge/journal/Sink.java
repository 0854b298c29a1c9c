// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.Lasting;
import org.cardatabridge.Vin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the journal knows of one sink name: its position, its counters, how it does. It outlives the
 * route. Safe for use by many threads; one consumer at a time holds it.
 */
final class Sink {

  private static final Logger LOG = LoggerFactory.getLogger(Sink.class);
  private static final Duration WORTH_A_WARNING = Duration.ofMinutes(2);
  private static final int SHAPES_REMEMBERED = 100;

  private final String name;
  private final EventLog log;
  private final Clock clock;
  private final Set<String> toldShapes = new HashSet<>();
  private boolean wholeMessages;
  private String beginFrom;
  private boolean enabled;
  private boolean suspended;
  private SinkFilter filter;
  private final Deque<ReplayRun> replays = new ArrayDeque<>();
  // Written under the lock, read by the journal's writer without it.
  private volatile Object holder;
  private volatile Position saved;
  private Position cursor;
  private long delivered;
  private long failed;
  private long lost;
  private boolean lossTold;
  private String broken;
  private String waiting;
  private SinkSnapshot.State kept;
  private String trouble;
  private String refused;
  private Instant downSince;
  private boolean downTold;

  Sink(String name, EventLog log, Clock clock) {
    this.name = name;
    this.log = log;
    this.clock = clock;
  }

  String name() {
    return name;
  }

  Clock clock() {
    return clock;
  }

  Instant now() {
    return clock.instant();
  }

  /** Sets where it begins, unless it has a position already. */
  synchronized void begin(String from, boolean ofMessages) {
    wholeMessages = ofMessages;
    beginFrom = from;
    if (saved == null && log.isOpen()) {
      saved = log.position(name).orElseGet(() -> start(from));
      cursor = saved;
      log.savePosition(name, saved);
    }
  }

  /** The log's places are known now: it begins, if it was to begin before. */
  synchronized void logOpened() {
    if (beginFrom != null) {
      begin(beginFrom, wholeMessages);
    }
  }

  private Position start(String from) {
    return switch (from) {
      case "now" -> log.next();
      case "beginning" -> log.first();
      default -> log.since(Instant.parse(from));
    };
  }

  /** Says whether its route is meant to run. */
  synchronized void enabled(boolean isEnabled) {
    enabled = isEnabled;
    broken = null;
    waiting = null;
  }

  /** Notes that its route file could not be loaded. */
  synchronized void broken(String reason) {
    broken = reason;
  }

  /** Notes that a change of its route file waits for the last run to end. */
  synchronized void waiting(String reason) {
    waiting = reason;
  }

  /** Its route file is in order. */
  synchronized void mended() {
    broken = null;
    waiting = null;
  }

  /** Its route is replaced: until {@link #changed} it is shown as it is now. */
  synchronized void changing() {
    if (kept == null) {
      kept = ofRoute();
    }
  }

  /** The change is over, done or given up. */
  synchronized void changed() {
    kept = null;
  }

  synchronized void suspended(boolean isSuspended) {
    suspended = isSuspended;
  }

  /** Takes it for one consumer; false where another has it. */
  synchronized boolean claim(Object consumer) {
    if (holder != null && holder != consumer) {
      return false;
    }
    holder = consumer;
    cursor = saved;
    return true;
  }

  /** Says how its route reads, so that a replay reads alike. */
  synchronized void reads(SinkFilter filter) {
    this.filter = filter;
  }

  /** Whether its route runs, so that a replay can be fed to it. */
  synchronized boolean feeds() {
    return holder != null && enabled && !suspended && filter != null && cursor != null;
  }

  synchronized ReplayFeed feed(Instant since, Instant until) {
    return new LogFeed(log, filter.fresh(), wholeMessages, since, until);
  }

  /** How its route reads, for a replay of what was set aside. */
  synchronized SinkFilter filter() {
    return filter.fresh();
  }

  /** Whether it can be said what its route got: it has begun, from a position that is known. */
  synchronized boolean hasBegun() {
    return filter != null && saved != null;
  }

  /** What its route got of these, or gets when it comes to them. */
  synchronized List<CarEvent> passed(List<StoredLog.Newest> values, boolean withWaiting) {
    if (!hasBegun()) {
      return List.of();
    }
    SinkFilter fresh = filter.fresh();
    List<CarEvent> before =
        values.stream()
            .filter(value -> withWaiting || value.number() < saved.message())
            .map(StoredLog.Newest::event)
            .toList();
    // Where a car is tells of each coordinate whether it is at home, so all are heard first.
    before.forEach(fresh::pass);
    return before.stream().map(fresh::pass).filter(Objects::nonNull).toList();
  }

  synchronized void replay(ReplayRun run) {
    replays.addLast(run);
  }

  /** The replay under way; null for none. */
  synchronized ReplayRun replay() {
    while (!replays.isEmpty() && !replays.peekFirst().isRunning()) {
      replays.removeFirst();
    }
    return replays.peekFirst();
  }

  /** Its route ends, and with it what was to be replayed. */
  synchronized void endReplays() {
    replays.forEach(run -> run.fail("the route of sink " + name + " was stopped"));
    replays.clear();
  }

  /** Who claimed it; null where nobody has it. */
  synchronized Object holder() {
    return holder;
  }

  synchronized void release(Object consumer) {
    if (holder == consumer) {
      holder = null;
    }
  }

  synchronized Position cursor() {
    return cursor;
  }

  /**
   * The oldest message that its target has not taken whole; {@link Long#MAX_VALUE} where no route
   * reads. Never waits for who looks into the file meanwhile.
   */
  long needsFrom() {
    Position place = saved;
    return holder == null || place == null ? Long.MAX_VALUE : place.message();
  }

  /** Moves on past an entry, counting what was dropped before it. */
  synchronized void reached(LogEntry entry, Position next) {
    if (entry.sequence() > cursor.message()) {
      countLoss(entry.start());
    }
    cursor = next;
  }

  private void countLoss(Position found) {
    long missed = distance(cursor, found);
    if (missed > 0) {
      lost += missed;
      lossTold = false;
      LOG.warn(
          "Reading for sink {}: {} {} are gone from the journal before it could take them — it was"
              + " further behind than cardata.journal.keep and cardata.journal.max-size allow",
          name,
          missed,
          wholeMessages ? "messages" : "data points");
    }
  }

  private long distance(Position from, Position to) {
    return wholeMessages ? to.message() - from.message() : to.points() - from.points();
  }

  /** Says so once when the log drops what this sink still needs. */
  synchronized void logTrimmed(Position first) {
    if (saved != null && enabled && !lossTold && distance(cursor, first) > 0) {
      lossTold = true;
      LOG.warn(
          "Keeping events for sink {}: it is further behind than cardata.journal.keep and"
              + " cardata.journal.max-size allow, so that the oldest go — bring its target back or"
              + " switch the sink off",
          name);
    }
  }

  /** Saves a position behind which nothing is to be done. */
  synchronized void skipTo(Position position) {
    saved = position;
    log.savePosition(name, position);
  }

  /** The target took so many; everything before the position is done. */
  synchronized void delivered(int count, Position position) {
    delivered += count;
    skipTo(position);
    works();
  }

  /** The target answered, which ends an outage. */
  private void works() {
    if (downSince != null) {
      String away = Lasting.text(Duration.between(downSince, clock.instant()));
      if (downTold) {
        LOG.info("Sink {} delivers again after {}", name, away);
      } else {
        LOG.debug("Sink {} delivers again after {}", name, away);
      }
    }
    downSince = null;
    downTold = false;
    trouble = null;
  }

  /** An attempt failed and will be repeated. */
  synchronized void failed(Throwable error) {
    Instant now = clock.instant();
    trouble = ErrorText.of(error);
    if (downSince == null) {
      downSince = now;
    }
    if (!downTold && Duration.between(downSince, now).compareTo(WORTH_A_WARNING) >= 0) {
      downTold = true;
      LOG.warn(
          "Delivering to sink {}: {} — nothing is dropped, it is tried again; check its target",
          name,
          trouble);
    } else {
      LOG.debug("Delivering to sink {}: {}", name, trouble);
    }
  }

  /**
   * The target refused one thing for good; everything before the position is done. Waits while too
   * much waits for the file, and lets others look at the sink meanwhile.
   */
  void setAside(CarMessage message, CarEvent event, Throwable error, Position next) {
    String reason = ErrorText.of(error);
    log.setAside(new SetAside(name, clock.instant(), reason, message, event));
    String what = event == null ? "a message" : event.key() + " of " + Vin.masked(event.vin());
    String shape = (event == null ? "" : event.key()) + error.getClass().getName();
    synchronized (this) {
      failed++;
      refused = reason;
      if (toldShapes.size() < SHAPES_REMEMBERED && toldShapes.add(shape)) {
        LOG.warn(
            "Delivering {} to sink {}: {} — it is set aside and counted as failed; the next one of"
                + " its kind is not logged",
            what,
            name,
            reason);
      } else {
        LOG.debug("Delivering {} to sink {}: {}, set aside", what, name, reason);
      }
      skipTo(next);
      works();
    }
  }

  synchronized SinkSnapshot snapshot() {
    long lag = saved == null ? 0 : distance(saved, log.next());
    long dropped = saved == null ? 0 : Math.max(0, distance(cursor, log.first()));
    return new SinkSnapshot(
        name,
        enabled || waiting != null || kept != null && kept != SinkSnapshot.State.DISABLED,
        state(),
        delivered,
        failed,
        Math.max(0, lag - dropped),
        lost + dropped,
        lastError(lost + dropped));
  }

  private SinkSnapshot.State state() {
    if (broken != null) {
      return SinkSnapshot.State.BROKEN;
    }
    if (waiting != null) {
      return SinkSnapshot.State.DOWN;
    }
    return kept != null ? kept : ofRoute();
  }

  private SinkSnapshot.State ofRoute() {
    if (!enabled || suspended) {
      return SinkSnapshot.State.DISABLED;
    }
    return downSince == null ? SinkSnapshot.State.UP : SinkSnapshot.State.DOWN;
  }

  private String lastError(long missing) {
    if (broken != null) {
      return broken;
    }
    if (waiting != null) {
      return waiting;
    }
    if (trouble != null) {
      return trouble;
    }
    if (refused != null) {
      return refused;
    }
    return missing == 0
        ? null
        : missing
            + (wholeMessages ? " messages" : " data points")
            + " were gone from the journal before this sink took them";
  }
}
