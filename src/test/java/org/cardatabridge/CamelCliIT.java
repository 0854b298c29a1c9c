// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.CarAction;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.cardatabridge.testing.CamelCli;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Page;
import org.cardatabridge.testing.Subscriber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The routes and settings of this repository under the plain Camel CLI. */
class CamelCliIT {

  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String GCID = AccountConfig.first().gcid();
  private static final String VIN = AccountConfig.first().vins().get(0);
  private static final String PASSWORD = "geheimnis";

  @TempDir Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private CamelCli cli;
  private Path work;
  private Simulator bmw;
  private Page page;
  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void prepare() throws Exception {
    cli = opened(CamelCli.prepare(directory));
    work = Files.createDirectories(directory.resolve("work/routes")).getParent();
    Files.copy(Path.of("application.properties"), work.resolve("application.properties"));
    try (Stream<Path> routes = Files.list(Path.of("routes"))) {
      for (Path file : routes.filter(Files::isRegularFile).toList()) {
        Files.copy(file, work.resolve("routes").resolve(file.getFileName()));
      }
    }
    bmw = opened(Simulator.start(SimulatorConfig.in(directory.resolve("bmw"))));
    bmw.change(b -> b.autoApproveAfter(Duration.ofMillis(100)).pollInterval(Duration.ofSeconds(1)));
    page = new Page(Page.freePort());
    variables.putAll(bmw.environment());
    variables.put("CARDATA_HTTP_PORT", Integer.toString(page.port()));
    variables.put("CARDATA_HTTP_PASSWORD", PASSWORD);
    variables.put("CARDATA_API_PLAN", "false");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }

  @Test
  void itLogsInStreamsToTheLocalBrokerAndGuardsItsPageAsTheProgramDoes() throws Exception {
    Mosquitto.assumeInstalled();
    Mosquitto mosquitto = opened(Mosquitto.start(directory.resolve("mosquitto")));
    Subscriber subscriber = opened(Subscriber.on(mosquitto.port()));
    variables.put("CARDATA_SINK_MQTT_URL", "tcp://127.0.0.1:" + mosquitto.port());
    variables.put("CARDATA_HTTP_PROT", "1");

    Child run = opened(cli.run(work, variables));
    run.awaitOut("BMW's stream of main is up", SOON);
    bmw.publish(VIN, "vehicle.vehicle.travelledDistance", 81_623, "km");
    subscriber.awaitOn("cardata/" + VIN + "/vehicle/vehicle/travelledDistance/value", "81623");
    subscriber.awaitOn("cardata/bridge/state", "online");

    assertThat(page.get("/api/status").statusCode()).isEqualTo(401);
    assertThat(page.get("/api/status", PASSWORD).body()).contains("\"state\":\"live\"");
    assertThat(page.get("/", PASSWORD).statusCode()).isEqualTo(200);
    assertThat(page.get("/observe/health/ready").statusCode()).isEqualTo(200);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(page.get("/nothing", PASSWORD).statusCode()).isEqualTo(404));
    assertThat(codeForHost("evil.example")).contains(" 403 ");
    assertThat(run.out())
        .containsOnlyOnce("HttpServer started on")
        .contains("HttpServer started on 127.0.0.1:" + page.port())
        .containsPattern("WARN .*CARDATA_HTTP_PROT");

    Child second = opened(Child.bridge(work, variables));
    assertThat(second.exitCode(SOON)).isEqualTo(1);
    assertThat(second.err()).contains("another one uses the data directory");

    run.terminate();
    run.exitCode(Duration.ofSeconds(30));
    await().atMost(SOON).until(() -> bmw.openSessions(GCID) == 0);
    assertThat(bmw.sessionLog())
        .last()
        .returns(SessionEvent.Kind.CLIENT_DISCONNECT, SessionEvent::kind);
    subscriber.awaitOn("cardata/bridge/state", "offline");
    assertThat(run.out() + run.err()).doesNotContain(GCID, VIN, PASSWORD, "Exception");
  }

  @Test
  void theEmbeddedBrokersAuditLogIsSilentThereToo() throws Exception {
    int port = Page.freePort();
    variables.put("CARDATA_SINK_MQTT_URL", "embedded");
    variables.put("CARDATA_EMBEDDED_PORT", Integer.toString(port));

    Child run = opened(cli.run(work, variables));
    run.awaitOut("BMW's stream of main is up", SOON);
    Subscriber reader = opened(Subscriber.on(port));
    bmw.publish(VIN, "vehicle.vehicle.travelledDistance", 81_623, "km");
    bmw.car(VIN, CarAction.DRIVE);
    reader.awaitOn("cardata/" + VIN + "/vehicle/vehicle/travelledDistance/value", "81623");

    assertThat(run.out()).doesNotContain("org.apache.activemq", VIN, "81623");
  }

  @Test
  void aWrongSettingEndsTheStartWithItsSentence() throws Exception {
    variables.put("CARDATA_STREAM_QOS", "7");
    Child run = opened(cli.run(work, variables));
    assertThat(run.exitCode(SOON)).isEqualTo(1);
    assertThat(run.out() + run.err())
        .contains("cardata.stream.qos (environment CARDATA_STREAM_QOS): got '7', takes 0, 1 or 2");
    assertThat(bmw.requests()).isEmpty();
  }

  /** The status line; Java's HTTP client sends no Host of the caller's choice. */
  private String codeForHost(String host) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", page.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /observe/health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .findFirst()
          .orElse("");
    }
  }
}
