// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cardatabridge.simulator.HttpApi.VIN;
import static org.cardatabridge.simulator.HttpApi.of;
import static org.cardatabridge.simulator.HttpApi.outcome;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.cardatabridge.testing.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daily limit of cardata-protocol.md, section 4.8, in both readings. */
class ApiQuotaTest {

  private static final String MAPPINGS = "/customers/vehicles/mappings";

  @TempDir Path directory;

  private final SetClock clock = new SetClock(Instant.parse("2026-07-01T20:00:00Z"));
  private final AccountConfig account = AccountConfig.first();
  private Simulator simulator;
  private HttpApi api;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .withAccounts(account, AccountConfig.second())
                .withBehaviour(Behaviour.likeBmw().accessTokenLife(Duration.ofDays(9)))
                .withClock(clock));
    api = new HttpApi(simulator);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private void use(int calls) throws Exception {
    for (int i = 0; i < calls; i++) {
      assertThat(outcome(api.get(MAPPINGS))).isEqualTo("200");
    }
  }

  private JsonObject quota() {
    return new JsonObject(simulator.perform("quota", "{}"));
  }

  @Test
  void fiftyCallsAreAnsweredAndTheNextIs403WithCu429() throws Exception {
    use(50);
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("403 CU-429");
    assertThat(outcome(api.get(of(VIN, "image")))).isEqualTo("403 CU-429");
    assertThat(quota().getInteger("used")).isEqualTo(50);
    assertThat(simulator.apiRequests()).hasSize(52);
    assertThat(simulator.apiRequests().get(51).errorId()).isEqualTo("CU-429");
  }

  @Test
  void anAccountHasItsOwn() throws Exception {
    simulator.useApiCalls(account.clientId(), 50);
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("403 CU-429");
    assertThat(outcome(new HttpApi(simulator, AccountConfig.second()).get(MAPPINGS)))
        .isEqualTo("200");
  }

  @Test
  void errorsCountAndSoDoesAnExpiredToken() throws Exception {
    api.get(of("X", "basicData"));
    api.get(of(VIN, "nothing"));
    api.get(MAPPINGS, "x-version", "");
    api.post("/customers/containers", "no json");
    assertThat(quota().getInteger("used")).isEqualTo(4);
    simulator.expireAccessTokens(account.clientId());
    api.get(MAPPINGS);
    assertThat(quota().getInteger("used")).isEqualTo(5);
    api.with("unknown").get(MAPPINGS);
    assertThat(quota().getInteger("used")).isEqualTo(5);
  }

  @Test
  void anExpiredTokenIsSaidBeforeTheLimit() throws Exception {
    simulator.useApiCalls(account.clientId(), 50);
    simulator.expireAccessTokens(account.clientId());
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("401 CU-102");
  }

  @Test
  void rollingEachCallIsForgottenAfter24Hours() throws Exception {
    use(20);
    clock.move(Duration.ofHours(6));
    use(30);
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("403 CU-429");
    assertThat(quota().getString("resetsAt")).isEqualTo("2026-07-02T20:00:00Z");
    clock.move(Duration.ofHours(18).minusSeconds(1));
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("403 CU-429");
    clock.move(Duration.ofSeconds(1));
    assertThat(quota().getInteger("used")).isEqualTo(30);
    use(20);
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("403 CU-429");
  }

  @Test
  void atMidnightAllAreForgotten() throws Exception {
    simulator.change(b -> b.api(b.api().withReset(ApiRules.Reset.MIDNIGHT)));
    use(50);
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("403 CU-429");
    assertThat(quota().getString("resetsAt")).isEqualTo("2026-07-02T00:00:00Z");
    clock.move(Duration.ofHours(4).minusSeconds(1));
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("403 CU-429");
    clock.move(Duration.ofSeconds(1));
    assertThat(quota().getInteger("used")).isZero();
    use(50);
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("403 CU-429");
  }

  @Test
  void limitUsedCallsAndStatusCanBeSet() throws Exception {
    simulator.perform("quota", "{\"limit\":3,\"used\":2}");
    use(1);
    simulator.perform("settings", "{\"api-quota-status\":429}");
    assertThat(outcome(api.get(MAPPINGS))).isEqualTo("429 CU-429");
    simulator.change(b -> b.api(b.api().withLimit(4)));
    use(1);
    simulator.useApiCalls(account.clientId(), 0);
    assertThat(simulator.apiCallsUsed(account.clientId())).isZero();
  }
}
