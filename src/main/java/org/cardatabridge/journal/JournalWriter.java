// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes the journal's file: messages first, many of them in one commit; in
 * between what sinks have told, the history, and retention, each in small steps.
 *
 * <p>What fails is tried again, each second, with a file opened afresh; nothing that waits is
 * refused or forgotten. A damaged file is moved aside, one that was taken away is written again.
 * Its public part is safe for use by many threads.
 */
final class JournalWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

  private static final int MOST_IN_A_COMMIT = 256;
  private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long STEP_ASIDE_NANOS = TimeUnit.MICROSECONDS.toNanos(800);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long TELL_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** What the writer needs of the journal around it. Called by the writer's thread. */
  interface Owner {
    /**
     * The file is open for the first time: its content can be read.
     *
     * @param derived messages before this number are in the history
     */
    void opened(long derived);

    /** A new file takes the place of one that is lost: where it begins, and what it must hold. */
    void replaced(Storage storage) throws SQLException;

    /** Messages before this number are in the file. */
    void saved(long upTo);

    /** Trouble began, ended or changed. */
    void troubleChanged();
  }

  /**
   * A message on its way into the file.
   *
   * @param completion told when it is there, or that it never will be
   */
  record Request(LogEntry entry, Journal.Completion completion) {}

  private final Database database;
  private final Names names;
  private final StoredLog stored;
  private final Unsaved unsaved;
  private final Upkeep upkeep;
  private final Clock clock;
  private final Owner owner;
  private final Thread thread;

  // Guarded by this.
  private final Deque<Request> queue = new ArrayDeque<>();
  private long tellAt = Long.MAX_VALUE;
  private boolean stopping;
  private long giveUpAt;

  // The writer's own.
  private final List<Request> batch = new ArrayList<>();
  private Storage storage;
  private FileIdentity identity;
  private boolean wasOpen;
  private long troubleSince;
  private long committedAt;

  private boolean failedBefore;
  private boolean needsRoom;

  private Throwable damage;

  private volatile long saved;
  private volatile String trouble;
  private volatile String notice;

  JournalWriter(
      Database database,
      Names names,
      StoredLog stored,
      Unsaved unsaved,
      Upkeep upkeep,
      Clock clock,
      Owner owner) {
    this.database = database;
    this.names = names;
    this.stored = stored;
    this.unsaved = unsaved;
    this.upkeep = upkeep;
    this.clock = clock;
    this.owner = owner;
    this.thread = new Thread(this::run, "cardata-journal");
    thread.setDaemon(true);
  }

  /**
   * Begins to work.
   *
   * @param isToWait whether it returns only when the file is open, or could not be opened at once
   */
  void start(boolean isToWait) {
    if (isToWait) {
      tryOpen();
    }
    thread.start();
  }

  boolean isWriter() {
    return Thread.currentThread() == thread;
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** Why nothing can be kept at present; empty where it can. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** What befell the file since the start and is worth showing; empty for nothing. */
  Optional<String> notice() {
    return Optional.ofNullable(notice);
  }

  /** Messages before this number are in the file. */
  long saved() {
    return saved;
  }

  /** Begins behind these messages. */
  void beginAt(long number) {
    saved = number;
  }

  synchronized void write(Request request) {
    queue.addLast(request);
    notifyAll();
  }

  /**
   * The same from within a completion, which the writer's own thread calls: returns when it is
   * written, or waits in the queue because it could not be.
   */
  void writeFromCompletion(Request request) {
    write(request);
    if (storage == null) {
      return;
    }
    try {
      synchronized (this) {
        fillBatch();
      }
      commit();
    } catch (SQLException | IOException | RuntimeException e) {
      failed(e);
    }
  }

  private void fillBatch() {
    while (batch.size() < MOST_IN_A_COMMIT && !queue.isEmpty()) {
      batch.add(queue.pollFirst());
    }
  }

  /** Something that sinks told waits to be saved. */
  synchronized void told() {
    tellAt = System.nanoTime() + TELL_AFTER_NANOS;
    notifyAll();
  }

  /** Has the history written at once. */
  void writeHistory() {
    synchronized (this) {
      upkeep.writeHistory();
      notifyAll();
    }
  }

  /** Reading met damage: the file is to be looked at. */
  void damaged(Throwable error) {
    synchronized (this) {
      damage = error;
      notifyAll();
    }
  }

  private void run() {
    while (true) {
      if (storage == null) {
        if (failedBefore && !awaitRetry()) {
          giveUp();
          return;
        }
        tryOpen();
        continue;
      }
      try {
        if (!work()) {
          finish();
          return;
        }
        works();
      } catch (SQLException | IOException | RuntimeException e) {
        failed(e);
      } catch (Error e) {
        LOG.error("Writing the journal: {}", ErrorText.of(e), e);
        failed(e);
      }
    }
  }

  /** One step; false when all is done and the end is asked for. */
  private boolean work() throws SQLException, IOException {
    boolean telling;
    synchronized (this) {
      if (damage != null) {
        Throwable found = damage;
        damage = null;
        throw new SQLException(found.getMessage(), "", damageCode(found));
      }
      fillBatch();
      long now = System.nanoTime();
      telling = tellAt <= now;
      if (batch.isEmpty() && !telling && !upkeep.isDue(now)) {
        if (stopping) {
          return false;
        }
        await(Math.min(tellAt - now, upkeep.dueIn(now)));
        return true;
      }
    }
    if (!batch.isEmpty()) {
      gather();
      commit();
    } else if (telling) {
      tell();
    }
    if (storage != null) {
      upkeep.step(storage, saved, batch.isEmpty() && isQuiet());
    }
    return true;
  }

  /**
   * A commit costs as much as writing a dozen messages: those on their heels come along. No sink
   * waits for it, and a broker that waits for acknowledgements sends nothing more, which ends it. A
   * message that comes after a pause is left to its sinks first: on a small machine they would have
   * to share the processor with the commit. Who publishes one as soon as the last is kept, as an
   * import does, makes no pause.
   */
  private void gather() {
    long begin = System.nanoTime();
    long end = begin + LONGEST_GATHER_NANOS;
    long wait = begin - committedAt > PAUSE_NANOS ? STEP_ASIDE_NANOS : GATHER_NANOS;
    int before;
    do {
      before = batch.size();
      LockSupport.parkNanos(wait);
      wait = GATHER_NANOS;
      synchronized (this) {
        fillBatch();
      }
    } while (batch.size() > before && batch.size() < MOST_IN_A_COMMIT && System.nanoTime() < end);
  }

  private static int damageCode(Throwable found) {
    Throwable cause = found;
    while (!(cause instanceof SQLException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof SQLException sql ? sql.getErrorCode() : 0;
  }

  private synchronized boolean isQuiet() {
    return queue.isEmpty();
  }

  private void await(long nanos) {
    try {
      // No shorter wait than a millisecond, which would not wait at all.
      wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    } catch (InterruptedException e) {
      LOG.debug("The journal's writer was interrupted; it ends when the journal is closed", e);
    }
  }

  private void commit() throws SQLException, IOException {
    List<LogEntry> entries = batch.stream().map(Request::entry).toList();
    long end = entries.get(entries.size() - 1).sequence() + 1;
    Unsaved.Portion told = unsaved.upTo(end);
    storage.append(entries, told);
    upkeep.appended(entries);
    checkFile();
    unsaved.saved(told);
    done(end);
    committedAt = System.nanoTime();
  }

  private void done(long end) {
    saved = end;
    owner.saved(end);
    int count = 0;
    while (count < batch.size() && batch.get(count).entry().sequence() < end) {
      count++;
    }
    List<Request> finished = new ArrayList<>(batch.subList(0, count));
    batch.subList(0, count).clear();
    finished.forEach(request -> complete(request, null));
  }

  private static void complete(Request request, Throwable failure) {
    try {
      request.completion().done(failure);
    } catch (Throwable e) { // whatever stands behind it, the writer must go on
      LOG.error("Completing a published message: the step behind it failed", e);
    }
  }

  private void tell() throws SQLException {
    Unsaved.Portion told = unsaved.upTo(saved);
    if (!told.isEmpty()) {
      storage.save(told);
      unsaved.saved(told);
    }
    synchronized (this) {
      tellAt = unsaved.isEmpty() ? Long.MAX_VALUE : System.nanoTime() + TELL_AFTER_NANOS;
    }
  }

  /** A file that was taken away takes the next messages too, and nobody would ever see them. */
  private void checkFile() throws SQLException, IOException {
    FileIdentity now = FileIdentity.of(database);
    if (identity.log() == null) {
      // SQLite makes it with the first write.
      identity = new FileIdentity(identity.database(), now.log());
    }
    if (now.equals(identity)) {
      return;
    }
    LOG.warn(
        "Keeping messages: {} was moved or deleted while the bridge ran — it is written again with"
            + " all it held",
        database.file());
    notice = "the journal's file was moved or deleted at " + clock.instant() + " and written again";
    if (now.database() == null || !now.database().equals(identity.database())) {
      Path copy = database.file().resolveSibling(database.file().getFileName() + ".new");
      Files.createDirectories(copy.getParent());
      Files.deleteIfExists(copy);
      Database.createForOwner(copy);
      storage.copyTo(copy);
      closeStorage();
      database.replaceBy(copy, clock.instant());
    } else {
      storage.checkpoint(true);
      closeStorage();
    }
    upkeep.reopened();
    if (!tryOpen()) {
      throw new IOException("opening the file again");
    }
  }

  private boolean tryOpen() {
    try {
      open();
      return true;
    } catch (SQLException | IOException | RuntimeException e) {
      failed(e);
      return false;
    }
  }

  private void open() throws SQLException, IOException {
    Storage opened = new Storage(database, names);
    try {
      // At once: it may be taken away again while this goes on.
      identity = FileIdentity.of(database);
      // What reads the file that was there before must not be asked about this one.
      stored.reopened();
      synchronized (this) {
        damage = null;
      }
      if (wasOpen) {
        goOn(opened);
      }
      makeRoom(opened);
      upkeep.opened(opened);
      if (!wasOpen) {
        // It asks the history, which must know by now how far the file has it.
        owner.opened(opened.derived());
        wasOpen = true;
      }
      storage = opened;
    } finally {
      if (storage != opened) {
        opened.close();
      }
    }
  }

  /** On a full disk the write-ahead log is room that can be had. */
  private void makeRoom(Storage opened) {
    if (!needsRoom) {
      return;
    }
    needsRoom = false;
    try {
      opened.checkpoint(true);
    } catch (SQLException e) {
      LOG.debug("Giving the room of the write-ahead log back", e);
    }
  }

  /** Sees whether the file is the one it was. */
  private void goOn(Storage opened) throws SQLException, IOException {
    long inFile = stored.newest().map(newest -> newest.sequence() + 1).orElse(-1L);
    if (inFile == saved) {
      return;
    }
    if (inFile > saved && inFile <= saved + batch.size()) {
      // The commit failed only after it was done.
      done(inFile);
      return;
    }
    if (inFile >= 0) {
      throw new SQLException("the file is another one than before", "", JournalTrouble.DAMAGED);
    }
    names.allUnsaved();
    owner.replaced(opened);
  }

  private void failed(Throwable error) {
    if (JournalTrouble.isDamage(error) && wroteAgain()) {
      return;
    }
    closeStorage();
    failedBefore = true;
    needsRoom = JournalTrouble.isFull(error);
    if (JournalTrouble.isDamage(error)) {
      LOG.debug("What is damaged in the journal", error);
      try {
        Path aside = database.moveAside(clock.instant());
        notice =
            "the journal's file was damaged and is kept as "
                + aside.getFileName()
                + "; docs/journal.md says how to get data out of it";
      } catch (IOException e) {
        trouble(e);
        return;
      }
      if (tryOpenOnce()) {
        return;
      }
    }
    trouble(error);
  }

  /** Damage to a file that took the place of ours says nothing about ours, which is open still. */
  private boolean wroteAgain() {
    try {
      if (storage == null || FileIdentity.of(database).equals(identity)) {
        return false;
      }
      checkFile();
      return true;
    } catch (SQLException | IOException | RuntimeException e) {
      LOG.debug("Writing the journal's file again", e);
      return storage == null;
    }
  }

  /** Behind a damaged file; damage again is a trouble like any other. */
  private boolean tryOpenOnce() {
    try {
      open();
      return true;
    } catch (SQLException | IOException | RuntimeException e) {
      trouble(e);
      return false;
    }
  }

  private void closeStorage() {
    if (storage != null) {
      try {
        storage.close();
      } catch (SQLException e) {
        LOG.debug("Closing the journal's file", e);
      }
      storage = null;
    }
  }

  private void trouble(Throwable error) {
    String sentence = JournalTrouble.sentence(error, database.file());
    if (sentence.equals(trouble)) {
      LOG.debug("{}", sentence, error);
      return;
    }
    if (trouble == null) {
      troubleSince = System.nanoTime();
    }
    LOG.warn("{}", sentence);
    LOG.debug("What the journal met", error);
    trouble = sentence;
    owner.troubleChanged();
  }

  private void works() {
    if (trouble != null) {
      LOG.info(
          "Keeping messages works again after {} s",
          Duration.ofNanos(System.nanoTime() - troubleSince).toSeconds());
      trouble = null;
      owner.troubleChanged();
    }
  }

  /** False when it is no use to try again, as the end is asked for. */
  private synchronized boolean awaitRetry() {
    long end = System.nanoTime() + RETRY_NANOS;
    while (true) {
      long now = System.nanoTime();
      if (stopping && now >= giveUpAt) {
        return false;
      }
      if (now >= end) {
        return true;
      }
      await(Math.min(end - now, stopping ? giveUpAt - now : Long.MAX_VALUE));
    }
  }

  private void giveUp() {
    List<Request> lost;
    synchronized (this) {
      lost = new ArrayList<>(batch);
      lost.addAll(queue);
      queue.clear();
    }
    IllegalStateException failure =
        new IllegalStateException("the bridge ends and its journal could not be written");
    lost.forEach(request -> complete(request, failure));
  }

  private void finish() {
    try {
      tell();
      upkeep.finish(storage, saved);
      storage.checkpoint(true);
    } catch (SQLException | RuntimeException e) {
      LOG.debug("Ending the journal; the next start does the rest", e);
    }
    closeStorage();
  }

  /** Writes what waits, then ends; gives up after seconds where the file cannot be written. */
  @Override
  public void close() {
    synchronized (this) {
      if (!stopping) {
        stopping = true;
        giveUpAt = System.nanoTime() + GIVE_UP_NANOS;
      }
      notifyAll();
    }
    if (isWriter()) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
