// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bridge's own states, as its status tells them one after the other. */
class AccountRulesTest {

  private static final String TOKENS = "\"idTokenExpiresAt\":\"2026-07-27T12:50:00Z\"";
  private static final String NEWER = "\"idTokenExpiresAt\":\"2026-07-27T23:50:00Z\"";
  private static final String CODE =
      "\"state\":\"pending\",\"userCode\":\"aB3\",\"verificationUri\":\"https://bmw.test/d\","
          + "\"codeExpiresAt\":\"2026-07-27T12:05:00Z\"";

  @TempDir Path dir;
  private NotifyBench bench;

  @BeforeEach
  void begin() {
    bench = bench();
  }

  private NotifyBench bench(String... settings) {
    return new NotifyBench(dir, new SetClock(Instant.parse("2026-07-27T12:00:00Z")), settings)
        .restartingAlways();
  }

  private static String account(String login, String stream) {
    return "{\"name\":\"main\",\"login\":{" + login + "},\"stream\":{" + stream + "}}";
  }

  private static String state(String state) {
    return "\"state\":\"" + state + "\"";
  }

  private static String login(String login) {
    return account(login, state("live"));
  }

  private static String stream(String stream) {
    return account(state("authorized") + "," + NEWER, state(stream));
  }

  /** What is said while one status after the other is seen, each for a minute. */
  private List<String> said(String... accounts) throws Exception {
    List<String> said = new ArrayList<>();
    for (String account : accounts) {
      for (int i = 0; i < 4; i++) {
        said.addAll(bench.sees(account));
        bench.clock.move(Duration.ofSeconds(15));
      }
    }
    return said;
  }

  // ---- login --------------------------------------------------------------------------------

  @Test
  void aFirstLoginIsSaidWithLinkAndCode() throws Exception {
    assertThat(
            said(login(state("pending")), login(CODE), login(CODE), login(state("login-required"))))
        .containsExactly(
            "CarData: BMW wants a login. Open https://bmw.test/d and confirm the code aB3, which is"
                + " valid until 12:05. Later: on the bridge's page, or with ./bridge login.");
  }

  @Test
  void aCodeThatExpiredBeforeItWasSentIsNotSaid() throws Exception {
    String page = "http://car.test";
    String[] settings = {
      "quiet-hours", "11:00-13:00", "zone", "UTC", "urgent", "alarm", "page-url", page
    };
    bench = bench(settings);
    assertThat(said(login(CODE))).isEmpty();
    bench.clock.move(Duration.ofMinutes(3));
    assertThat(said(login(state("login-required")))).isEmpty();
    bench.clock.set(java.time.Instant.parse("2026-07-27T13:00:00Z"));
    Message message = bench.due("notify").get(0);
    assertThat(message.text())
        .endsWith(
            "BMW wants a new login. Begin it on the bridge's page at http://car.test, or with"
                + " ./bridge login.");
    assertThat(message.link()).isEqualTo(page);
  }

  @Test
  void deadTokensAreSaidOnceWhateverTheBridgeGoesThroughAndTheirEndAsWell() throws Exception {
    String dead = login(state("login-required") + "," + TOKENS);
    // After a restart the bridge does not know yet that its tokens are dead.
    String restarted = login(state("authorized") + "," + TOKENS);
    assertThat(said(dead, dead, restarted, dead, login(state("authorized") + "," + NEWER)))
        .containsExactly(
            "CarData: BMW wants a new login. Begin it on the bridge's page, or with ./bridge login.",
            "CarData: Logged in at BMW again.");
  }

  @Test
  void aLoginIsSaidWithoutACodeWhereNoneComes() throws Exception {
    String needed = login(state("login-required"));
    String asking = login(state("pending"));
    assertThat(bench.sees(needed)).isEmpty();
    assertThat(said(asking, asking, asking))
        .containsExactly(
            "CarData: BMW wants a new login. Begin it on the bridge's page, or with ./bridge"
                + " login.");
  }

  @Test
  void aLoginThatSomebodyBeginsThoughNoneIsNeededIsNotSaid() throws Exception {
    assertThat(said(login(CODE + "," + TOKENS))).isEmpty();
  }

  @Test
  void aRefusedClientIsSaidInItsOwnWords() throws Exception {
    bench = bench("page-url", "http://car.test", "language", "de");
    assertThat(said(login(state("refused"))))
        .containsExactly(
            "CarData: BMW verweigert die Anmeldung. Was zu tun ist, steht auf der Seite der Bridge"
                + " unter http://car.test.");
  }

