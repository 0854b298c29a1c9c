// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.CarAction;
import org.cardatabridge.simulator.Fault;
import org.cardatabridge.simulator.Place;
import org.cardatabridge.testing.BridgeUnderTest;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each cause for which there are no data, played by the simulator: the doctor names it alone. */
class DoctorIT {

  private static final AccountConfig BMW = AccountConfig.first();
  private static final String CAR = BMW.vins().get(0);
  private static final String MILEAGE = "vehicle.vehicle.travelledDistance";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private BridgeUnderTest test;

  @BeforeEach
  void open() throws Exception {
    test = BridgeUnderTest.in(directory);
    test.set("cardata.api.url", test.bmw().apiUrl().toString());
  }

  @AfterEach
  void close() throws Exception {
    test.close();
  }

  private JsonNode examine() throws Exception {
    return JSON.readTree(test.bridge().doctor().examine("en").text());
  }

  private void live() throws Exception {
    test.store("main", BMW);
    test.start();
    await("a subscription").until(() -> test.bmw().isSubscribed(BMW.gcid()));
    await("a session")
        .until(() -> List.of("live", "quiet").contains(test.account("main").stream().state()));
  }

  private static List<JsonNode> with(JsonNode told, String verdict) {
    return StreamSupport.stream(told.path("checks").spliterator(), false)
        .filter(check -> check.path("verdict").asText().equals(verdict))
        .toList();
  }

