// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.LoginRequest;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bridge that finds tokens when it starts: its own, old ones, and those of the Python bridge. */
class StoredTokensIT {

  private static final AccountConfig FIRST = AccountConfig.first();
  private static final AccountConfig SECOND = AccountConfig.second();
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @Test
  void aRestartNeedsNoLoginAndNoRefresh() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(directory);
        CapturedLog log = CapturedLog.open()) {
      JsonNode stored = test.store("main", FIRST);
      for (long start = 1; start <= 2; start++) {
        test.start();
        test.awaitStream("main", "live");
        test.proveFlow(FIRST, 1000 * start);
        test.stop();
        assertThat(test.bmw().openSessions(FIRST.gcid())).isZero();
      }
      assertThat(test.requests(FIRST, Place.values())).as("requests to the login").isZero();
      assertThat(test.terminal()).isEmpty();
      assertThat(test.storedTokens("main")).isEqualTo(stored);
      assertThat(log.warnings()).isEmpty();
      assertThat(test.bmw().sessionLog())
          .extracting(SessionEvent::kind)
          .as("an orderly goodbye at each end")
          .filteredOn(SessionEvent.Kind::isEnd)
          .containsExactly(
              SessionEvent.Kind.CLIENT_DISCONNECT, SessionEvent.Kind.CLIENT_DISCONNECT);
    }
  }

  /** One account by the rule of two thirds, one by refresh-before: both of tokens of 6 s. */
  @Test
  void tokensAreRenewedAheadOfTheirEndAndTheOldOnesKeptAside() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(directory, FIRST, SECOND);
        CapturedLog log = CapturedLog.open()) {
      test.set("cardata.accounts", "main,second")
          .set("cardata.account.second.client-id", SECOND.clientId())
          .set("cardata.account.second.auth.refresh-before", "2s")
          .bmw(b -> b.idTokenLife(Duration.ofSeconds(9)).accessTokenLife(Duration.ofSeconds(9)));
      JsonNode first = test.store("main", FIRST);
      JsonNode second = test.store("second", SECOND);
      test.start();
      await("refreshes of both")
          .atMost(BridgeUnderTest.PATIENCE)
          .until(
              () ->
                  test.requests(FIRST, Place.REFRESH) >= 2
                      && test.requests(SECOND, Place.REFRESH) >= 1);
      test.awaitStream("main", "live");
      test.proveFlow(FIRST, 4711);

      // A tick is a second, and this machine may be busy.
      assertThat(untilRefresh(test, FIRST, first)).isBetween(6_000L, 8_900L);
      assertThat(untilRefresh(test, SECOND, second)).isBetween(7_000L, 8_990L);
      assertThat(test.requests(FIRST, Place.DEVICE_CODE, Place.POLL)).isZero();
      assertThat(test.storedTokens("main").path("refresh_token"))
          .as("the refresh token rotates")
          .isNotEqualTo(first.path("refresh_token"));
      for (String account : List.of("main", "second")) {
        Path file = test.tokenFile(account);
        Path backup = file.resolveSibling("tokens.json.bak");
        assertThat(JSON.readTree(backup.toFile()).path("refresh_token").asText())
            .isNotEmpty()
            .isNotEqualTo(test.storedTokens(account).path("refresh_token").asText());
        for (Path each : List.of(file, backup)) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
              .as(each.toString())
              .isEqualTo("rw-------");
        }
      }
      assertThat(test.bmw().sessionLog())
          .extracting(SessionEvent::kind)
          .as("no session lived until BMW ended it")
          .doesNotContain(SessionEvent.Kind.EXPIRED, SessionEvent.Kind.REFUSED);
      assertThat(log.warnings()).isEmpty();
    }
  }

  private static long untilRefresh(BridgeUnderTest test, AccountConfig account, JsonNode stored) {
    Instant at =
        test.bmw().requests().stream()
            .filter(r -> r.clientId().equals(account.clientId()))
            .map(LoginRequest::at)
            .findFirst()
            .orElseThrow();
    Instant obtained = Instant.parse(stored.path("obtained_at").asText());
    return Duration.between(obtained, at).toMillis();
  }

  @Test
  void afterALongPauseOneRefreshBringsTheStreamBack() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(directory);
        CapturedLog log = CapturedLog.open()) {
      age(test, Duration.ofDays(3));
      test.start();
      test.awaitStream("main", "live");
      test.proveFlow(FIRST, 1);
      assertThat(test.requests(FIRST, Place.values())).isEqualTo(1);
      assertThat(test.requests(FIRST, Place.REFRESH)).isEqualTo(1);
      assertThat(log.warnings()).isEmpty();
    }
  }

  @Test
  void tokensThatTheBrokerRefusesAreRenewedOnceAtOnce() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(directory)) {
      test.store("main", FIRST);
      test.bmw().refuseTokens(FIRST.clientId());
      test.start();
      test.awaitStream("main", "live");
      test.proveFlow(FIRST, 2);
      assertThat(test.requests(FIRST, Place.values())).isEqualTo(1);
      assertThat(test.requests(FIRST, Place.REFRESH)).isEqualTo(1);
    }
  }

  @Test
  void aDeadRefreshTokenIsSaidOnceAndNoLoginBeginsByItself() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(directory);
        CapturedLog log = CapturedLog.open()) {
      age(test, Duration.ofDays(20));
      JsonNode stored = test.storedTokens("main");
      test.bmw().killRefreshTokens(FIRST.clientId());
      test.bmw(b -> b.pollInterval(Duration.ofSeconds(1)));
      test.start();
      test.awaitLogin("main", "login-required");
      test.awaitStream("main", "login-required");
      await("nothing more is asked")
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(40))
          .until(() -> test.requests(FIRST, Place.values()) == 1);
      assertThat(log.warnings()).singleElement().asString().contains("has ended", "log in again");
      assertThat(test.terminal()).isEmpty();
      assertThat(test.storedTokens("main")).isEqualTo(stored);
      assertThat(test.http("GET", "/observe/health/ready").statusCode()).isEqualTo(503);

      assertThat(test.http("POST", "/api/login").statusCode()).isEqualTo(200);
      test.approve();
      test.awaitStream("main", "live");
      test.proveFlow(FIRST, 3);
      assertThat(test.account("main").login().message()).isNull();
    }
  }

  @Test
  void theTokensOfThePythonBridgeAreTakenOverOnce() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(directory);
        CapturedLog log = CapturedLog.open()) {
      JsonNode answer = JSON.readTree(test.bmw().tokens(FIRST.clientId()));
      ObjectNode older = JSON.createObjectNode();
      older.put("gcid", FIRST.gcid());
      older.put("scope", answer.path("scope").asText());
      older.putObject("access_token").put("token", "A0old").put("expires_at", "2026-01-01T00:00");
      older.putObject("id_token").put("token", "I0old").put("expires_at", "2026-01-01T00:00");
      older.putObject("refresh_token").put("token", answer.path("refresh_token").asText());
      Path file = directory.resolve("bmw_tokens.json");
      JSON.writeValue(file.toFile(), older);
      byte[] before = Files.readAllBytes(file);

      test.start();
      test.awaitStream("main", "live");
      test.proveFlow(FIRST, 5);
      assertThat(test.requests(FIRST, Place.DEVICE_CODE, Place.POLL)).isZero();
      assertThat(test.requests(FIRST, Place.REFRESH)).isEqualTo(1);
      assertThat(log.warnings()).singleElement().asString().contains("stop the old bridge");
      assertThat(test.storedTokens("main").path("refresh_token"))
          .isNotEqualTo(answer.path("refresh_token"));
      assertThat(Files.readAllBytes(file)).isEqualTo(before);

      test.stop();
      test.start();
      test.awaitStream("main", "live");
      assertThat(test.requests(FIRST, Place.values())).as("taken over once").isEqualTo(1);
    }
  }

  /** Tokens as they stand in the file of a bridge that was off for so long. */
  private static void age(BridgeUnderTest test, Duration off) throws Exception {
    ObjectNode file = (ObjectNode) test.store("main", FIRST);
    Instant then = Instant.now().minus(off);
    file.put("obtained_at", then.toString());
    file.put("expires_at", then.plusSeconds(3600).toString());
    file.put("refresh_expires_at", then.plus(Duration.ofDays(14)).toString());
    JSON.writeValue(test.tokenFile("main").toFile(), file);
  }
}
