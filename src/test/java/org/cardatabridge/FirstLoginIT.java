// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bridge that has no tokens yet, from its start to the first value on a local topic. */
class FirstLoginIT {

  private static final AccountConfig BMW = AccountConfig.first();

  /** Longer than any pause after which a second login could begin by itself. */
  private static final Duration WATCHED = Duration.ofSeconds(3);

  @TempDir Path directory;
  private BridgeUnderTest test;

  @BeforeEach
  void make() throws Exception {
    test = BridgeUnderTest.in(directory);
    test.bmw(b -> b.pollInterval(Duration.ofSeconds(1)));
  }

  @AfterEach
  void end() throws Exception {
    test.close();
  }

  private void staysAtOneLogin() {
    await("no second login by itself")
        .during(WATCHED)
        .atMost(WATCHED.plusSeconds(37))
        .until(() -> test.requests(BMW, Place.DEVICE_CODE) == 1);
  }

  @Test
  void oneLoginBeginsByItselfAndOnceConfirmedValuesFlow() throws Exception {
    try (CapturedLog log = CapturedLog.open()) {
      Map<String, String> streamWhenHidden = new ConcurrentHashMap<>();
      test.onHide(
              secret ->
                  streamWhenHidden.put(
                      secret, test.bridge() == null ? "" : test.account("main").stream().state()))
          .start();
      test.awaitAccount("main", "a code", a -> a.login().userCode() != null);
      String code = test.bmw().waitingCodes().get(0);

      assertThat(test.account("main").login().userCode()).isEqualTo(code);
      assertThat(test.terminal())
          .singleElement()
          .satisfies(
              shown ->
                  assertThat(shown)
                      .contains(
                          "Log in account main", "Type  " + code, "/oneid/link", "is valid for ")
                      .containsPattern("[▀▄█]{10}"));

      test.approve();
      test.awaitLogin("main", "authorized");
      test.awaitStream("main", "live");
      test.proveFlow(BMW, 81_623);

      assertThat(Files.getPosixFilePermissions(test.tokenFile("main")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(test.storedTokens("main").path("gcid").asText()).isEqualTo(BMW.gcid());
      assertThat(test.account("main").login().userCode()).isNull();
      assertThat(test.account("main").login().missingScopes()).isEmpty();
      assertThat(log.lines("Logged in: account main")).hasSize(1);
      assertThat(log.lines(code)).as("the code is for the terminal alone").isEmpty();
      assertThat(log.warnings()).isEmpty();
      assertThat(test.requests(BMW, Place.DEVICE_CODE)).isEqualTo(1);
      for (String key : List.of("gcid", "id_token", "access_token", "refresh_token")) {
        assertThat(streamWhenHidden.get(test.storedTokens("main").path(key).asText()))
            .as("the stream when the log learned to hide %s", key)
            .isEqualTo("login-required");
      }
      assertThat(streamWhenHidden).as("the car is hidden too").containsKey(BMW.vins().get(0));
    }
  }

  @Test
  void aScopeThatBmwDidNotGrantIsNamed() throws Exception {
    test.bmw().perform("services", "{\"streaming\":false}");
    try (CapturedLog log = CapturedLog.open()) {
      test.start();
      test.approve();
      test.awaitLogin("main", "authorized");
      assertThat(test.account("main").login().missingScopes())
          .containsExactly("cardata:streaming:read");
      assertThat(test.account("main").login().message())
          .contains("lacks the scope cardata:streaming:read", "in BMW's portal");
      await("it is said").untilAsserted(() -> assertThat(log.lines("lacks the scope")).hasSize(1));
    }
  }

  @Test
  void aDeniedLoginIsShownOnceAndNoOtherBeginsByItself() throws Exception {
    try (CapturedLog log = CapturedLog.open()) {
      test.start();
      test.awaitAccount("main", "a code", a -> a.login().userCode() != null);
      test.bmw().deny();

      test.awaitLogin("main", "refused");
      assertThat(test.account("main").login().message()).contains("you refused", "log in again");
      assertThat(test.account("main").stream().state()).isEqualTo("login-required");
      staysAtOneLogin();
      assertThat(log.warnings()).singleElement().asString().contains("you refused");
      assertThat(test.tokenFile("main")).doesNotExist();
    }
    // The user may change his mind.
    test.bridge().login("main").begin();
    test.awaitAccount("main", "another code", a -> a.login().userCode() != null);
    test.approve();
    test.awaitLogin("main", "authorized");
    test.awaitStream("main", "live");
    test.proveFlow(BMW, 81_624);
  }

  @Test
  void aCodeThatNobodyConfirmsDiesAndThePageBeginsAnother() throws Exception {
    test.bmw(b -> b.deviceCodeLife(Duration.ofSeconds(5)));
    try (CapturedLog log = CapturedLog.open()) {
      test.start();
      test.awaitAccount("main", "a code", a -> a.login().userCode() != null);
      test.awaitLogin("main", "login-required");
      // Our own clock or BMW's answer, whichever is first.
      assertThat(test.account("main").login().message())
          .containsAnyOf("not confirmed in time", "expired_token")
          .contains("log in again");
      staysAtOneLogin();
      assertThat(log.warnings()).singleElement().asString().contains("log in again");
    }
    assertThat(test.http("GET", "/observe/health/live").statusCode()).isEqualTo(200);
    assertThat(test.http("GET", "/nothing").statusCode()).as("all routes are there").isEqualTo(404);
    assertThat(test.http("GET", "/observe/health/ready").statusCode()).isEqualTo(503);

    test.bmw(b -> b.deviceCodeLife(Duration.ofSeconds(300)));
    assertThat(test.http("POST", "/api/login", "Origin", "https://elsewhere.example").statusCode())
        .isEqualTo(403);
    assertThat(test.http("POST", "/api/login", "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(test.requests(BMW, Place.DEVICE_CODE)).isEqualTo(1);
    assertThat(test.http("POST", "/api/login?account=nobody").statusCode()).isEqualTo(404);

    String own = "http://127.0.0.1:" + test.bridge().httpPort();
    HttpResponse<String> begun = test.http("POST", "/api/login?account=main", "Origin", own);
    assertThat(begun.statusCode()).isEqualTo(200);
    assertThat(new ObjectMapper().readTree(begun.body()).path("state").asText())
        .isEqualTo("pending");
    test.awaitAccount("main", "a code", a -> a.login().userCode() != null);
    assertThat(
            new ObjectMapper()
                .readTree(test.http("GET", "/api/login").body())
                .path("userCode")
                .asText())
        .isEqualTo(test.bmw().waitingCodes().get(0));
    test.approve();
    test.awaitStream("main", "live");
    assertThat(test.http("GET", "/observe/health/ready").statusCode()).isEqualTo(200);
    assertThat(test.http("GET", "/api/status").body())
        .doesNotContain(BMW.gcid(), test.storedTokens("main").path("refresh_token").asText());
  }
}
