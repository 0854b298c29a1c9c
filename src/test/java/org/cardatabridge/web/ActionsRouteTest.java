// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.api.ActionReply;
import org.cardatabridge.api.ActionRequest;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.EditsRoute;
import org.cardatabridge.testing.ShippedRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code /api/actions} on a real server, with a stand-in for what carries actions out. */
@Timeout(120)
class ActionsRouteTest {

  private final List<ActionRequest> asked = new CopyOnWriteArrayList<>();
  private final List<Object> headers = new CopyOnWriteArrayList<>();
  private final DefaultCamelContext context = new DefaultCamelContext();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private CountDownLatch hang;

  @AfterEach
  void end() {
    threads.shutdownNow();
    context.stop();
  }

  private Http serving(ShippedRoute route) throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:rest-action").process(ActionsRouteTest.this::carryOut);
          }
        });
    for (ShippedRoute one : List.of(ShippedRoute.of("web"), ShippedRoute.of("web-page"), route)) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(ResourceHelper.fromString(one.file() + ".camel.yaml", one.yaml()));
    }
    PageFiles page = new PageFiles();
    context.getRegistry().bind("page", page);
    context.getRegistry().bind("actionsApi", new ActionsApi(Clock.systemUTC()));
    context
        .getRegistry()
        .bind("status", new StatusApi("1.2.3", Instant.EPOCH, List::of, null, new RouteProblems()));
    WebServer server =
        new WebServer(Settings.of(Map.of("cardata.http.port", "0")), page, Clock.systemUTC());
    context.addService(server, true, false);
    context.start();
    return new Http(server.port());
  }

  private void carryOut(Exchange exchange) throws InterruptedException {
    ActionRequest request = exchange.getMessage().getBody(ActionRequest.class);
    asked.add(request);
    if (hang != null) {
      hang.await(60, TimeUnit.SECONDS);
    }
    headers.addAll(exchange.getMessage().getHeaders().keySet());
    boolean isQuota = request.action().equals("tyres");
    exchange
        .getMessage()
        .setBody(
            new ActionReply(
                request.action(),
                isQuota ? ActionReply.QUOTA : ActionReply.DONE,
                isQuota ? null : Map.of("values", 3),
                isQuota ? "the day's calls are used up — wait" : null,
                request.transaction(),
                null,
                isQuota ? 42L : null));
  }

  @Test
  void whileActionsHangThePageStillAnswers() throws Exception {
    hang = new CountDownLatch(1);
    Http http = serving(ShippedRoute.of("web-actions"));
    List<CompletableFuture<Http.Reply>> hanging = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      hanging.add(CompletableFuture.supplyAsync(() -> post(http), threads));
    }
    await().until(() -> asked.size() == 2);
    List<CompletableFuture<Http.Reply>> more = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      more.add(CompletableFuture.supplyAsync(() -> post(http), threads));
    }
    for (CompletableFuture<Http.Reply> one : more) {
      Http.Reply no = one.get(40, TimeUnit.SECONDS);
      assertThat(no.code()).isEqualTo(503);
      assertThat(no.body()).contains("2 actions", " — ");
      assertThat(no.header("Retry-After")).isEqualTo("10");
    }
    assertThat(http.get("/").code()).isEqualTo(200);
    assertThat(hanging).noneMatch(CompletableFuture::isDone);
    hang.countDown();
    for (CompletableFuture<Http.Reply> one : hanging) {
      assertThat(one.get(40, TimeUnit.SECONDS).code()).isEqualTo(200);
    }
    assertThat(http.post("/api/actions/image").code()).as("a place is free").isEqualTo(200);
  }

  private static Http.Reply post(Http http) {
    try {
      return http.post("/api/actions/image");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aNameThatIsMisspeltIsNoActionForEveryCar() throws Exception {
    Http http = serving(ShippedRoute.of("web-actions"));
    http.post("/api/actions/image?vim=i4");
    http.post("/api/actions/image?vin=i4&%20vin=1");
    http.post("/api/actions/image?vin=i4&to=2026-01-02");
    assertThat(asked.get(0).problem()).contains("got vim", "did you mean vin?");
    assertThat(asked.get(1).problem()).isNotNull();
    assertThat(asked.get(2).problem()).isNull();
  }

  @Test
  void aRequestComesFromTheAddressAndTheBodyAndTheAnswerHasItsStatus() throws Exception {
    Http http = serving(ShippedRoute.of("web-actions"));
    Http.Reply done =
        http.send(
            "POST",
            "/api/actions/charging-history?vin=i4&from=2026-01-01",
            "localhost",
            "{\"account\":\"main\",\"transaction\":4}",
            "Content-Type: application/json");
    assertThat(done.code()).isEqualTo(200);
    assertThat(done.body())
        .isEqualTo("{\"data\":{\"values\":3},\"status\":\"ok\",\"transaction\":4}");
    assertThat(asked.get(0).vin()).isEqualTo("i4");
    assertThat(asked.get(0).account()).isEqualTo("main");
    assertThat(asked.get(0).parameters()).containsExactlyEntriesOf(Map.of("from", "2026-01-01"));
    assertThat(headers).as("nothing of the request goes on").isEmpty();

    Http.Reply no = http.post("/api/actions/tyres");
    assertThat(no.code()).isEqualTo(429);
    assertThat(no.header("Retry-After")).isEqualTo("42");
    assertThat(done.header("Retry-After")).isNull();
    assertThat(no.body()).contains("\"status\":\"error\"", "used up");
  }

  @Test
  void whatCurlCallsAFormIsTakenAsItIs() throws Exception {
    Http http = serving(ShippedRoute.of("web-actions"));
    for (String body : List.of("{\"vin\":\"i4\"}", "i4")) {
      Http.Reply done =
          http.send(
              "POST",
              "/api/actions/image",
              "localhost",
              body,
              "Content-Type: application/x-www-form-urlencoded");
      assertThat(done.code()).as(body).isEqualTo(200);
    }
    assertThat(asked).extracting(ActionRequest::vin).containsExactly("i4", "i4");
  }

  @Test
  void anotherOriginAndAnotherMethodAreRefused() throws Exception {
    Http http = serving(ShippedRoute.of("web-actions"));
    assertThat(http.post("/api/actions/tyres", "Origin: https://evil.example").code())
        .isEqualTo(403);
    assertThat(http.post("/api/actions/tyres", "Sec-Fetch-Site: cross-site").code()).isEqualTo(403);
    assertThat(http.get("/api/actions/tyres").code()).isEqualTo(405);
    assertThat(asked).isEmpty();
  }

  @EditsRoute("web-actions")
  void withoutItsStepsNothingIsCarriedOut() throws Exception {
    Http http = serving(ShippedRoute.of("web-actions").without("uri: \"direct:rest-action\""));
    assertThat(http.post("/api/actions/tyres").code()).isEqualTo(500);
    assertThat(asked).isEmpty();
  }
}
