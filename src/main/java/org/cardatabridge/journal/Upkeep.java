// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the writer does between commits, in steps of milliseconds: works messages into the history,
 * drops those that are too old or too many, gives room back, and moves the write-ahead log into the
 * file. Belongs to the writer's thread, but for what it tells others.
 */
final class Upkeep {

  private static final int DERIVED_AT_ONCE = 128;
  private static final int POINTS_AT_ONCE = 4_000;
  private static final long DERIVE_EACH = TimeUnit.MILLISECONDS.toNanos(250);

  /** How much longer than a step the rest behind it is. */
  private static final int REST = 1;

  /** In a flood the history waits: more messages than that in a pause between two steps. */
  private static final int FLOOD = 500;

  /** But never behind more messages than that. */
  private static final long FURTHEST_BEHIND = 500_000;

  private static final int TRIMMED_AT_ONCE = 64;
  private static final long LOOK_EACH = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_SELDOM = TimeUnit.SECONDS.toNanos(60);
  private static final long AGE_STEP_EACH = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int SHRUNK_AT_ONCE = 256;
  private static final long WORTH_SHRINKING = 1L << 20;

  private static final long LOG_BYTES = 2L << 20;
  private static final long MOST_LOG_BYTES = 32L << 20;
  private static final long LOOK_AT_LOG_EACH = TimeUnit.MILLISECONDS.toNanos(200);

  private static final Duration SET_ASIDE_LOOK = Duration.ofMinutes(10);
  private static final int MOST_SET_ASIDE = 100_000;
  private static final long LONGEST_FINISH = TimeUnit.SECONDS.toNanos(2);

  /** The log this keeps up. */
  interface Log {
    /** Messages from this number on, for deriving and trimming: payloads may be missing. */
    List<LogEntry> read(long from, int limit);

    /** Number of the oldest message. */
    long first();

    /** Number of the first message received at this time or later, by the running maximum. */
    long since(java.time.Instant received);

    /** These messages are in the history now. */
    void derived(List<LogEntry> entries);

    /** The oldest messages are gone. */
    void trimmed();
  }

  private final JournalSettings settings;
  private final Clock clock;
  private final Path writeAheadLog;
  private final Log log;

  private long deriveAt = Long.MAX_VALUE;
  private long lookAt;
  private long logAt = Long.MAX_VALUE;
  private long setAsideAt;
  private int appendedSince;
  private int lastAppended;
  private boolean tooLarge;

  private volatile long derived;
  private volatile long bytes;

  Upkeep(JournalSettings settings, Clock clock, Path writeAheadLog, Log log) {
    this.settings = settings;
    this.clock = clock;
    this.writeAheadLog = writeAheadLog;
    this.log = log;
  }

  /** Messages before this number are in the history. */
  long derived() {
    return derived;
  }

  /** Size of the file. */
  long bytes() {
    return bytes;
  }

  void opened(Storage storage) throws SQLException {
    derived = storage.derived();
    bytes = storage.pages().bytes();
    reopened();
  }

  void reopened() {
    long now = System.nanoTime();
    deriveAt = now;
    lookAt = now;
    logAt = now;
    setAsideAt = now;
  }

  void appended(int messages) {
    appendedSince += messages;
    lastAppended = messages;
    long now = System.nanoTime();
    if (deriveAt == Long.MAX_VALUE) {
      deriveAt = now + DERIVE_EACH;
    }
    logAt = Math.min(logAt, now + LOOK_AT_LOG_EACH);
    lookAt = Math.min(lookAt, now + LOOK_EACH);
  }

  boolean isDue(long now) {
    return dueIn(now) <= 0;
  }

  /** Nanoseconds until there is something to do. */
  long dueIn(long now) {
    return Math.min(Math.min(deriveAt, lookAt), logAt) - now;
  }

  /** Does what is due, one step of each; a busy writer only what cannot wait. */
  void step(Storage storage, long saved, boolean isQuiet) throws SQLException {
    long now = System.nanoTime();
    if (deriveAt <= now && mayDerive(saved, isQuiet, now)) {
      derive(storage, saved);
      // It fills the write-ahead log too, for minutes where a long flood went before.
      logAt = Math.min(logAt, now + LOOK_AT_LOG_EACH);
    }
    if (lookAt <= now) {
      retain(storage, saved, isQuiet);
    }
    if (logAt <= now) {
      checkpoint(storage, isQuiet);
    }
  }

