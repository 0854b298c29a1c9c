// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.api.Purpose;
import org.cardatabridge.api.RestCall;
import org.cardatabridge.api.RestReply;
import org.cardatabridge.api.RestVerdict;
import org.cardatabridge.simulator.Behaviour;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole bridge's calls to the simulated BMW; nothing asks by itself here. */
class RestGateIT {

  @TempDir Path dir;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private StreamBench bench;

  @BeforeEach
  void open() throws Exception {
    Path routes = Files.createDirectory(dir.resolve("routes"));
    for (String file :
        List.of("errors", "flatten", "auth-http", "auth-refresh", "rest-call", "web")) {
      Files.copy(Path.of("routes", file + ".camel.yaml"), routes.resolve(file + ".camel.yaml"));
    }
    bench = new StreamBench(dir, 1, Behaviour.likeBmw());
    bench.set("routes.dir", routes.toString());
    bench.set("api.url", bench.simulator().apiUrl().toString());
    bench.logIn(0, Duration.ofHours(1)).start();
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    bench.close();
  }

  private String clientId() {
    return bench.settings().get("cardata.account." + bench.name(0) + ".client-id");
  }

  private RestReply ask(String path) {
    return bench
        .camel()
        .createFluentProducerTemplate()
        .to("direct:rest-call-" + bench.name(0))
        .withBody(
            new RestCall(
                bench.name(0), Purpose.REQUEST, "GET", path, Map.of(), null, "application/json"))
        .request(RestReply.class);
  }

  private RestReply ask() {
    return ask("/customers/vehicles/mappings");
  }

  private JsonNode account() {
    return bench.status().path("accounts").path(0);
  }

  @Test
  void severalCallsWithAnExpiredTokenLeadToOneRefreshAndAllSucceed() throws Exception {
    assertThat(ask().isOk()).isTrue();
    bench.simulator().expireAccessTokens(clientId());
    long before = bench.refreshes(0);
    List<CompletableFuture<RestReply>> asked = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      asked.add(CompletableFuture.supplyAsync(this::ask, threads));
    }
    for (CompletableFuture<RestReply> one : asked) {
      assertThat(one.get(40, TimeUnit.SECONDS).verdict()).isEqualTo(RestVerdict.OK);
    }
    assertThat(bench.refreshes(0) - before).isEqualTo(1);
    // The one before, and five that were tried twice.
    assertThat(bench.simulator().apiRequests()).hasSize(11);
    JsonNode quota = account().path("quota");
    assertThat(quota.path("used").asInt()).isEqualTo(11);
    assertThat(quota.path("remaining").asInt()).isEqualTo(39);
    assertThat(account().path("calls")).hasSize(11);
  }

  @Test
  void whenBmwSaysThatAllCallsAreUsedNothingIsAskedAnyMoreAlsoAfterARestart() throws Exception {
    Instant begun = Instant.now();
    assertThat(ask().isOk()).isTrue();
    bench.simulator().useApiCalls(clientId(), 50);
    assertThat(ask().verdict().kind()).isEqualTo(RestVerdict.Kind.QUOTA);
    int requests = bench.simulator().apiRequests().size();
    bench.stop();
    bench.start();
    RestReply reply = ask();
    assertThat(reply.verdict().kind()).isEqualTo(RestVerdict.Kind.QUOTA);
    assertThat(reply.verdict().sentence()).contains("BMW said");
    assertThat(bench.simulator().apiRequests()).hasSize(requests);
    JsonNode account = account();
    assertThat(account.path("quota").path("remaining").asInt()).isZero();
    assertThat(account.path("quota").path("used").asInt()).isEqualTo(2);
    // Midnight UTC; shortly before it a quarter of an hour from then.
    Instant midnight = begun.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    Instant until = Instant.parse(account.path("quota").path("blockedUntil").asText());
    if (begun.plus(Duration.ofMinutes(20)).isBefore(midnight)) {
      assertThat(until).isEqualTo(midnight);
    } else {
      assertThat(until).isAfter(begun.plus(Duration.ofMinutes(14)));
      assertThat(until).isBefore(begun.plus(Duration.ofHours(25)));
    }
    JsonNode last = account.path("calls").path(0);
    assertThat(last.path("status").asInt()).isEqualTo(403);
    assertThat(last.path("errorId").asText()).isEqualTo("CU-429");
    assertThat(last.path("error").asText()).contains(" — ");
    assertThat(bench.get("/api/status").body()).doesNotContain("Bearer");
  }

  @Test
  void aForeignVehicleIsToldInASentence() {
    RestReply reply = ask("/customers/vehicles/WBY00BENCH9999999/basicData");
    assertThat(reply.verdict().kind()).isEqualTo(RestVerdict.Kind.VEHICLE);
    assertThat(reply.errorId()).isEqualTo("CU-104");
    assertThat(reply.verdict().sentence()).contains("…9999").doesNotContain("WBY00BENCH9999999");
  }
}
