// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.api.GateBench.Reply;
import org.cardatabridge.testing.CapturedLog;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The shipped route against a server that answers what it was told. */
class RestCallRouteTest {

  @TempDir Path data;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private GateBench bench;

  @BeforeEach
  void open() throws Exception {
    bench = new GateBench(data);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    bench.close();
  }

  @Test
  void asksBmwWithTokenVersionAndLanguageAndBringsWhatCame() throws Exception {
    bench.settings.put("cardata.api.accept-language", "de");
    bench.start();
    bench.replies.add(Reply.json(200, "[{\"vin\":\"WBY00TEST00000001\"}]"));

    RestReply reply =
        bench.ask(
            new RestCall(
                "main",
                Purpose.ROUTINE,
                "GET",
                "/customers/vehicles/WBY00TEST00000001/telematicData",
                Map.of("containerId", "C0 &X", "b", "ü"),
                null,
                "application/json"));

    assertThat(reply.verdict()).isEqualTo(RestVerdict.OK);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.contentType()).isEqualTo("application/json");
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("WBY00TEST00000001");
    assertThat(bench.requests).hasSize(1);
    GateBench.Request request = bench.requests.get(0);
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.uri())
        .isEqualTo(
            "/customers/vehicles/WBY00TEST00000001/telematicData?b=%C3%BC&containerId=C0%20%26X");
    assertThat(request.headers())
        .containsEntry("Authorization", "Bearer ACCESS-SECRET-1")
        .containsEntry("X-version", "v1")
        .containsEntry("Accept-language", "de")
        .containsEntry("Accept", "application/json")
        .doesNotContainKeys("X-visitor", "Cookie", "Content-type");
    assertThat(bench.gate.quotaNow().used()).isEqualTo(1);
    CallEntry entry = bench.gate.calls(20).get(0);
    assertThat(entry.status()).isEqualTo(200);
    assertThat(entry.path()).isEqualTo("/customers/vehicles/…0001/telematicData");
    assertThat(bench.gate.totals()).isEqualTo(Map.of("2xx", 1L));
  }

  @Test
  void sendsJsonAndDeletes() throws Exception {
    bench.start();
    bench.replies.add(Reply.json(201, "{\"containerId\":\"C1\"}"));
    bench.replies.add(new Reply(204, new byte[0], Map.of()));

    RestReply created =
        bench.ask(
            new RestCall(
                "main",
                Purpose.REQUEST,
                "POST",
                "/customers/containers",
                Map.of(),
                "{\"name\":\"ü\"}",
                "application/json"));
    RestReply deleted =
        bench.ask(
            new RestCall(
                "main",
                Purpose.REQUEST,
                "DELETE",
                "/customers/containers/C1",
                Map.of(),
                null,
                "application/json"));

    assertThat(created.isOk()).isTrue();
    assertThat(deleted.isOk()).isTrue();
    assertThat(bench.requests.get(0).method()).isEqualTo("POST");
    assertThat(bench.requests.get(0).body()).isEqualTo("{\"name\":\"ü\"}");
    assertThat(bench.requests.get(0).headers().get("Content-type")).startsWith("application/json");
    assertThat(bench.requests.get(1).method()).isEqualTo("DELETE");
    assertThat(bench.requests.get(1).uri()).isEqualTo("/customers/containers/C1");
  }

  @Test
  void aRefusedTokenIsRenewedOnceAndTheCallMadeOnceMore() throws Exception {
    bench.start();
    bench.replies.add(Reply.error(401, "CU-102"));
    bench.onRefresh = () -> bench.token("2", GateBench.SCOPES);

    RestReply reply = bench.ask();

    assertThat(reply.isOk()).isTrue();
    assertThat(bench.refreshes).hasValue(1);
    assertThat(bench.requests)
        .extracting(r -> r.headers().get("Authorization"))
        .containsExactly("Bearer ACCESS-SECRET-1", "Bearer ACCESS-SECRET-2");
    assertThat(bench.gate.quotaNow().used()).as("each costs a place").isEqualTo(2);
  }

  @Test
  void aTokenThatHasExpiredIsRenewedBeforeItCostsACall() throws Exception {
    bench.start();
    bench.clock.move(Duration.between(bench.clock.instant(), bench.expires));
    RestReply without = bench.ask();
    assertThat(without.verdict().kind()).isEqualTo(RestVerdict.Kind.LATER);
    assertThat(without.verdict().sentence()).contains("expired", " — ");
    assertThat(bench.requests).isEmpty();
    assertThat(bench.gate.quotaNow().used()).isZero();

    bench.onRefresh =
        () -> {
          bench.expires = bench.expires.plusSeconds(3600);
          bench.token("2", GateBench.SCOPES);
        };
    assertThat(bench.ask().isOk()).isTrue();
    assertThat(bench.refreshes).hasValue(2);
    assertThat(bench.requests)
        .extracting(r -> r.headers().get("Authorization"))
        .containsExactly("Bearer ACCESS-SECRET-2");
    assertThat(bench.gate.quotaNow().used()).isEqualTo(1);
  }

  @Test
  void aTokenThatIsRefusedAgainIsNotTriedAThirdTime() throws Exception {
    bench.start();
    bench.replies.add(Reply.error(401, "CU-101"));
    bench.replies.add(Reply.error(401, "CU-101"));
    bench.onRefresh = () -> bench.token("2", GateBench.SCOPES);

    RestReply reply = bench.ask();

    assertThat(reply.verdict().kind()).isEqualTo(RestVerdict.Kind.TOKEN);
    assertThat(reply.verdict().sentence()).contains("log in again");
    assertThat(bench.requests).hasSize(2);
    assertThat(bench.refreshes).hasValue(1);
  }

  @Test
  void withoutANewTokenTheCallIsNotMadeAgain() throws Exception {
    bench.start();
    bench.replies.add(Reply.error(401, "CU-100"));

    assertThat(bench.ask().verdict().kind()).isEqualTo(RestVerdict.Kind.TOKEN);
    assertThat(bench.requests).hasSize(1);
  }

  @Test
  void aTokenThatSomebodyElseRenewedMeanwhileIsUsedWithoutAnotherRefresh() throws Exception {
    bench.start();
    bench.replies.add(Reply.error(401, "CU-102"));
    bench.meanwhile = () -> bench.token("2", GateBench.SCOPES);

    assertThat(bench.ask().isOk()).isTrue();
    assertThat(bench.refreshes).hasValue(0);
  }

  @Test
  void severalCallsWaitForARefreshThatIsUnderWay() throws Exception {
    bench.settings.put("cardata.api.reserve", "0");
    bench.start();
    for (int i = 0; i < 4; i++) {
      bench.replies.add(Reply.error(401, "CU-102"));
    }
    bench.isAwaited = true;
    List<CompletableFuture<RestReply>> asked = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      asked.add(CompletableFuture.supplyAsync(bench::ask, threads));
    }
    await().atMost(40, TimeUnit.SECONDS).until(() -> bench.refreshes.get() == 4);
    assertThat(asked).noneMatch(CompletableFuture::isDone);
    bench.token("2", GateBench.SCOPES);
    bench.gate.tokensChanged();
    for (CompletableFuture<RestReply> one : asked) {
      assertThat(one).succeedsWithin(Duration.ofSeconds(40)).matches(RestReply::isOk);
    }
    assertThat(bench.requests).hasSize(8);
  }

  @Test
  void withoutALoginOrItsScopeNoCallIsMadeAndNoPlaceTaken() throws Exception {
    bench.start();
    bench.tokens.set(null);
    RestReply none = bench.ask();
    bench.token("1", "openid cardata:streaming:read");
    RestReply scope = bench.ask();

    assertThat(none.verdict().kind()).isEqualTo(RestVerdict.Kind.LOGIN);
    assertThat(none.verdict().sentence()).contains("log in");
    assertThat(scope.verdict().kind()).isEqualTo(RestVerdict.Kind.LOGIN);
    assertThat(scope.verdict().sentence()).contains("cardata:api:read", "log in again");
    assertThat(bench.requests).isEmpty();
    assertThat(bench.gate.quotaNow().used()).isZero();
    assertThat(bench.gate.totals()).isEmpty();
  }

  @Test
  void aRouteOfOnesOwnMayAskWithAPath() throws Exception {
    bench.start();
    RestReply reply =
        bench
            .context()
            .createFluentProducerTemplate()
            .to("direct:rest-call-main")
            .withBody("/customers/vehicles/mappings")
            .request(RestReply.class);
    assertThat(reply.isOk()).isTrue();
    assertThat(bench.gate.calls(1).get(0).purpose()).isEqualTo("routine");
  }

  @Test
  void switchedOffItAsksNothing() throws Exception {
    bench.settings.put("cardata.api.enabled", "false");
    bench.start();
    assertThat(bench.ask().verdict().sentence()).contains("cardata.api.enabled=true");
    assertThat(bench.requests).isEmpty();
    assertThat(data.resolve("journal.db")).doesNotExist();
  }

  @Test
  void after403WithCu429NothingIsAskedUntilMidnight() throws Exception {
    bench.start();
    bench.replies.add(Reply.error(403, "CU-429"));
    RestReply first = bench.ask();
    RestReply second = bench.ask(GateBench.call(Purpose.REQUEST));
    assertThat(first.verdict().kind()).isEqualTo(RestVerdict.Kind.QUOTA);
    assertThat(first.errorId()).isEqualTo("CU-429");
    assertThat(second.verdict().kind()).isEqualTo(RestVerdict.Kind.QUOTA);
    assertThat(second.status()).isZero();
    assertThat(second.verdict().retryAfter()).isEqualTo(Duration.ofHours(12));
    assertThat(bench.refreshes).as("it is no matter of the token").hasValue(0);
    assertThat(bench.requests).hasSize(1);
    assertThat(bench.gate.quotaNow().blockedUntil()).isEqualTo("2026-11-22T00:00:00Z");
    bench.clock.move(Duration.ofHours(12));
    assertThat(bench.ask().isOk()).isTrue();
  }

  @Test
  void aRedirectIsNotFollowedWithItsToken() throws Exception {
    bench.start();
    bench.replies.add(
        new Reply(302, new byte[0], Map.of("Location", bench.settings.get("cardata.api.url"))));
    RestReply reply = bench.ask();
    assertThat(reply.verdict().kind()).isEqualTo(RestVerdict.Kind.LATER);
    assertThat(reply.verdict().sentence()).contains("another address");
    assertThat(bench.requests).hasSize(1);
  }

  @Test
  void anAnswerWithoutAnEndIsCutAndRefused() throws Exception {
    bench.start();
    byte[] large = new byte[12 << 20];
    Arrays.fill(large, (byte) '[');
    bench.replies.add(new Reply(200, large, Map.of("Content-Type", "application/json")));
    RestReply reply = bench.ask();
    assertThat(reply.verdict().kind()).isEqualTo(RestVerdict.Kind.LATER);
    assertThat(reply.verdict().sentence()).contains("too large");
    assertThat(reply.body().length).isLessThanOrEqualTo((10 << 20) + 1);
  }

  @Test
  void whatNeverReachedBmwGivesItsPlaceBackAndABrokenAnswerDoesNot() throws Exception {
    bench.start();
    bench.replies.add(new Reply(0, null, Map.of()));
    RestReply broken = bench.ask();
    assertThat(broken.verdict().kind()).isEqualTo(RestVerdict.Kind.LATER);
    assertThat(broken.status()).isZero();
    assertThat(bench.gate.quotaNow().used()).isEqualTo(1);
    bench.stopServer();
    RestReply away = bench.ask();
    assertThat(away.verdict().sentence()).contains("does not accept the connection");
    assertThat(bench.gate.quotaNow().used()).isEqualTo(1);
    assertThat(bench.gate.totals()).isEqualTo(Map.of("none", 2L));
  }

  @Test
  void noSecretAndNoVinIsInWhatItShows() throws Exception {
    bench.start();
    bench.replies.add(
        Reply.json(
            400,
            "{\"exveErrorId\":\"CU-400\",\"exveErrorMsg\":\"bad wby00test00000001 and"
                + " WBY00TEST00000001, Bearer ACCESS-SECRET-1\"}"));
    RestReply reply = bench.ask(GateBench.call("/customers/vehicles/WBY00TEST00000001/image"));
    String shown = reply + reply.verdict().sentence() + bench.gate.calls(20) + bench.gate.totals();
    assertThat(shown)
        .contains("…0001/image")
        .doesNotContain("ACCESS-SECRET")
        .doesNotContain("WBY00TEST00000001");
  }

  @Test
  void camelsOwnDebugLogHasNoToken() throws Exception {
    Logger camel = (Logger) LoggerFactory.getLogger("org.apache.camel");
    Level before = camel.getLevel();
    camel.setLevel(Level.DEBUG);
    try (CapturedLog log = CapturedLog.open()) {
      bench.start();
      bench.replies.add(Reply.error(401, "CU-102"));
      bench.replies.add(new Reply(0, null, Map.of()));
      bench.onRefresh = () -> bench.token("2", GateBench.SCOPES);
      assertThat(bench.ask().verdict().kind()).isEqualTo(RestVerdict.Kind.LATER);
      assertThat(log.lines("Executing http GET")).isNotEmpty();
      assertThat(log.lines("-SECRET")).isEmpty();
    } finally {
      camel.setLevel(before);
    }
  }

  @Test
  void nothingOfARequestOrAnAnswerGoesOnAsAHeader() throws Exception {
    bench.start();
    bench.replies.add(
        new Reply(200, "[]".getBytes(StandardCharsets.UTF_8), Map.of("Set-Cookie", "session=1")));
    assertThat(headersAfter(bench)).isEmpty();
  }

  private static Map<String, Object> headersAfter(GateBench bench) {
    return bench
        .context()
        .createFluentProducerTemplate()
        .to("direct:rest-call-main")
        .withBody(GateBench.call(Purpose.ROUTINE))
        .send()
        .getMessage()
        .getHeaders();
  }

  @EditsRoute("rest-call")
  void withoutItsRenewalARefusedTokenStaysRefused() throws Exception {
    bench.edited(ShippedRoute.of("rest-call").without("renew(")).start();
    bench.replies.add(Reply.error(401, "CU-102"));
    bench.onRefresh = () -> bench.token("2", GateBench.SCOPES);
    assertThat(bench.ask().verdict().kind()).isEqualTo(RestVerdict.Kind.TOKEN);
    assertThat(bench.requests).hasSize(1);
    assertThat(bench.refreshes).hasValue(0);
  }

  @EditsRoute("rest-call-once")
  void withoutTheLedgerNothingIsAsked() throws Exception {
    bench.edited(ShippedRoute.of("rest-call").without("method: take")).start();
    bench.context().createFluentProducerTemplate().to("direct:rest-call-once-main").send();
    assertThat(bench.requests).isEmpty();
  }

  @EditsRoute("rest-call-once")
  void withoutTheTokensHeaderBmwGetsNone() throws Exception {
    bench.edited(ShippedRoute.of("rest-call").without("name: Authorization")).start();
    assertThat(bench.ask().isOk()).isTrue();
    assertThat(bench.requests.get(0).headers()).doesNotContainKey("Authorization");
  }

  @EditsRoute("rest-call-once")
  void withoutTheCleaningBeforeTheCallAVisitorsHeadersReachBmw() throws Exception {
    bench.edited(ShippedRoute.of("rest-call").without("id: drop-foreign-headers")).start();
    bench.ask();
    assertThat(bench.requests.get(0).headers()).containsKey("X-visitor");
  }

  @EditsRoute("rest-call-once")
  void withoutTheCleaningBehindTheCallTheServersHeadersGoOn() throws Exception {
    bench.edited(ShippedRoute.of("rest-call").without("id: drop-secret-headers")).start();
    assertThat(headersAfter(bench)).containsKey("Date").doesNotContainKey("Authorization");
  }

  @EditsRoute("rest-call-once")
  void withoutSettlingItIsNotKnownHowACallEndedButItCounts() throws Exception {
    bench.edited(ShippedRoute.of("rest-call").without("settle(")).start();
    assertThat(bench.ask().isOk()).isTrue();
    assertThat(bench.gate.quotaNow().used()).isEqualTo(1);
    assertThat(bench.gate.calls(20).get(0).status()).isNull();
    assertThat(bench.gate.totals()).isEmpty();
  }

  @EditsRoute("rest-call-once")
  void aHeaderPutInGoesToBmw() throws Exception {
    bench
        .edited(
            ShippedRoute.of("rest-call")
                .after(
                    "name: x-version",
                    "- setHeader: {name: x-mine, expression: {constant: {expression: hello}}}"))
        .start();
    bench.ask();
    assertThat(bench.requests.get(0).headers()).containsEntry("X-mine", "hello");
  }
}
