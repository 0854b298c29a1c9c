// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.cardatabridge.journal.RowsException;
import org.cardatabridge.journal.SafeRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of all accounts, in journal.db: a call has its row there before it is made, so that
 * neither a kill, a restart nor a second process loses count. What this process knows is written
 * again into a file that took the place of a lost one, and what a damaged one still tells is taken
 * over. Opens the file at the first call, or seconds after the start when the status is asked. Safe
 * for use by many threads.
 */
public final class Ledger {

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final Duration KEEP = Duration.ofDays(8);
  private static final Duration AHEAD = Duration.ofMinutes(2);
  private static final long FIRST_LOOK_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long NEXT_LOOK_NANOS = Duration.ofMinutes(10).toNanos();

  /**
   * What became of asking for a place.
   *
   * @param entry the place; null where there is none
   * @param refusal why there is none; null where there is one
   */
  record Taken(CallEntry entry, RestVerdict refusal) {}

  private final SafeRows rows;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Map<Long, Long> madeAt = new ConcurrentHashMap<>();
  private final AtomicBoolean looking = new AtomicBoolean();

  // Written under this; read by the status without waiting for the disk.
  private volatile Map<Long, CallEntry> known = Map.of();
  private volatile boolean looked;
  private volatile long lookAt;

  private final Set<Long> unwritten = new HashSet<>();
  private boolean asidesRead;
  private boolean warned;

  /**
   * For a file.
   *
   * @param clock of the machine, which may be set back and forward
   * @param nanos time that only goes on, as {@code System::nanoTime}
   */
  public Ledger(SafeRows rows, Clock clock, LongSupplier nanos) {
    this.rows = rows;
    this.clock = clock;
    this.nanos = nanos;
    this.lookAt = nanos.getAsLong() + FIRST_LOOK_NANOS;
  }

