// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardatabridge.RunningBridge;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./bridge replay --file}, with a webhook as the sink and the shipped flatten route. */
@Timeout(120)
class ReplayTest {

  private static final String VIN = "WBY00TEST00000001";
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  /** Would take messages from outside, which a replay must not. */
  private static final String INTAKE =
      """
      - route:
          id: ingest-mine
          from:
            uri: direct:mine
            steps:
              - to:
                  uri: direct:flatten
      """;

  private static final String SINK =
      """
      - route:
          id: hook
          from:
            uri: events:%s
            steps:
              - setBody:
                  expression:
                    simple:
                      expression: "${body.key}=${body.value} ${body.source} ${body.account} ${body.received}"
              - to:
                  uri: http://127.0.0.1:%d/%s
      """;

  @TempDir Path workDir;
  private final StringWriter err = new StringWriter();
  private final List<String> posted = new CopyOnWriteArrayList<>();
  private HttpServer target;
  private volatile int status = 200;

  @BeforeEach
  void prepare() throws IOException {
    target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    target.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          if (status == 200) {
            posted.add(exchange.getRequestURI().getPath() + " " + body);
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    target.start();
    Path routes = Files.createDirectory(workDir.resolve("routes"));
    for (String file : List.of("errors", "flatten", "web", "web-replay")) {
      Files.copy(Path.of("routes", file + ".camel.yaml"), routes.resolve(file + ".camel.yaml"));
    }
    int port = target.getAddress().getPort();
    Files.writeString(routes.resolve("my-hook.camel.yaml"), SINK.formatted("hook", port, "hook"));
    Files.writeString(routes.resolve("ingest-mine.camel.yaml"), INTAKE);
  }

  @AfterEach
  void end() {
    target.stop(0);
  }

  private LoadedSettings settings(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.putIfAbsent("cardata.http.port", "0");
    return SettingsLoader.load(workDir, Map.of(), all);
  }

  private static String line(int second, int kilometres) {
    Instant received = NOON.plusSeconds(second);
    return "{\"received\":\"%s\",\"source\":\"stream\",\"account\":\"hers\",\"topic\":\"g/%s\",\"payload\":\"%s\"}\n"
        .formatted(
            received,
            VIN,
            ("{'vin':'"
                    + VIN
                    + "','data':{'vehicle.vehicle.travelledDistance':{'value':'"
                    + kilometres
                    + "','unit':'km','timestamp':'"
                    + received
                    + "'}}}")
                .replace("'", "\\\""));
  }

  private static String heard(int second, int kilometres) {
    return "/hook vehicle.vehicle.travelledDistance=%d replay hers %s"
        .formatted(kilometres, NOON.plusSeconds(second));
  }

  private ReplayRequest request(String... lines) throws IOException {
    Path file = workDir.resolve("x.ndjson");
    Files.writeString(file, String.join("", lines));
    return new ReplayRequest("x.ndjson", null, null, Set.of(), 0, false);
  }

  @Test
  void notificationsStayOutAndWhatIsDerivedDoesNotHinder() throws Exception {
    Path routes = workDir.resolve("routes");
    for (String file : List.of("sink-notify", "notify-send", "notify-bridge", "derive")) {
      Files.copy(Path.of("routes", file + ".camel.yaml"), routes.resolve(file + ".camel.yaml"));
    }
    Map<String, String> on =
        Map.of(
            "cardata.sink.notify.enabled",
            "true",
            "cardata.sink.notify.webhook.url",
            "http://127.0.0.1:" + target.getAddress().getPort() + "/phone",
            "cardata.derived.enabled",
            "true");
    int exit =
        new BridgeActions(new Redaction(), new StopSignal())
            .replay(settings(on), request(line(1, 100)), new PrintWriter(err, true));
    assertThat(exit).as(err.toString()).isZero();
    assertThat(posted).contains(heard(1, 100)).noneMatch(post -> post.startsWith("/phone"));
  }

  private int alone(ReplayRequest request) throws Exception {
    return new BridgeActions(new Redaction(), new StopSignal())
        .replay(settings(Map.of()), request, new PrintWriter(err, true));
  }

  @Test
  void aloneItFeedsTheSinksAndEndsWhenTheyHaveEverything() throws Exception {
    assertThat(alone(request(line(0, 1), line(1, 2), line(2, 3)))).as(err.toString()).isZero();
    assertThat(posted).containsExactly(heard(0, 1), heard(1, 2), heard(2, 3));
    assertThat(err).asString().contains("Replayed 3 messages").doesNotContain("refused");
  }

  @Test
  void aBadLineIsNamedStopsNothingAndMakesItAFailure() throws Exception {
    assertThat(alone(request(line(0, 1), "oops\n", line(1, 2), "{\"received\":"))).isEqualTo(1);
    assertThat(posted).containsExactly(heard(0, 1), heard(1, 2));
    assertThat(err)
        .asString()
        .contains("Line 2: it is no JSON", "Line 4: it ends in the middle")
        .contains("Replayed 2 messages, refused 2 lines");
  }

  @Test
  void onlyTheTimeThatIsAskedForIsPlayed() throws Exception {
    request(line(0, 1), line(10, 2), line(20, 3));
    ReplayRequest middle =
        new ReplayRequest(
            "x.ndjson", NOON.plusSeconds(5), NOON.plusSeconds(20), Set.of("hook"), 0, false);
    assertThat(alone(middle)).isZero();
    assertThat(posted).containsExactly(heard(10, 2));
  }

  @Test
  void anUnknownSinkIsRefusedWithThoseThereAre() throws Exception {
    request(line(0, 1));
    ReplayRequest wrong = new ReplayRequest("x.ndjson", null, null, Set.of("hok"), 0, false);
    assertThatThrownBy(() -> alone(wrong))
        .isInstanceOf(BadSettingException.class)
        .hasMessage("--sink: got 'hok', takes one of hook");
    assertThat(posted).isEmpty();
  }

  @Test
  void aSinkThatStaysDownIsNamedAndMakesItAFailure() throws Exception {
    status = 503;
    request(line(0, 1));
    try (RunningBridge bridge =
        RunningBridge.startForReplay(settings(Map.of()), s -> {}, s -> {})) {
      int code =
          new LocalReplay(
                  bridge, new StopSignal(), new PrintWriter(err, true), Duration.ofMillis(300))
              .play(
                  new ReplayRequest("x.ndjson", null, null, Set.of(), 0, false),
                  Files.newInputStream(workDir.resolve("x.ndjson")));
      assertThat(code).isEqualTo(1);
    }
    assertThat(err).asString().contains("Delivering to sink hook", "503", " — ");
  }

  @Test
  void besideARunningBridgeItGoesThroughIt() throws Exception {
    request(line(0, 1), "oops\n", line(1, 2));
    try (RunningBridge bridge = RunningBridge.start(settings(Map.of()), text -> {}, s -> {})) {
      // The command's own settings lead nowhere: the data directory says where the bridge answers.
      LoadedSettings settings = settings(Map.of("cardata.http.port", "1"));
      assertThat(bridge.httpPort()).isNotEqualTo(1);
      BridgeActions actions = new BridgeActions(new Redaction(), new StopSignal());
      PrintWriter out = new PrintWriter(err, true);

      ReplayRequest all = new ReplayRequest("x.ndjson", null, null, Set.of("hook"), 0, false);
      assertThat(actions.replayThroughRunningBridge(settings, all, out)).isEqualTo(1);
      assertThat(err).asString().contains("Line 2: ", "Replayed 2 messages, refused 1 line");
      await().untilAsserted(() -> assertThat(posted).containsExactly(heard(0, 1), heard(1, 2)));

      ReplayRequest wrong = new ReplayRequest("x.ndjson", null, null, Set.of("hok"), 0, false);
      assertThatThrownBy(() -> actions.replayThroughRunningBridge(settings, wrong, out))
          .isInstanceOf(BadSettingException.class)
          .hasMessage("--sink: got 'hok', takes one of hook");
    }
  }

  @Test
  void whereNothingListensItSaysWhatToCheck() throws Exception {
    request(line(0, 1));
    LoadedSettings settings = settings(Map.of("cardata.http.port", "1"));
    ReplayRequest all = new ReplayRequest("x.ndjson", null, null, Set.of(), 0, false);
    int code =
        new BridgeActions(new Redaction(), new StopSignal())
            .replayThroughRunningBridge(settings, all, new PrintWriter(err, true));
    assertThat(code).isEqualTo(1);
    assertThat(err).asString().contains("nothing listens there", "cardata.http.port");
  }
}
