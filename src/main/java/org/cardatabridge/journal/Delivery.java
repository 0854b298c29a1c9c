// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.CarEvent;
import org.cardatabridge.CarMessage;

/**
 * Takes one sink through the log: what is next, what to do when the target fails. Knows no thread
 * and no clock; used by one thread at a time.
 *
 * <p>A run that fails is halved at once until one item is left, which is then tried again after
 * growing pauses. When that item has failed as often as the sink allows, a later one is tried in
 * its place: if that passes and the item fails once more, the item is set aside. In an outage the
 * later one fails as well, so nothing is. Which later one is tried moves on with each round, so
 * that several bad ones in a row do not hide behind each other.
 *
 * <p>A run that the target refuses is halved at once too, until the one that it refuses stands
 * alone and is set aside. Where the target is away, the run stays whole and waits, however long.
 * Where the target says that it takes nothing for now, it does so as well. One that does so as
 * often as the sink allows without asking for a pause may mean but one item, so from then on that
 * counts as a failure.
 */
final class Delivery {

  private static final int READ_AT_ONCE = 64;
  private static final int FURTHEST_PROBE = 64;

  /** One thing to deliver: a data point, or a whole message where the event is null. */
  record Item(CarMessage message, CarEvent event, Position next) {}

  /** How an attempt ended. */
  sealed interface Outcome {
    /** The target took all of it. */
    record Delivered() implements Outcome {}

    /** The target will never take it. */
    record Refused(Throwable reason) implements Outcome {}

    /** It did not work this time. */
    record Failed(Throwable error) implements Outcome {}

    /** The target takes nothing at all, whatever it is. */
    record Away(Throwable error) implements Outcome {}

    /** The target takes nothing for now; the pause it asks for, or null. */
    record Later(Throwable error, Duration pause) implements Outcome {}
  }

  /** Where things are delivered to. */
  interface Target {
    /** Tries once; never throws. */
    Outcome deliver(List<Item> items);
  }

  /**
   * What to do next: go on at once, wait for a pause, or wait for something to arrive, for a pause
   * at most where there is one.
   */
  record Next(boolean idle, Duration pause) {
    static final Next GO = new Next(false, Duration.ZERO);
    static final Next IDLE = new Next(true, Duration.ZERO);
  }

  private final Sink sink;
  private final EventLog log;
  private final SinkFilter filter;
  private final boolean wholeMessages;
  private final int batch;
  private final int attempts;
  private final Pauses pauses;
  private final Target target;

  private final List<Item> ahead = new ArrayList<>();
  private int size;
  private Duration gather = Duration.ZERO;
  private Clock clock;
  private Instant waitsSince;
  private int failures;
  private int waits;
  private int unexplained;
  private boolean doubted;
  private int probe = 1;

  Delivery(
      Sink sink,
      EventLog log,
      SinkFilter filter,
      boolean wholeMessages,
      int batch,
      int attempts,
      Pauses pauses,
      Target target) {
    this.sink = sink;
    this.log = log;
    this.filter = filter;
    this.wholeMessages = wholeMessages;
    this.batch = batch;
    this.attempts = attempts;
    this.pauses = pauses;
    this.target = target;
    this.size = batch;
  }

  /** Has a run wait until it is full, or its oldest was received so long ago. */
  void gather(Duration longest, Clock now) {
    gather = longest;
    clock = now;
  }

