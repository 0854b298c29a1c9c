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
import org.cardatabridge.CarEvent;

/**
 * What the writer does between commits, in steps of milliseconds: works messages into the history,
 * drops those that are too old or too many, gives room back, and moves the write-ahead log into the
 * file. Belongs to the writer's thread, but for what it tells others.
 */
final class Upkeep {

  private static final int CAUGHT_UP_AT_ONCE = 128;
  private static final long CATCH_UP_EACH = TimeUnit.MILLISECONDS.toNanos(5);

  private static final int TRIMMED_AT_ONCE = 64;
  private static final long LOOK_EACH = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_SELDOM = TimeUnit.SECONDS.toNanos(60);
  private static final long AGE_STEP_EACH = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int SHRUNK_AT_ONCE = 256;
  private static final long WORTH_SHRINKING = 1L << 20;

  private static final long LOG_BYTES = Database.LOG_KEPT + (1L << 20);
  private static final long MOST_LOG_BYTES = 32L << 20;
  private static final long LOOK_AT_LOG_EACH = TimeUnit.MILLISECONDS.toNanos(200);

  private static final Duration SET_ASIDE_LOOK = Duration.ofMinutes(10);
  private static final int MOST_SET_ASIDE = 100_000;
  private static final long LONGEST_FINISH = TimeUnit.SECONDS.toNanos(2);

  /** The log this keeps up. */
  interface Log {
    /** Messages from this number on, for history and trimming: payloads may be missing. */
    List<LogEntry> read(long from, int limit);

    /** Whether the history holds this value already. */
    boolean isInHistory(int vehicle, int key, CarEvent event);

    /** Number of the oldest message. */
    long first();

    /** Number of the first message received at this time or later, by the running maximum. */
    long since(java.time.Instant received);

    /** These messages of an earlier run are on their way into the history now. */
    void caughtUp(List<LogEntry> entries);

    /** The oldest messages are gone. */
    void trimmed();
  }

  private final JournalSettings settings;
  private final Clock clock;
  private final Path writeAheadLog;
  private final PendingHistory history;
  private final Log log;

  private long catchUpAt = Long.MAX_VALUE;
  private long lookAt;
  private long logAt = Long.MAX_VALUE;
  private long setAsideAt;
  private int lastAppended;
  private boolean tooLarge;
  private boolean isShrunk;

  private volatile boolean isToWrite;
  private volatile long bytes;

  Upkeep(
      JournalSettings settings, Clock clock, Path writeAheadLog, PendingHistory history, Log log) {
    this.settings = settings;
    this.clock = clock;
    this.writeAheadLog = writeAheadLog;
    this.history = history;
    this.log = log;
  }

  /** Has the history written as soon as it has caught up with the messages. */
  void writeHistory() {
    isToWrite = true;
  }

  /** Size of the file. */
  long bytes() {
    return bytes;
  }

  void opened(Storage storage) throws SQLException {
    history.begin(storage.derived());
    bytes = storage.pages().bytes();
    reopened();
  }

  void reopened() {
    long now = System.nanoTime();
    catchUpAt = now;
    lookAt = now;
    logAt = now;
    setAsideAt = now;
  }

  /** These messages are in the file. */
  void appended(List<LogEntry> entries) {
    lastAppended = entries.size();
    if (history.to() == entries.get(0).sequence()) {
      entries.forEach(entry -> history.add(entry, log::isInHistory));
    }
    long now = System.nanoTime();
    logAt = Math.min(logAt, now + LOOK_AT_LOG_EACH);
    lookAt = Math.min(lookAt, now + LOOK_EACH);
  }

  boolean isDue(long now) {
    return dueIn(now) <= 0;
  }

  /** Nanoseconds until there is something to do. */
  long dueIn(long now) {
    long next = Math.min(Math.min(catchUpAt, lookAt), logAt) - now;
    return isToWrite && catchUpAt == Long.MAX_VALUE ? 0 : Math.min(next, history.dueIn(now));
  }

  /** Does what is due, one step of each; a busy writer only what cannot wait. */
  void step(Storage storage, long saved, boolean isQuiet) throws SQLException {
    long now = System.nanoTime();
    if (catchUpAt <= now) {
      catchUp(saved);
      catchUpAt = history.to() < saved ? now + CATCH_UP_EACH : Long.MAX_VALUE;
    }
    if (history.dueIn(now) <= 0 || isToWrite && history.to() >= saved) {
      isToWrite = false;
      write(storage);
      logAt = Math.min(logAt, now + LOOK_AT_LOG_EACH);
    }
    if (lookAt <= now) {
      retain(storage, saved, isQuiet);
    }
    if (logAt <= now) {
      checkpoint(storage, isQuiet);
    }
  }

  /** What a kill, or a file that was opened anew, left undone is read from the messages. */
  private void catchUp(long saved) {
    List<LogEntry> step = new ArrayList<>();
    for (LogEntry entry : log.read(history.to(), CAUGHT_UP_AT_ONCE)) {
      if (entry.sequence() >= saved) {
        break;
      }
      history.add(entry, log::isInHistory);
      step.add(entry);
    }
    if (step.isEmpty() && history.to() < saved) {
      history.begin(saved);
    }
    log.caughtUp(step);
  }

  private void write(Storage storage) throws SQLException {
    PendingHistory.Portion portion = history.portion();
    if (portion.to() > history.from()) {
      storage.write(portion);
      history.written(portion);
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
      isShrunk = true;
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
      // Else what goes now would be written later, and nothing would ever take it away.
      long first = oldest.get(oldest.size() - 1).sequence() + 1;
      if (history.from() < first) {
        write(storage);
      }
      storage.trim(oldest, history.from());
      if (history.from() < first) {
        history.begin(first);
      }
      log.trimmed();
    }
  }

  private void checkpoint(Storage storage, boolean isQuiet) throws SQLException {
    long size = logBytes();
    // A file that has shrunk gets smaller on the disk only then.
    if (size > MOST_LOG_BYTES || isQuiet && (isShrunk || size > LOG_BYTES)) {
      storage.checkpoint(false);
      isShrunk = false;
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
    while (history.to() < saved && System.nanoTime() < end) {
      catchUp(saved);
    }
    write(storage);
  }
}
