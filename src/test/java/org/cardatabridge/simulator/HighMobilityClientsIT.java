// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.testing.Programs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulated High Mobility against mosquitto's and OpenSSL's own clients. */
class HighMobilityClientsIT {

  private static final HighMobilityApp APP = HighMobilityApp.first();
  private static final String FILTER = APP.root() + "/#";
  private static final String VIN = APP.cars().get(0).vin();

  @TempDir Path directory;

  private Simulator simulator;
  private HighMobility hm;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(SimulatorConfig.in(directory).highMobility(HighMobilityConfig.first()));
    hm = simulator.highMobility();
  }

  @AfterEach
  void stop() throws Exception {
    for (Process p : processes) {
      p.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    }
    simulator.close();
  }

  private Process start(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    processes.add(process);
    return process;
  }

  private Process mosquitto(
      String program, ClientFiles files, String version, String id, String... more)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Programs.need(program).toString(),
                "-h",
                hm.host(),
                "-p",
                Integer.toString(hm.port()),
                "--cafile",
                files.ca().toString(),
                "--cert",
                files.certificate().toString(),
                "--key",
                files.key().toString(),
                "-V",
                version,
                "-i",
                id));
    command.addAll(List.of(more));
    return start(command);
  }

  private static String outputOf(Process process) throws Exception {
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private void subscribed() {
    await().atMost(Duration.ofSeconds(40)).until(() -> hm.isSubscribed(null));
  }

  @ParameterizedTest
  @CsvSource({"mqttv311, PKCS1", "mqttv5, PKCS8", "mqttv5, EC", "mqttv311, SEC1"})
  void aSubscriberGetsItsMessages(String version, KeyForm form) throws Exception {
    ClientFiles files = hm.issue(null, CertificateOrder.good().withKey(form));
    Process sub =
        mosquitto(
            "mosquitto_sub",
            files,
            version,
            APP.clientId(),
            "-t",
            FILTER,
            "-q",
            "1",
            "-C",
            "1",
            "-F",
            "%t %q");
    subscribed();
    hm.publish(VIN, "diagnostics", "odometer", HighMobilityPoint.measured(8050.4, "kilometers"));
    assertThat(outputOf(sub).strip())
        .isEqualTo(APP.root() + "/" + VIN + "/diagnostics/get/odometer 1");
    await().until(() -> hm.count(SentMessage.Fate.ACKNOWLEDGED) == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mqttv311", "mqttv5"})
  void whatCameWhileItWasAwayIsDeliveredLater(String version) throws Exception {
    Programs.need("mosquitto_sub");
    String[] kept =
        version.equals("mqttv5")
            ? new String[] {"-c", "-x", "3600", "-t", FILTER, "-q", "1"}
            : new String[] {"-c", "-t", FILTER, "-q", "1"};
    Process first = mosquitto("mosquitto_sub", hm.files(), version, APP.clientId(), kept);
    subscribed();
    first.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    await().until(() -> hm.openSessions(null) == 0);
    for (int i = 1; i <= 3; i++) {
      hm.publish(VIN, APP.root() + "/" + VIN, ("m" + i).getBytes(StandardCharsets.UTF_8));
    }
    List<String> more = new ArrayList<>(List.of(kept));
    more.addAll(List.of("-C", "3"));
    Process second =
        mosquitto(
            "mosquitto_sub", hm.files(), version, APP.clientId(), more.toArray(String[]::new));
    assertThat(outputOf(second).lines()).containsExactly("m1", "m2", "m3");
  }

  @Test
  void aFilterOfAnotherApplicationOrAPublisherIsThrownOut() throws Exception {
    mosquitto("mosquitto_sub", hm.files(), "mqttv5", APP.clientId(), "-t", "#", "-q", "1");
    dropped(1);
    processes.get(0).destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    mosquitto(
        "mosquitto_pub",
        hm.files(),
        "mqttv311",
        APP.clientId(),
        "-t",
        APP.root() + "/x",
        "-m",
        "x",
        "-q",
        "1");
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                hm.sessionLog().stream()
                    .anyMatch(e -> e.detail().equals("the client published a message")));
    assertThat(hm.published()).isEmpty();
  }

  private void dropped(long times) {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                hm.sessionLog().stream().filter(e -> e.kind() == SessionEvent.Kind.DROPPED).count()
                    >= times);
  }

  @ParameterizedTest
  @CsvSource({"mqttv311, not authorised", "mqttv5, Not authorized"})
  void anotherClientIdIsNotAuthorized(String version, String text) throws Exception {
    Process sub = mosquitto("mosquitto_sub", hm.files(), version, "bridge", "-t", FILTER, "-E");
    assertThat(outputOf(sub)).containsIgnoringCase(text);
  }

  private String openssl(ClientFiles files, String tls, boolean shown) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Programs.need("openssl").toString(),
                "s_client",
                tls,
                "-connect",
                hm.host() + ":" + hm.port(),
                "-CAfile",
                files.ca().toString(),
                "-verify_return_error",
                "-verify_hostname",
                "localhost"));
    if (shown) {
      command.addAll(List.of("-cert", files.certificate().toString()));
      command.addAll(List.of("-key", files.key().toString()));
    }
    Process client = start(command);
    // A broker closes first where it minds: what it says comes before this end.
    if (!client.waitFor(4, TimeUnit.SECONDS)) {
      client.getOutputStream().close();
    }
    return outputOf(client);
  }

  @ParameterizedTest
  @CsvSource({"FOREIGN, 48", "EXPIRED, 45", "NOT_YET_VALID, 45", "REVOKED, 44"})
  void openSslIsToldWhatIsWrongInTls12(CertificateOrder.Kind kind, int alert) throws Exception {
    ClientFiles files = hm.issue(null, CertificateOrder.of(kind));
    assertThat(openssl(files, "-tls1_2", true)).contains("alert number " + alert);
  }

  @ParameterizedTest
  @EnumSource(names = {"FOREIGN", "EXPIRED", "REVOKED"})
  void openSslIsTurnedAwayInTls13(CertificateOrder.Kind kind) throws Exception {
    ClientFiles files = hm.issue(null, CertificateOrder.of(kind));
    assertThat(openssl(files, "-tls1_3", true)).contains("alert number 46");
  }

  @Test
  void openSslTrustsTheFileWithTheCaAndNeedsACertificate() throws Exception {
    assertThat(openssl(hm.files(), "-tls1_2", false)).contains("Verification: OK", "alert number");
    assertThat(openssl(hm.files(), "-tls1_3", false)).contains("Verification: OK", "alert number");
  }
}