  private boolean mayDerive(long saved, boolean isQuiet, long now) {
    if (saved - derived > FURTHEST_BEHIND) {
      return true;
    }
    boolean flood = appendedSince > FLOOD;
    if (flood || !isQuiet) {
      deriveAt = now + (flood ? DERIVE_EACH : 0);
      if (flood) {
        appendedSince = 0;
      }
      return false;
    }
    return true;
  }

  private void derive(Storage storage, long saved) throws SQLException {
    // Too far behind, it must be faster than the intake, whose commits can be larger than a step.
    boolean isTooFarBehind = saved - derived > FURTHEST_BEHIND;
    long enough = isTooFarBehind ? derived + 2L * lastAppended : derived + 1;
    long began = System.nanoTime();
    do {
      deriveStep(storage, saved);
    } while (derived < Math.min(enough, saved));
    if (derived < saved) {
      // What a flood left is worked off at leisure: half a core stays free for sinks.
      long now = System.nanoTime();
      deriveAt = isTooFarBehind ? now : now + REST * (now - began);
    } else {
      appendedSince = 0;
      deriveAt = Long.MAX_VALUE;
    }
  }

  private void deriveStep(Storage storage, long saved) throws SQLException {
    List<LogEntry> step = new ArrayList<>();
    int points = 0;
    for (LogEntry entry : log.read(derived, DERIVED_AT_ONCE)) {
      if (entry.sequence() >= saved || points > POINTS_AT_ONCE) {
        break;
      }
      step.add(entry);
      points += entry.points().size();
    }
    long next = step.isEmpty() ? saved : step.get(step.size() - 1).sequence() + 1;
    if (next > derived) {
      storage.derive(step, next);
      derived = next;
      log.derived(step);
    }
  }

  private void retain(Storage storage, long saved, boolean isQuiet) throws SQLException {
    long now = System.nanoTime();
    Storage.Pages pages = storage.pages();
    bytes = pages.bytes();
    tooLarge = pages.usedBytes() > settings.maxBytes();
    long first = log.first();
    // The newest one stays, so that numbers go on from it.
    long tooOld = Math.min(log.since(clock.instant().minus(settings.keep())), saved - 1);
    if (tooLarge && first < saved - 1) {
      int count = Math.max(TRIMMED_AT_ONCE, 2 * lastAppended);
      trim(storage, first, Math.min(saved - 1, first + count));
      lookAt = now;
    } else if (first < tooOld) {
      trim(storage, first, Math.min(tooOld, first + TRIMMED_AT_ONCE));
      // A clock that is wrong for a minute must not cost the whole journal.
      lookAt = now + AGE_STEP_EACH;
    } else if (isQuiet
        && pages.usedBytes() + WORTH_SHRINKING < pages.bytes()
        && pages.unused() > pages.all() / 50) {
      storage.shrink(SHRUNK_AT_ONCE);
      lookAt = now;
      logAt = Math.min(logAt, now);
    } else {
      lookAt = now + LOOK_SELDOM;
      if (setAsideAt <= now) {
        setAsideAt = now + SET_ASIDE_LOOK.toNanos();
        storage.trimSetAside(Micros.of(clock.instant().minus(settings.keep())), MOST_SET_ASIDE);
      }
    }
  }

  private void trim(Storage storage, long from, long to) throws SQLException {
    List<LogEntry> oldest = new ArrayList<>();
    for (LogEntry entry : log.read(from, (int) (to - from))) {
      if (entry.sequence() < to) {
        oldest.add(entry);
      }
    }
    if (!oldest.isEmpty()) {
      storage.trim(oldest, derived);
      derived = Math.max(derived, oldest.get(oldest.size() - 1).sequence() + 1);
      log.trimmed();
    }
  }

  private void checkpoint(Storage storage, boolean isQuiet) throws SQLException {
    long size = logBytes();
    if (size > MOST_LOG_BYTES || isQuiet && size > LOG_BYTES) {
      storage.checkpoint(false);
      bytes = storage.pages().bytes();
    }
    logAt = Long.MAX_VALUE;
  }

  private long logBytes() {
    try {
      return Files.size(writeAheadLog);
    } catch (IOException e) {
      return 0; // there is none yet
    }
  }

  /** Works the rest into the history, as far as that takes seconds only. */
  void finish(Storage storage, long saved) throws SQLException {
    long end = System.nanoTime() + LONGEST_FINISH;
    while (derived < saved && System.nanoTime() < end) {
      deriveStep(storage, saved);
    }
  }
}
