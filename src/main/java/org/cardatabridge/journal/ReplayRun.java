// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Takes one sink through a replay, between its live deliveries: one step at a time, on the sink's
 * thread. What fails is tried again after pauses; what fails often alone is left out, and when
 * several in a row do, or the target stays away, the replay ends as failed. Its snapshot is safe
 * for use by many threads.
 */
final class ReplayRun {

  private static final int MOST_LEFT_OUT_IN_A_ROW = 3;

  private final ReplayFeed feed;
  private final double speed;
  private final LongSupplier nanoTime;
  private final Deque<Delivery.Item> ahead = new ArrayDeque<>();
  private Instant firstReceived;
  private long startedAt;
  private int size = Integer.MAX_VALUE;
  private int failures;
  private int waits;
  private boolean doubted;
  private int leftOutInARow;

  private volatile long done;
  private volatile String state = "running";
  private volatile String lastError;

  /**
   * A run that has not begun.
   *
   * @param speed how many times as fast as recorded; 0: as fast as possible
   */
  ReplayRun(ReplayFeed feed, double speed, LongSupplier nanoTime) {
    this.feed = feed;
    this.speed = speed;
    this.nanoTime = nanoTime;
  }

  boolean isRunning() {
    return state.equals("running");
  }

  ReplaySnapshot snapshot(long id) {
    return new ReplaySnapshot(id, state, feed.total(), done, lastError);
  }

  /** Ends it before its time. */
  void fail(String reason) {
    if (isRunning()) {
      lastError = reason;
      state = "failed";
    }
  }

  /** Delivers one run of items; how long to wait before the next step. */
  Delivery.Next step(Delivery.Target target, int batch, int attempts, Pauses pauses) {
    if (ahead.isEmpty()) {
      ahead.addAll(feed.next(Math.max(batch, 1)));
    }
    if (ahead.isEmpty()) {
      state = "done";
      return Delivery.Next.IDLE;
    }
    Duration early = early(ahead.peekFirst());
    if (!early.isZero()) {
      return new Delivery.Next(false, early);
    }
    List<Delivery.Item> run =
        ahead.stream()
            .limit(Math.min(size, batch))
            .takeWhile(item -> early(item).isZero())
            .toList();
    Delivery.Outcome outcome = target.deliver(run);
    if (outcome instanceof Delivery.Outcome.Delivered) {
      waits = 0;
      doubted = false;
      run.forEach(feed::taken);
      passed(run.size());
      done += run.size();
      leftOutInARow = 0;
      size = size > batch ? size : size * 2;
      return Delivery.Next.GO;
    }
    lastError = ErrorText.of(error(outcome));
    if (outcome instanceof Delivery.Outcome.Away away) {
      return afterAway(away.error(), attempts, pauses);
    }
    if (outcome instanceof Delivery.Outcome.Later later) {
      waits++;
      // Who puts off without end, and names no pause, may mean one item.
      doubted |= later.pause() == null && waits >= attempts;
      if (!doubted || later.pause() != null) {
        return new Delivery.Next(false, pauses.asked(later.pause(), waits, later.error()));
      }
    }
    waits = 0;
    if (run.size() > 1) {
      size = run.size() / 2;
      return Delivery.Next.GO;
    }
    failures++;
    if (outcome instanceof Delivery.Outcome.Refused) {
      passed(1);
      return Delivery.Next.GO;
    }
    if (failures < attempts) {
      return new Delivery.Next(false, pauses.after(failures, error(outcome)));
    }
    passed(1);
    leftOutInARow++;
    if (leftOutInARow == MOST_LEFT_OUT_IN_A_ROW) {
      state = "failed";
    }
    return Delivery.Next.GO;
  }

  /** Nothing is to blame or to be cut; a replay that cannot go on is begun again another time. */
  private Delivery.Next afterAway(Throwable error, int attempts, Pauses pauses) {
    waits++;
    if (waits >= attempts * MOST_LEFT_OUT_IN_A_ROW) {
      state = "failed";
      return Delivery.Next.GO;
    }
    return new Delivery.Next(false, pauses.after(waits, error));
  }

  private static Throwable error(Delivery.Outcome outcome) {
    if (outcome instanceof Delivery.Outcome.Later later) {
      return later.error();
    }
    if (outcome instanceof Delivery.Outcome.Away away) {
      return away.error();
    }
    return outcome instanceof Delivery.Outcome.Refused refused
        ? refused.reason()
        : ((Delivery.Outcome.Failed) outcome).error();
  }

  private void passed(int count) {
    for (int i = 0; i < count; i++) {
      ahead.removeFirst();
    }
    failures = 0;
  }

  /** How long before its time it is. */
  private Duration early(Delivery.Item item) {
    if (speed <= 0) {
      return Duration.ZERO;
    }
    long now = nanoTime.getAsLong();
    Instant received = item.message().received();
    if (firstReceived == null) {
      firstReceived = received;
      startedAt = now;
    }
    double due = Duration.between(firstReceived, received).toMillis() / speed * 1e6;
    long left = (long) due - (now - startedAt);
    return left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
  }
}
