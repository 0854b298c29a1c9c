// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.cardatabridge.settings.CannotStartException;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.settings.SettingsLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A login in a terminal beside a running bridge, which answers what it was told. */
@Timeout(120)
class RemoteLoginTest {

  private static final String PENDING =
      "{\"state\":\"pending\",\"userCode\":\"qRtVw3Kd\",\"confirmedAt\":\"2026-11-21T10:00:00Z\","
          + "\"verificationUri\":\"https://x.example/\",\"codeExpiresAt\":\"2999-01-01T00:00:00Z\"}";

  private final StringWriter out = new StringWriter();
  private final List<String> methods = new ArrayList<>();
  private final List<String> upgrades = new ArrayList<>();
  private HttpServer bridge;

  @BeforeEach
  void listen() throws Exception {
    bridge = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    bridge.start();
  }

  @AfterEach
  void end() {
    bridge.stop(0);
  }

  private int login(String... answers) throws Exception {
    Deque<String> left = new ArrayDeque<>(Arrays.asList(answers));
    bridge.createContext(
        "/api/login",
        exchange -> {
          methods.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getQuery());
          upgrades.addAll(exchange.getRequestHeaders().getOrDefault("Upgrade", List.of()));
          byte[] answer = left.pop().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    Settings settings =
        Settings.of(
            Map.of(
                "cardata.http.host",
                "127.0.0.1",
                "cardata.http.port",
                Integer.toString(bridge.getAddress().getPort())));
    return new RemoteLogin(settings, new StopSignal()).login("main", new PrintWriter(out, true));
  }

  @Test
  void aConfirmedCodeIsALogin() throws Exception {
    int code =
        login(PENDING, "{\"state\":\"authorized\",\"confirmedAt\":\"2026-11-21T10:05:00Z\"}");

    assertThat(code).isZero();
    assertThat(out)
        .asString()
        .contains("qRtVw3Kd", "The code is valid for", "█", "Logged in: account main");
    assertThat(methods).containsExactly("POST account=main", "GET account=main");
  }

  @Test
  void noOtherProtocolIsAskedFor() throws Exception {
    login("{\"state\":\"authorized\"}");

    assertThat(methods).isNotEmpty();
    assertThat(upgrades).isEmpty();
  }

  @Test
  void anExpiredCodeIsAFailureAlthoughTheOlderLoginHolds() throws Exception {
    int code =
        login(
            PENDING,
            "{\"state\":\"authorized\",\"confirmedAt\":\"2026-11-21T10:00:00Z\","
                + "\"message\":\"the code was not confirmed in time\"}");

    assertThat(code).isEqualTo(1);
    assertThat(out).asString().contains("not confirmed in time").doesNotContain("Logged in");
  }

  @Test
  void aRefusalIsSaidWithoutSayingTwiceWhoIsLoggingIn() throws Exception {
    login(
        PENDING, "{\"state\":\"refused\",\"message\":\"Logging in account main: access_denied\"}");

    assertThat(out).asString().containsOnlyOnce("Logging in account main");
  }

  @Test
  void aBridgeWithoutAPageIsPerhapsAnotherLogin(@TempDir Path dir) {
    int port = bridge.getAddress().getPort();
    bridge.stop(0);
    LoadedSettings settings =
        SettingsLoader.load(dir, Map.of(), Map.of("cardata.http.port", Integer.toString(port)));

    assertThatThrownBy(
            () ->
                new BridgeActions(new Redaction(), new StopSignal())
                    .loginThroughRunningBridge(settings, "main", new PrintWriter(out, true)))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("nothing answers at 127.0.0.1 port " + port)
        .hasMessageContaining("another ./bridge login is under way, wait for its end");
  }

  @Test
  void withoutAMessageItSaysThatTheCodeWasNotConfirmed() throws Exception {
    int code = login("{\"state\":\"pending\"}", "{\"state\":\"authorized\"}");

    assertThat(code).isEqualTo(1);
    assertThat(out).asString().contains("not confirmed");
  }
}
