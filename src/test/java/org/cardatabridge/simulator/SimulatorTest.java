// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorTest {

  @TempDir Path directory;

  @Test
  void itSaysHowToPointABridgeAtIt() throws Exception {
    try (Simulator simulator = Simulator.start(SimulatorConfig.in(directory))) {
      assertThat(simulator.environment())
          .containsEntry("CARDATA_AUTH_URL", simulator.authUrl().toString())
          .containsEntry("CARDATA_API_URL", simulator.apiUrl().toString())
          .containsEntry("CARDATA_STREAM_HOST", "localhost")
          .containsEntry("CARDATA_STREAM_PORT", Integer.toString(simulator.streamPort()))
          .containsEntry("CARDATA_TLS_CA_FILE", simulator.caFile().toString())
          .containsEntry("CARDATA_CLIENT_ID", AccountConfig.first().clientId())
          .hasSize(6);
      assertThat(simulator.describe())
          .contains("export CARDATA_STREAM_PORT=" + simulator.streamPort())
          .contains(simulator.controlUrl().toString())
          .endsWith("\n");
    }
  }

  @Test
  void theCaIsACaAndItsKeyIsNowhere() throws Exception {
    try (Simulator simulator = Simulator.start(SimulatorConfig.in(directory.resolve("new")))) {
      String pem = Files.readString(simulator.caFile());
      assertThat(pem).doesNotContain("PRIVATE KEY");
      try (var in = Files.newInputStream(simulator.caFile());
          var files = Files.list(directory.resolve("new"))) {
        X509Certificate ca =
            (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(files).hasSize(1);
      }
    }
  }

  @Test
  void theCertificateHoldsForNameAndAddressAndOnlyWithItsOwnCa() throws Exception {
    try (Simulator one = Simulator.start(SimulatorConfig.in(directory.resolve("1")));
        Simulator two =
            Simulator.start(
                SimulatorConfig.in(directory.resolve("2")).withHost("127.0.0.1", "127.0.0.1"))) {
      assertThat(new HttpLogin(one, AccountConfig.first()).get("/oneid/link").statusCode())
          .isEqualTo(200);
      assertThat(new HttpLogin(two, AccountConfig.first()).get("/oneid/link").statusCode())
          .isEqualTo(200);
      Files.copy(one.caFile(), two.caFile(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      HttpLogin wrongCa = new HttpLogin(two, AccountConfig.first());
      assertThatThrownBy(() -> wrongCa.get("/oneid/link")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aBusyPortIsNamed() throws Exception {
    try (ServerSocket busy = new ServerSocket(0)) {
      SimulatorConfig config = SimulatorConfig.in(directory).withPorts(0, busy.getLocalPort(), 0);
      assertThatThrownBy(() -> Simulator.start(config))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("stream port " + busy.getLocalPort());
    }
  }

  @Test
  void nothingIsLeftAfterItsEnd() throws Exception {
    Simulator simulator = Simulator.start(SimulatorConfig.in(directory));
    int port = simulator.streamPort();
    simulator.close();
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> {
              try (ServerSocket again = new ServerSocket(port)) {
                assertThat(again.isBound()).isTrue();
              }
            });
  }

  @Test
  void theDemoApprovesItselfAndItsCarsBeginTheirDayWhenSomebodyListens() throws Exception {
    try (Simulator simulator = Simulator.start(SimulatorConfig.demo(directory))) {
      HttpLogin login = new HttpLogin(simulator, AccountConfig.first());
      login.code();
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(() -> assertThat(simulator.waitingCodes()).isEmpty());
      assertThat(simulator.published()).isEmpty();
      String gcid = AccountConfig.first().gcid();
      String token = new JsonObject(simulator.tokens(null)).getString("id_token");
      try (PahoClient paho = new PahoClient(simulator, "paho").connect(gcid, token)) {
        paho.subscribe(gcid + "/+", 1);
        await()
            .atMost(Duration.ofSeconds(40))
            .untilAsserted(
                () ->
                    assertThat(paho.payloads())
                        .anyMatch(m -> m.contains("vehicle.isMoving") && m.contains("0001"))
                        .anyMatch(m -> m.contains("CHARGINGACTIVE") && m.contains("0002"))
                        .anyMatch(m -> m.contains(Descriptors.LONGITUDE)));
      }
    }
  }

  @Test
  void aConfigWithoutAccountsOrWithACarTwiceIsRefused() {
    SimulatorConfig config = SimulatorConfig.in(directory);
    assertThatThrownBy(config::withAccounts).hasMessageContaining("no account");
    assertThatThrownBy(() -> config.withAccounts(AccountConfig.first(), AccountConfig.first()))
        .hasMessageContaining("occurs twice");
  }

  @Test
  void twoAccountsInOneSimulatorHaveTheirOwnTokens() throws Exception {
    try (Simulator simulator =
        Simulator.start(
            SimulatorConfig.in(directory)
                .withAccounts(AccountConfig.first(), AccountConfig.second()))) {
      simulator.killRefreshTokens(AccountConfig.second().clientId());
      var first = new HttpLogin(simulator, AccountConfig.first());
      String token =
          new JsonObject(simulator.tokens(AccountConfig.first().clientId()))
              .getString("refresh_token");
      simulator.killRefreshTokens(AccountConfig.second().clientId());
      assertThat(first.refresh(token).statusCode()).isEqualTo(200);
    }
  }
}