  @Test
  void aLoginIsBegunOnceForEachReason() throws Exception {
    String dead = login(state("login-required") + "," + TOKENS);
    assertThat(bench.lacksCode(dead)).isTrue();
    said(dead, dead);
    assertThat(bench.lacksCode(dead)).isFalse();
    bench.start();
    assertThat(bench.lacksCode(dead)).isFalse();
    assertThat(bench("login-needed.begin", "false").lacksCode(dead)).isFalse();
  }

  @Test
  void severalAccountsAreNamed() throws Exception {
    bench = bench("cardata.accounts", "main,second");
    assertThat(said(login(state("refused")).replace("main", "second")))
        .containsExactly(
            "CarData: BMW refuses the login (account second). What to do stands on the bridge's"
                + " page.");
  }

  @Test
  void tokensThatRunOutAreSaidAfterAWhileAndTheirRenewal() throws Exception {
    String live = login(state("authorized") + "," + TOKENS);
    bench.clock.move(Duration.ofMinutes(51));
    said(live, live, live, live, live, live, live, live, live);
    assertThat(said(live, live, login(state("authorized") + "," + NEWER)))
        .containsExactly(
            "CarData: The tokens have not been renewed since 12:50, so no new data come. The bridge"
                + " keeps trying; why it fails stands on its page.",
            "CarData: The tokens are renewed again.");
  }

  @Test
  void aLoginNearItsEndIsSaidAsFarAheadAsIsSet() throws Exception {
    String ends =
        login(
            state("authorized")
                + ","
                + NEWER
                + ",\"refreshTokenExpiresAt\":\"2026-07-28T12:00:00Z\"");
    assertThat(bench("login-ending.before", "60m").sees(ends)).isEmpty();
    bench.clock.move(Duration.ofSeconds(1));
    assertThat(said(ends))
        .containsExactly(
            "CarData: The login at BMW ends at 2026-07-28 12:00, as its tokens were not renewed. Log"
                + " in again on the bridge's page, or with ./bridge login.");
  }

  @Test
  void aMissingScopeIsSaidOnceAndAnotherOneAnew() throws Exception {
    String one = login(state("authorized") + "," + NEWER + ",\"missingScopes\":[\"a:read\"]");
    String two = one.replace("[", "[\"b:read\",");
    assertThat(said(one, one, two, two)).hasSize(2).last().asString().contains("a:read, b:read");
  }

  // ---- stream -------------------------------------------------------------------------------

