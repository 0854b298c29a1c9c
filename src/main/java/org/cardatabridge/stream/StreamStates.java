// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.cardatabridge.journal.RowsException;
import org.cardatabridge.journal.SafeRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the streams of all accounts were over the last days, in journal.db: a row for each change,
 * written a second after it, and now and then how long the present state has lasted, so that a kill
 * shows as a gap. Whatever cannot be written waits in memory. Has one idle thread from the first
 * change on. Safe for use by many threads.
 */
public final class StreamStates implements AutoCloseable {

  /** How long a state is remembered after its end. */
  public static final Duration KEEP = Duration.ofDays(8);

  static final Duration BEAT = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(StreamStates.class);
  private static final Duration WRITE_AFTER = Duration.ofSeconds(1);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(3);
  private static final int MOST_WAITING = 1_000;
  private static final int MOST_SPANS = 2_000;
  private static final int LONGEST = 300;
  private static final String STOPPED = StreamState.STOPPED.text();

  private final SafeRows rows;
  private final Clock clock;
  private final UnaryOperator<String> shown;
  private final Object writing = new Object();

  /** Ids in the file are those in memory and this; negative until the first write. */
  private volatile long offset = -1;

  // All below is guarded by this.
  private final Map<String, StateRow> present = new HashMap<>();
  private final TreeMap<Long, StateRow> unwritten = new TreeMap<>();
  private long number;
  private ScheduledExecutorService worker;
  private boolean isDue;
  private boolean closed;

  /**
   * In this file.
   *
   * @param shown takes out of a reason what nobody may see
   */
  public StreamStates(SafeRows rows, Clock clock, UnaryOperator<String> shown) {
    this.rows = rows;
    this.clock = clock;
    this.shown = shown;
  }

  /** Notes that the stream of an account is in another state; returns at once. */
  public void changed(String account, StreamSnapshot now) {
    StreamReason why = now.state().isWaiting() ? now.lastReason() : null;
    String text = why == null ? null : shown.apply(why.text());
    if (text != null && text.length() > LONGEST) {
      text = text.substring(0, LONGEST) + "…";
    }
    note(account, now.state().text(), why == null ? null : why.code(), text);
  }

