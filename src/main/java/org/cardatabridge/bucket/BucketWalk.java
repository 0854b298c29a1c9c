// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.bucket;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads through the names of a bucket, the bean {@code bucketWalk}: which page to list next, what
 * of it is new and in which order, and when to pause. Each look begins at the last days; once an
 * hour at the first day that is still open, {@value #OPEN_DAYS} days before the newest, so that
 * what arrives late under an older date is found. Reading is done by one thread; the snapshot is
 * for any.
 */
public final class BucketWalk {

  /** Header with an object's name. */
  static final String KEY = "CamelAwsS3Key";

  /** Header with its etag. */
  static final String ETAG = "CamelAwsS3ETag";

  static final int OPEN_DAYS = 7;
  private static final Logger LOG = LoggerFactory.getLogger(BucketWalk.class);
  private static final String S3 = "cardata.highmobility.s3.";
  private static final int PAGE = 1_000;
  private static final long THOROUGH_EVERY = Duration.ofHours(1).toNanos();
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
  private static final int DENIED_IN_A_ROW = 20;

  /** How far a look is. */
  private static final class Look {
    private final boolean thorough;
    private final Map<String, LocalDate> newest = new HashMap<>();
    private String after = "";
    private String root;
    private boolean ended;
    private final long takenBefore;
    private int denied;

    Look(boolean thorough, long takenBefore) {
      this.thorough = thorough;
      this.takenBefore = takenBefore;
    }
  }

  private final String bucket;
  private final String prefix;
  private final Duration every;
  private final TakenObjects taken;
  private final Clock clock;
  private final LongSupplier nanos;
  private final BooleanSupplier stopping;

  // The reading thread's own.
  private Look look;
  private final Map<String, LocalDate> newest = new HashMap<>();
  private long thoroughAt;
  private boolean exportsSaid;

  // Guarded by this.
  private int failures;
  private Instant failingSince;
  private long pauseUntil;
  private String error;
  private Instant nextLookAt;
  private Instant lastLookAt;
  private boolean reading;

  /**
   * For the bucket of {@code cardata.highmobility.s3.*}; nothing is read or checked yet.
   *
   * @param nanos time that only goes on, as {@code System::nanoTime}
   * @param stopping whether the bridge ends
   */
  public BucketWalk(
      Settings settings,
      TakenObjects taken,
      Clock clock,
      LongSupplier nanos,
      BooleanSupplier stopping) {
    this.bucket = settings.find(S3 + "bucket").orElse("cardata");
    this.prefix = settings.find(S3 + "prefix").orElse("");
    this.every =
        settings.find(S3 + "every").flatMap(Settings::parseDuration).orElse(Duration.ofMinutes(1));
    this.taken = taken;
    this.clock = clock;
    this.nanos = nanos;
    this.stopping = stopping;
    this.thoroughAt = nanos.getAsLong();
  }

  /** What a bucket is called in journal.db. */
  public static String place(Settings settings) {
    return settings.find(S3 + "bucket").orElse("cardata")
        + "/"
        + settings.find(S3 + "prefix").orElse("")
        + settings.find(S3 + "endpoint").map(url -> "@" + url).orElse("");
  }

  /** Begins a look, unless a pause is on. */
  public void begin() {
    look = null;
    synchronized (this) {
      if (error != null && nanos.getAsLong() - pauseUntil < 0) {
        return;
      }
      reading = true;
    }
    look = new Look(nanos.getAsLong() - thoroughAt >= 0, taken.count());
  }

  /** Whether there are pages left. */
  public boolean goesOn() {
    if (look == null || look.ended) {
      return false;
    }
    if (stopping.getAsBoolean()) {
      look = null;
      taken.write(Map.of());
      return false;
    }
    return true;
  }

  /** The request for the next page of names, Amazon's {@code ListObjectsRequest}. */
  public Object request() {
    taken.days();
    return Listing.request(bucket, prefix, look.after, look.root == null ? 1 : PAGE);
  }

  /** The objects of the page in the body that are to be looked at, in the order of their time. */
  public List<BucketObject> inOrder(Exchange exchange) {
    List<BucketObject> page = Listing.objects(exchange.getMessage().getBody());
    if (look.root == null) {
      seek(page);
      return List.of();
    }
    List<BucketObject> mine = new ArrayList<>();
    for (BucketObject object : page) {
      ObjectName name = ObjectName.of(object.name());
      if (!name.root().equals(look.root)) {
        break;
      }
      look.after = object.name();
      look.newest.merge(look.root, object.day(), BucketWalk::later);
      if (isOpen(object) && name.mayHoldMessages()) {
        mine.add(object);
      }
    }
    boolean more = !page.isEmpty() && page.get(page.size() - 1).name().equals(look.after);
    if (!more || page.size() < PAGE) {
      look.root = null;
    }
    // Written before the page that comes next is known.
    taken.write(Map.of());
    taken.page(mine);
    mine.sort(BucketObject.IN_ORDER);
    return mine;
  }

  /** Finds the root that comes next, and where to begin in it. */
  private void seek(List<BucketObject> page) {
    if (page.isEmpty()) {
      end();
      return;
    }
    ObjectName next = ObjectName.of(page.get(0).name());
    if (next.isExport()) {
      sayExports();
      look.after = next.behindExports();
      return;
    }
    look.root = next.root();
    if (next.day() != null) {
      LocalDate from = from(next.root());
      String begin = from == null ? look.after : ObjectName.before(next.root(), from);
      look.after = begin.compareTo(look.after) > 0 ? begin : look.after;
    }
  }

  /** The day to begin at; null for the very first. */
  private LocalDate from(String root) {
    LocalDate open = taken.days().get(root);
    LocalDate last = newest.get(root);
    if (look.thorough || open == null || last == null) {
      return open;
    }
    return later(open, last.minusDays(1));
  }

  private boolean isOpen(BucketObject object) {
    LocalDate open = taken.days().get(look.root);
    return open == null || !object.day().isBefore(open);
  }

  private static LocalDate later(LocalDate one, LocalDate other) {
    return one.isAfter(other) ? one : other;
  }

  private void sayExports() {
    if (!exportsSaid) {
      exportsSaid = true;
      taken.leaveOut(
          "files of the sink s3 are left alone — give it, or High Mobility, a prefix of its own");
    }
  }

  /** All was read: the days that nothing is expected for any more are closed. */
  private void end() {
    look.ended = true;
    Map<String, LocalDate> closed = new HashMap<>();
    if (look.thorough) {
      LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
      look.newest.forEach(
          (root, day) -> {
            LocalDate last = Collections.min(List.of(day, today), Comparator.naturalOrder());
            LocalDate open = last.minusDays(OPEN_DAYS);
            LocalDate before = taken.days().get(root);
            if (before == null || open.isAfter(before)) {
              closed.put(root, open);
            }
          });
      thoroughAt = nanos.getAsLong() + THOROUGH_EVERY;
    }
    look.newest.forEach((root, day) -> newest.merge(root, day, BucketWalk::later));
    taken.write(closed);
    synchronized (this) {
      if (error != null) {
        LOG.info(
            "Reading the bucket: it works again, after {} s",
            Duration.between(failingSince, clock.instant()).toSeconds());
      }
      error = null;
      nextLookAt = null;
      failures = 0;
      lastLookAt = clock.instant();
      reading = false;
    }
  }

  /**
   * Deals with an object that could not be read: sets it aside, or puts it off, and returns; where
   * it is not to blame, throws what was caught.
   *
   * @throws Exception what is to end the look
   */
  public void setAside(Exchange exchange) throws Exception {
    Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    PoisonObjectException poison = BucketTrouble.find(caught, PoisonObjectException.class);
    String key = TakenObjects.key(exchange);
    if (poison != null) {
      taken.setAside(key, poison.getMessage());
      return;
    }
    switch (BucketTrouble.about(caught)) {
      case GONE -> LOG.debug("An object is gone before it was read");
      case OBJECT -> {
        taken.putOff(key, BucketTrouble.ofObject(caught), Duration.ofDays(OPEN_DAYS));
        if (look != null && taken.count() == look.takenBefore && ++look.denied >= DENIED_IN_A_ROW) {
          taken.passOver();
          throw new BucketAwayException(
              "Reading the bucket: none of "
                  + DENIED_IN_A_ROW
                  + " objects may be read — the key needs s3:GetObject on the bucket's objects; see"
                  + " docs/highmobility-s3.md",
              caught);
        }
      }
      default -> {
        taken.passOver();
        throw caught;
      }
    }
  }

  /** Notes why the look ended in its middle, and pauses: longer each time, 15 minutes at most. */
  public void failed(Exchange exchange) {
    Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    look = null;
    taken.write(Map.of());
    if (stopping.getAsBoolean()) {
      return;
    }
    String text = BucketTrouble.sentence(caught);
    synchronized (this) {
      reading = false;
      failures++;
      long pause = every.toMillis() << Math.min(failures - 1, 10);
      pause = Math.min(pause, Math.max(LONGEST_PAUSE.toMillis(), every.toMillis()));
      pauseUntil = nanos.getAsLong() + Duration.ofMillis(pause).toNanos();
      nextLookAt = clock.instant().plusMillis(pause);
      if (error == null) {
        failingSince = clock.instant();
      }
      if (!text.equals(error)) {
        LOG.warn("{}", text);
        LOG.debug("What the bucket met", caught);
      }
      error = text;
    }
  }

  /** How it stands. */
  public BucketSnapshot snapshot() {
    synchronized (this) {
      String state =
          reading
              ? "reading"
              : error != null ? "down" : lastLookAt == null ? "starting" : "waiting";
      return new BucketSnapshot(
          state,
          taken.count(),
          taken.asideCount(),
          taken.lastName(),
          taken.lastRead(),
          lastLookAt,
          error,
          nextLookAt);
    }
  }
}
