// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.cardatabridge.simulator.AccountConfig;
import org.cardatabridge.simulator.SessionEvent;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.cardatabridge.testing.Child;
import org.cardatabridge.testing.Page;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built program as a process, started with {@code java -jar} in a directory that holds nothing:
 * its exit codes, its sentences, and its end.
 */
class ProgramIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** A goodbye to two brokers takes a second; the rest is for a machine with other work. */
  private static final Duration END = Duration.ofSeconds(40);

  @TempDir Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

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

  private Child bridge(Map<String, String> variables, String... arguments) throws IOException {
    return opened(Child.bridge(directory, variables, arguments));
  }

  private Child bridge(String... arguments) throws IOException {
    return bridge(Map.of(), arguments);
  }

  private ServerSocket busyPort() throws IOException {
    return opened(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
  }

  private Simulator bmw() throws IOException {
    Simulator bmw = opened(Simulator.start(SimulatorConfig.in(directory.resolve("bmw"))));
    bmw.change(
        b ->
            b.autoApproveAfter(Duration.ofMillis(100))
                .pollInterval(Duration.ofSeconds(1))
                .dayLength(Duration.ofMinutes(5)));
    return bmw;
  }

  /** A bridge with a free page, against a simulator, with the embedded broker. */
  private static Map<String, String> against(Simulator bmw, int httpPort) {
    Map<String, String> variables = new HashMap<>(bmw.environment());
    variables.put("CARDATA_HTTP_PORT", Integer.toString(httpPort));
    variables.put("CARDATA_API_PLAN", "false");
    variables.put("CARDATA_SINK_MQTT_URL", "embedded");
    variables.put("CARDATA_EMBEDDED_PORT", "0");
    return variables;
  }

  @Test
  void versionAndHelpAreFine() throws Exception {
    Child version = bridge("--version");
    Child help = bridge("--help");
    assertThat(version.exitCode(SOON)).isZero();
    assertThat(version.out()).matches("cardata-bridge \\d+\\.\\d+\\.\\d+\\S*\n");
    assertThat(help.exitCode(SOON)).isZero();
    assertThat(help.out()).contains("run", "login", "demo", "simulator", "Exit codes: 0 fine");
  }

  @Test
  void wrongUseIsTwoWithTheNearestCommand() throws Exception {
    Child command = bridge("lgin");
    Child option = bridge("demo", "--fro", "5s");
    Child length = bridge("demo", "--for", "soon");
    assertThat(command.exitCode(SOON)).isEqualTo(2);
    assertThat(command.err()).contains("'lgin'", "login");
    assertThat(option.exitCode(SOON)).isEqualTo(2);
    assertThat(option.err()).contains("'--fro'", "bridge --help");
    assertThat(length.exitCode(SOON)).isEqualTo(2);
    assertThat(length.err()).contains("got 'soon', takes a duration such as 60s or 5m");
  }

  @Test
  void eachWrongSettingOfEachPlaceGetsItsSentence() throws Exception {
    write("application.properties", "cardata.strem.host=x\ncardata.stream.qos=7\n");
    write("config/application.properties", "cardata.stream.port=ninety\n");
    write(".env", "CARDATA_STREAM_KEEP_ALIVE=fast\n");
    Child run =
        bridge(Map.of("CARDATA_HTTP_PORT", "99999", "CARDATA_AUTH_URL", "customer.bmw"), "run");

    assertThat(run.exitCode(SOON)).isEqualTo(2);
    assertThat(run.err().lines())
        .hasSize(6)
        .anyMatch(
            is("cardata.strem.host (application.properties)", "did you mean cardata.stream.host?"))
        .anyMatch(is("cardata.stream.qos (application.properties)", "got '7', takes 0, 1 or 2"))
        .anyMatch(is("cardata.stream.port (config/application.properties)", "got 'ninety'"))
        .anyMatch(is("cardata.stream.keep-alive (.env", "got 'fast', takes a duration"))
        .anyMatch(is("cardata.http.port (environment CARDATA_HTTP_PORT)", "got '99999'"))
        .anyMatch(is("cardata.auth.url (environment CARDATA_AUTH_URL)", "https://"));
    assertThat(run.out()).isEmpty();
    assertThat(directory.resolve("data")).doesNotExist();
  }

  private static java.util.function.Predicate<String> is(String start, String has) {
    return line -> line.startsWith(start) && line.contains(has);
  }

  @Test
  void theStrongestPlaceWinsAndAnUnknownVariableOnlyWarns() throws Exception {
    // Whatever but the environment wins, the start fails on a busy port.
    int busy = busyPort().getLocalPort();
    write("application.properties", "cardata.http.port=" + busy);
    write("config/application.properties", "cardata.http.port=" + busy);
    write(".env", "CARDATA_HTTP_PORT=" + busy);
    int port = Page.freePort();
    Child run =
        bridge(Map.of("CARDATA_HTTP_PORT", Integer.toString(port), "CARDATA_HTTP_PROT", "1"));

    run.awaitOut("http://127.0.0.1:" + port + "/", SOON);
    assertThat(run.out()).containsPattern("WARN .*CARDATA_HTTP_PROT.*CARDATA_HTTP_PORT");
  }

  @Test
  void withoutAClientIdItRunsServesThePageAndSaysWhatToDo() throws Exception {
    Page page = new Page(Page.freePort());
    write("application.properties", "cardata.http.port=" + page.port());
    Child run = bridge();

    run.awaitOut("cardata.client-id is not set — create a client id in BMW's portal", SOON);
    await().atMost(SOON).until(() -> page.code("/") == 200);
    assertThat(page.get("/api/status").body()).contains("cardata.client-id is not set");
    assertThat(page.get("/observe/health/live").statusCode()).isEqualTo(200);
    assertThat(page.get("/observe/health/ready").statusCode()).isEqualTo(503);

    run.terminate();
    assertThat(run.exitCode(END)).isZero();
  }

  @Test
  void aBusyHttpPortEndsTheStartWithOneSentence() throws Exception {
    int busy = busyPort().getLocalPort();
    Child run = bridge(Map.of("CARDATA_HTTP_PORT", Integer.toString(busy)));

    assertThat(run.exitCode(SOON)).isEqualTo(1);
    assertThat(run.err())
        .startsWith("Opening the page on 127.0.0.1:" + busy + ": Address already in use")
        .endsWith("set cardata.http.port or cardata.http.host\n")
        .hasLineCount(1);
  }

  @Test
  void aBusyPortOfTheEmbeddedBrokerEndsTheStartWithOneSentence() throws Exception {
    int busy = busyPort().getLocalPort();
    Child run =
        bridge(
            Map.of(
                "CARDATA_HTTP_PORT",
                "0",
                "CARDATA_SINK_MQTT_URL",
                "embedded",
                "CARDATA_EMBEDDED_PORT",
                Integer.toString(busy)));

    assertThat(run.exitCode(SOON)).isEqualTo(1);
    assertThat(run.err())
        .startsWith("Starting the embedded broker on 127.0.0.1:" + busy + ": Address already in")
        .contains("set cardata.embedded.port to a free port")
        .hasLineCount(1);
  }

  @Test
  void aJarWithoutItsRoutesSaysWhereItLooked() throws Exception {
    Path jar = Files.createDirectory(directory.resolve("alone")).resolve("cardata-bridge.jar");
    Files.copy(Child.jar(), jar);
    Files.createSymbolicLink(jar.resolveSibling("lib"), Child.jar().resolveSibling("lib"));
    Child run =
        opened(
            Child.start(
                jar.getParent(), Map.of(), List.of(Child.java(), "-jar", jar.toString(), "run")));

    assertThat(run.exitCode(SOON)).isEqualTo(2);
    assertThat(run.err())
        .startsWith("cardata.routes.dir: there is no folder " + jar.resolveSibling("routes"))
        .contains("start the bridge where its routes are, or name their folder");
  }

  @Test
  void oneBridgeOnADataDirectoryWhichASecondRunRespectsAndALoginUses() throws Exception {
    Simulator bmw = bmw();
    Page page = new Page(Page.freePort());
    Map<String, String> variables = against(bmw, page.port());
    variables.put("CARDATA_HTTP_PASSWORD", "geheimnis");
    Child run = bridge(variables);
    run.awaitOut("BMW's stream of main is up", SOON);
    assertThat(page.get("/api/status").statusCode()).isEqualTo(401);
    assertThat(page.get("/api/status", "geheimnis").body()).contains("\"state\":\"live\"");

    Child second = bridge(variables);
    Child login = bridge(variables, "login");
    variables.put("CARDATA_HTTP_PASSWORD", "falsch");
    Child stranger = bridge(variables, "login");

    assertThat(second.exitCode(SOON)).isEqualTo(1);
    assertThat(second.err())
        .startsWith("Starting the bridge: another one uses the data directory " + dataDirectory())
        .hasLineCount(1);
    assertThat(login.exitCode(SOON)).as(login.out() + login.err()).isZero();
    assertThat(login.out())
        .contains("Type  ", "Logged in: account main; the running bridge has the tokens.");
    assertThat(stranger.exitCode(SOON)).isEqualTo(1);
    assertThat(stranger.err()).contains("it answered 401", "cardata.http.password");

    run.terminate();
    assertThat(run.exitCode(END)).isZero();
    String gcid = AccountConfig.first().gcid();
    await().atMost(SOON).until(() -> bmw.openSessions(gcid) == 0);
    assertThat(bmw.sessionLog())
        .last()
        .returns(SessionEvent.Kind.CLIENT_DISCONNECT, SessionEvent::kind);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).doesNotContain(gcid, "Exception");
  }

  private Path dataDirectory() throws IOException {
    return directory.toRealPath().resolve("data");
  }

  @Test
  void aSimulatorOfItsOwnLogsABridgeInAndEndsOnSigterm() throws Exception {
    Child simulator = bridge("simulator");
    simulator.awaitOut("Ctrl-C ends it.", SOON);
    Map<String, String> variables =
        simulator
            .out()
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("export "))
            .map(line -> line.substring("export ".length()).split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    assertThat(variables)
        .containsOnlyKeys(
            "CARDATA_AUTH_URL",
            "CARDATA_API_URL",
            "CARDATA_STREAM_HOST",
            "CARDATA_STREAM_PORT",
            "CARDATA_TLS_CA_FILE",
            "CARDATA_CLIENT_ID",
            "CARDATA_HIGHMOBILITY_ENABLED",
            "CARDATA_HIGHMOBILITY_HOST",
            "CARDATA_HIGHMOBILITY_PORT",
            "CARDATA_HIGHMOBILITY_CA_FILE",
            "CARDATA_HIGHMOBILITY_CLIENT_CERT_FILE",
            "CARDATA_HIGHMOBILITY_CLIENT_KEY_FILE");
    assertThat(Path.of(variables.get("CARDATA_HIGHMOBILITY_CLIENT_KEY_FILE")))
        .content()
        .contains("BEGIN RSA PRIVATE KEY");
    Path ca = Path.of(variables.get("CARDATA_TLS_CA_FILE"));
    assertThat(ca).content().contains("BEGIN CERTIFICATE");
    assertThat(simulator.out()).contains(variables.get("CARDATA_AUTH_URL"), "mqtts://", "control");

    Child login = bridge(variables, "login");
    assertThat(login.exitCode(SOON)).as(login.out() + login.err()).isZero();
    assertThat(login.out()).contains("/oneid/link", "█", "Logged in: account main");
    Path tokens = dataDirectory().resolve("tokens.json");
    assertThat(tokens).content().contains("refresh_token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tokens)))
        .isEqualTo("rw-------");

    simulator.terminate();
    assertThat(simulator.exitCode(END)).isZero();
    assertThat(ca.getParent()).as("the simulator's directory").doesNotExist();
  }

  @Test
  void theDemoTakesOtherPortsWhereTheUsualOnesAreBusyAndEndsByItself() throws Exception {
    occupy(1883);
    occupy(8080);
    Child demo = bridge("demo", "--for", "2s");

    assertThat(demo.exitCode(Duration.ofSeconds(120))).as(demo.out() + demo.err()).isZero();
    List<String> whereToLook =
        demo.out().lines().dropWhile(line -> !line.contains("Where to look")).toList();
    assertThat(whereToLook.get(0)).contains("two BMWs, and a Mercedes-Benz");
    assertThat(whereToLook).hasSizeLessThanOrEqualTo(10);
    assertThat(String.join("\n", whereToLook))
        .containsPattern("page +http://localhost:\\d+")
        .containsPattern("mosquitto_sub -p \\d+ -t 'cardata/#' -v")
        .contains("It ends by itself in 2 s.")
        .doesNotContain(":8080", "-p 1883")
        .containsPattern("The demo is over: \\d\\d+ values arrived");
    assertThat(demo.err()).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  /**
   * Takes a usual port, unless somebody else on this machine keeps it, which serves as well: a demo
   * of another test gives it back.
   */
  private void occupy(int port) {
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsMatching(e -> e instanceof IOException)
          .until(() -> opened(new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) != null);
    } catch (ConditionTimeoutException e) {
      System.out.println("port " + port + " is taken by another program: " + e.getCause());
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
