// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus between ingest and sinks: one thread appends what is published, in its order, to an
 * {@link EventLog}; each sink reads at its own pace. Safe for use by many threads.
 *
 * <p>Messages that wait for the writer are appended together. When more than {@value #QUEUE} wait,
 * {@link #publish} blocks. The log slows the intake down, and where it would drop messages, a sink
 * that works but is slower than the intake: for a second each time.
 */
public final class Journal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int QUEUE = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Told once when a message is as safe as the log makes it, or that it could not be kept. */
  @FunctionalInterface
  public interface Completion {
    /** With null for success. Called by the thread that appends: it must not wait. */
    void done(Throwable failure);
  }

  private record Request(CarMessage message, boolean unparsed, Completion completion) {}

  private static final Request STOP = new Request(null, false, null);

  private final EventLog log;
  private final Clock clock;
  private final NewestValues newest;
  private final Duplicates duplicates = new Duplicates();
  private final Map<String, Sink> sinks = new ConcurrentHashMap<>();
  private final List<Runnable> readers = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Request> queue = new ArrayBlockingQueue<>(QUEUE);
  private final List<Runnable> troubleListeners = new CopyOnWriteArrayList<>();
  private final Thread writer;
  private final Object gate = new Object();
  private boolean closed;
  private volatile long duplicateCount;
  private volatile long unparsedCount;
  private volatile long messageCount;
  private volatile long pointCount;

  /** A journal on this log; it begins to work at once and until it is closed. */
  public Journal(EventLog log, Clock clock) {
    this.log = log;
    this.clock = clock;
    this.newest = new NewestValues(clock);
    this.writer = new Thread(this::write, "cardata-journal");
    writer.setDaemon(true);
    writer.start();
  }

  /** A journal in memory: at most 50,000 messages or about 16 MB, whichever comes first. */
  public static Journal inMemory(Clock clock) {
    return new Journal(new InMemoryEventLog(50_000, 16L << 20), clock);
  }

  /**
   * Takes a message; the completion is told when it is appended, in the order of the calls. Blocks
   * while the writer is far behind.
   *
   * @param unparsed whether the message could not be read, which is counted
   * @throws IllegalStateException when the journal is closed
   * @throws InterruptedException when interrupted while waiting for the writer
   */
  public void publish(CarMessage message, boolean unparsed, Completion completion)
      throws InterruptedException {
    Request request = new Request(message, unparsed, completion);
    if (Thread.currentThread() == writer) {
      // A step behind events:publish publishes again: waiting for ourselves would never end.
      append(List.of(request));
      return;
    }
    synchronized (gate) {
      if (closed) {
        throw new IllegalStateException("publishing to the journal: it is closed");
      }
      queue.put(request);
    }
  }

  private void write() {
    List<Request> batch = new ArrayList<>(QUEUE);
    boolean stopped = false;
    while (!stopped) {
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        LOG.debug("Journal writer interrupted; it ends when the journal is closed", e);
        continue;
      }
      queue.drainTo(batch);
      stopped = batch.remove(STOP);
      if (!batch.isEmpty()) {
        awaitSinks();
        append(List.copyOf(batch));
      }
      batch.clear();
    }
  }

  /**
   * A log that will drop its oldest messages gives those sinks that work a moment to take them
   * first. Whoever is slower than that, or stands still, loses them.
   */
  private void awaitSinks() {
    Position place = log.mayGo();
    if (sinks.values().stream().noneMatch(sink -> sink.isComingTo(place))) {
      return;
    }
    sinks.values().forEach(Sink::waitBegins);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (sinks.values().stream().anyMatch(sink -> sink.isComingTo(place))) {
      if (System.nanoTime() > end) {
        sinks.values().forEach(Sink::waitEnds);
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Appends them together; never throws, as nobody would start the writer again. */
  private void append(List<Request> requests) {
    List<LogEntry> entries;
    try {
      entries = entries(requests);
    } catch (Throwable e) { // a value of anybody's making can throw anything when looked at
      duplicates.rollback();
      if (requests.size() > 1) {
        requests.forEach(request -> append(List.of(request)));
      } else {
        LOG.error("Preparing a published message: {} — it is not kept", ErrorText.of(e), e);
        requests.forEach(request -> complete(request, e));
      }
      return;
    }
    Throwable failure = keep(requests, entries);
    wakeReaders();
    for (Request request : requests) {
      complete(request, failure);
    }
  }

  private List<LogEntry> entries(List<Request> requests) {
    List<LogEntry> entries = new ArrayList<>(requests.size());
    Position at = log.next();
    for (Request request : requests) {
      LogEntry entry =
          new LogEntry(at.message(), at.points(), request.message(), fresh(request.message()));
      entries.add(entry);
      at = entry.end();
    }
    return entries;
  }

  /** Null where all is well. */
  private Throwable keep(List<Request> requests, List<LogEntry> entries) {
    try {
      Position firstBefore = log.first();
      log.append(entries);
      duplicates.commit();
      entries.forEach(this::derive);
      requests.stream().filter(Request::unparsed).forEach(request -> unparsedCount++);
      Position first = log.first();
      if (first.message() > firstBefore.message()) {
        sinks.values().forEach(sink -> sink.logTrimmed(first));
      }
      return null;
    } catch (Throwable e) {
      duplicates.rollback();
      if (e instanceof Error) {
        LOG.error("Appending to the journal: {}", ErrorText.of(e), e);
      }
      return e;
    }
  }

  private void wakeReaders() {
    for (Runnable reader : readers) {
      try {
        reader.run();
      } catch (Throwable e) {
        LOG.error("Waking a sink: {}", ErrorText.of(e), e);
      }
    }
  }

  private static void complete(Request request, Throwable failure) {
    try {
      request.completion().done(failure);
    } catch (Throwable e) {
      LOG.error("Completing a published message: the step behind it failed", e);
    }
  }

  private List<CarEvent> fresh(CarMessage message) {
    List<CarEvent> all = message.points();
    List<CarEvent> fresh = new ArrayList<>(all.size());
    for (CarEvent event : all) {
      if (!duplicates.isDuplicate(event)) {
        fresh.add(event);
      }
    }
    return fresh.size() == all.size() ? all : List.copyOf(fresh);
  }

  private void derive(LogEntry entry) {
    List<CarEvent> all = entry.message().points();
    all.forEach(newest::heard);
    entry.points().forEach(newest::take);
    messageCount++;
    pointCount += all.size();
    duplicateCount += all.size() - entry.points().size();
  }

  /** The newest value of each key of each vehicle. */
  public NewestValues newest() {
    return newest;
  }

  /** What it holds and what it counted. */
  public JournalSnapshot snapshot() {
    return new JournalSnapshot(
        log.events(),
        log.bytes(),
        log.oldest().orElse(null),
        duplicateCount,
        unparsedCount,
        messageCount,
        pointCount);
  }

  /** Every sink that was named so far, sorted by name. */
  public List<SinkSnapshot> sinks() {
    return sinks.values().stream()
        .map(Sink::snapshot)
        .sorted(Comparator.comparing(SinkSnapshot::name))
        .toList();
  }

  /** Shows a sink as broken, because its route file could not be loaded. */
  public void broken(String sinkName, String reason) {
    sink(sinkName).broken(ErrorText.clean(reason));
  }

  /** What targets refused for good, oldest first. */
  public List<SetAside> setAside() {
    return log.setAside();
  }

  Sink sink(String name) {
    return sinks.computeIfAbsent(name, n -> new Sink(n, log, clock));
  }

  EventLog log() {
    return log;
  }

  /** Has this run after each append, until it is taken off again; it must not wait. */
  void wakes(Runnable reader) {
    readers.add(reader);
  }

  void wakesNoLonger(Runnable reader) {
    readers.remove(reader);
  }

  /** Whether it takes messages. */
  public boolean works() {
    return writer.isAlive();
  }

  /**
   * Why it cannot keep messages at present, and what to do, in one sentence without secrets; empty
   * where it can. What was published before waits and is kept when the cause is gone.
   */
  public Optional<String> trouble() {
    return Optional.empty();
  }

  /** Has this run each time that {@link #trouble} begins or ends; it must not wait. */
  public void onTroubleChange(Runnable listener) {
    troubleListeners.add(listener);
  }

  /** Appends what waits, then ends. A second call does nothing. */
  @Override
  public void close() {
    synchronized (gate) {
      if (closed) {
        return;
      }
      closed = true;
    }
    boolean interrupted = false;
    try {
      queue.put(STOP);
      if (Thread.currentThread() != writer) {
        writer.join();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