  /** How long a run that is not full may still wait; zero where it is to go now. */
  private Duration left() {
    if (gather.isZero() || ahead.size() >= size) {
      return Duration.ZERO;
    }
    Instant now = clock.instant();
    if (waitsSince == null) {
      waitsSince = ahead.get(0).message().received();
    }
    // A clock that was set back must not hold it for longer than was asked for.
    if (waitsSince.isAfter(now)) {
      waitsSince = now;
    }
    Duration left = gather.minus(Duration.between(waitsSince, now));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Delivers one run, or finds that there is nothing to deliver. */
  Next step() {
    if (sink.cursor() == null) {
      return Next.IDLE;
    }
    fill(size);
    if (ahead.isEmpty()) {
      return Next.IDLE;
    }
    Duration left = left();
    if (!left.isZero()) {
      return new Next(true, left);
    }
    List<Item> run = List.copyOf(ahead.subList(0, Math.min(size, ahead.size())));
    Outcome outcome = target.deliver(run);
    if (outcome instanceof Outcome.Away away) {
      return pause(away.error(), null);
    }
    if (outcome instanceof Outcome.Later later) {
      return afterNotNow(run, later);
    }
    waits = 0;
    unexplained = 0;
    if (outcome instanceof Outcome.Failed failed) {
      return afterFailure(run, failed.error());
    }
    if (outcome instanceof Outcome.Refused refused) {
      if (run.size() > 1) {
        size = run.size() / 2;
      } else {
        setAsideHead(refused.reason());
      }
      return Next.GO;
    }
    done(run.size());
    size = Math.min(batch, size * 2);
    doubted &= size < batch;
    return Next.GO;
  }

  private Next afterNotNow(List<Item> run, Outcome.Later later) {
    if (later.pause() == null) {
      unexplained++;
      doubted |= unexplained >= attempts;
      if (doubted) {
        waits++;
        if (run.size() > 1) {
          // An item must fail alone as often as any other before it is set aside.
          unexplained = 0;
        } else {
          failures = Math.max(failures, unexplained - 1);
        }
        return afterFailure(run, later.error());
      }
    }
    return pause(later.error(), later.pause());
  }

  private Next pause(Throwable error, Duration asked) {
    sink.failed(error);
    waits++;
    return new Next(false, pauses.asked(asked, waits, error));
  }

  private Next afterFailure(List<Item> run, Throwable error) {
    sink.failed(error);
    if (run.size() > 1) {
      size = run.size() / 2;
      return Next.GO;
    }
    size = 1;
    failures++;
    if (failures >= attempts && laterOnePasses()) {
      Outcome again = target.deliver(run);
      if (again instanceof Outcome.Later later && (later.pause() != null || unexplained == 0)) {
        return pause(later.error(), later.pause());
      }
      if (again instanceof Outcome.Away away) {
        return pause(away.error(), null);
      }
      if (again instanceof Outcome.Delivered) {
        done(1);
      } else {
        boolean nextPassed = probe == 1;
        setAsideHead(reason(again, error));
        if (nextPassed) {
          done(1);
        }
      }
      return Next.GO;
    }
    return new Next(false, pauses.after(failures, error));
  }

  private static Throwable reason(Outcome outcome, Throwable otherwise) {
    if (outcome instanceof Outcome.Refused refused) {
      return refused.reason();
    }
    return outcome instanceof Outcome.Failed failed ? failed.error() : otherwise;
  }

  private boolean laterOnePasses() {
    fill(probe + 1);
    if (ahead.size() <= probe) {
      probe = 1;
    }
    if (ahead.size() < 2) {
      return false;
    }
    if (target.deliver(List.of(ahead.get(probe))) instanceof Outcome.Delivered) {
      return true;
    }
    probe = probe == FURTHEST_PROBE ? 1 : probe + 1;
    return false;
  }

  private void setAsideHead(Throwable reason) {
    Item head = ahead.remove(0);
    sink.setAside(head.message(), head.event(), reason, doneUpTo(head));
    doubted = false;
    headChanged();
  }

  private void done(int count) {
    Item last = ahead.get(count - 1);
    ahead.subList(0, count).clear();
    sink.delivered(count, doneUpTo(last));
    headChanged();
  }

  /** With nothing left in hand, what the filter left out behind it is done as well. */
  private Position doneUpTo(Item last) {
    return ahead.isEmpty() ? sink.cursor() : last.next();
  }

  private void headChanged() {
    waitsSince = null;
    failures = 0;
    waits = 0;
    unexplained = 0;
    probe = 1;
  }

  private void fill(int wanted) {
    while (ahead.size() < wanted) {
      List<LogEntry> page = log.read(sink.cursor().message(), READ_AT_ONCE, wholeMessages);
      if (page.isEmpty()) {
        return;
      }
      page.forEach(this::take);
    }
  }

  private void take(LogEntry entry) {
    Position cursor = sink.cursor();
    int from = cursor.message() == entry.sequence() ? cursor.point() : 0;
    sink.reached(entry, entry.end());
    boolean nothingAhead = ahead.isEmpty();
    if (wholeMessages) {
      if (entry.isFor(sink.name()) && filter.takes(entry.message())) {
        ahead.add(new Item(entry.message(), null, entry.end()));
      }
    } else if (entry.isFor(sink.name())) {
      List<CarEvent> points = entry.points();
      for (int i = from; i < points.size(); i++) {
        CarEvent event = filter.pass(points.get(i));
        if (event != null) {
          boolean last = i == points.size() - 1;
          ahead.add(new Item(entry.message(), event, last ? entry.end() : entry.at(i + 1)));
        }
      }
    }
    if (nothingAhead && ahead.isEmpty()) {
      sink.skipTo(entry.end());
    }
  }
}
