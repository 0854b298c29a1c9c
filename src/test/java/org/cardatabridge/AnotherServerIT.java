// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.testing.Mosquitto;
import org.cardatabridge.testing.Programs;
import org.cardatabridge.testing.Subscriber;
import org.cardatabridge.testing.TestCertificates;
import org.cardatabridge.web.BridgeStatus;
import org.cardatabridge.web.StatusApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bridge with servers that were not made for it: a plain RFC 8628 server with other paths, no
 * more than that standard asks for, and other statuses; and a mosquitto with TLS and passwords in
 * BMW's place.
 */
class AnotherServerIT {

  private static final String USER = "stream-user";
  private static final String ID_TOKEN = "an-opaque-token-which-is-no-jwt";
  private static final String VIN = "car-1";

  @TempDir Path directory;

  /** The least that RFC 8628 and RFC 6749 allow. */
  private static final class PlainServer implements AutoCloseable {

    private final HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final List<Map<String, String>> requests = new CopyOnWriteArrayList<>();
    private volatile String challenge;
    private volatile boolean approved;

    PlainServer() throws IOException {
      http.createContext("/as/device", this::device);
      http.createContext("/as/token", this::token);
      http.start();
    }

    String url() {
      return "http://localhost:" + http.getAddress().getPort();
    }

    private Map<String, String> form(HttpExchange exchange) throws IOException {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
      Map<String, String> form =
          Arrays.stream(body.split("&"))
              .map(pair -> pair.split("=", 2))
              .collect(
                  Collectors.toMap(
                      pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
      requests.add(form);
      return form;
    }

    private void device(HttpExchange exchange) throws IOException {
      challenge = form(exchange).get("code_challenge");
      answer(
          exchange,
          200,
          "{\"device_code\":\"d-1\",\"user_code\":\"WDJB-MJHT\","
              + "\"verification_uri\":\"https://login.example/device\",\"expires_in\":1800}");
    }

    private void token(HttpExchange exchange) throws IOException {
      Map<String, String> form = form(exchange);
      if (form.get("grant_type").equals("refresh_token")) {
        answer(exchange, 200, "{\"access_token\":\"a-2\",\"id_token\":\"" + ID_TOKEN + "\"}");
      } else if (!hash(form.get("code_verifier")).equals(challenge)) {
        answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
      } else if (!approved) {
        answer(exchange, 400, "{\"error\":\"authorization_pending\"}");
      } else {
        answer(
            exchange,
            200,
            "{\"access_token\":\"a-1\",\"token_type\":\"bearer\",\"expires_in\":6,"
                + "\"refresh_token\":\"r-1\",\"id_token\":\""
                + ID_TOKEN
                + "\"}");
      }
    }

    private static String hash(String verifier) {
      try {
        return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }

    long refreshes() {
      return requests.stream().filter(r -> "refresh_token".equals(r.get("grant_type"))).count();
    }

    @Override
    public void close() {
      http.stop(0);
    }
  }

  private static void readableByAll(Path file) throws IOException {
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
  }

  @Test
  void valuesFlowFromAnyBrokerWithALoginAtAnyServer() throws Exception {
    Programs.need("mosquitto");
    Path pub = Programs.need("mosquitto_pub");
    TestCertificates certificates = TestCertificates.in(directory);
    Path passwords = TestCertificates.passwordFile(directory, USER, ID_TOKEN);
    for (Path file : List.of(certificates.serverKey(), passwords)) {
      readableByAll(file);
    }
    List<String> tls =
        List.of(
            "certfile " + certificates.serverCert(),
            "keyfile " + certificates.serverKey(),
            "password_file " + passwords,
            "allow_anonymous false");
    try (PlainServer server = new PlainServer();
        Mosquitto stream = Mosquitto.start(directory.resolve("stream"), tls);
        Mosquitto broker = Mosquitto.start(directory.resolve("broker"));
        Subscriber local = Subscriber.on(broker.port())) {
      List<String> terminal = new CopyOnWriteArrayList<>();
      Map<String, String> settings =
          Map.ofEntries(
              Map.entry("cardata.client-id", "any-client"),
              Map.entry("cardata.auth.url", server.url()),
              Map.entry("cardata.auth.device-code-path", "/as/device"),
              Map.entry("cardata.auth.token-path", "/as/token"),
              Map.entry("cardata.scope", "openid"),
              Map.entry("cardata.api.plan", "false"),
              Map.entry("cardata.stream.host", "localhost"),
              Map.entry("cardata.stream.port", Integer.toString(stream.port())),
              Map.entry("cardata.stream.username", USER),
              Map.entry("cardata.stream.topics", "cars/+"),
              Map.entry("cardata.tls.ca-file", certificates.ca().toString()),
              Map.entry("cardata.sink.mqtt.url", "tcp://127.0.0.1:" + broker.port()),
              Map.entry("cardata.data-dir", directory.resolve("data").toString()),
              Map.entry("cardata.routes.dir", Path.of("routes").toAbsolutePath().toString()),
              Map.entry("cardata.http.port", "0"));
      RunningBridge bridge =
          RunningBridge.start(
              SettingsLoader.load(directory, Map.of(), settings), terminal::add, secret -> {});
      try {
        await("the code").until(() -> !terminal.isEmpty());
        assertThat(terminal.get(0)).contains("WDJB-MJHT", "https://login.example/device");
        server.approved = true;
        await("the stream")
            .atMost(40, TimeUnit.SECONDS)
            .until(() -> status(bridge).accounts().get(0).stream().state().equals("live"));
        assertThat(status(bridge).accounts().get(0).login().message()).isNull();

        publish(pub, stream, certificates, "17");
        local.awaitOn("cardata/" + VIN + "/vehicle/isMoving/value", "17");

        // Four of six seconds, then a refresh whose answer is as sparing.
        await("a refresh").atMost(40, TimeUnit.SECONDS).until(() -> server.refreshes() >= 1);
        await("the stream after it")
            .atMost(40, TimeUnit.SECONDS)
            .until(
                () ->
                    status(bridge).accounts().get(0).stream().state().equals("live")
                        && granted(stream) == 2);
        publish(pub, stream, certificates, "18");
        local.awaitOn("cardata/" + VIN + "/vehicle/isMoving/value", "18");
        assertThat(Files.readString(directory.resolve("data/tokens.json")))
            .contains("\"a-2\"", "\"r-1\"");
      } finally {
        bridge.close();
      }
      assertThat(stream.log()).contains("u'" + USER + "'");
    }
  }

  /** How often the stream's broker has granted the bridge its topics. */
  private static long granted(Mosquitto stream) throws IOException {
    return stream.log().lines().filter(line -> line.contains("Sending SUBACK")).count();
  }

  private static BridgeStatus status(RunningBridge bridge) {
    return bridge.part("status", StatusApi.class).current();
  }

  private static void publish(
      Path pub, Mosquitto stream, TestCertificates certificates, String value) throws Exception {
    Process process =
        new ProcessBuilder(
                pub.toString(),
                "-h",
                "localhost",
                "-p",
                Integer.toString(stream.port()),
                "--cafile",
                certificates.ca().toString(),
                "-u",
                USER,
                "-P",
                ID_TOKEN,
                "-q",
                "1",
                "-t",
                "cars/" + VIN,
                "-m",
                "{\"data\":{\"vehicle.isMoving\":{\"value\":" + value + "}}}")
            .inheritIO()
            .start();
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
