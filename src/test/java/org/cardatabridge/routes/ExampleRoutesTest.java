// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.cardatabridge.CarEvent;
import org.cardatabridge.cli.BridgeCommand;
import org.cardatabridge.journal.EventsComponent;
import org.cardatabridge.journal.Journal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each file of {@code routes/examples}, copied up as it is, delivers to its target. */
@Timeout(120)
class ExampleRoutesTest {

  private static final Path EXAMPLES = Path.of("routes", "examples");
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path folder;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final Journal journal = Journal.temporary(Clock.systemUTC());
  private final Properties settings = new Properties();
  private final List<String> posted = new CopyOnWriteArrayList<>();
  private HttpServer target;

  @AfterEach
  void stop() {
    context.stop();
    journal.close();
    if (target != null) {
      target.stop(0);
    }
  }

  private String http() throws IOException {
    target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    target.createContext(
        "/",
        exchange -> {
          posted.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    target.start();
    return "http://127.0.0.1:" + target.getAddress().getPort() + "/x";
  }

  private void load(String name, String text) throws Exception {
    EventsComponent events = new EventsComponent();
    events.setJournal(journal);
    context.addComponent("events", events);
    context.getPropertiesComponent().setInitialProperties(settings);
    context.start();
    Files.writeString(folder.resolve(name + RouteFolder.SUFFIX), text);
    assertThat(
            new RouteFolder(context, new AccountRoutes(context, List.of("main")))
                .load(RouteFolder.Choice.all(folder), () -> {}))
        .singleElement()
        .extracting(RouteFile::problem)
        .isNull();
  }

  private static String example(String name) throws IOException {
    return Files.readString(EXAMPLES.resolve(name + RouteFolder.SUFFIX));
  }

  private void publish(String key, Object value, String unit) {
    context
        .createProducerTemplate()
        .sendBody(
            "events:publish",
            new CarEvent(
                "main", "WBY00TEST00000001", "my-car", key, value, unit, NOON, NOON, "stream"));
  }

  @Test
  void everyExampleIsTriedHere() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".camel.yaml")))
          .containsExactlyInAnyOrder(
              "sink-webhook.camel.yaml",
              "sink-mail.camel.yaml",
              "sink-postgresql.camel.yaml",
              "sink-node-red.camel.yaml",
              "sink-speed.camel.yaml");
    }
  }

  @Test
  void aNewSinkIsTheOneOfItsPageAndPostsWhenItIsSwitchedOn() throws Exception {
    String made = newSink("hook");
    assertThat(Files.readString(Path.of("docs", "your-own-sink.md")))
        .contains(made.stripTrailing().indent(4).stripTrailing());
    settings.put("cardata.sink.hook.url", http());
    load("sink-hook", made.replace("enabled:false", "enabled:true"));
    publish("vehicle.vehicle.travelledDistance", 81623L, "km");
    publish("location", "x", null);
    publish("vehicle.isMoving", true, null);

    await().until(() -> posted.size() == 2);
    assertThat(posted.get(0)).endsWith(" my-car vehicle.vehicle.travelledDistance=81623 km");
  }

  private static String newSink(String name) throws IOException {
    try (var template =
        BridgeCommand.class.getResourceAsStream("/org/cardatabridge/cli/sink.camel.yaml")) {
      return new String(template.readAllBytes(), StandardCharsets.UTF_8)
          .replace("@name@", name)
          .replace("@VARIABLE@", "CARDATA_SINK_" + name.toUpperCase(java.util.Locale.ROOT));
    }
  }

  @Test
  void webhookPostsEachValueAsJson() throws Exception {
    settings.put("cardata.sink.webhook.url", http());
    load("sink-webhook", example("sink-webhook"));
    publish("vehicle.isMoving", true, null);

    await().until(() -> posted.size() == 1);
    assertThat(posted.get(0))
        .isEqualTo(
            "POST /x application/json"
                + " {\"account\":\"main\",\"vin\":\"WBY00TEST00000001\",\"vehicle\":\"my-car\","
                + "\"key\":\"vehicle.isMoving\",\"value\":true,\"unit\":null,"
                + "\"timestamp\":\"2026-01-31T12:00:00Z\",\"received\":\"2026-01-31T12:00:00Z\","
                + "\"source\":\"stream\"}");
  }

  @Test
  void nodeRedGetsLists() throws Exception {
    settings.put("cardata.sink.node-red.url", http());
    load("sink-node-red", example("sink-node-red"));
    publish("vehicle.isMoving", true, null);

    await().until(() -> posted.size() == 1);
    assertThat(posted.get(0)).startsWith("POST /x application/json [{\"account\":").endsWith("}]");
  }

  @Test
  void speedIsToldAboveTheLimitOnly() throws Exception {
    settings.put("cardata.sink.speed.url", http());
    settings.put("cardata.sink.speed.limit", "120");
    load("sink-speed", example("sink-speed"));
    publish("vehicle.vehicle.avgSpeed", 120L, "km/h");
    publish("vehicle.vehicle.avgSpeed", null, null);
    publish("vehicle.vehicle.travelledDistance", 81623L, "km");
    publish("vehicle.isMoving", "fast", null);
    publish("vehicle.vehicle.avgSpeed", 121L, "km/h");

    await().until(() -> posted.size() == 1);
    assertThat(posted.get(0)).startsWith("POST /x ").endsWith(" my-car was fast: 121 km/h");
    assertThat(journal.sinks().get(0).failed()).isZero();
  }

  @Test
  void mailIsSentWhenChargingIsOver() throws Exception {
    try (MailServer server = new MailServer()) {
      settings.put("cardata.sink.mail.url", "smtp://127.0.0.1:" + server.port());
      settings.put("cardata.sink.mail.to", "me@home.test");
      load("sink-mail", example("sink-mail"));
      publish("vehicle.drivetrain.electricEngine.charging.status", "CHARGINGACTIVE", null);
      publish("vehicle.isMoving", true, null);
      publish("vehicle.drivetrain.electricEngine.charging.status", "CHARGINGENDED", null);

      await().until(() -> journal.sinks().get(0).lag() == 0 && !server.heard.isEmpty());
      await().until(() -> server.heard.contains("."));
      assertThat(server.heard)
          .contains("RCPT TO:<me@home.test>", "Subject: my-car is charged")
          .contains("CHARGINGENDED at 2026-01-31T12:00:00Z")
          .filteredOn(line -> line.startsWith("MAIL FROM"))
          .hasSize(1);
    }
  }

  @Test
  void postgresqlGetsARowForEachValue() throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("target.db");
    try (Connection database = DriverManager.getConnection(url);
        Statement sql = database.createStatement()) {
      sql.execute(
          "CREATE TABLE car (vehicle text, key text, value text, at text,"
              + " PRIMARY KEY (vehicle, key, at))");
      settings.put("cardata.sink.postgresql.url", url);
      load(
          "sink-postgresql",
          example("sink-postgresql")
              .replace("org.postgresql.ds.PGSimpleDataSource", "org.sqlite.SQLiteDataSource")
              .replaceAll("(?m)^ {8}(user|password): .*\n", "")
              .replace("CAST(:?at AS timestamptz)", ":?at"));
      publish("vehicle.vehicle.travelledDistance", 81623L, "km");
      publish("vehicle.isMoving", null, null);

      await().until(() -> journal.sinks().get(0).delivered() == 2);
      try (ResultSet rows = sql.executeQuery("SELECT * FROM car ORDER BY key DESC")) {
        rows.next();
        assertThat(rows.getString("vehicle")).isEqualTo("my-car");
        assertThat(rows.getString("key")).isEqualTo("vehicle.vehicle.travelledDistance");
        assertThat(rows.getString("value")).isEqualTo("81623");
        assertThat(rows.getString("at")).isEqualTo("2026-01-31T12:00:00Z");
        rows.next();
        assertThat(rows.getString("value")).isNull();
      }
    }
  }

  @Test
  void postgresqlsOwnDriverIsThereAndIsAsked() throws Exception {
    settings.put("cardata.sink.postgresql.url", "jdbc:postgresql://127.0.0.1:1/cardata");
    load("sink-postgresql", example("sink-postgresql"));
    publish("vehicle.isMoving", true, null);

    await().until(() -> String.valueOf(journal.sinks().get(0).lastError()).contains("127.0.0.1:1"));
  }

  /** As much SMTP as one sender needs. */
  private static final class MailServer implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::serve, "mail-server");

    private MailServer() throws IOException {
      thread.start();
    }

    private int port() {
      return door.getLocalPort();
    }

    private void serve() {
      while (!door.isClosed()) {
        try (Socket client = door.accept();
            BufferedReader in =
                new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            PrintWriter out =
                new PrintWriter(client.getOutputStream(), true, StandardCharsets.UTF_8)) {
          talk(in, out);
        } catch (IOException e) {
          heard.add("(" + e.getMessage() + ")");
        }
      }
    }

    private void talk(BufferedReader in, PrintWriter out) throws IOException {
      out.print("220 test\r\n");
      out.flush();
      boolean isData = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        heard.add(line);
        if (isData && !line.equals(".")) {
          continue;
        }
        isData = line.equals("DATA");
        out.print(isData ? "354 go on\r\n" : line.equals("QUIT") ? "221 bye\r\n" : "250 ok\r\n");
        out.flush();
      }
    }

    @Override
    public void close() throws IOException {
      door.close();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
