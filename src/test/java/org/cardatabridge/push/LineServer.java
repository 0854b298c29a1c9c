// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.HeldPort;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.Programs;

/** A real database that takes line protocol, in a directory and on a port of a test's own. */
public final class LineServer implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path dir;
  private final List<String> command;
  private final Map<String, String> variables;
  private final HeldPort port;
  private final String ready;
  private final String login;
  private Child process;

  private LineServer(
      Path dir,
      HeldPort port,
      String ready,
      String login,
      Map<String, String> variables,
      List<String> command) {
    this.dir = dir;
    this.port = port;
    this.ready = ready;
    this.login = login;
    this.variables = variables;
    this.command = command;
  }

  /** InfluxDB 1 with the database {@code cars} and the user {@code me}, password {@code pw}. */
  public static LineServer influxDb1(Path dir) throws Exception {
    Path program = Programs.need("influxd");
    HeldPort port = HeldPort.take();
    Path config = dir.resolve("influxdb.conf");
    Files.writeString(
        config,
        """
        reporting-disabled = true
        bind-address = "127.0.0.1:%d"
        [meta]
        dir = "%s/meta"
        [data]
        dir = "%s/data"
        wal-dir = "%s/wal"
        [http]
        bind-address = "127.0.0.1:%d"
        auth-enabled = true
        log-enabled = false
        """
            .formatted(Page.freePort(), dir, dir, dir, port.number()));
    LineServer server =
        new LineServer(
            dir,
            port,
            "/ping",
            "me:pw",
            Map.of(),
            List.of(program.toString(), "-config", config.toString()));
    server.start();
    server.post("/query?q=" + encoded("CREATE USER me WITH PASSWORD 'pw' WITH ALL PRIVILEGES"));
    server.post("/query?q=" + encoded("CREATE DATABASE cars"));
    return server;
  }

  /** QuestDB from the test's class path, in a JVM of its own. */
  public static LineServer questDb(Path dir) throws Exception {
    String jar =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> path.matches(".*[/\\\\]questdb-[^/\\\\]*\\.jar"))
            .findFirst()
            .orElse(null);
    Programs.need("questdb", jar != null, "no QuestDB on the class path");
    HeldPort port = HeldPort.take();
    LineServer server =
        new LineServer(
            dir,
            port,
            "/exec?query=select%201",
            null,
            Map.of(
                "QDB_HTTP_BIND_TO",
                "127.0.0.1:" + port.number(),
                "QDB_HTTP_MIN_ENABLED",
                "false",
                "QDB_PG_ENABLED",
                "false",
                "QDB_LINE_TCP_ENABLED",
                "false",
                "QDB_TELEMETRY_ENABLED",
                "false",
                "QDB_SHARED_WORKER_COUNT",
                "1"),
            List.of(Child.java(), "-Xmx512m", "-cp", jar, "io.questdb.ServerMain", "-d", dir + ""));
    server.start();
    return server;
  }

  /** VictoriaMetrics. */
  public static LineServer victoriaMetrics(Path dir) throws Exception {
    Path program = Programs.need("victoria-metrics");
    HeldPort port = HeldPort.take();
    LineServer server =
        new LineServer(
            dir,
            port,
            "/health",
            null,
            Map.of(),
            List.of(
                program.toString(),
                "-storageDataPath=" + dir.resolve("data"),
                "-httpListenAddr=127.0.0.1:" + port.number(),
                "-retentionPeriod=100y"));
    server.start();
    return server;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Starts it, again after {@link #kill()}, in the same place. */
  public void start() throws IOException {
    process = Child.start(dir, variables, command);
    await("a database on port " + port.number())
        .atMost(READY)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !process.isAlive() || isReady());
    assertThat(process.isAlive()).as(() -> process.out() + process.err()).isTrue();
  }

  private boolean isReady() {
    try {
      return send(request(ready).GET().build()).statusCode() < 300;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Takes it away as a power cut would. */
  public void kill() {
    process.close();
  }

  /** Its base URL. */
  public String url() {
    return "http://127.0.0.1:" + port.number();
  }

  /** What a path answers, which is to be a success. */
  public String get(String path) {
    HttpResponse<String> answer = send(request(path).GET().build());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return answer.body();
  }

  /** The same as JSON. */
  public JsonNode json(String path) throws IOException {
    return new ObjectMapper().readTree(get(path));
  }

  private void post(String path) {
    HttpResponse<String> answer =
        send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path));
    if (login != null) {
      String basic = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
      request.header("Authorization", "Basic " + basic);
    }
    return request.timeout(Duration.ofSeconds(40));
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.close();
    port.close();
  }
}