  /** Takes a place for a call, if there is one for its purpose; it is on the disk by then. */
  synchronized Taken take(QuotaRules rules, RestCall call) {
    readAsides();
    Instant now = now();
    CallEntry entry = CallEntry.of(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), call, now);
    try {
      RestVerdict refusal = rows.write(file -> take(rules, call.purpose(), entry, now, file));
      works();
      if (refusal == null) {
        madeAt.put(entry.id(), nanos.getAsLong());
        know(List.of(entry));
      }
      return new Taken(refusal == null ? entry : null, refusal);
    } catch (RowsException e) {
      return new Taken(
          null,
          RestVerdict.of(
              RestVerdict.Kind.LATER,
              "Counting a call to BMW for account "
                  + rules.account()
                  + ", without which none is made: "
                  + e.getMessage()));
    }
  }

  private RestVerdict take(
      QuotaRules rules, Purpose purpose, CallEntry entry, Instant now, Connection file)
      throws SQLException {
    merge(CallRows.all(file), now);
    List<CallEntry> old = known.values().stream().filter(e -> isOld(e, now)).toList();
    CallRows.delete(file, old);
    forget(old);
    CallRows.put(file, waiting());
    RestVerdict refusal = count(rules, now).refusal(purpose);
    if (refusal == null) {
      CallRows.put(file, List.of(entry));
    }
    return refusal;
  }

  /**
   * Writes how a call ended. Where that fails its place stays taken, and the next write does it.
   */
  synchronized void complete(CallEntry ended) {
    know(List.of(ended));
    unwritten.add(ended.id());
    try {
      rows.write(
          file -> {
            CallRows.put(file, waiting());
            return null;
          });
      works();
    } catch (RowsException e) {
      if (!warned) {
        warned = true;
        LOG.warn("Noting how a call to BMW ended: {}", e.getMessage());
      }
    }
  }

  private List<CallEntry> waiting() {
    return unwritten.stream().map(known::get).filter(Objects::nonNull).toList();
  }

  private void works() {
    unwritten.clear();
    warned = false;
  }

  /**
   * How an account stands, by what the file says now; what is in memory where it cannot be read.
   */
  public Quota quotaNow(QuotaRules rules) {
    look();
    return count(rules, now()).quota();
  }

  /**
   * How an account stands, by what is in memory: never waits for the disk. Has the file read in the
   * background where that was long ago.
   *
   * @return empty while nobody has looked into the file yet
   */
  public Optional<Quota> quota(QuotaRules rules) {
    lookLater();
    return looked ? Optional.of(count(rules, now()).quota()) : Optional.empty();
  }

  /** The last calls of an account that are known in memory, the newest first. */
  public List<CallEntry> calls(String account, int most) {
    return known.values().stream()
        .filter(entry -> entry.account().equals(account))
        .sorted(Comparator.comparing(CallEntry::at).reversed())
        .limit(most)
        .toList();
  }

  private void lookLater() {
    if (nanos.getAsLong() - lookAt >= 0 && looking.compareAndSet(false, true)) {
      Thread thread = new Thread(this::lookOnce, "cardata-quota");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void lookOnce() {
    try {
      look();
    } finally {
      looking.set(false);
    }
  }

  private synchronized void look() {
    readAsides();
    try {
      List<CallEntry> inFile = rows.read(CallRows::all);
      merge(inFile == null ? List.of() : inFile, now());
    } catch (RowsException e) {
      LOG.debug("Looking how many calls are left", e);
    }
    looked = true;
    lookAt = nanos.getAsLong() + NEXT_LOOK_NANOS;
  }

  /** After a start nothing else knows what a file held that was moved aside since. */
  private void readAsides() {
    if (asidesRead) {
      return;
    }
    asidesRead = true;
    List<CallEntry> left = new ArrayList<>();
    rows.readAsides(
        file -> {
          CallRows.each(file, left::add);
          return null;
        });
    merge(left, now());
    unwritten.addAll(known.keySet());
  }

  /** Takes in what a file says, and remembers what it does not say. */
  private void merge(List<CallEntry> inFile, Instant now) {
    Map<Long, CallEntry> all = new HashMap<>(known);
    Set<Long> there = new HashSet<>();
    for (CallEntry entry : inFile) {
      there.add(entry.id());
      CallEntry mine = all.get(entry.id());
      if (mine == null || entry.isComplete() && !mine.isComplete()) {
        all.put(entry.id(), entry);
      } else if (mine.isComplete() && !entry.isComplete()) {
        unwritten.add(entry.id());
      }
    }
    for (CallEntry entry : List.copyOf(all.values())) {
      if (!there.contains(entry.id())) {
        unwritten.add(entry.id());
      }
      // A clock that was wrong must not hold a place for longer than a day.
      if (entry.at().isAfter(now.plus(AHEAD))) {
        all.put(entry.id(), entry.moved(now));
        unwritten.add(entry.id());
      }
    }
    known = Map.copyOf(all);
    looked = true;
  }

  private boolean isOld(CallEntry entry, Instant now) {
    return entry.at().isBefore(now.minus(KEEP)) && !givenBack(entry, now).isAfter(now);
  }

  private QuotaCount count(QuotaRules rules, Instant now) {
    List<CallEntry> mine = new ArrayList<>();
    known.values().stream().filter(e -> e.account().equals(rules.account())).forEach(mine::add);
    return new QuotaCount(rules, mine, entry -> givenBack(entry, now), now);
  }

  /** A clock that is set forward makes no call of this process older than it is. */
  private Instant givenBack(CallEntry entry, Instant now) {
    Instant byClock = entry.at().plus(QuotaCount.WINDOW);
    Long made = madeAt.get(entry.id());
    if (made == null) {
      return byClock;
    }
    Instant byAge = now.plus(QuotaCount.WINDOW).minusNanos(nanos.getAsLong() - made);
    return byAge.isAfter(byClock) ? byAge : byClock;
  }

  private void know(List<CallEntry> entries) {
    Map<Long, CallEntry> all = new HashMap<>(known);
    entries.forEach(entry -> all.put(entry.id(), entry));
    known = Map.copyOf(all);
  }

  private void forget(List<CallEntry> entries) {
    if (!entries.isEmpty()) {
      Map<Long, CallEntry> all = new HashMap<>(known);
      entries.forEach(entry -> all.remove(entry.id()));
      entries.forEach(entry -> madeAt.remove(entry.id()));
      entries.forEach(entry -> unwritten.remove(entry.id()));
      known = Map.copyOf(all);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
