// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.cardatabridge.auth.TokenRefresh;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.Behaviour.RefreshReuse;
import org.cardatabridge.simulator.Fault;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.web.LoginStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every answer that BMW's login is known to give, and some more, in a whole bridge: each row of the
 * table has an account of its own, all in one process, so that no row can disturb another one
 * unnoticed. The tables are played at the same time, as they mostly wait.
 */
class LoginAnswersIT {

  private static final Duration QUIET = Duration.ofSeconds(2);

  @TempDir Path directory;

  /** What must come of an answer. */
  private enum Outcome {
    /** It is taken as it is; nothing to tell. */
    GRANTED("authorized"),
    /** The tokens, or the code, are kept; the next attempt works. */
    AGAIN("authorized"),
    /** A new code is fetched, and that one works. */
    NEW_CODE("authorized"),
    /** Only the user can go on, by a new login. */
    LOGIN("login-required"),
    /** Only the user can go on, in the portal. */
    REFUSED("refused");

    private final String state;

    Outcome(String state) {
      this.state = state;
    }
  }

  /** An answer of BMW, and what it leads to. */
  private record Row(
      String table, int number, Place place, Fault fault, Outcome outcome, String said) {

    String account() {
      return table + "-row-" + number;
    }

    AccountConfig bmw() {
      return new AccountConfig(
          String.format("3f0c2a54-7b1d-4c8e-9a57-51d0c1e4b%03d", number),
          String.format("5b1e0c7a-2f4d-4e81-9a36-c07d18e4e%03d", number),
          List.of(String.format("WBY00TEST00001%03d", number)));
    }

    String name() {
      String what = fault.text() == null ? "" + fault.status() + fault.fields() : fault.text();
      return place + " " + fault.kind() + " " + what;
    }
  }

  private static final class Table {
    private final String name;
    private final List<Row> rows = new ArrayList<>();

    Table(String name) {
      this.name = name;
    }

    Table row(Place place, Fault fault, Outcome outcome, String said) {
      rows.add(new Row(name, rows.size(), place, fault, outcome, said));
      return this;
    }
  }

  /** How an account's login looked while its row was played. */
  private static final class Seen {
    private final Set<String> states = new HashSet<>();
    private final Set<String> messages = new HashSet<>();

    void add(LoginStatus login) {
      states.add(login.state());
      messages.add(String.valueOf(login.message()));
    }
  }

  private BridgeUnderTest bridge(List<Row> rows) throws Exception {
    BridgeUnderTest test =
        BridgeUnderTest.in(directory, rows.stream().map(Row::bmw).toArray(AccountConfig[]::new));
    test.set("cardata.routes.dir", impatientRoutes().toString());
    test.set("cardata.accounts", String.join(",", rows.stream().map(Row::account).toList()));
    rows.forEach(
        row -> test.set("cardata.account." + row.account() + ".client-id", row.bmw().clientId()));
    return test;
  }

