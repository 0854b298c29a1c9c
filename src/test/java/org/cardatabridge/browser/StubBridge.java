// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.cardatabridge.web.PageFiles;

/**
 * The page's files before a bridge that says what a test has written down: states that no simulator
 * is in for long. Its live events stay silent.
 */
final class StubBridge implements AutoCloseable {

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html", "css", "text/css", "js", "text/javascript", "svg", "image/svg+xml");

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  private StubBridge() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Answers with nothing at first. */
  static StubBridge start() throws IOException {
    return new StubBridge();
  }

  /** Where it listens. */
  int port() {
    return server.getAddress().getPort();
  }

  /** Says this at a path such as {@code /api/status} from now on. */
  StubBridge says(String path, String json) {
    answers.put(path, json);
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      if (path.equals("/api/events")) {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(": here\n\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        ended.await();
      } else if (path.startsWith("/api/")) {
        String json = answers.getOrDefault(path, "[]");
        send(exchange, "application/json", json.getBytes(StandardCharsets.UTF_8));
      } else {
        file(exchange, path.equals("/") ? "index.html" : path.replaceFirst("^/assets/", ""));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void file(HttpExchange exchange, String name) throws IOException {
    try (InputStream in = PageFiles.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      send(exchange, TYPES.get(name.substring(name.lastIndexOf('.') + 1)), in.readAllBytes());
    }
  }

  private static void send(HttpExchange exchange, String type, byte[] bytes) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    ended.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
