// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The broker against mosquitto's own clients, in both versions of MQTT. */
class MosquittoClientIT {

  private static final String GCID = AccountConfig.first().gcid();
  private static final String VIN = AccountConfig.first().vins().get(0);

  @TempDir Path directory;

  private Simulator simulator;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    Programs.need("mosquitto_sub");
    simulator = Simulator.start(SimulatorConfig.in(directory));
  }

  @AfterEach
  void stop() throws Exception {
    for (Process p : processes) {
      p.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    }
    if (simulator != null) {
      simulator.close();
    }
  }

  private Process mosquitto(String program, String version, String password, String... more)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Programs.need(program).toString(),
                "-h",
                "localhost",
                "-p",
                Integer.toString(simulator.streamPort()),
                "--cafile",
                simulator.caFile().toString(),
                "-V",
                version,
                "-u",
                GCID,
                "-P",
                password));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    processes.add(process);
    return process;
  }

  private static String outputOf(Process process) throws Exception {
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private String token() {
    return new JsonObject(simulator.tokens(null)).getString("id_token");
  }

  @ParameterizedTest
  @CsvSource({"mqttv311, 0", "mqttv311, 1", "mqttv5, 0", "mqttv5, 1"})
  void aSubscriberGetsItsMessages(String version, String qos) throws Exception {
    Process sub =
        mosquitto(
            "mosquitto_sub",
            version,
            token(),
            "-t",
            GCID + "/+",
            "-q",
            qos,
            "-C",
            "2",
            "-F",
            "%t %q %p");
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(simulator.isSubscribed(GCID)).isTrue());
    simulator.publish(VIN, "one".getBytes(StandardCharsets.UTF_8));
    simulator.publish(VIN, "two".getBytes(StandardCharsets.UTF_8));
    assertThat(outputOf(sub).lines())
        .containsExactly(
            GCID + "/" + VIN + " " + qos + " one", GCID + "/" + VIN + " " + qos + " two");
    await()
        .untilAsserted(
            () ->
                assertThat(simulator.sessionLog())
                    .extracting(SessionEvent::kind)
                    .contains(SessionEvent.Kind.CLIENT_DISCONNECT));
  }

  @ParameterizedTest
  @CsvSource({"mqttv311, not authorised", "mqttv5, Not authorized"})
  void aWrongPasswordIsNotAuthorized(String version, String text) throws Exception {
    Process sub = mosquitto("mosquitto_sub", version, "wrong", "-t", GCID + "/+", "-E");
    assertThat(outputOf(sub)).containsIgnoringCase(text);
    assertThat(sub.exitValue()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mqttv311", "mqttv5"})
  void aFilterOutsideTheAclIsDenied(String version) throws Exception {
    Process sub = mosquitto("mosquitto_sub", version, token(), "-t", "#", "-E");
    assertThat(outputOf(sub)).containsIgnoringCase("denied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mqttv311", "mqttv5"})
  void aPublisherIsThrownOut(String version) throws Exception {
    mosquitto("mosquitto_pub", version, token(), "-t", GCID + "/" + VIN, "-m", "x", "-q", "1");
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () ->
                assertThat(simulator.sessionLog())
                    .extracting(SessionEvent::kind)
                    .contains(SessionEvent.Kind.DROPPED));
    assertThat(simulator.published()).isEmpty();
  }
}
