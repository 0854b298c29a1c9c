// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.cardatabridge.api.GateBench.NOON;
import static org.cardatabridge.api.GateBench.call;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.cardatabridge.journal.Journal;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.SafeRows;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTest {

  private static final QuotaRules RULES = new QuotaRules("main", 5, 2);
  private static final RestCall ROUTINE = call(Purpose.ROUTINE);
  private static final RestCall GAP = call(Purpose.GAP);

  @TempDir Path data;
  private final SetClock clock = new SetClock(NOON);
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> pragmas = new CopyOnWriteArrayList<>();

  private Ledger open() {
    JournalSettings defaults = JournalSettings.in(data);
    JournalSettings settings =
        new JournalSettings(defaults.file(), false, defaults.keep(), defaults.maxBytes(), pragmas);
    return new Ledger(new SafeRows(settings), clock, nanos::get);
  }

  /** Time passes for both clocks. */
  private void pass(Duration time) {
    clock.move(time);
    nanos.addAndGet(time.toNanos());
  }

  private List<String> sql(String query) throws Exception {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("journal.db"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  private static CallEntry took(Ledger ledger, RestCall call) {
    Ledger.Taken taken = ledger.take(RULES, call);
    assertThat(taken.refusal()).isNull();
    return taken.entry();
  }

  private static RestVerdict refused(Ledger ledger, RestCall call) {
    Ledger.Taken taken = ledger.take(RULES, call);
    assertThat(taken.entry()).isNull();
    assertThat(taken.refusal().sentence()).contains(" — ");
    return taken.refusal();
  }

  private static RestReply reply(RestVerdict verdict, int status) {
    return new RestReply(verdict, status, null, null, new byte[10], NOON);
  }

  private static void usedUp(Ledger ledger, CallEntry entry, Duration retryAfter) {
    RestVerdict verdict = new RestVerdict(RestVerdict.Kind.QUOTA, "used up — wait", retryAfter);
    ledger.complete(
        entry.ended(
            reply(verdict, 403),
            true,
            Duration.ofMillis(5),
            QuotaCount.blockedUntil(entry.at(), retryAfter)));
  }

  @Test
  void aPlaceIsInTheFileBeforeTheCallIsMadeAndCompletedAfterIt() throws Exception {
    Ledger ledger = open();
    CallEntry entry = took(ledger, ROUTINE);
    assertThat(sql("SELECT account || purpose || method || path || counts FROM rest_calls"))
        .containsExactly("mainroutineGET/customers/vehicles/mappings1");
    assertThat(sql("SELECT status FROM rest_calls")).containsOnlyNulls();
    ledger.complete(entry.ended(reply(RestVerdict.OK, 200), true, Duration.ofMillis(7), null));
    assertThat(sql("SELECT status || ' ' || bytes || ' ' || millis FROM rest_calls"))
        .containsExactly("200 10 7");
  }

  @Test
  void aRestartNeitherForgetsACallThatEndedNorOneThatDidNot() {
    Ledger ledger = open();
    ledger.complete(
        took(ledger, ROUTINE).ended(reply(RestVerdict.OK, 200), true, Duration.ZERO, null));
    took(ledger, ROUTINE);
    Ledger next = open();
    assertThat(next.quotaNow(RULES).used()).isEqualTo(2);
    assertThat(next.calls("main", 20)).hasSize(2);
  }

  @Test
  void theReserveIsForWhatMattersOnly() {
    Ledger ledger = open();
    for (int i = 0; i < 3; i++) {
      took(ledger, ROUTINE);
    }
    RestVerdict no = refused(ledger, ROUTINE);
    assertThat(no.kind()).isEqualTo(RestVerdict.Kind.QUOTA);
    assertThat(no.sentence()).contains("reserve", "2026-11-22T12:00:00Z");
    assertThat(no.retryAfter()).isEqualTo(Duration.ofHours(24));
    took(ledger, call(Purpose.REQUEST));
    assertThat(refused(ledger, call(Purpose.REQUEST)).sentence()).contains("reserve");
    assertThat(ledger.quotaNow(RULES).remaining(Purpose.REQUEST)).isZero();
    took(ledger, GAP);
    assertThat(refused(ledger, call(Purpose.HELP)).sentence()).contains("all 5 calls of 24 hours");
    Quota quota = ledger.quotaNow(RULES);
    assertThat(quota).isEqualTo(new Quota(5, 5, 2, NOON.plus(Duration.ofHours(24)), null));
    assertThat(quota.remaining()).isZero();
    assertThat(quota.remaining(Purpose.ROUTINE)).isZero();
  }

  @Test
  void aLimitOf0AllowsNothingAndAReserveAsLargeAsTheLimitNothingOfThePlan() {
    Ledger ledger = open();
    assertThat(ledger.take(new QuotaRules("main", 0, 0), GAP).refusal().sentence())
        .contains("cardata.api.daily-limit is 0");
    assertThat(ledger.take(new QuotaRules("main", 5, 5), ROUTINE).refusal().sentence())
        .contains("cardata.api.reserve");
    assertThat(ledger.take(new QuotaRules("main", 5, 9), GAP).refusal()).isNull();
  }

  @Test
  void aCallIsGivenBackAfter24HoursAndNotAtMidnight() {
    Ledger ledger = open();
    for (int i = 0; i < 5; i++) {
      took(ledger, GAP);
      pass(Duration.ofMinutes(10));
    }
    pass(Duration.ofHours(12).plusMinutes(30));
    assertThat(refused(ledger, GAP).retryAfter()).isEqualTo(Duration.ofHours(10).plusMinutes(40));
    pass(Duration.ofHours(10).plusMinutes(40));
    took(ledger, GAP);
    refused(ledger, GAP);
    pass(Duration.ofMinutes(10));
    took(ledger, GAP);
  }

  @Test
  void whatNeverReachedBmwCostsNothing() {
    Ledger ledger = open();
    CallEntry entry = took(ledger, ROUTINE);
    ledger.complete(
        entry.ended(
            reply(RestVerdict.of(RestVerdict.Kind.LATER, "no — wait"), 0),
            false,
            Duration.ZERO,
            null));
    assertThat(ledger.quotaNow(RULES).used()).isZero();
    assertThat(open().quotaNow(RULES).used()).isZero();
  }

  @Test
  void accountsDoNotMix() {
    Ledger ledger = open();
    took(ledger, ROUTINE);
    assertThat(ledger.quotaNow(new QuotaRules("her", 5, 2)).used()).isZero();
    assertThat(ledger.calls("her", 20)).isEmpty();
  }

  @ParameterizedTest(name = "at {0}, asked to wait for {1}: until {2}")
  @CsvSource({
    "2026-11-21T12:00:00Z, PT0S, 2026-11-22T00:00:00Z",
    "2026-11-21T00:00:00Z, PT0S, 2026-11-22T00:00:00Z",
    "2026-11-21T23:59:50Z, PT0S, 2026-11-22T00:14:50Z",
    "2026-11-21T23:59:50Z, PT30M, 2026-11-22T00:29:50Z",
    "2026-11-21T12:00:00Z, PT25H, 2026-11-22T01:00:00Z",
    "2026-11-21T12:00:00Z, PT5M, 2026-11-22T00:00:00Z"
  })
  void afterBmwsWordNoCallIsMadeUntilTheLaterOfPauseAndMidnightAndHardlyLonger(
      Instant at, Duration retryAfter, Instant until) {
    clock.set(at);
    Ledger ledger = open();
    usedUp(ledger, took(ledger, ROUTINE), retryAfter);
    Quota quota = ledger.quotaNow(RULES);
    assertThat(quota.blockedUntil()).isEqualTo(until);
    assertThat(quota.remaining()).isZero();
    pass(Duration.between(at, until).minusSeconds(1));
    assertThat(refused(ledger, GAP).retryAfter()).isEqualTo(Duration.ofSeconds(1));
    assertThat(refused(open(), GAP).sentence())
        .contains("BMW said", until.toString(), "another program");
    pass(Duration.ofSeconds(1));
    took(open(), GAP);
    took(ledger, GAP);
  }

  @Test
  void aClockThatIsSetBackHoldsAPlaceForADayAtMost() {
    Ledger ledger = open();
    usedUp(ledger, took(ledger, ROUTINE), Duration.ZERO);
    for (int i = 0; i < 3; i++) {
      Ledger other = open();
      clock.move(Duration.ofDays(-400));
      assertThat(other.quotaNow(RULES).used()).isEqualTo(1);
      assertThat(refused(other, GAP).retryAfter()).isLessThan(Duration.ofHours(25));
      clock.move(Duration.ofHours(1));
    }
    clock.move(Duration.ofHours(25));
    took(open(), GAP);
    assertThat(open().quotaNow(RULES).used()).isEqualTo(1);
  }

  @Test
  void aClockThatIsSetForwardGivesNoPlaceOfThisProcessBack() {
    Ledger ledger = open();
    for (int i = 0; i < 5; i++) {
      took(ledger, GAP);
    }
    clock.move(Duration.ofDays(400));
    assertThat(refused(ledger, GAP).retryAfter()).isEqualTo(Duration.ofHours(24));
    clock.move(Duration.ofDays(-400));
    pass(Duration.ofHours(23));
    refused(ledger, GAP);
    pass(Duration.ofHours(1));
    took(ledger, GAP);
  }

  @Test
  void twoConnectionsAtOnceNeverTakeMoreThanTheLimit() throws Exception {
    QuotaRules rules = new QuotaRules("main", 30, 5);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicInteger got = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Ledger ledger = open();
        all.add(
            threads.submit(
                () -> {
                  go.await();
                  for (int n = 0; n < 12; n++) {
                    if (ledger.take(rules, GAP).entry() != null) {
                      got.incrementAndGet();
                    }
                  }
                  return null;
                }));
      }
      go.countDown();
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(got).hasValue(30);
    assertThat(sql("SELECT count(*) FROM rest_calls")).containsExactly("30");
  }

  @Test
  void withoutAWritableFileNoCallIsMadeAndTheSentenceSaysSo() throws Exception {
    Ledger ledger = open();
    took(ledger, ROUTINE);
    pragmas.add("PRAGMA query_only = 1");
    RestVerdict no = refused(ledger, GAP);
    assertThat(no.kind()).isEqualTo(RestVerdict.Kind.LATER);
    assertThat(no.sentence())
        .contains("without which none is made", "cannot be written", "make the disk");
    pragmas.clear();
    assertThat(sql("SELECT count(*) FROM rest_calls")).containsExactly("1");
    took(ledger, GAP);
  }

  @Test
  void onAFullDiskNoCallIsMade() throws Exception {
    Ledger ledger = open();
    took(ledger, ROUTINE);
    long pages = Long.parseLong(sql("PRAGMA page_count").get(0));
    pragmas.add("PRAGMA max_page_count = " + pages);
    String sentence = null;
    // What room there is in the last page is filled first.
    for (int i = 0; i < 500 && sentence == null; i++) {
      Ledger.Taken taken = ledger.take(new QuotaRules("main", 1_000, 0), GAP);
      sentence = taken.refusal() == null ? null : taken.refusal().sentence();
    }
    assertThat(sentence).contains("the disk is full — free space on it");
  }

  @Test
  void whatCouldNotBeCompletedIsWrittenWithTheNextCall() throws Exception {
    Ledger ledger = open();
    CallEntry entry = took(ledger, ROUTINE);
    pragmas.add("PRAGMA query_only = 1");
    usedUp(ledger, entry, Duration.ZERO);
    refused(ledger, GAP);
    pragmas.clear();
    assertThat(refused(ledger, GAP).sentence()).contains("BMW said");
    assertThat(sql("SELECT status FROM rest_calls")).containsExactly("403");
  }

  @Test
  void whatThisProcessKnowsIsWrittenIntoAFileThatTookThePlaceOfTheOldOne() throws Exception {
    Ledger ledger = open();
    took(ledger, ROUTINE);
    took(ledger, ROUTINE);
    for (String part : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(data.resolve("journal.db" + part));
    }
    took(ledger, ROUTINE);
    assertThat(open().quotaNow(RULES).used()).isEqualTo(3);
  }

  @Test
  void aStartBesideADamagedFileTakesItsCallsOver() throws Exception {
    Ledger ledger = open();
    took(ledger, ROUTINE);
    took(ledger, ROUTINE);
    Files.move(data.resolve("journal.db"), data.resolve("journal.db.damaged-20261121T120000Z"));
    Ledger next = open();
    assertThat(next.quotaNow(RULES).used()).isEqualTo(2);
    took(next, ROUTINE);
    refused(next, ROUTINE);
    Files.write(data.resolve("journal.db.damaged-20261121T130000Z"), new byte[20_000]);
    assertThat(open().quotaNow(RULES).used()).isEqualTo(3);
  }

  @Test
  void countsOnThroughARunningJournalWhoseFileIsDamaged() throws Exception {
    try (Journal journal = new Journal(JournalSettings.in(data), Clock.systemUTC())) {
      Ledger ledger = new Ledger(journal.rows(), clock, nanos::get);
      took(ledger, ROUTINE);
      took(ledger, ROUTINE);
      byte[] file = Files.readAllBytes(data.resolve("journal.db"));
      Files.write(data.resolve("journal.db"), new byte[Math.max(file.length, 65_536)]);
      await().atMost(40, TimeUnit.SECONDS).until(() -> ledger.take(RULES, ROUTINE).entry() != null);
      assertThat(refused(ledger, ROUTINE).sentence()).contains("reserve");
    }
    assertThat(open().quotaNow(RULES).used()).isEqualTo(3);
  }

  @Test
  void callsOfLastWeekAreForgotten() throws Exception {
    Ledger ledger = open();
    took(ledger, ROUTINE);
    pass(Duration.ofDays(7));
    took(ledger, ROUTINE);
    assertThat(ledger.calls("main", 20)).hasSize(2);
    pass(Duration.ofDays(2));
    took(ledger, ROUTINE);
    assertThat(ledger.calls("main", 20)).hasSize(2);
    assertThat(sql("SELECT count(*) FROM rest_calls")).containsExactly("2");
  }

  @Test
  void theStatusNeverOpensTheFileByItselfInTheFirstSeconds() {
    Ledger ledger = open();
    assertThat(ledger.quota(RULES)).isEmpty();
    assertThat(data.resolve("journal.db")).doesNotExist();
    pass(Duration.ofSeconds(6));
    await()
        .atMost(40, TimeUnit.SECONDS)
        .until(() -> ledger.quota(RULES).filter(q -> q.used() == 0).isPresent());
    assertThat(data.resolve("journal.db")).as("looking makes no file").doesNotExist();
    took(open(), ROUTINE);
    pass(Duration.ofMinutes(11));
    await()
        .atMost(40, TimeUnit.SECONDS)
        .until(() -> ledger.quota(RULES).filter(q -> q.used() == 1).isPresent());
  }
}