  private static JsonNode check(JsonNode told, String id) {
    return StreamSupport.stream(told.path("checks").spliterator(), false)
        .filter(check -> check.path("id").asText().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no check " + id + " in " + told));
  }

  /** That this check alone names a cause, in these words, and says what to do. */
  private static void causeIs(JsonNode told, String id, String... words) {
    assertThat(with(told, "failed"))
        .as(() -> told.toPrettyString())
        .extracting(check -> check.path("id").asText())
        .containsExactly(id);
    assertThat(told.path("ok").asBoolean()).isFalse();
    assertThat(check(told, id).path("text").asText()).contains(words);
    assertThat(check(told, id).path("action").asText()).isNotBlank();
  }

  private static void isLeftOut(JsonNode told, String... ids) {
    for (String id : ids) {
      assertThat(check(told, id).path("verdict").asText()).as(id).isEqualTo("skipped");
    }
  }

  @Test
  void aHealthyBridgeHasNoFaultAndKeepsItsSession() throws Exception {
    live();
    test.proveFlow(BMW, 4711);
    JsonNode told = examine();
    assertThat(with(told, "failed")).as(() -> told.toPrettyString()).isEmpty();
    assertThat(told.path("ok").asBoolean()).isTrue();
    assertThat(check(told, "portal").path("text").asText()).startsWith("Data come");
    assertThat(check(told, "sink-mqtt").path("verdict").asText()).isEqualTo("ok");
    assertThat(check(told, "tls-stream").path("text").asText()).contains("TLSv1.3");
    assertThat(told.toString()).doesNotContain(BMW.gcid(), BMW.clientId(), CAR);
    assertThat(test.bmw().mostOpenSessions(BMW.gcid())).as("sessions at BMW").isEqualTo(1);
    assertThat(test.bmw().apiRequests()).as("REST calls").isEmpty();
  }

  @Test
  void aMissingScope() throws Exception {
    test.bmw().perform("services", "{\"streaming\":false}");
    test.store("main", BMW);
    test.start();
    JsonNode told = examine();
    causeIs(told, "scopes", "lacks the scope cardata:streaming:read");
    assertThat(check(told, "scopes").path("action").asText()).contains("CarData Streaming");
    isLeftOut(told, "mqtt-login", "subscription", "portal");
  }

  @Test
  void aClientThatIsNotSubscribedToStreaming() throws Exception {
    test.bmw().perform("services", "{\"streaming\":false}");
    test.bmw().fault(Place.REFRESH, Fault.omit("scope"), 50);
    ObjectNode tokens = (ObjectNode) test.store("main", BMW);
    tokens.put("scope", "authenticate_user openid cardata:api:read cardata:streaming:read");
    JSON.writeValue(test.tokenFile("main").toFile(), tokens);
    test.start();
    JsonNode told = examine();
    causeIs(told, "scopes", "not subscribed to CarData Streaming");
    isLeftOut(told, "mqtt-login", "subscription", "portal");
  }

  @Test
  void descriptorsThatAreNotTicked() throws Exception {
    test.bmw(b -> b.ticked(false));
    live();
    // BMW's times have no fractions: in the second of the subscription they would lie before it.
    long subscribed = Instant.now().getEpochSecond();
    await("the next second").until(() -> Instant.now().getEpochSecond() > subscribed);
    test.bmw().car(CAR, CarAction.DRIVE);
    assertThat(test.http("POST", "/api/actions/telematic-data?vin=" + CAR).body())
        .contains("\"status\":\"ok\"");
    await("REST data").until(() -> !test.status().vehicles().isEmpty());
    causeIs(examine(), "portal", "no descriptor is ticked");
  }

  @Test
  void aUserWhoIsNotPrimary() throws Exception {
    for (String vin : BMW.vins()) {
      test.bmw().perform("vehicle", "{\"vin\":\"" + vin + "\",\"mapping\":\"SECONDARY\"}");
    }
    live();
    causeIs(examine(), "portal", "not the PRIMARY user");
    assertThat(test.bmw().apiRequests()).as("one call of the quota").hasSize(1);
    causeIs(examine(), "portal", "not the PRIMARY user");
    assertThat(test.bmw().apiRequests()).as("and no second one").hasSize(1);
  }

  @Test
  void aCarThatHasNeverSentIsNoFaultYet() throws Exception {
    live();
    JsonNode told = examine();
    assertThat(with(told, "failed")).as(() -> told.toPrettyString()).isEmpty();
    assertThat(check(told, "portal").path("verdict").asText()).isEqualTo("warning");
    assertThat(check(told, "portal").path("action").asText()).contains("Lock and unlock the car");
  }

  @Test
  void aCarThatSleepsIsNoFault() throws Exception {
    test.set("cardata.stream.quiet-after", "1s");
    live();
    test.proveFlow(BMW, 4711);
    test.awaitStream("main", "quiet");
    JsonNode told = examine();
    assertThat(with(told, "failed")).as(() -> told.toPrettyString()).isEmpty();
    assertThat(check(told, "portal").path("text").asText()).contains("The car sleeps");
    assertThat(check(told, "portal").path("verdict").asText()).isEqualTo("ok");
  }

  @Test
  void anotherClientThatTakesTheSession() throws Exception {
    live();
    test.bmw().fault(Place.CONNECT, Fault.silence(), 20);
    test.bmw().disconnect(BMW.gcid(), 142);
    test.awaitAccount(
        "main",
        "taken over",
        account -> !List.of("live", "quiet").contains(account.stream().state()));
    JsonNode told = examine();
    causeIs(told, "other-client", "Another client uses this account");
    isLeftOut(told, "mqtt-login", "subscription", "portal");
  }

  @Test
  void aDeadToken() throws Exception {
    ObjectNode tokens = (ObjectNode) test.store("main", BMW);
    Instant now = Instant.now();
    tokens.put("obtained_at", now.minusSeconds(7200).toString());
    tokens.put("expires_at", now.minusSeconds(3600).toString());
    JSON.writeValue(test.tokenFile("main").toFile(), tokens);
    test.bmw().killRefreshTokens(BMW.clientId());
    test.start();
    JsonNode told = examine();
    causeIs(told, "tokens", "BMW takes the login no more", "invalid_request");
    isLeftOut(told, "scopes", "other-client", "mqtt-login", "subscription", "portal");
  }

  @ParameterizedTest
  @CsvSource({"-10, ahead", "10, behind"})
  void aWrongClock(long minutes, String way) throws Exception {
    test.bmw(b -> b.clockOffset(Duration.ofMinutes(minutes)));
    live();
    causeIs(examine(), "clock", "10 min " + way);
  }

  @Test
  void aNameThatIsNotResolved() throws Exception {
    test.set("cardata.stream.host", "no-such-host.invalid");
    test.store("main", BMW);
    test.start();
    JsonNode told = examine();
    causeIs(told, "dns-stream", "no-such-host.invalid cannot be resolved");
    isLeftOut(told, "tls-stream", "other-client", "mqtt-login", "subscription", "portal");
  }

  @Test
  void somebodyInBetweenWhoOpensTls() throws Exception {
    TestCertificates theirs = TestCertificates.in(Files.createDirectory(directory.resolve("tls")));
    try (ServerSocket socket =
        theirs
            .serverContext()
            .getServerSocketFactory()
            .createServerSocket(0, 20, InetAddress.getLoopbackAddress())) {
      JsonNode told = examineWithStreamAt(socket, client -> client.getInputStream().read());
      causeIs(told, "tls-stream", "signed by nobody", "\"CN=ca\"");
      isLeftOut(told, "other-client", "mqtt-login", "subscription", "portal");
    }
  }

  @Test
  void aServerThatDoesNotKnowOurTls() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 20, InetAddress.getLoopbackAddress())) {
      JsonNode told =
          examineWithStreamAt(
              socket,
              client -> {
                if (client.getInputStream().read(new byte[4096]) > 0) {
                  client.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 2, 70});
                }
              });
      causeIs(told, "tls-stream", "No version of TLS");
      isLeftOut(told, "other-client", "mqtt-login", "subscription", "portal");
    }
  }

  /** Does one thing with a connection. */
  private interface Talk {
    void with(Socket client) throws IOException;
  }

  private JsonNode examineWithStreamAt(ServerSocket socket, Talk talk) throws Exception {
    Thread server =
        new Thread(
            () -> {
              while (!socket.isClosed()) {
                try (Socket client = socket.accept()) {
                  talk.with(client);
                } catch (IOException e) {
                  // Whoever does not trust this server hangs up, and the test closes it.
                  continue;
                }
              }
            },
            "in-between");
    server.start();
    try {
      test.set("cardata.stream.port", Integer.toString(socket.getLocalPort()));
      test.store("main", BMW);
      test.start();
      return examine();
    } finally {
      socket.close();
      server.join(10_000);
    }
  }

  @Test
  void aFilterThatIsRefused() throws Exception {
    test.set("cardata.stream.topics", "{gcid}/#");
    test.store("main", BMW);
    test.start();
    test.awaitStream("main", "backing-off");
    JsonNode told = examine();
    causeIs(told, "subscription", "refuses a filter of {gcid}/#");
    isLeftOut(told, "portal");
  }

  @Test
  void aLocalBrokerThatIsAway() throws Exception {
    test.broker().kill();
    live();
    JsonNode told = examine();
    causeIs(told, "local-broker", "does not answer");
    isLeftOut(told, "sink-mqtt");
  }

  @Test
  void aLocalBrokerThatLetsNobodyIn() throws Exception {
    try (Mosquitto closed =
        Mosquitto.start(directory.resolve("closed"), List.of("allow_anonymous false"))) {
      test.set("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + closed.port());
      live();
      causeIs(examine(), "local-broker", "does not let the bridge in");
    }
  }

  @Test
  void aLocalBrokerThatRefusesWhatIsPublished() throws Exception {
    Path acl = Files.writeString(directory.resolve("acl"), "topic read #\n");
    try (Mosquitto deaf =
        Mosquitto.start(
            directory.resolve("deaf"), List.of("allow_anonymous true", "acl_file " + acl))) {
      test.set("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + deaf.port());
      live();
      causeIs(examine(), "local-broker", "does not let it publish on cardata/bridge/doctor");
    }
  }

  @Test
  void aDiskThatCannotBeWrittenTo() throws Exception {
    live();
    Path data = directory.resolve("data");
    Files.move(data, directory.resolve("away"));
    Files.writeString(data, "no directory");
    JsonNode told = examine();
    causeIs(told, "disk", "cannot be written to");
    isLeftOut(told, "journal", "tokens", "mqtt-login", "portal", "sink-mqtt");
    Files.delete(data);
  }

  @Test
  void aClientIdThatIsMissing() throws Exception {
    test.set("cardata.client-id", "");
    test.start();
    JsonNode told = examine();
    causeIs(told, "client-id", "No client id is set");
    isLeftOut(told, "tokens", "scopes", "mqtt-login", "portal");
  }

  private JsonNode examineAlone() throws Exception {
    try (RunningBridge alone =
        RunningBridge.startForDoctor(
            SettingsLoader.load(directory, Map.of(), test.settings()), s -> {}, s -> {})) {
      return JSON.readTree(alone.doctor().examine("en").text());
    }
  }

  @Test
  void whereNoBridgeRunsItConnectsByItselfAndKeepsWhatComes() throws Exception {
    live();
    test.proveFlow(BMW, 4711);
    test.stop();
    test.bmw()
        .play(
            "{\"steps\":[{\"await\":\"subscribed\",\"within\":\"30s\"},{\"do\":\"publish\","
                + "\"data\":{\""
                + MILEAGE
                + "\":{\"value\":4712,\"unit\":\"km\"}}}]}");
    JsonNode told = examineAlone();
    assertThat(with(told, "failed")).as(() -> told.toPrettyString()).isEmpty();
    assertThat(check(told, "subscription").path("verdict").asText()).isEqualTo("ok");
    assertThat(test.bmw().openSessions(BMW.gcid())).as("sessions behind it").isZero();

    test.start();
    await("what came meanwhile, at the sinks of a later run")
        .untilAsserted(
            () ->
                assertThat(test.local().latest())
                    .containsEntry(BridgeUnderTest.mileage(BMW), "4712"));
  }

  @Test
  void aBridgeOnAnotherMachineThatTakesTheSessionBackIsTheVerdict() throws Exception {
    test.store("main", BMW);
    test.bmw()
        .play(
            "{\"steps\":[{\"await\":\"subscribed\",\"within\":\"30s\"},"
                + "{\"do\":\"disconnect\",\"code\":142}]}");
    causeIs(examineAlone(), "other-client", "Another client uses this account");
  }
}