  private synchronized void note(String account, String state, Integer code, String text) {
    Instant now = now();
    endPresent(account, now);
    StateRow row = new StateRow(++number, account, state, now, now, code, text);
    present.put(account, row);
    unwritten.put(row.id(), row);
    while (unwritten.size() > MOST_WAITING) {
      unwritten.pollFirstEntry();
    }
    if (closed) {
      return;
    }
    if (worker == null) {
      worker = Executors.newSingleThreadScheduledExecutor(StreamStates::thread);
      long beat = BEAT.toMillis();
      worker.scheduleWithFixedDelay(this::beat, beat, beat, TimeUnit.MILLISECONDS);
    }
    if (!isDue) {
      isDue = true;
      worker.schedule(this::write, WRITE_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "cardata-states");
    thread.setDaemon(true);
    return thread;
  }

  private void endPresent(String account, Instant now) {
    StateRow before = present.get(account);
    if (before != null) {
      StateRow seen = before.seen(now);
      present.put(account, seen);
      unwritten.put(seen.id(), seen);
    }
  }

  /** Writes up to when the present states are known to have lasted. */
  void beat() {
    synchronized (this) {
      Instant now = now();
      List.copyOf(present.keySet()).forEach(account -> endPresent(account, now));
    }
    write();
  }

  /** Writes what waits; what the file does not take now goes with the next write. */
  void write() {
    synchronized (writing) {
      Map<Long, StateRow> portion;
      synchronized (this) {
        isDue = false;
        Instant now = now();
        // A state that was never seen to last would be none.
        present.values().stream()
            .filter(row -> unwritten.containsKey(row.id()))
            .map(StateRow::account)
            .toList()
            .forEach(account -> endPresent(account, now));
        portion = new TreeMap<>(unwritten);
      }
      if (portion.isEmpty()) {
        return;
      }
      try {
        long written = offset;
        long base =
            rows.write(
                file -> {
                  long before = written < 0 ? StateRow.lastId(file) : written;
                  StateRow.put(
                      file,
                      portion.values().stream()
                          .map(row -> row.numbered(row.id() + before))
                          .toList());
                  StateRow.forgetBefore(file, now().minus(KEEP));
                  return before;
                });
        synchronized (this) {
          offset = base;
          portion.forEach(unwritten::remove);
        }
      } catch (RowsException e) {
        LOG.debug("Noting how the stream is: {}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("Noting how the stream is: {} — please report this", e.toString(), e);
      }
    }
  }

  /** When each account's stream was in which state since then, oldest first; none is empty. */
  public List<StreamSpan> spans(String account, Instant since) {
    Instant now = now();
    TreeMap<Long, StateRow> mine = new TreeMap<>();
    List<StateRow> all = new ArrayList<>();
    StateRow open;
    synchronized (writing) {
      synchronized (this) {
        unwritten.values().stream()
            .filter(row -> row.account().equals(account))
            .forEach(row -> mine.put(row.id(), row));
        open = present.get(account);
      }
      for (StateRow row : read(account, since)) {
        if (offset < 0 || row.id() <= offset) {
          all.add(row);
        } else {
          mine.putIfAbsent(row.id() - offset, row);
        }
      }
    }
    if (open != null) {
      mine.put(open.id(), open);
    }
    all.addAll(mine.values());
    return spans(all, open != null, since, now);
  }

  private List<StateRow> read(String account, Instant since) {
    try {
      List<StateRow> found = rows.read(file -> StateRow.since(file, account, since));
      return found == null ? List.of() : found;
    } catch (RowsException e) {
      LOG.debug("Reading how the stream was: {}", e.getMessage());
      return List.of();
    }
  }

  /** From the last to the first, as only the order is sure: a later row cuts those before it. */
  private static List<StreamSpan> spans(
      List<StateRow> all, boolean isLastPresent, Instant since, Instant now) {
    LinkedList<StreamSpan> spans = new LinkedList<>();
    Instant next = null;
    for (int i = all.size() - 1; i >= 0 && spans.size() < MOST_SPANS; i--) {
      StateRow row = all.get(i);
      Instant from = next != null && row.at().isAfter(next) ? next : row.at();
      Instant to = next != null && row.seen().isAfter(next) ? next : row.seen();
      if (next == null) {
        from = from.isAfter(now) ? now : from;
        to = isLastPresent ? null : to.isAfter(now) ? now : to;
      }
      if (to != null && (next == null || to.isBefore(next))) {
        before(spans, new StreamSpan(STOPPED, to, next, null, null));
      }
      if (to == null || from.isBefore(to)) {
        before(spans, row.span().within(from, to));
      }
      next = from;
      if (!from.isAfter(since)) {
        break;
      }
    }
    spans.removeIf(span -> span.to() != null && !span.to().isAfter(since));
    if (!spans.isEmpty() && spans.getFirst().from().isBefore(since)) {
      StreamSpan first = spans.removeFirst();
      spans.addFirst(first.within(since, first.to()));
    }
    return List.copyOf(spans);
  }

  private static void before(LinkedList<StreamSpan> spans, StreamSpan span) {
    StreamSpan after = spans.peekFirst();
    if (after != null && after.within(null, null).equals(span.within(null, null))) {
      spans.removeFirst();
      spans.addFirst(after.within(span.from(), after.to()));
    } else {
      spans.addFirst(span);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Writes what waits, then ends the thread; waits seconds at most. */
  @Override
  public void close() {
    ScheduledExecutorService ending;
    synchronized (this) {
      closed = true;
      ending = worker;
      Instant now = now();
      List.copyOf(present.keySet()).forEach(account -> endPresent(account, now));
    }
    if (ending == null) {
      return;
    }
    try {
      ending.execute(this::write);
      ending.shutdown();
      if (!ending.awaitTermination(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("Noting how the stream was: the file does not take it; a gap remains");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException e) {
      LOG.debug("Noting how the stream was: closed already");
    } finally {
      ending.shutdownNow();
    }
  }
}
