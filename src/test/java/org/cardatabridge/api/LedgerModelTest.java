// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.api.GateBench.NOON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.SafeRows;
import org.cardatabridge.testing.SetClock;

/** Whatever happens to the clock and the process: within 24 real hours never more than allowed. */
class LedgerModelTest {

  private static final QuotaRules RULES = new QuotaRules("main", 6, 2);
  private static final long DAY = Duration.ofHours(24).toNanos();

  /** What may happen. */
  enum What {
    PASS,
    ROUTINE,
    GAP,
    SET_BACK,
    SET_FORWARD,
    RESTART
  }

  /**
   * One thing that happens.
   *
   * @param minutes how long something takes, or how far a clock is set
   */
  record Step(What what, int minutes) {}

  private final SetClock clock = new SetClock(NOON);
  private Path data;
  private long nanos;

  @BeforeTry
  void open() throws IOException {
    data = Files.createTempDirectory("ledger");
    clock.set(NOON);
    nanos = 0;
  }

  @AfterTry
  void close() throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      all.sorted(Comparator.reverseOrder()).forEach(LedgerModelTest::delete);
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Ledger ledger() {
    return new Ledger(new SafeRows(JournalSettings.in(data)), clock, () -> nanos);
  }

  @Provide
  Arbitrary<List<Step>> restarts() {
    return steps(What.PASS, What.PASS, What.GAP, What.ROUTINE, What.SET_BACK, What.RESTART);
  }

  @Provide
  Arbitrary<List<Step>> jumps() {
    return steps(What.PASS, What.PASS, What.GAP, What.ROUTINE, What.SET_BACK, What.SET_FORWARD);
  }

  private static Arbitrary<List<Step>> steps(What... what) {
    return Combinators.combine(Arbitraries.of(what), Arbitraries.integers().between(0, 400))
        .as(Step::new)
        .list()
        .ofMinSize(20)
        .ofMaxSize(50);
  }

  @Property(tries = 20)
  void overRestartsAndAClockThatIsSetBack(@ForAll("restarts") List<Step> steps) {
    holds(steps);
  }

  @Property(tries = 20)
  void whereTheClockIsSetBackAndForward(@ForAll("jumps") List<Step> steps) {
    holds(steps);
  }

  private void holds(List<Step> steps) {
    Ledger ledger = ledger();
    List<Long> made = new ArrayList<>();
    for (Step step : steps) {
      switch (step.what()) {
        case PASS -> {
          clock.move(Duration.ofMinutes(step.minutes()));
          nanos += Duration.ofMinutes(step.minutes()).toNanos();
        }
        case SET_BACK -> clock.move(Duration.ofMinutes(-10L * step.minutes()));
        case SET_FORWARD -> clock.move(Duration.ofMinutes(10L * step.minutes()));
        case RESTART -> ledger = ledger();
        default -> {
          Purpose purpose = Purpose.valueOf(step.what().name());
          boolean got = ledger.take(RULES, GateBench.call(purpose)).entry() != null;
          made.removeIf(at -> nanos - at >= DAY);
          if (got) {
            assertThat(made).hasSizeLessThan(RULES.allowed(purpose));
            made.add(nanos);
          }
          assertThat(ledger.quotaNow(RULES).used()).isGreaterThanOrEqualTo(made.size());
        }
      }
    }
  }
}
