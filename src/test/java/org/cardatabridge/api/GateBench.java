// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.cardatabridge.auth.BmwHttp;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.auth.TokenSet;
import org.cardatabridge.journal.JournalSettings;
import org.cardatabridge.journal.SafeRows;
import org.cardatabridge.routes.AccountFunction;
import org.cardatabridge.routes.AccountRoutes;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.testing.SetClock;
import org.cardatabridge.testing.ShippedRoute;

/** The shipped route with one account, against a server that answers what it was told. */
final class GateBench implements AutoCloseable {

  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  static final String SCOPES = "authenticate_user openid cardata:api:read cardata:streaming:read";

  /** One request as it came. */
  record Request(String method, String uri, Map<String, String> headers, String body) {}

  /** One answer to give; null bytes reset the connection. */
  record Reply(int status, byte[] body, Map<String, String> headers) {
    static Reply json(int status, String body) {
      return new Reply(
          status,
          body.getBytes(StandardCharsets.UTF_8),
          Map.of("Content-Type", "application/json"));
    }

    static Reply error(int status, String id) {
      return json(status, "{\"exveErrorId\":\"" + id + "\",\"exveErrorMsg\":\"no\"}");
    }
  }

  final SetClock clock = new SetClock(NOON);
  final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  final List<Request> requests = new CopyOnWriteArrayList<>();
  final AtomicReference<TokenSet> tokens = new AtomicReference<>();
  final AtomicInteger refreshes = new AtomicInteger();
  final Map<String, String> settings = new HashMap<>();

  /** What asking for a refresh does. */
  volatile Runnable onRefresh = () -> {};

  /** Whether a refresh is awaited. */
  volatile boolean isAwaited;

  /** What happens between a request and its answer. */
  volatile Runnable meanwhile = () -> {};

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Path directory;
  private ShippedRoute file = ShippedRoute.of("rest-call");
  Gate gate;

  GateBench(Path directory) throws IOException {
    this.directory = directory;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    settings.put("cardata.api.url", "http://localhost:" + server.getAddress().getPort());
    settings.put("cardata.data-dir", directory.toString());
    token("1", SCOPES);
  }

  GateBench edited(ShippedRoute edited) {
    file = edited;
    return this;
  }

  Instant expires = NOON.plusSeconds(400_000);

  void token(String generation, String scopes) {
    tokens.set(
        new TokenSet(
            "client-1",
            "GCID-SECRET",
            scopes,
            "ACCESS-SECRET-" + generation,
            "ID-SECRET-" + generation,
            "REFRESH-SECRET-" + generation,
            NOON,
            expires,
            NOON.plusSeconds(1_000_000)));
  }

  Settings settings() {
    return Settings.defaults().with(settings);
  }

  static Ledger ledger(Path directory, SetClock clock) {
    return new Ledger(new SafeRows(JournalSettings.in(directory)), clock, nanos(clock));
  }

  /** Time that only goes on, by a clock that no test sets back. */
  static java.util.function.LongSupplier nanos(SetClock clock) {
    return () -> java.time.Duration.between(NOON, clock.instant()).toNanos();
  }

  GateBench start() throws Exception {
    Settings all = settings();
    gate =
        new Gate(
            QuotaRules.of("main", all),
            Boolean.parseBoolean(all.get("cardata.api.enabled")),
            ledger(directory, clock),
            () -> Optional.ofNullable(tokens.get()),
            new Gate.Renewal() {
              @Override
              public void ask(String reason) {
                refreshes.incrementAndGet();
                onRefresh.run();
              }

              @Override
              public boolean isAwaited() {
                return isAwaited;
              }
            },
            clock,
            nanos(clock));
    context.getRegistry().bind("gate-main", gate);
    context.getRegistry().bind("restHttp", new RestHttp(new BmwHttp(new BmwTrust(null))));
    context
        .getPropertiesComponent()
        .addPropertiesFunction(
            new AccountFunction((name, key) -> all.forAccount(name).find(key).orElse(null)));
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString(file.file() + ".camel.yaml", file.yaml()));
    new AccountRoutes(context, List.of("main")).addMissing();
    context.start();
    return this;
  }

  DefaultCamelContext context() {
    return context;
  }

  static RestCall call(String path) {
    return new RestCall("main", Purpose.ROUTINE, "GET", path, Map.of(), null, "application/json");
  }

  static RestCall call(Purpose purpose) {
    return new RestCall(
        "main", purpose, "GET", "/customers/vehicles/mappings", Map.of(), null, "application/json");
  }

  /** What a call leads to; with headers that whoever called had. */
  RestReply ask(RestCall call) {
    return context
        .createFluentProducerTemplate()
        .to("direct:rest-call-main")
        .withBody(call)
        .withHeader("X-Visitor", "header of a visitor")
        .withHeader("CamelHttpQuery", "query=of-a-visitor")
        .request(RestReply.class);
  }

  RestReply ask() {
    return ask(call(Purpose.ROUTINE));
  }

  /** From now on nobody listens at its address. */
  void stopServer() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange.getRequestHeaders().forEach((k, v) -> headers.put(k, String.join(",", v)));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        new Request(
            exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
    meanwhile.run();
    Reply reply = replies.poll();
    if (reply == null) {
      reply = Reply.json(200, "[]");
    }
    if (reply.body() == null) {
      // The JDK's server drops the connection when a handler throws before it answered.
      throw new IOException("reset on demand");
    }
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    int length = reply.body().length;
    exchange.sendResponseHeaders(reply.status(), length == 0 ? -1 : length);
    exchange.getResponseBody().write(reply.body());
    exchange.close();
  }

  @Override
  public void close() {
    context.stop();
    server.stop(0);
    threads.shutdownNow();
  }
}
