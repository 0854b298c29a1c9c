// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;
import org.cardatabridge.decode.MessageId;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus between ingest and sinks: what is published gets its number, is seen by the sinks that
 * keep up at once, and is told to be safe when a commit has put it into {@code journal.db}. Each
 * sink reads at its own pace. Safe for use by many threads.
 *
 * <p>At most {@value #MOST_WAITING} messages wait for the file; then {@link #publish} blocks. So it
 * does while the file cannot be written, see {@link #trouble}: nothing is refused or forgotten.
 */
public final class Journal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int MOST_WAITING = 256;

  /** How many messages that are not in the history yet hold the start up. */
  private static final int MOST_READ_AHEAD = 10_000;

  /** How many messages are looked at for those of one vehicle. */
  private static final int MOST_SEARCHED = 20_000;

  /** How many messages are looked at for those that may come again. */
  private static final int MOST_RECALLED = 50_000;

  private static final long SEARCH_NANOS = 1_000_000_000L;

  private static final long LEAST_TAIL_BYTES = 256L << 10;
  private static final long MOST_TAIL_BYTES = 2L << 20;
  private static final Position ORIGIN = new Position(0, 0, 0);

  /** Told once when a message is as safe as the settings ask for, or that it never will be. */
  @FunctionalInterface
  public interface Completion {
    /** With null for success. Called by the thread that writes: it must not wait. */
    void done(Throwable failure);
  }

  private final Clock clock;
  private final Consumer<String> vins;
  private final Path temporary;
  private final Names names = new Names();
  private final Unsaved unsaved = new Unsaved();
  private final Replays replays = new Replays();
  private final Readers readers;
  private final StoredLog stored;
  private final PendingHistory pending = new PendingHistory(names);
  private final StoredHistory history;
  private final Upkeep upkeep;
  private final JournalWriter writer;
  private final SafeRows rows;
  private final LiveLog log = new LiveLog();
  private final NewestValues newest;
  private final Duplicates duplicates;
  private final Object recall = new Object();
  // Written under the gate.
  private final SeenMessages seen = new SeenMessages();
  private volatile boolean recalled;
  private final Map<String, Sink> sinks = new ConcurrentHashMap<>();
  private final List<Runnable> wakes = new CopyOnWriteArrayList<>();
  private final List<Runnable> troubleListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<CarEvent>> newestListeners = new CopyOnWriteArrayList<>();
  private final RecentErrors errors = new RecentErrors();
  private final Map<String, Position> savedPositions = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(MOST_WAITING);

  private final Object gate = new Object();
  // Written under the gate.
  private long nextEvents;
  private boolean closed;

  private volatile boolean open;
  private volatile long rememberedFrom;
  private volatile Tail tail;
  private volatile Position next = ORIGIN;
  private volatile First first = new First(ORIGIN, 0, null);

  private volatile long duplicateCount;
  private volatile long unparsedCount;
  private volatile long messageCount;
  private volatile long pointCount;

  /** The oldest message. */
  private record First(Position place, long events, Instant received) {}

  /**
   * Opens the file, or makes it; begins to work at once and until it is closed. Where the file
   * cannot be used it begins in {@link #trouble}.
   */
  public Journal(JournalSettings settings, Clock clock) {
    this(settings, clock, vin -> {}, null, true);
  }

  /**
   * The same, but the file is opened while the caller goes on: who publishes waits for it.
   *
   * @param vins hears of the VINs in the file before anything else is done with them
   */
  public static Journal opening(JournalSettings settings, Clock clock, Consumer<String> vins) {
    return new Journal(settings, clock, vins, null, false);
  }

  private Journal(
      JournalSettings settings,
      Clock clock,
      Consumer<String> vins,
      Path temporary,
      boolean isToWait) {
    this.vins = vins;
    this.clock = clock;
    this.temporary = temporary;
    Database database = new Database(settings.file(), settings.syncFull(), settings.pragmas());
    this.readers = new Readers(database);
    this.stored = new StoredLog(readers, names);
    this.history = new StoredHistory(readers, pending, names);
    this.newest = new NewestValues(clock);
    this.duplicates = new Duplicates(this::recent);
    this.upkeep = new Upkeep(settings, clock, database.writeAheadLog(), pending, new Kept());
    this.writer =
        new JournalWriter(database, names, stored, unsaved, upkeep, clock, new WriterOwner());
    this.rows = new SafeRows(settings, writer::damaged);
    writer.start(isToWait);
  }

  /** A journal in a directory of its own that is deleted when it is closed. */
  public static Journal temporary(Clock clock) {
    try {
      Path directory = Files.createTempDirectory("cardata-journal");
      return new Journal(
          JournalSettings.of(
              directory, Settings.defaults().with(Map.of("cardata.journal.sync", "normal"))),
          clock,
          vin -> {},
          directory,
          true);
    } catch (IOException e) {
      throw new UncheckedIOException("making a temporary journal", e);
    }
  }

  /** Takes a message for all sinks; see {@link #publish(CarMessage, Set, boolean, Completion)}. */
  public void publish(CarMessage message, boolean unparsed, Completion completion)
      throws InterruptedException {
    publish(message, Set.of(), unparsed, completion);
  }

  /**
   * Takes a message; the completion is told when it is safe, in the order of the calls. Blocks
   * while the file cannot be written, or the writer is far behind.
   *
   * @param sinkNames the only sinks that are to get it; empty: all
   * @param unparsed whether the message could not be read, which is counted
   * @throws IllegalArgumentException for a value that cannot be looked at, for example a list that
   *     throws; the message is not kept
   * @throws IllegalStateException when the journal is closed
   * @throws InterruptedException when interrupted while waiting
   */
  public void publish(
      CarMessage message, Set<String> sinkNames, boolean unparsed, Completion completion)
      throws InterruptedException {
    publish(message, sinkNames, unparsed ? "the message could not be read" : null, completion);
  }

  /**
   * The same.
   *
   * @param unreadable why the message could not be read, in words without its content; null where
   *     it could
   */
  void publish(CarMessage message, Set<String> sinkNames, String unreadable, Completion completion)
      throws InterruptedException {
    publish(message, sinkNames, unreadable, null, completion);
  }

  /**
   * The same for a message that has a name of its own: where it comes again, its data points are
   * duplicates. It counts as seen only when it is taken, so that one which the journal could not
   * keep is none.
   *
   * @param id what it calls itself; null where it does not
   */
  void publish(
      CarMessage message,
      Set<String> sinkNames,
      String unreadable,
      String id,
      Completion completion)
      throws InterruptedException {
    CarMessage plain = PlainValues.of(message);
    SeenMessages.Key key =
        id == null || unreadable != null || plain.points().isEmpty() || isReplay(plain)
            ? null
            : SeenMessages.Key.of(id, plain);
    if (key != null && !recalled) {
      recall(plain.source());
    }
    Completion whenDone = completion;
    // A step behind events:publish publishes again: waiting for ourselves would never end.
    if (!writer.isWriter()) {
      places.acquire();
      whenDone =
          failure -> {
            places.release();
            completion.done(failure);
          };
    }
    try {
      synchronized (gate) {
        while (!open && !closed) {
          gate.wait();
        }
        if (closed) {
          throw new IllegalStateException("publishing to the journal: it is closed");
        }
        take(plain, sinkNames, unreadable, key, whenDone);
      }
    } catch (RuntimeException | InterruptedException e) {
      if (whenDone != completion) {
        places.release();
      }
      throw e;
    }
    wakeReaders();
  }

  /** Reads once which messages of this source were there before this process. */
  private void recall(String source) throws InterruptedException {
    synchronized (recall) {
      if (recalled) {
        return;
      }
      synchronized (gate) {
        while (!open && !closed) {
          gate.wait();
        }
      }
      List<SeenMessages.Key> keys = new ArrayList<>();
      try {
        long from = Math.max(0, next.message() - MOST_RECALLED);
        stored.last(
            source,
            from,
            SeenMessages.MOST,
            message -> {
              String id = message.points().isEmpty() ? null : MessageId.of(message.payload());
              if (id != null) {
                keys.add(SeenMessages.Key.of(id, message));
              }
            });
      } catch (UnreadableJournalException e) {
        LOG.debug("Looking for messages that may come again", e);
      }
      synchronized (gate) {
        Collections.reverse(keys);
        keys.forEach(seen::add);
      }
      recalled = true;
    }
  }

  private static boolean isReplay(CarMessage message) {
    return message.source().equals("replay");
  }

  private void take(
      CarMessage message,
      Set<String> sinkNames,
      String unreadable,
      SeenMessages.Key key,
      Completion completion) {
    Position place = next;
    List<CarEvent> points = key != null && seen.has(key) ? List.of() : fresh(message);
    LogEntry entry =
        new LogEntry(place.message(), place.points(), nextEvents, message, points, sinkNames);
    tail.add(entry);
    nextEvents = entry.eventsAfter();
    next = entry.end();
    if (first.received() == null) {
      first = new First(entry.start(), entry.eventsBefore(), message.received());
    }
    newest.heard(message);
    newest.counted(message);
    for (CarEvent event : entry.points()) {
      if (newest.take(event, entry.sequence()) && !newestListeners.isEmpty()) {
        tellNewest(event);
      }
    }
    messageCount++;
    pointCount += message.points().size();
    duplicateCount += message.points().size() - entry.points().size();
    if (unreadable != null) {
      unparsedCount++;
      errors.add(RecentErrors.Entry.unreadable(message, unreadable));
    }
    JournalWriter.Request request = new JournalWriter.Request(entry, completion);
    if (writer.isWriter()) {
      writer.writeFromCompletion(request);
    } else {
      writer.write(request);
    }
    if (key != null) {
      seen.add(key);
    }
  }

  private void tellNewest(CarEvent event) {
    for (Consumer<CarEvent> listener : newestListeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        LOG.error("Telling of a newest value: {}", ErrorText.of(e), e);
      }
    }
  }

  private List<CarEvent> fresh(CarMessage message) {
    List<CarEvent> all = message.points();
    if (isReplay(message)) {
      // Who replays wants the sinks to get it, known or not.
      return all;
    }
    List<CarEvent> fresh = new ArrayList<>(all.size());
    for (CarEvent event : all) {
      if (!duplicates.isDuplicate(event)) {
        fresh.add(event);
      }
    }
    return fresh.size() == all.size() ? all : fresh;
  }

  private List<HistoryPoint> recent(String vin, String key) {
    int vehicle = names.find(vin);
    int descriptor = names.find(key);
    if (vehicle == Names.NONE || descriptor == Names.NONE) {
      return List.of();
    }
    try {
      return history.recent(vehicle, descriptor, Duplicates.WINDOW);
    } catch (UnreadableJournalException e) {
      LOG.debug("Looking for duplicates of older messages", e);
      return List.of();
    }
  }

  private void wakeReaders() {
    for (Runnable reader : wakes) {
      try {
        reader.run();
      } catch (RuntimeException e) {
        LOG.error("Waking a sink: {}", ErrorText.of(e), e);
      }
    }
  }

  /** Messages before this number are in the file's history. */
  long derived() {
    return pending.from();
  }

  /** Has the history written at once, and not half a minute later. */
  void writeHistory() {
    writer.writeHistory();
  }

  /** The newest value of each key of each vehicle. */
  public NewestValues newest() {
    return newest;
  }

  /**
   * Values of a key of a vehicle, oldest first by the car's time.
   *
   * @param since the first time that counts; null: from the beginning, and where there are more
   *     than the limit, the last ones
   * @param until the first time that does not count any more
   * @param limit how many at most
   * @throws UnreadableJournalException where the file cannot be read at present
   */
  public List<HistoryPoint> history(
      String vin, String key, Instant since, Instant until, int limit) {
    int vehicle = names.find(vin);
    int descriptor = names.find(key);
    Instant from = since == null ? Instant.MIN : since;
    List<HistoryPoint> found = new ArrayList<>();
    long number = pending.to();
    if (vehicle != Names.NONE && descriptor != Names.NONE) {
      StoredHistory.Found stored =
          history.read(vehicle, descriptor, from, until, limit, since == null);
      found.addAll(stored.values());
      number = stored.upTo();
    }
    int fromHistory = found.size();
    addRecent(number, vin, key, from, until, found);
    if (found.size() > fromHistory) {
      found.sort(Comparator.comparing(HistoryPoint::timestamp));
    }
    int more = found.size() - limit;
    if (more <= 0) {
      return found;
    }
    return List.copyOf(since == null ? found.subList(more, found.size()) : found.subList(0, limit));
  }

  /**
   * Values of a key of a vehicle over a time, thinned out for a chart: at most so many, evenly in
   * time, of each stretch the smallest and the largest, or for what is no number the first and the
   * last; oldest first.
   *
   * @param since the first time that counts; null: from the beginning
   * @param until the first time that does not count any more
   * @param most at least 4
   * @throws UnreadableJournalException where the file cannot be read at present
   */
  public List<HistoryPoint> thinned(
      String vin, String key, Instant since, Instant until, int most) {
    int vehicle = names.find(vin);
    int descriptor = names.find(key);
    Optional<Instant> begin = Optional.ofNullable(since);
    Thinning thin = null;
    long number = pending.to();
    if (vehicle != Names.NONE && descriptor != Names.NONE) {
      Instant from = begin.or(() -> history.begin(vehicle, descriptor)).orElse(null);
      if (from != null) {
        thin = new Thinning(from, until, most);
        number = history.each(vehicle, descriptor, from, until, thin::add);
      }
    }
    List<HistoryPoint> recent = new ArrayList<>();
    addRecent(number, vin, key, begin.orElse(Instant.MIN), until, recent);
    if (thin == null) {
      Instant from =
          begin
              .or(() -> recent.stream().map(HistoryPoint::timestamp).min(Instant::compareTo))
              .orElse(until);
      thin = new Thinning(from, until, most);
    }
    recent.forEach(thin::add);
    return thin.points();
  }

  private void addRecent(
      long begin, String vin, String key, Instant from, Instant until, List<HistoryPoint> to) {
    long number = begin;
    while (number < next.message()) {
      List<LogEntry> page = log.read(number, MOST_WAITING, false);
      if (page.isEmpty()) {
        return;
      }
      page.forEach(entry -> addRecent(entry, vin, key, from, until, to));
      number = page.get(page.size() - 1).sequence() + 1;
    }
  }

  private static void addRecent(
      LogEntry entry, String vin, String key, Instant since, Instant until, List<HistoryPoint> to) {
    for (CarEvent event : entry.points()) {
      if (event.key().equals(key)
          && event.vin().equals(vin)
          && !event.timestamp().isBefore(since)
          && event.timestamp().isBefore(until)) {
        to.add(
            new HistoryPoint(
                event.timestamp(), event.value(), event.unit(), event.received(), event.source()));
      }
    }
  }

  /**
   * The last messages of a vehicle with their bytes, the newest first, as far as they are among the
   * last {@value #MOST_SEARCHED} and can be found within a second; what the bridge worked out
   * itself is left out.
   *
   * @param before only those received before this time; null: up to now
   * @param limit how many at most
   * @throws UnreadableJournalException where the file cannot be read at present
   */
  public List<CarMessage> messages(String vin, Instant before, int limit) {
    List<CarMessage> found = new ArrayList<>();
    long end = before == null ? next.message() : log.since(before).message();
    long begin = Math.max(log.first().message(), end - MOST_SEARCHED);
    long giveUpAt = System.nanoTime() + SEARCH_NANOS;
    while (end > begin && found.size() < limit && System.nanoTime() - giveUpAt < 0) {
      long from = Math.max(begin, end - MOST_WAITING);
      List<LogEntry> page = page(from, end);
      for (int i = page.size() - 1; i >= 0 && found.size() < limit; i--) {
        LogEntry entry = page.get(i);
        if (isOf(vin, entry.message())) {
          log.read(entry.sequence(), 1, true).stream()
              .filter(whole -> whole.sequence() == entry.sequence())
              .forEach(whole -> found.add(whole.message()));
        }
      }
      end = from;
    }
    return found;
  }

  private List<LogEntry> page(long from, long end) {
    List<LogEntry> page = new ArrayList<>();
    long number = from;
    while (number < end) {
      List<LogEntry> part = log.read(number, (int) (end - number), false);
      if (part.isEmpty()) {
        break;
      }
      page.addAll(part);
      number = part.get(part.size() - 1).sequence() + 1;
    }
    page.removeIf(entry -> entry.sequence() >= end);
    return page;
  }

  private static boolean isOf(String vin, CarMessage message) {
    if (message.source().equals("derived")) {
      return false;
    }
    return message.points().isEmpty()
        ? message.topic().contains(vin)
        : message.points().stream().anyMatch(event -> event.vin().equals(vin));
  }

  /**
   * What targets refused for good, the newest first, as far as the file holds it.
   *
   * @throws UnreadableJournalException where the file cannot be read at present
   */
  public List<RecentErrors.Entry> lastSetAside(int limit) {
    return stored.lastSetAside(limit);
  }

  /** What it holds and what it counted. */
  public JournalSnapshot snapshot() {
    First oldest = first;
    return new JournalSnapshot(
        nextEvents() - oldest.events(),
        upkeep.bytes(),
        oldest.received(),
        duplicateCount,
        unparsedCount,
        messageCount,
        pointCount);
  }

  private long nextEvents() {
    synchronized (gate) {
      return nextEvents;
    }
  }

  /** Every sink that was named so far, sorted by name. */
  public List<SinkSnapshot> sinks() {
    return sinks.values().stream()
        .map(Sink::snapshot)
        .sorted(Comparator.comparing(SinkSnapshot::name))
        .toList();
  }

  /**
   * The newest values of a vehicle, or of all, among what a sink was handed before, as its settings
   * let them through; the oldest first. What is still to come is not among them; none where the
   * sink does not run.
   *
   * @param vin null for all vehicles
   */
  public List<CarEvent> newestFor(String sinkName, String vin) {
    return newestFor(sinkName, vin, false);
  }

  /** As {@link #newestFor} for all vehicles, with what the sink is still to be handed. */
  public List<CarEvent> newestWithWaitingFor(String sinkName) {
    return newestFor(sinkName, null, true);
  }

  private List<CarEvent> newestFor(String sinkName, String vin, boolean withWaiting) {
    return sink(sinkName)
        .passed(
            newest.all().stream()
                .filter(value -> vin == null || value.event().vin().equals(vin))
                .sorted(Comparator.comparing(value -> value.event().timestamp()))
                .toList(),
            withWaiting);
  }

  /**
   * Whether {@link #newestFor} can tell: the file was read and the sink has begun. Before, that it
   * is empty does not mean that the sink was handed nothing.
   */
  public boolean tellsNewestFor(String sinkName) {
    return open && sink(sinkName).hasBegun();
  }

  /** Shows a sink that is switched off, so that its route is not there. */
  public void off(String sinkName) {
    sink(sinkName).enabled(false);
  }

  /**
   * Shows a sink as broken, because its route file could not be loaded.
   *
   * @param reason cut where it is long
   * @param remark what goes on all the same; never cut
   */
  public void broken(String sinkName, String reason, String remark) {
    sink(sinkName).broken(ErrorText.clean(reason) + " — " + remark);
  }

  /** Shows that a change of a sink's route waits, and for what. */
  public void waiting(String sinkName, String reason) {
    sink(sinkName).waiting(ErrorText.clean(reason));
  }

  /** The sink's route is replaced: until {@link #changed} it is shown as it is now. */
  public void changing(String sinkName) {
    sink(sinkName).changing();
  }

  /** The change is over, done or given up; nothing for a name that was not heard of. */
  public void changed(String sinkName) {
    Sink sink = sinks.get(sinkName);
    if (sink != null) {
      sink.changed();
    }
  }

  /** The sink's route file is in order; nothing for a name that was not heard of. */
  public void mended(String sinkName) {
    Sink sink = sinks.get(sinkName);
    if (sink != null) {
      sink.mended();
    }
  }

  /** Whether no route reads under the name. */
  public boolean isFree(String sinkName) {
    Sink sink = sinks.get(sinkName);
    return sink == null || sink.holder() == null;
  }

  /**
   * Shows a sink no longer, because nothing reads under its name any more; its position stays.
   *
   * @return false while its last run has not ended, and nothing is done
   */
  public boolean remove(String sinkName) {
    return sinks.computeIfPresent(sinkName, (n, sink) -> sink.holder() == null ? null : sink)
        == null;
  }

  /**
   * What targets refused for good, the oldest first, at most 1,000, as far as the file holds it.
   *
   * @throws UnreadableJournalException where the file cannot be read at present
   */
  public List<SetAside> setAside() {
    return stored.setAside(null, 0, 1_000).stream().map(StoredLog.Refused::refused).toList();
  }

  /**
   * Feeds journalled messages to sinks again, or what their targets refused, with the source {@code
   * replay}, beside what comes in. It ends with the process.
   *
   * @param since the first time of receipt that counts; null: from the oldest message
   * @param until the first that does not count any more; null: up to now
   * @param sinkNames which sinks; empty: all that run
   * @param speed how many times as fast as received; 0: as fast as possible
   * @param setAside what was refused, instead of messages
   * @return its number
   * @throws IllegalArgumentException for a sink that does not run, in a sentence with those that do
   */
  public long replay(
      Instant since, Instant until, Set<String> sinkNames, double speed, boolean setAside) {
    Map<String, Sink> running = new TreeMap<>();
    sinks.forEach(
        (name, sink) -> {
          if (sink.feeds()) {
            running.put(name, sink);
          }
        });
    for (String name : sinkNames) {
      if (!running.containsKey(name)) {
        throw new IllegalArgumentException(
            "Replaying to sink " + name + ": it does not run — those that do: " + running.keySet());
      }
    }
    running.keySet().removeIf(name -> !sinkNames.isEmpty() && !sinkNames.contains(name));
    List<ReplayRun> runs = new ArrayList<>();
    running.forEach(
        (name, sink) -> {
          ReplayFeed feed =
              setAside
                  ? new SetAsideFeed(stored, this::forget, name, sink.filter(), since, until)
                  : sink.feed(since, until);
          ReplayRun run = new ReplayRun(feed, speed, System::nanoTime);
          runs.add(run);
          sink.replay(run);
        });
    wakeReaders();
    return replays.add(runs);
  }

  /** Up to which time of receipt a sink has taken what there is; empty where it never began. */
  public Optional<Instant> takenUpTo(String sinkName) {
    Position position = savedPositions.get(sinkName);
    if (position == null) {
      return Optional.empty();
    }
    return waitingSince(sinkName)
        .or(() -> received(position.message() - 1))
        .or(() -> Optional.of(clock.instant()));
  }

  /** When the oldest message that a sink has not taken was received; empty where it has all. */
  public Optional<Instant> waitingSince(String sinkName) {
    Position position = savedPositions.get(sinkName);
    return position == null ? Optional.empty() : received(position.message());
  }

  /** When the message of that number, or the next one there is, was received. */
  private Optional<Instant> received(long number) {
    return log.read(Math.max(0, number), 1, false).stream()
        .findFirst()
        .map(entry -> entry.message().received());
  }

  /**
   * Tells what a sink has taken already, in order, without the filters that are set for it.
   *
   * @param since the first time of receipt that counts
   * @throws UnreadableJournalException where the file cannot be read at present
   */
  public void taken(String sinkName, Instant since, Consumer<CarEvent> to) {
    Position end = savedPositions.getOrDefault(sinkName, ORIGIN);
    long number = log.since(since).message();
    while (number <= end.message()) {
      List<LogEntry> page = log.read(number, MOST_WAITING, false);
      for (LogEntry entry : page) {
        boolean isLast = entry.sequence() == end.message();
        if (entry.sequence() <= end.message() && entry.isFor(sinkName)) {
          List<CarEvent> points = entry.points();
          points
              .subList(0, isLast ? Math.min(end.point(), points.size()) : points.size())
              .forEach(to);
        }
        number = entry.sequence() + 1;
      }
      if (page.isEmpty()) {
        return;
      }
    }
  }

  private void forget(long setAsideId) {
    if (unsaved.forget(setAsideId)) {
      writer.told();
    }
  }

  /** How a replay stands; empty for a number that is not known. */
  public Optional<ReplaySnapshot> replay(long id) {
    return replays.snapshot(id);
  }

  Sink sink(String name) {
    return sinks.computeIfAbsent(name, n -> new Sink(n, log, clock));
  }

  EventLog log() {
    return log;
  }

  /** Has this run after each message, until it is taken off again; it must not wait. */
  void wakes(Runnable reader) {
    wakes.add(reader);
  }

  void wakesNoLonger(Runnable reader) {
    wakes.remove(reader);
  }

  /** A way into the file for others who keep a few rows in it; opens nothing before it is used. */
  public SafeRows rows() {
    return rows;
  }

  /** Whether it is at work, in trouble or not. */
  public boolean works() {
    return writer.isAlive();
  }

  /**
   * Whether its file was read: before, newest values and what a sink was handed are not known,
   * which is not the same as there being none.
   */
  public boolean isOpen() {
    return open;
  }

  /**
   * Why it cannot keep messages at present, and what to do, in one sentence without secrets; empty
   * where it can. What was published before waits and is kept when the cause is gone.
   */
  public Optional<String> trouble() {
    return writer.trouble();
  }

  /** What befell its file since the start, in words; empty for nothing. */
  public Optional<String> notice() {
    return writer.notice();
  }

  /**
   * Tells of each data point that becomes the newest of its key, from now until {@link
   * #onNewestNoLonger}. Whoever publishes waits for the listener: it must only note what it hears.
   */
  public void onNewest(Consumer<CarEvent> listener) {
    newestListeners.add(listener);
  }

  /** Ends what {@link #onNewest} began. */
  public void onNewestNoLonger(Consumer<CarEvent> listener) {
    newestListeners.remove(listener);
  }

  /** Whether anybody hears of newest values. */
  public boolean isHeard() {
    return !newestListeners.isEmpty();
  }

  /** What went wrong with single messages and data points since the start, as far as remembered. */
  public RecentErrors errors() {
    return errors;
  }

  /** Has this run each time that {@link #trouble} begins, changes or ends; it must not wait. */
  public void onTroubleChange(Runnable listener) {
    troubleListeners.add(listener);
  }

  /** Saves what waits, then ends; a second call does nothing. */
  @Override
  public void close() {
    synchronized (gate) {
      closed = true;
      gate.notifyAll();
    }
    places.release(MOST_WAITING);
    writer.close();
    unsaved.close();
    readers.close();
    if (temporary != null) {
      TemporaryDirectory.delete(temporary);
    }
  }

  /** The log of all messages: the newest from memory, the others from the file. */
  private final class LiveLog implements EventLog {

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public List<LogEntry> read(long fromMessage, int limit, boolean withPayload) {
      if (!open || fromMessage >= next.message()) {
        return List.of();
      }
      List<LogEntry> inMemory = tail.read(fromMessage, limit);
      if (inMemory != null) {
        return inMemory;
      }
      try {
        return stored.read(fromMessage, limit, withPayload);
      } catch (UnreadableJournalException e) {
        if (JournalTrouble.isDamage(e)) {
          writer.damaged(e);
        }
        throw e;
      }
    }

    @Override
    public Position first() {
      return first.received() == null ? next : first.place();
    }

    @Override
    public Position next() {
      return next;
    }

    @Override
    public Position since(Instant received) {
      Position inFile = stored.since(received).map(LogEntry::start).orElse(null);
      if (inFile != null) {
        return inFile;
      }
      long from = writer.saved();
      for (LogEntry entry : read(from, MOST_WAITING * 2, false)) {
        if (!entry.message().received().isBefore(received)) {
          return entry.start();
        }
      }
      return next;
    }

    @Override
    public Optional<Position> position(String sink) {
      return Optional.ofNullable(savedPositions.get(sink));
    }

    @Override
    public void savePosition(String sink, Position position) {
      savedPositions.put(sink, position);
      if (unsaved.position(sink, position)) {
        writer.told();
      }
    }

    @Override
    public void setAside(SetAside refused) {
      errors.add(RecentErrors.Entry.setAside(refused));
      if (unsaved.setAside(refused)) {
        writer.told();
      }
    }
  }

  /** The log as upkeep sees it. */
  private final class Kept implements Upkeep.Log {

    @Override
    public List<LogEntry> read(long from, int limit) {
      List<LogEntry> inMemory = tail.read(from, limit);
      return inMemory != null ? inMemory : stored.read(from, limit, false);
    }

    @Override
    public long first() {
      return log.first().message();
    }

    @Override
    public long since(Instant received) {
      return stored.since(received).map(LogEntry::sequence).orElse(next.message());
    }

    @Override
    public boolean isInHistory(int vehicle, int key, CarEvent event) {
      return history.has(vehicle, key, event);
    }

    @Override
    public void caughtUp(List<LogEntry> entries) {
      for (LogEntry entry : entries) {
        if (entry.sequence() < rememberedFrom) {
          takeNewest(entry);
        }
      }
    }

    @Override
    public void trimmed() {
      stored.oldest().ifPresent(Journal.this::beginsWith);
      Position place = log.first();
      sinks.values().forEach(sink -> sink.logTrimmed(place));
    }
  }

  /** Newest values of a message that was there before this process. */
  private void takeNewest(LogEntry entry) {
    for (CarEvent event : entry.points()) {
      vins.accept(event.vin());
      if (!event.timestamp().isAfter(event.received().plus(NewestValues.FUTURE_LIMIT))) {
        newest.take(event, entry.sequence());
      }
    }
  }

  private void beginsWith(LogEntry oldest) {
    first = new First(oldest.start(), oldest.eventsBefore(), oldest.message().received());
  }

  private final class WriterOwner implements JournalWriter.Owner {

    @Override
    public void opened(long derived) {
      // An earlier attempt may have met damage half way.
      names.forget();
      savedPositions.clear();
      first = new First(ORIGIN, 0, null);
      stored.names().forEach(names::known);
      Map<String, Position> positions = stored.positions();
      List<StoredLog.Newest> newestValues = stored.newestValues();
      Optional<LogEntry> oldest = stored.oldest();
      Optional<LogEntry> last = stored.newest();
      Position end =
          last.map(LogEntry::end)
              .orElseGet(
                  () ->
                      positions.values().stream()
                          .max(Comparator.comparing(Position::message))
                          .orElse(ORIGIN));
      savedPositions.putAll(positions);
      oldest.ifPresent(Journal.this::beginsWith);
      newestValues.forEach(
          value -> {
            vins.accept(value.event().vin());
            newest.take(value.event(), value.number());
          });
      writer.beginAt(end.message());
      synchronized (gate) {
        remember(derived, end.message());
        tail = new Tail(end.message(), LEAST_TAIL_BYTES, MOST_TAIL_BYTES);
        nextEvents = last.map(LogEntry::eventsAfter).orElse(end.points());
        next = end;
        if (first.received() == null) {
          first = new First(end, nextEvents, null);
        }
        open = true;
        // Before anything is published: a sink that begins now is to get it.
        sinks.values().forEach(Sink::logOpened);
        gate.notifyAll();
      }
      wakeReaders();
    }

    /**
     * What the tables do not say: newest values of messages that were not derived when the bridge
     * was killed, and the messages that BMW may send again now, late ones among them. What a kill
     * in a flood left before those is read later, when it is derived: see {@link Kept#caughtUp}.
     */
    private void remember(long derived, long end) {
      long from =
          Math.max(0, Math.min(Math.max(derived, end - MOST_READ_AHEAD), end - MOST_WAITING));
      rememberedFrom = from;
      while (from < end) {
        List<LogEntry> page = stored.read(from, MOST_WAITING, false);
        if (page.isEmpty()) {
          return;
        }
        for (LogEntry entry : page) {
          remember(entry, entry.sequence() >= derived);
        }
        from = page.get(page.size() - 1).sequence() + 1;
      }
    }

    private void remember(LogEntry entry, boolean mayBeNewest) {
      for (CarEvent event : entry.points()) {
        if (!isReplay(entry.message())) {
          duplicates.isDuplicate(event);
        }
      }
      if (mayBeNewest) {
        takeNewest(entry);
      }
    }

    @Override
    public void replaced(Storage storage) throws SQLException {
      long upTo = writer.saved();
      List<LogEntry> remembered = tail.before(upTo);
      long begin = remembered.isEmpty() ? upTo : remembered.get(0).sequence();
      storage.begin(begin, newest.all().stream().filter(value -> value.number() < upTo).toList());
      if (!remembered.isEmpty()) {
        storage.append(remembered, Unsaved.Portion.NONE);
      }
      new HashMap<>(savedPositions).forEach(unsaved::position);
      writer.told();
      Position place =
          remembered.isEmpty() ? new Position(upTo, 0, next.points()) : remembered.get(0).start();
      first =
          remembered.isEmpty()
              ? new First(place, nextEvents(), null)
              : new First(
                  place, remembered.get(0).eventsBefore(), remembered.get(0).message().received());
      sinks.values().forEach(sink -> sink.logTrimmed(place));
    }

    @Override
    public void saved(long upTo) {
      tail.saved(upTo, sinks.values().stream().mapToLong(Sink::needsFrom).toArray());
    }

    @Override
    public void troubleChanged() {
      for (Runnable listener : troubleListeners) {
        try {
          listener.run();
        } catch (RuntimeException e) {
          LOG.error("Telling of the journal's trouble: {}", ErrorText.of(e), e);
        }
      }
    }
  }
}
