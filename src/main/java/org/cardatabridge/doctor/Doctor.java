// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.cardatabridge.Lasting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the checks one after the other, each within its limit and all within a minute. What stands
 * on something that has failed is left out, so that the cause stands alone. One examination at a
 * time; safe for use by many threads. Holds no thread between two of them.
 */
public final class Doctor {

  private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);
  private static final Duration IN_ALL = Duration.ofSeconds(58);

  private final Supplier<List<Check>> checks;
  private final Clock clock;
  private final LongSupplier nanos;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile Examination last;

  /**
   * For these checks.
   *
   * @param checks makes new ones for each examination
   * @param nanos a clock that only runs forward
   */
  public Doctor(Supplier<List<Check>> checks, Clock clock, LongSupplier nanos) {
    this.checks = checks;
    this.clock = clock;
    this.nanos = nanos;
  }

  /**
   * What there is to say where settings keep a bridge from starting: nothing else was looked at.
   */
  public static Examination ofSettings(List<String> problems, Clock clock) {
    List<Examination.Result> results = new ArrayList<>();
    for (Check check : SettingsCheck.of(problems)) {
      try {
        results.add(new Examination.Result(check.id(), check.title(), "", "", check.look()));
      } catch (Exception e) {
        throw new IllegalStateException("a check that knows already cannot fail", e);
      }
    }
    return new Examination(clock.instant(), results);
  }

  /** The last examination; empty before the first. */
  public Optional<Examination> last() {
    return Optional.ofNullable(last);
  }

  /**
   * Examines; empty where another examination is under way.
   *
   * @throws InterruptedException when interrupted while a check looks
   */
  public Optional<Examination> examine() throws InterruptedException {
    if (!busy.compareAndSet(false, true)) {
      return Optional.empty();
    }
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "doctor");
              thread.setDaemon(true);
              return thread;
            });
    try {
      last = examine(threads);
      return Optional.of(last);
    } finally {
      threads.shutdownNow();
      busy.set(false);
    }
  }

  private Examination examine(ExecutorService threads) throws InterruptedException {
    Instant at = clock.instant();
    long end = nanos.getAsLong() + IN_ALL.toNanos();
    List<Examination.Result> results = new ArrayList<>();
    Map<String, Examination.Result> causes = new HashMap<>();
    for (Check check : checks.get()) {
      Optional<Examination.Result> cause =
          check.needs().stream().sorted().map(causes::get).filter(c -> c != null).findFirst();
      Finding finding;
      if (cause.isPresent()) {
        finding = Finding.skipped("check.ground", "cause", new Ground(cause.get()));
      } else {
        finding = look(check, Duration.ofNanos(end - nanos.getAsLong()), threads);
      }
      Examination.Result result =
          new Examination.Result(
              check.id(), check.title(), check.subject(), check.account(), finding);
      results.add(result);
      if (finding.verdict() == Verdict.FAILED) {
        causes.put(check.id(), result);
      } else {
        cause.ifPresent(c -> causes.put(check.id(), c));
      }
    }
    return new Examination(at, results);
  }

  /** The check that has failed, whose title is put into words later. */
  record Ground(Examination.Result cause) {
    @Override
    public String toString() {
      return cause.id();
    }
  }

  private static Finding look(Check check, Duration left, ExecutorService threads)
      throws InterruptedException {
    if (left.isNegative() || left.isZero()) {
      return Finding.skipped("check.no-time");
    }
    Duration limit = check.limit().compareTo(left) < 0 ? check.limit() : left;
    Future<Finding> looking = threads.submit(check::look);
    try {
      return looking.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | CancellationException e) {
      LOG.debug("Checking {}: no end within {}", check.id(), Lasting.text(limit));
      looking.cancel(true);
      return Finding.warning("check.late", "limit", limit);
    } catch (ExecutionException e) {
      LOG.warn("Checking {}: {}", check.id(), e.getCause().toString(), e.getCause());
      return Finding.warning("check.broken", "reason", e.getCause().getClass().getSimpleName());
    }
  }
}
