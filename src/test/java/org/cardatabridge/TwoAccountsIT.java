// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.cardatabridge.auth.TokenRefresh;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.Fault;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.Subscriber;
import org.cardatabridge.web.StreamStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two BMW accounts in one process, which share nothing that one could feel of the other. */
class TwoAccountsIT {

  private static final AccountConfig FIRST = AccountConfig.first();
  private static final AccountConfig SECOND = AccountConfig.second();

  @TempDir Path directory;

  @Test
  void twoAccountsLiveSideBySide() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(directory, FIRST, SECOND);
        CapturedLog log = CapturedLog.open()) {
      test.set("cardata.accounts", "main,second")
          .set("cardata.account.second.client-id", SECOND.clientId())
          .bmw(b -> b.pollInterval(Duration.ofSeconds(1)));
      test.start();
      test.awaitAccount("main", "a code", a -> a.login().userCode() != null);
      test.awaitAccount("second", "a code", a -> a.login().userCode() != null);
      assertThat(test.terminal()).hasSize(2);
      assertThat(test.terminal()).anyMatch(text -> text.contains("Log in account second"));

      // Only one is confirmed: the other one waits.
      String code = test.account("second").login().userCode();
      test.bmw().perform("approve", "{\"userCode\":\"" + code + "\"}");
      test.awaitStream("second", "live");
      assertThat(test.account("main").login().state()).isEqualTo("pending");
      assertThat(test.account("main").stream().state()).isEqualTo("login-required");
      assertThat(test.tokenFile("main")).doesNotExist();
      test.approve();
      test.awaitStream("main", "live");

      assertThat(test.tokenFile("main")).isEqualTo(directory.resolve("data/tokens.json"));
      assertThat(test.tokenFile("second"))
          .isEqualTo(directory.resolve("data/accounts/second/tokens.json"));
      assertThat(test.storedTokens("main").path("gcid").asText()).isEqualTo(FIRST.gcid());
      assertThat(test.storedTokens("second").path("gcid").asText()).isEqualTo(SECOND.gcid());
      assertThat(test.storedTokens("main").path("client_id").asText()).isEqualTo(FIRST.clientId());
      assertThat(test.storedTokens("second").path("client_id").asText())
          .isEqualTo(SECOND.clientId());

      Subscriber local = test.local();
      for (int i = 1; i <= 50; i++) {
        test.bmw().publish(FIRST.vins().get(0), "vehicle.vehicle.travelledDistance", i, "km");
        test.bmw()
            .publish(SECOND.vins().get(0), "vehicle.vehicle.travelledDistance", 9000 + i, "km");
      }
      local.awaitOn(BridgeUnderTest.mileage(FIRST), "50");
      local.awaitOn(BridgeUnderTest.mileage(SECOND), "9050");
      assertThat(local.live(BridgeUnderTest.mileage(FIRST)))
          .allSatisfy(value -> assertThat(Integer.parseInt(value)).isBetween(1, 50));
      assertThat(local.live(BridgeUnderTest.mileage(SECOND)))
          .allSatisfy(value -> assertThat(Integer.parseInt(value)).isBetween(9001, 9050));
      assertThat(test.status().vehicles())
          .extracting(vehicle -> vehicle.vin() + " " + vehicle.account())
          .containsExactlyInAnyOrder(
              FIRST.vins().get(0) + " main", SECOND.vins().get(0) + " second");
      assertThat(test.account("main").stream().messages()).isEqualTo(50);
      assertThat(test.account("second").stream().messages()).isEqualTo(50);
      assertThat(log.warnings()).isEmpty();

      aFailingAccountHarmsNobody(test, log);
    }
  }

  private static void aFailingAccountHarmsNobody(BridgeUnderTest test, CapturedLog log)
      throws Exception {
    StreamStatus before = test.account("main").stream();
    String tokens = test.storedTokens("main").toString();

    // It loses its login, its session, and may not connect again.
    test.bmw().killRefreshTokens(SECOND.clientId());
    test.bmw().fault(Place.CONNECT, Fault.code(135), 20, SECOND.clientId());
    test.bridge().part("refresh-second", TokenRefresh.class).force("the test asks for it");
    test.awaitLogin("second", "login-required");
    test.bmw().disconnect(SECOND.gcid(), 151);
    test.awaitStream("second", "login-required");

    test.proveFlow(FIRST, 7777);
    StreamStatus after = test.account("main").stream();
    assertThat(after.state()).isEqualTo("live");
    assertThat(after.since()).isEqualTo(before.since());
    assertThat(after.reconnects()).isEqualTo(before.reconnects());
    assertThat(after.lastReason()).isEqualTo(before.lastReason());
    assertThat(test.account("main").login().state()).isEqualTo("authorized");
    assertThat(test.account("main").login().message()).isNull();
    assertThat(test.storedTokens("main")).hasToString(tokens);
    assertThat(test.bmw().mostOpenSessions(FIRST.gcid())).isEqualTo(1);
    assertThat(log.warnings()).isNotEmpty().allMatch(line -> line.contains("second"));
    assertThat(List.of(test.http("GET", "/observe/health/live").statusCode())).containsExactly(200);
  }
}