  @Test
  void aRefusalThatLastsIsSaidThoughTheBridgeTriesInBetween() throws Exception {
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      said.addAll(said(stream("refused"), stream("connecting"), stream("backing-off")));
    }
    said.addAll(said(stream("live"), stream("refused"), stream("live")));
    assertThat(said)
        .containsExactly(
            "CarData: BMW has refused the data stream for 15 min. Check in BMW's portal that the"
                + " client id is subscribed to CarData Streaming.",
            "CarData: BMW's data stream works again.");
  }

  @Test
  void anOutageIsSaidOnlyWhereThatIsWished() throws Exception {
    String[] hours = new String[130];
    java.util.Arrays.fill(hours, stream("backing-off"));
    assertThat(said(hours)).isEmpty();
    bench = bench("stream-lost.enabled", "true");
    assertThat(said(hours))
        .containsExactly(
            "CarData: There has been no connection to BMW's data stream for 2 h. The bridge keeps"
                + " trying.");
  }

  @Test
  void aUsedUpQuotaIsSaidOnceUntilItIsThereAgain() throws Exception {
    String used =
        stream("live")
            .replace(
                "\"stream\"",
                "\"quota\":{\"limit\":50,\"used\":50,\"resetsAt\":\"2026-07-28T00:00:00Z\"},\"stream\"");
    assertThat(
            said(
                stream("quota"), stream("connecting"), stream("quota"), stream("live"), used, used))
        .containsExactly(
            "CarData: BMW's quota is used up. The bridge waits and goes on by itself.",
            "CarData: BMW's quota is used up until 2026-07-28 00:00. The bridge waits and goes on by"
                + " itself.");
  }

  @Test
  void bmwsOwnWordThatTheQuotaIsUsedUpCountsWhateverWasCounted() throws Exception {
    String blocked =
        stream("live")
            .replace(
                "\"stream\"",
                "\"quota\":{\"limit\":50,\"used\":7,\"remaining\":0,"
                    + "\"resetsAt\":\"2026-07-28T00:00:00Z\","
                    + "\"blockedUntil\":\"2026-07-28T00:00:00Z\"},\"stream\"");
    assertThat(said(stream("live"), blocked, blocked))
        .containsExactly(
            "CarData: BMW's quota is used up until 2026-07-28 00:00. The bridge waits and goes on by"
                + " itself.");
  }

  @Test
  void aFightIsSaidOnceWhileItGoesOnAndAgainAfterPeace() throws Exception {
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      said.addAll(said(takenOver()));
    }
    assertThat(said).hasSize(1).first().asString().contains("Another client uses the BMW account");
    String last = takenOver();
    for (int i = 0; i < 70; i++) {
      assertThat(said(last)).isEmpty();
    }
    for (int i = 0; i < 4; i++) {
      said.addAll(said(takenOver()));
    }
    assertThat(said).hasSize(2);
  }

  private String takenOver() {
    return account(
        state("authorized") + "," + NEWER.replace("23:50", "23:59"),
        state("live")
            + ",\"lastReason\":{\"code\":142,\"text\":\"…\",\"at\":\""
            + bench.clock.instant()
            + "\"}");
  }

  @Test
  void aFightThatTheStreamItselfFindsIsSaidOnceAndHowSureItIs() throws Exception {
    String sure = found(true);
    assertThat(said(sure, sure))
        .singleElement()
        .asString()
        .contains("Another client uses the BMW account");
    bench.clock.move(Duration.ofMinutes(61));
    assertThat(said(sure, sure)).as("long ago").isEmpty();
    String perhaps = found(false);
    assertThat(said(perhaps, perhaps))
        .singleElement()
        .asString()
        .contains("perhaps another client");
  }

  @Test
  void whoSetsMoreTakeoversHearsOfNoFewer() throws Exception {
    bench = bench("client-fight.times", "5");
    assertThat(said(found(true))).isEmpty();
  }

  private String found(boolean sure) {
    return account(
        state("authorized") + "," + NEWER.replace("2026-07-27T23:50", "2026-07-29T23:59"),
        "\"state\":\"live\",\"otherClient\":{\"sure\":"
            + sure
            + ",\"at\":\""
            + bench.clock.instant()
            + "\"}");
  }

  @Test
  void twoTakeoversAreNoFight() throws Exception {
    assertThat(said(takenOver())).isEmpty();
    assertThat(said(takenOver())).isEmpty();
    bench.clock.move(Duration.ofMinutes(10));
    assertThat(said(takenOver())).isEmpty();
  }

  // ---- High Mobility ------------------------------------------------------------------------

  private static String certificate(String state, String ends, String stream) {
    return "{\"name\":\"fleet\",\"source\":\"highmobility\",\"certificate\":{"
        + state(state)
        + ",\"expiresAt\":\""
        + ends
        + "\"},\"stream\":{"
        + state(stream)
        + "}}";
  }

  @Test
  void aCertificateNeedsNoLoginAndItsEndIsSaidAFewTimes() throws Exception {
    String ends = "2026-09-01T12:00:00Z";
    List<String> said = new ArrayList<>();
    for (int day = 0; day < 40; day++) {
      boolean isOver = bench.clock.instant().compareTo(Instant.parse(ends)) >= 0;
      boolean isSoon = bench.clock.instant().isAfter(Instant.parse("2026-08-04T11:00:00Z"));
      said.addAll(
          said(
              certificate(
                  isOver ? "expired" : isSoon ? "expires-soon" : "valid",
                  ends,
                  isOver ? "refused" : "live")));
      bench.clock.set(Instant.parse("2026-07-27T12:00:00Z").plus(Duration.ofDays(day + 1)));
    }

    assertThat(said.stream().filter(text -> text.contains("certificate ends in"))).hasSize(5);
    assertThat(said.stream().filter(text -> text.contains("certificate has expired"))).hasSize(1);
    assertThat(said).noneMatch(text -> text.contains("login") || text.contains("BMW"));
  }

  @Test
  void aRefusedCertificateAndARivalAreNotBmws() throws Exception {
    bench = bench("cardata.sink.notify.stream-refused.after", "1m");
    String refused = certificate("valid", "2027-01-01T00:00:00Z", "refused");
    String fine = certificate("valid", "2027-01-01T00:00:00Z", "live");

    assertThat(said(refused, refused, refused, fine))
        .hasSize(2)
        .noneMatch(text -> text.contains("BMW"))
        .allMatch(text -> text.contains("High Mobility's data stream"));
  }
}
