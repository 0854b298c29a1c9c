// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.ApiRequest;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.web.PlanStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plan in the whole bridge, against the simulated BMW. */
@Timeout(120)
class RestPlanIT {

  private static final AccountConfig ACCOUNT = AccountConfig.first();

  @TempDir Path dir;

  @Test
  void aFreshDirectoryFetchesEachThingOnceAndARestartNothingAgain() throws Exception {
    try (BridgeUnderTest test = BridgeUnderTest.in(dir)) {
      test.set("cardata.api.url", test.bmw().apiUrl().toString())
          .set("cardata.api.plan", "true")
          .set("cardata.api.tick", "200ms");
      test.store("main", ACCOUNT);

      test.start();
      test.awaitStream("main", "live");
      settled(test);

      Map<String, Long> first = requests(test);
      assertThat(first)
          .allSatisfy((what, count) -> assertThat(count).as(what).isOne())
          .containsKeys(
              "GET /customers/vehicles/mappings",
              "GET /customers/containers",
              "POST /customers/containers");
      for (String vin : ACCOUNT.vins()) {
        assertThat(first)
            .containsKeys(
                "GET /customers/vehicles/" + vin + "/basicData",
                "GET /customers/vehicles/" + vin + "/telematicData",
                "GET /customers/vehicles/" + vin + "/image");
      }
      String status = test.http("GET", "/api/status").body();
      assertThat(status).contains("\"plan\":{\"next\":[").contains("the tyres: not fetched yet");

      test.stop();
      test.start();
      test.awaitStream("main", "live");
      settled(test);

      await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(40))
          .until(() -> requests(test).equals(first));
    }
  }

  /** Waits until the plan has looked, and has nothing to do now. */
  private static void settled(BridgeUnderTest test) {
    test.awaitAccount(
        "main",
        "nothing due",
        account -> {
          PlanStatus plan = account.plan();
          return plan.waits() == null
              && !plan.next().isEmpty()
              && plan.next().stream().allMatch(s -> s.at().isAfter(Instant.now().plusSeconds(60)));
        });
  }

  private static Map<String, Long> requests(BridgeUnderTest test) {
    List<ApiRequest> all = test.bmw().apiRequests();
    return all.stream()
        .collect(
            Collectors.groupingBy(
                r -> r.method() + " " + r.path(), TreeMap::new, Collectors.counting()));
  }
}
