// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;
import org.cardatabridge.journal.RowsException;
import org.cardatabridge.journal.SafeRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which objects were read, in journal.db: the idempotent repository {@code bucketTaken}, whose keys
 * are an object's name, a blank and its etag. Knows a page of names at a time. What is new is
 * written once a second and at the end of each page; a kill before has those objects read again.
 * Safe for use by many threads.
 */
public final class TakenObjects implements IdempotentRepository {

  private static final Logger LOG = LoggerFactory.getLogger(TakenObjects.class);
  private static final int SHOWN = 100;
  private static final int MOST_UNWRITTEN = 5_000;
  private static final long WRITE_AFTER_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration FIRST_PAUSE = Duration.ofHours(1);
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);
  private static final Duration FORGET_OTHERS = Duration.ofDays(90);

  private final SafeRows rows;
  private final String place;
  private final Clock clock;
  private final LongSupplier nanos;

  // Guarded by this.
  private final Map<String, BucketObject> listed = new HashMap<>();
  private final Map<String, TakenObject> known = new HashMap<>();
  private final Map<String, TakenObject> unwritten = new LinkedHashMap<>();
  private final Deque<TakenObject> setAside = new ArrayDeque<>();
  private Map<String, LocalDate> days;
  private long writtenAt;
  private Instant lastRead;
  private boolean passedOver;
  private boolean warned;
  private long count;
  private long asideCount;
  private String lastName;
  private SetAsideObject leftOut;

  /**
   * For a bucket.
   *
   * @param place names bucket, prefix and endpoint; another one begins anew
   * @param nanos time that only goes on, as {@code System::nanoTime}
   */
  public TakenObjects(SafeRows rows, String place, Clock clock, LongSupplier nanos) {
    this.rows = rows;
    this.place = place;
    this.clock = clock;
    this.nanos = nanos;
    this.writtenAt = nanos.getAsLong() - WRITE_AFTER_NANOS;
  }

  /**
   * The first open day of each root that was read to the end.
   *
   * @throws BucketAwayException where the journal's file cannot be read
   */
  synchronized Map<String, LocalDate> days() {
    if (days == null) {
      try {
        // Brings a file of an older version up to date.
        rows.write(file -> null);
        days = rows.read(file -> TakenRows.days(file, place));
        if (days == null || days.isEmpty()) {
          days = takeOver();
        }
        List<TakenObject> aside = rows.read(file -> TakenRows.setAside(file, place, SHOWN));
        (aside == null ? List.<TakenObject>of() : aside).forEach(setAside::addLast);
      } catch (RowsException e) {
        days = null;
        throw away(e);
      }
    }
    return days;
  }

  /** What a damaged file that was moved aside still tells. */
  private Map<String, LocalDate> takeOver() throws RowsException {
    Map<String, LocalDate> found = new HashMap<>();
    List<TakenObject> objects = new ArrayList<>();
    List<TakenObject> own = rows.read(file -> TakenRows.all(file, place));
    if (own == null || own.isEmpty()) {
      rows.readAsides(
          file -> {
            TakenRows.days(file, place)
                .forEach((root, day) -> found.merge(root, day, (a, b) -> a.isAfter(b) ? a : b));
            objects.addAll(TakenRows.all(file, place));
            return null;
          });
      if (!found.isEmpty() || !objects.isEmpty()) {
        rows.write(
            file -> {
              TakenRows.put(file, place, objects);
              TakenRows.close(file, place, found);
              return null;
            });
      }
    }
    return found;
  }

  private static BucketAwayException away(RowsException error) {
    return new BucketAwayException(
        "Looking which objects of the bucket were read: " + error.getMessage(), error);
  }

  /**
   * Learns what is known of a page of names, which are sorted as the bucket sorts them.
   *
   * @throws BucketAwayException where the journal's file cannot be read
   */
  synchronized void page(List<BucketObject> objects) {
    days();
    passedOver = false;
    listed.clear();
    known.clear();
    objects.forEach(object -> listed.put(object.name(), object));
    if (objects.isEmpty()) {
      return;
    }
    try {
      String first = objects.get(0).name();
      String last = objects.get(objects.size() - 1).name();
      List<TakenObject> there = rows.read(file -> TakenRows.between(file, place, first, last));
      (there == null ? List.<TakenObject>of() : there).forEach(one -> known.put(one.name(), one));
    } catch (RowsException e) {
      throw away(e);
    }
    known.putAll(unwritten);
  }

  /** Has the rest of the page passed over, until the next one is listed. */
  synchronized void passOver() {
    passedOver = true;
  }

  @Override
  public synchronized boolean contains(String key) {
    if (passedOver) {
      return true;
    }
    TakenObject object = known.get(name(key));
    return object != null && object.settles(etag(key), clock.instant());
  }

  @Override
  public synchronized boolean add(String key) {
    Instant now = now();
    lastRead = now;
    lastName = name(key);
    count++;
    setAside.removeIf(one -> one.name().equals(lastName));
    keep(of(key, now, null, null, now));
    return true;
  }

  private TakenObject of(String key, Instant at, String reason, Instant again, Instant first) {
    String name = name(key);
    BucketObject object = listed.get(name);
    LocalDate day = object == null ? new BucketObject(name, "", at).day() : object.day();
    return new TakenObject(
        name, etag(key), ObjectName.of(name).root(), day, at, reason, again, first);
  }

  private void keep(TakenObject object) {
    known.put(object.name(), object);
    unwritten.put(object.name(), object);
    if (unwritten.size() > MOST_UNWRITTEN) {
      throw new BucketAwayException(
          "Noting which objects of the bucket were read: the journal's file cannot be written");
    }
    if (nanos.getAsLong() - writtenAt >= WRITE_AFTER_NANOS) {
      write(Map.of());
    }
  }

  /**
   * Writes what is not written yet.
   *
   * @param closed the first open day of roots that were read to the end
   */
  synchronized void write(Map<String, LocalDate> closed) {
    if (unwritten.isEmpty() && closed.isEmpty()) {
      return;
    }
    try {
      Map<String, LocalDate> written =
          rows.write(
              file -> {
                TakenRows.put(file, place, unwritten.values());
                Map<String, LocalDate> closing = TakenRows.upToWaiting(file, place, closed);
                TakenRows.close(file, place, closing);
                if (!closed.isEmpty()) {
                  TakenRows.forgetOthers(file, place, now().minus(FORGET_OTHERS));
                }
                return closing;
              });
      unwritten.clear();
      days().putAll(written);
      warned = false;
    } catch (RowsException e) {
      if (!warned) {
        warned = true;
        LOG.warn(
            "Noting which objects of the bucket were read, until then in memory only: {}",
            e.getMessage());
      }
    }
    writtenAt = nanos.getAsLong();
  }

  /** Sets an object aside for good: whenever it is tried, it cannot be read. */
  synchronized void setAside(String key, String reason) {
    Instant now = now();
    TakenObject object = of(key, now, reason, null, now);
    show(object);
    LOG.warn(
        "Reading {} from the bucket: {} — it is set aside, what comes after it is read",
        object,
        reason);
    keep(object);
  }

  /**
   * Puts an object off that may not be read at present. It is tried again each hour for a day, then
   * each day; after {@code patience} it is set aside for good if others could be read meanwhile.
   */
  synchronized void putOff(String key, String reason, Duration patience) {
    Instant now = now();
    TakenObject before = known.get(name(key));
    boolean again = before != null && before.again() != null && before.etag().equals(etag(key));
    Instant first = again ? before.first() : now;
    boolean othersCame = again && lastRead != null && !lastRead.isBefore(before.at());
    if (othersCame && first.plus(patience).isBefore(now)) {
      setAside(key, reason);
      return;
    }
    Instant next = now.plus(now.isBefore(first.plus(LONGEST_PAUSE)) ? FIRST_PAUSE : LONGEST_PAUSE);
    TakenObject object = of(key, now, reason, next, first);
    if (!again) {
      show(object);
      LOG.warn(
          "Reading {} from the bucket: {} — it is tried again in an hour, what comes after it is"
              + " read",
          object,
          reason);
    }
    keep(object);
  }

  private void show(TakenObject object) {
    asideCount++;
    setAside.removeIf(one -> one.name().equals(object.name()));
    setAside.addFirst(object);
    if (setAside.size() > SHOWN) {
      setAside.removeLast();
    }
  }

  /** Says once that objects are left where they are, without remembering each. */
  synchronized void leaveOut(String text) {
    leftOut = new SetAsideObject(now(), "Reading the bucket: " + text);
    LOG.warn("{}", leftOut.text());
  }

  /** The last objects that were set aside or put off, the newest first. */
  public synchronized List<SetAsideObject> lastSetAside() {
    return Stream.concat(
            setAside.stream().map(TakenObject::shown), Optional.ofNullable(leftOut).stream())
        .toList();
  }

  /** How many were read since the start. */
  synchronized long count() {
    return count;
  }

  /** How many were set aside or put off since the start. */
  synchronized long asideCount() {
    return asideCount;
  }

  /** When the last one was read; null where none was since the start. */
  synchronized Instant lastRead() {
    return lastRead;
  }

  /** The last one that was read, as it may be shown; null where none was since the start. */
  synchronized String lastName() {
    return lastName == null ? null : ObjectName.of(lastName).shown();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static String name(String key) {
    return key.substring(0, Math.max(0, key.lastIndexOf(' ')));
  }

  private static String etag(String key) {
    return key.substring(key.lastIndexOf(' ') + 1);
  }

  /** The key of an exchange whose headers name an object. */
  static String key(Exchange exchange) {
    return exchange.getMessage().getHeader(BucketWalk.KEY, "", String.class)
        + " "
        + exchange.getMessage().getHeader(BucketWalk.ETAG, "", String.class);
  }

  /** Nothing was added before all messages were in the journal. */
  @Override
  public boolean remove(String key) {
    return true;
  }

  @Override
  public boolean confirm(String key) {
    return true;
  }

  /** What was read stays read. */
  @Override
  public void clear() {
    LOG.debug("Nothing is forgotten on request");
  }

  @Override
  public void start() {
    LOG.debug("The file is opened when the first page is listed");
  }

  @Override
  public void stop() {
    write(Map.of());
  }
}
