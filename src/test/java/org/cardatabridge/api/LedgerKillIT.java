// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.SafeRows;
import org.cardatabridge.testing.Child;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed between taking a place and making the call, and two at once. */
class LedgerKillIT {

  private static final QuotaRules MANY = new QuotaRules("main", 1_000_000, 0);

  @TempDir Path data;

  /** What a child process does: takes places, and says so where it would make the call. */
  public static final class Caller {

    private Caller() {}

    /** Arguments: the data directory, the limit. Ends where there is no place any more. */
    public static void main(String[] args) {
      Ledger ledger = ledger(Path.of(args[0]));
      QuotaRules rules = new QuotaRules("main", Integer.parseInt(args[1]), 0);
      while (true) {
        Ledger.Taken taken = ledger.take(rules, GateBench.call(Purpose.REQUEST));
        if (taken.entry() == null) {
          System.out.println("end: " + taken.refusal().sentence());
          return;
        }
        System.out.println("called");
      }
    }
  }

  private static Ledger ledger(Path data) {
    return new Ledger(new SafeRows(JournalSettings.in(data)), Clock.systemUTC(), System::nanoTime);
  }

  private Child caller(int limit) throws Exception {
    return Child.start(
        data,
        Map.of(),
        List.of(
            Child.java(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Caller.class.getName(),
            data.toString(),
            Integer.toString(limit)));
  }

  private static int calls(Child child) {
    return child.out().split("called\n", -1).length - 1;
  }

  @Test
  void aKillBetweenPlaceAndCallNeverUndercounts() throws Exception {
    Random random = new Random(7);
    int called = 0;
    for (int round = 0; round < 4; round++) {
      int killAfter = 5 + random.nextInt(20);
      Child child = caller(1_000_000);
      try {
        await().atMost(Duration.ofSeconds(40)).until(() -> calls(child) >= killAfter);
      } finally {
        child.close();
      }
      called += calls(child);
      int counted = ledger(data).quotaNow(MANY).used();
      assertThat(counted).isBetween(called, called + round + 1);
    }
  }

  @Test
  void twoProcessesAtOnceShareTheCallsOfADay() throws Exception {
    List<Child> children = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        children.add(caller(40));
      }
      int called = 0;
      for (Child child : children) {
        assertThat(child.exitCode(Duration.ofSeconds(60))).as(child::err).isZero();
        assertThat(child.out()).contains("end: ", "all 40 calls of 24 hours are used");
        called += calls(child);
      }
      assertThat(called).isEqualTo(40);
    } finally {
      children.forEach(Child::close);
    }
  }
}