  /** The shipped routes, which wait 3 s for an answer in place of half a minute. */
  private Path impatientRoutes() throws Exception {
    Path routes = Files.createDirectories(directory.resolve("routes"));
    int quicker = 0;
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file);
        String edited = text.replace("responseTimeout: 30000", "responseTimeout: 3000");
        quicker += edited.equals(text) ? 0 : 1;
        Files.writeString(routes.resolve(file.getFileName()), edited);
      }
    }
    assertThat(quicker).as("files that ask BMW").isPositive();
    return routes;
  }

  private static Map<String, Seen> watch(
      BridgeUnderTest test, List<Row> rows, BooleanSupplier done) {
    Map<String, Seen> seen = new HashMap<>();
    rows.forEach(row -> seen.put(row.account(), new Seen()));
    BooleanSupplier look =
        () -> {
          test.status().accounts().forEach(a -> seen.get(a.name()).add(a.login()));
          return done.getAsBoolean();
        };
    await("all rows")
        .atMost(BridgeUnderTest.PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(look::getAsBoolean);
    return seen;
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void everyAnswerToARefreshLeadsWhereTheTableSays() throws Exception {
    List<Row> rows =
        new Table("refresh")
            .row(Place.REFRESH, Fault.status(500), Outcome.AGAIN, "answered 500")
            .row(Place.REFRESH, Fault.status(503), Outcome.AGAIN, "answered 503")
            .row(Place.REFRESH, Fault.status(408), Outcome.AGAIN, "answered 408")
            .row(
                Place.REFRESH,
                Fault.status(429, Duration.ofSeconds(3)),
                Outcome.AGAIN,
                "answered 429")
            .row(Place.REFRESH, Fault.gateway(), Outcome.AGAIN, "gateway has a fault")
            .row(Place.REFRESH, Fault.garbage(null), Outcome.AGAIN, "without JSON")
            .row(Place.REFRESH, Fault.garbage("[]"), Outcome.AGAIN, "without JSON")
            .row(Place.REFRESH, Fault.garbage("{}"), Outcome.AGAIN, "no tokens")
            .row(Place.REFRESH, Fault.reset(), Outcome.AGAIN, "")
            .row(Place.REFRESH, Fault.silence(), Outcome.AGAIN, "did not answer in time")
            .row(Place.REFRESH, Fault.loseAnswer(), Outcome.AGAIN, "")
            .row(Place.REFRESH, Fault.omit("id_token"), Outcome.AGAIN, "no id token")
            .row(Place.REFRESH, Fault.error("server_error", 400), Outcome.AGAIN, "server_error")
            .row(Place.REFRESH, Fault.error("slow_down"), Outcome.AGAIN, "slow_down")
            .row(Place.REFRESH, Fault.omit("gcid"), Outcome.GRANTED, null)
            .row(Place.REFRESH, Fault.omit("refresh_token", "scope"), Outcome.GRANTED, null)
            .row(Place.REFRESH, Fault.slow(Duration.ofSeconds(2)), Outcome.GRANTED, null)
            .row(Place.REFRESH, Fault.error("invalid_request"), Outcome.LOGIN, "invalid_request")
            .row(Place.REFRESH, Fault.error("invalid_grant", 401), Outcome.LOGIN, "invalid_grant")
            .row(Place.REFRESH, Fault.error("invalid_token"), Outcome.LOGIN, "invalid_token")
            .row(Place.REFRESH, Fault.error("expired_token", 400), Outcome.LOGIN, "expired_token")
            .row(Place.REFRESH, Fault.error("access_denied"), Outcome.LOGIN, "access_denied")
            .row(
                Place.REFRESH,
                Fault.error("unauthorized_client"),
                Outcome.LOGIN,
                "unauthorized_client")
            .row(Place.REFRESH, Fault.error("invalid_client"), Outcome.REFUSED, "invalid_client")
            .rows;
    try (BridgeUnderTest test = bridge(rows);
        CapturedLog log = CapturedLog.open()) {
      // Two rows take away an answer after BMW has rotated the token; the other way is played
      // below.
      test.bmw(b -> b.refreshReuse(RefreshReuse.ALLOWED));
      Map<String, JsonNode> before = new HashMap<>();
      for (Row row : rows) {
        before.put(row.account(), test.store(row.account(), row.bmw()));
        test.bmw().fault(row.place(), row.fault(), 1, row.bmw().clientId());
      }
      test.start();
      rows.forEach(row -> test.awaitStream(row.account(), "live"));
      rows.forEach(row -> refresh(test, row).force("the test asks for it"));

      Map<String, Seen> seen =
          watch(
              test,
              rows,
              () -> rows.stream().allMatch(row -> refreshes(test, row) >= expected(row.outcome())));
      watch(test, rows, () -> rows.stream().allMatch(row -> isAsWanted(test, row, before)));
      await("nothing more is asked")
          .during(QUIET)
          .atMost(QUIET.plusSeconds(38))
          .until(
              () -> rows.stream().allMatch(row -> refreshes(test, row) == expected(row.outcome())));

      SoftAssertions softly = new SoftAssertions();
      for (Row row : rows) {
        JsonNode old = before.get(row.account());
        JsonNode now = test.storedTokens(row.account());
        LoginStatus login = test.account(row.account()).login();
        boolean ends = row.outcome() == Outcome.LOGIN || row.outcome() == Outcome.REFUSED;
        softly.assertThat(login.state()).as(row.name()).isEqualTo(row.outcome().state);
        softly
            .assertThat(now.path("refresh_token").asText().isEmpty())
            .as("tokens of %s are kept", row.name())
            .isFalse();
        softly
            .assertThat(now.path("id_token").equals(old.path("id_token")))
            .as("the old id token of %s is kept", row.name())
            .isEqualTo(ends);
        softly.assertThat(now.path("gcid").asText()).as(row.name()).isEqualTo(row.bmw().gcid());
        softly.assertThat(now.path("scope")).as(row.name()).isEqualTo(old.path("scope"));
        List<String> warnings = warnings(log, row);
        if (ends) {
          softly.assertThat(login.message()).as(row.name()).contains(row.said(), "log in again");
          softly.assertThat(warnings).as(row.name()).hasSize(1);
        } else {
          softly.assertThat(login.message()).as(row.name()).isNull();
          softly.assertThat(warnings).as(row.name()).isEmpty();
          softly
              .assertThat(seen.get(row.account()).states)
              .as("states of %s", row.name())
              .containsExactly("authorized");
        }
        if (row.outcome() == Outcome.AGAIN) {
          softly
              .assertThat(seen.get(row.account()).messages)
              .as("messages of %s", row.name())
              .anyMatch(m -> m.contains(row.said()) && m.contains("keeps trying"));
        }
        // A login that has ended keeps its session until the id token ends.
        softly
            .assertThat(test.account(row.account()).stream().state())
            .as("stream of %s", row.name())
            .isEqualTo("live");
        softly
            .assertThat(test.bmw().mostOpenSessions(row.bmw().gcid()))
            .as("sessions of %s", row.name())
            .isEqualTo(1);
      }
      softly
          .assertThat(log.warnings().stream().filter(w -> w.contains("refresh-row-")).count())
          .isEqualTo(7);
      softly.assertAll();

      Row dead = rows.stream().filter(row -> row.outcome() == Outcome.LOGIN).findFirst().get();
      test.bmw(b -> b.pollInterval(Duration.ofSeconds(1)));
      test.bridge().login(dead.account()).begin();
      test.approve();
      test.awaitLogin(dead.account(), "authorized");
      test.proveFlow(dead.bmw(), 4711);
    }
  }

  private static TokenRefresh refresh(BridgeUnderTest test, Row row) {
    return test.bridge().part("refresh-" + row.account(), TokenRefresh.class);
  }

  private static int refreshes(BridgeUnderTest test, Row row) {
    return test.requests(row.bmw(), Place.REFRESH);
  }

  private static int expected(Outcome outcome) {
    return outcome == Outcome.AGAIN ? 2 : 1;
  }

  private static boolean isAsWanted(BridgeUnderTest test, Row row, Map<String, JsonNode> before) {
    try {
      boolean renewed =
          !test.storedTokens(row.account())
              .path("id_token")
              .equals(before.get(row.account()).path("id_token"));
      boolean ends = row.outcome() == Outcome.LOGIN || row.outcome() == Outcome.REFUSED;
      return test.account(row.account()).login().state().equals(row.outcome().state)
          && renewed != ends
          && test.account(row.account()).stream().state().equals("live");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void everyAnswerToALoginLeadsWhereTheTableSays() throws Exception {
    List<Row> rows =
        new Table("login")
            .row(Place.POLL, Fault.error("authorization_pending", 400), Outcome.GRANTED, null)
            .row(Place.POLL, Fault.error("slow_down"), Outcome.GRANTED, null)
            .row(Place.POLL, Fault.slow(Duration.ofSeconds(2)), Outcome.GRANTED, null)
            .row(Place.POLL, Fault.omit("gcid"), Outcome.GRANTED, null)
            .row(Place.POLL, Fault.status(500), Outcome.AGAIN, "answered 500")
            .row(Place.POLL, Fault.status(503), Outcome.AGAIN, "answered 503")
            .row(Place.POLL, Fault.status(408), Outcome.AGAIN, "answered 408")
            .row(
                Place.POLL, Fault.status(429, Duration.ofSeconds(3)), Outcome.AGAIN, "answered 429")
            .row(Place.POLL, Fault.garbage(null), Outcome.AGAIN, "without JSON")
            .row(Place.POLL, Fault.reset(), Outcome.AGAIN, "")
            .row(Place.POLL, Fault.silence(), Outcome.AGAIN, "did not answer in time")
            .row(Place.POLL, Fault.gateway(), Outcome.NEW_CODE, null)
            .row(Place.POLL, Fault.error("expired_token", 400), Outcome.LOGIN, "expired_token")
            .row(Place.POLL, Fault.error("invalid_grant"), Outcome.LOGIN, "invalid_grant")
            .row(Place.POLL, Fault.error("invalid_token"), Outcome.LOGIN, "invalid_token")
            .row(Place.POLL, Fault.loseAnswer(), Outcome.LOGIN, "invalid_grant")
            .row(Place.POLL, Fault.error("access_denied"), Outcome.REFUSED, "you refused")
            .row(Place.POLL, Fault.error("invalid_client"), Outcome.REFUSED, "invalid_client")
            .row(Place.POLL, Fault.error("invalid_request"), Outcome.REFUSED, "invalid_request")
            .row(
                Place.POLL,
                Fault.error("unauthorized_client"),
                Outcome.REFUSED,
                "unauthorized_client")
            .row(Place.POLL, Fault.omit("id_token"), Outcome.REFUSED, "no id token")
            .row(Place.DEVICE_CODE, Fault.status(503), Outcome.NEW_CODE, null)
            .row(Place.DEVICE_CODE, Fault.reset(), Outcome.NEW_CODE, null)
            .row(Place.DEVICE_CODE, Fault.garbage(null), Outcome.NEW_CODE, null)
            .row(Place.DEVICE_CODE, Fault.gateway(), Outcome.NEW_CODE, null)
            .row(
                Place.DEVICE_CODE, Fault.error("invalid_client"), Outcome.REFUSED, "invalid_client")
            .rows;
    try (BridgeUnderTest test = bridge(rows);
        CapturedLog log = CapturedLog.open()) {
      test.bmw(b -> b.pollInterval(Duration.ofSeconds(1)).autoApproveAfter(Duration.ofMillis(100)));
      rows.forEach(row -> test.bmw().fault(row.place(), row.fault(), 1, row.bmw().clientId()));
      test.start();

      watch(test, rows, () -> rows.stream().allMatch(row -> isDecided(test, row)));
      await("no login begins by itself")
          .during(QUIET)
          .atMost(QUIET.plusSeconds(38))
          .until(() -> rows.stream().allMatch(row -> codes(test, row) == expectedCodes(row)));

      SoftAssertions softly = new SoftAssertions();
      for (Row row : rows) {
        LoginStatus login = test.account(row.account()).login();
        boolean granted = row.outcome().state.equals("authorized");
        softly.assertThat(login.state()).as(row.name()).isEqualTo(row.outcome().state);
        softly
            .assertThat(Files.exists(test.tokenFile(row.account())))
            .as("tokens of %s", row.name())
            .isEqualTo(granted);
        if (granted) {
          softly.assertThat(login.message()).as(row.name()).isNull();
          softly
              .assertThat(test.account(row.account()).stream().state())
              .as("stream of %s", row.name())
              .isEqualTo("live");
        } else {
          softly.assertThat(login.message()).as(row.name()).contains(row.said(), "log in again");
        }
        // Somebody waits for a login, so trouble is said at once; and everything once.
        List<String> said = warnings(log, row);
        switch (row.outcome()) {
          case GRANTED -> softly.assertThat(said).as(row.name()).isEmpty();
          case AGAIN ->
              softly
                  .assertThat(said)
                  .as(row.name())
                  .singleElement()
                  .asString()
                  .contains(row.said(), "keeps trying");
          case NEW_CODE -> softly.assertThat(said).as(row.name()).hasSizeLessThan(2);
          default ->
              softly
                  .assertThat(said)
                  .as(row.name())
                  .filteredOn(line -> line.contains("log in again"))
                  .singleElement()
                  .asString()
                  .contains(row.said());
        }
      }
      softly.assertAll();
    }
  }

  private static List<String> warnings(CapturedLog log, Row row) {
    return log.warnings().stream()
        .filter(line -> line.matches("(?s).*\\baccount " + row.account() + "\\b.*"))
        .toList();
  }

  private static int codes(BridgeUnderTest test, Row row) {
    return test.requests(row.bmw(), Place.DEVICE_CODE);
  }

  private static int expectedCodes(Row row) {
    return row.outcome() == Outcome.NEW_CODE ? 2 : 1;
  }

  private static boolean isDecided(BridgeUnderTest test, Row row) {
    var account = test.account(row.account());
    return account.login().state().equals(row.outcome().state)
        && codes(test, row) == expectedCodes(row)
        && (!row.outcome().state.equals("authorized") || account.stream().state().equals("live"));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void anAnswerThatIsLostAfterBmwRotatedCostsALoginOnlyWhenBmwSaysSo() throws Exception {
    Row row =
        new Row("lost", 0, Place.REFRESH, Fault.loseAnswer(), Outcome.LOGIN, "invalid_request");
    try (BridgeUnderTest test = bridge(List.of(row))) {
      JsonNode before = test.store(row.account(), row.bmw());
      test.bmw().fault(row.place(), row.fault(), 1, row.bmw().clientId());
      test.start();
      test.awaitStream(row.account(), "live");
      refresh(test, row).force("the test asks for it");

      test.awaitLogin(row.account(), "login-required");
      assertThat(refreshes(test, row)).isEqualTo(2);
      assertThat(test.account(row.account()).login().message()).contains(row.said());
      assertThat(test.storedTokens(row.account()).path("refresh_token"))
          .isEqualTo(before.path("refresh_token"));
      assertThat(test.requests(row.bmw(), Place.DEVICE_CODE)).isZero();
      assertThat(IntStream.of(test.bmw().openSessions(row.bmw().gcid()))).containsExactly(1);
    }
  }
}
