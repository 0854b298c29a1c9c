// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Telegram, ntfy, Gotify and a webhook in one server: keeps what it got, answers as a test says.
 */
public final class Phone implements AutoCloseable {

  /** One request. */
  public record Call(String path, Map<String, List<String>> headers, String body, Instant at) {

    /** Its body. */
    public JsonNode json() {
      try {
        return new ObjectMapper().readTree(body);
      } catch (IOException e) {
        throw new IllegalStateException(body, e);
      }
    }

    /** The words, whichever channel it was. */
    public String words() {
      JsonNode json = json();
      return json.has("text") ? json.path("text").asText() : json.path("message").asText();
    }
  }

  /** One answer; a status of 0 hangs up, one below 0 never answers. */
  public record Answer(int status, String body, Map<String, String> headers) {

    static final Answer FINE = new Answer(200, "{\"ok\":true,\"id\":\"1\"}", Map.of());
    static final Answer RESET = new Answer(0, "", Map.of());
    static final Answer SLOW = new Answer(-1, "", Map.of());

    static Answer of(int status, String body) {
      return new Answer(status, body, Map.of());
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Function<Call, Answer> script = call -> Answer.FINE;

  /** Begins to listen. */
  public Phone() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where it is. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void answers(Function<Call, Answer> script) {
    this.script = script;
  }

  /** What it got, in order. */
  public List<Call> calls() {
    return calls;
  }

  private void handle(HttpExchange exchange) throws IOException {
    Call call =
        new Call(
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
            Instant.now());
    Answer answer = script.apply(call);
    calls.add(call);
    if (answer.status() < 0) {
      awaitClose();
    }
    if (answer.status() <= 0) {
      // Without an answer the server closes the connection.
      exchange.close();
      return;
    }
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] text = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), text.length == 0 ? -1 : text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  private void awaitClose() {
    try {
      if (!closed.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody closed the phone");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
