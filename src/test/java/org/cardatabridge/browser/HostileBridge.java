// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Stands before a bridge and puts markup into every string and every name of its JSON, those of its
 * live events too: what a car, BMW or a local server could have sent. Addresses become scripts.
 * Only words of states and times stay, so that the page shows what belongs to them.
 */
final class HostileBridge implements AutoCloseable {

  /** What is put behind each string. */
  static final String MARKUP =
      "<img src=x onerror=\"document.title='hit'\"><b>bold</b>"
          + "</script><script>document.title='hit'</script>";

  /** The same as encodeURIComponent writes it. */
  private static final String ENCODED =
      URLEncoder.encode(MARKUP, StandardCharsets.UTF_8).replace("+", "%20").replace("%27", "'");

  /** What each address becomes. */
  static final String SCRIPT = "javascript:document.title='hit'";

  private static final Pattern WORD = Pattern.compile("[A-Za-z-]{1,24}|[0-9TZ:.+-]+|");
  private static final List<String> PASSED = List.of("Content-Type", "Content-Security-Policy");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final int bridge;

  private HostileBridge(int bridge) throws IOException {
    this.bridge = bridge;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  /** Before the bridge at that port of this machine. */
  static HostileBridge before(int port) throws IOException {
    return new HostileBridge(port);
  }

  /** Where it listens. */
  int port() {
    return server.getAddress().getPort();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().toString().replace("%27", "'").replace(ENCODED, "");
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bridge + path))
              .method(
                  exchange.getRequestMethod(),
                  BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
              .build();
      answer(exchange, client.send(request, BodyHandlers.ofInputStream()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, HttpResponse<InputStream> answer)
      throws IOException {
    String type = answer.headers().firstValue("Content-Type").orElse("");
    for (String name : PASSED) {
      answer.headers().firstValue(name).ifPresent(v -> exchange.getResponseHeaders().set(name, v));
    }
    try (InputStream in = answer.body();
        OutputStream out = exchange.getResponseBody()) {
      if (type.startsWith("text/event-stream")) {
        exchange.sendResponseHeaders(answer.statusCode(), 0);
        events(in, out);
        return;
      }
      byte[] body = in.readAllBytes();
      byte[] spoilt =
          type.startsWith("application/json")
              ? JSON.writeValueAsBytes(spoil(JSON.readTree(body)))
              : body;
      exchange.sendResponseHeaders(answer.statusCode(), spoilt.length == 0 ? -1 : spoilt.length);
      out.write(spoilt);
    }
  }

  private static void events(InputStream in, OutputStream out) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String sent =
          line.startsWith("data:")
              ? "data:" + JSON.writeValueAsString(spoil(JSON.readTree(line.substring(5))))
              : line;
      out.write((sent + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private static JsonNode spoil(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode spoilt = JSON.createObjectNode();
      // Names of fields have no dot; those of descriptors have.
      object
          .properties()
          .forEach(
              f ->
                  spoilt.set(
                      f.getKey().contains(".") ? f.getKey() + MARKUP : f.getKey(),
                      spoil(f.getValue())));
      return spoilt;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode spoilt = JSON.createArrayNode();
      array.forEach(each -> spoilt.add(spoil(each)));
      return spoilt;
    }
    if (!node.isTextual() || WORD.matcher(node.asText()).matches()) {
      return node;
    }
    return TextNode.valueOf(node.asText().matches("https?://.*") ? SCRIPT : node.asText() + MARKUP);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
