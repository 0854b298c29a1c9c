// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.LogManager;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.DataDirectory;
import org.cardatabridge.settings.LoadedSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeCommandTest {

  @TempDir Path workDir;
  private final Map<String, String> env = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Recorder actions = new Recorder();
  private final LoggerContext log = new LoggerContext();
  private Optional<Path> home = Optional.empty();

  @BeforeEach
  void giveTheContextWhatSlf4jGivesIt() {
    log.setMDCAdapter(new LogbackMDCAdapter());
  }

  @AfterEach
  void stopLogging() throws IOException {
    log.stop();
    LogManager.getLogManager().readConfiguration();
  }

  @Test
  void withoutACommandTheBridgeRuns() {
    assertThat(execute()).isZero();
    assertThat(execute("run")).isZero();
    assertThat(actions.calls).containsExactly("run", "run");
  }

  @Test
  void theExitCodeOfACommandIsTheProcesss() {
    actions.exitCode = 1;
    assertThat(execute("run")).isEqualTo(1);
  }

  @Test
  void demoTakesItsLengthAndLooksAtNoSettings() {
    env.put("CARDATA_HTTP_PORT", "wrong");
    assertThat(execute("demo", "--for", "60s")).isZero();
    assertThat(execute("demo")).isZero();
    assertThat(actions.calls).containsExactly("demo 1 min", "demo for ever");
    assertThat(workDir).isEmptyDirectory();
  }

  @Test
  void demoTakesTheSettingsOfSinksThatAreNamedAndOfNoOther() throws Exception {
    Files.createDirectory(workDir.resolve("routes"));
    for (String sink : List.of("influxdb", "sql")) {
      Files.createFile(workDir.resolve("routes/sink-" + sink + ".camel.yaml"));
    }
    env.put("CARDATA_CLIENT_ID", "mine");
    env.put("CARDATA_DERIVED_ENABLED", "true");
    env.put("CARDATA_SINK_INFLUXDB_URL", "http://db:8086");
    env.put("CARDATA_SINK_SQL_URL", "jdbc:postgresql://db/cars");
    env.put("CARDATA_SINK_SQL_ENABLED", "true");

    assertThat(execute("demo")).isZero();
    assertThat(execute("demo", "--sinks", "influxdb")).isZero();
    assertThat(actions.calls)
        .containsExactly(
            "demo for ever",
            "demo for ever to influxdb with [CARDATA_DERIVED_ENABLED,"
                + " CARDATA_SINK_INFLUXDB_ENABLED, CARDATA_SINK_INFLUXDB_URL]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"influx", "mqtt", "../x"})
  void aSinkThatADemoCannotFeedIsWrongUsage(String name) {
    assertThat(execute("demo", "--sinks", name)).isEqualTo(2);
    assertThat(err).asString().contains("--sinks", "'" + name + "'", "influxdb,sql");
    assertThat(actions.calls).isEmpty();
  }

  @Test
  void theDemosPageListensWhereTheEnvironmentSays() {
    env.put("CARDATA_HTTP_HOST", "0.0.0.0");
    assertThat(execute("demo")).isZero();
    assertThat(actions.calls).containsExactly("demo for ever with [CARDATA_HTTP_HOST]");
  }

  @Test
  void simulatorLooksAtNoSettingsEither() {
    env.put("CARDATA_HTTP_PORT", "wrong");
    assertThat(execute("simulator")).isZero();
    assertThat(actions.calls).containsExactly("simulator");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sixty", "60", "0s", ""})
  void aLengthThatIsNoDurationIsWrongUsage(String length) {
    assertThat(execute("demo", "--for", length)).isEqualTo(2);
    assertThat(err).asString().contains("--for", "'" + length + "'", "a duration such as 60s");
    assertThat(actions.calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "walk",
        "--fast",
        "run now",
        "login --account",
        "doctor now",
        "export now",
        "api",
        "api walk"
      })
  void whatDoesNotExistIsWrongUsageAndRunsNothing(String line) {
    assertThat(execute(line.split(" "))).isEqualTo(2);
    assertThat(err).asString().contains("bridge --help");
    assertThat(actions.calls).isEmpty();
  }

  @Test
  void helpListsTheCommandsThereAreAndNoOther() {
    assertThat(execute("--help")).isZero();
    assertThat(out)
        .asString()
        .contains("run", "login", "doctor", "export", "replay", "demo", "simulator", "Exit codes");
    assertThat(actions.calls).isEmpty();
  }

  @Test
  void versionIsTheOneOfTheBuild() {
    assertThat(execute("--version")).isZero();
    assertThat(out).asString().matches("cardata-bridge \\d+\\.\\d+\\.\\d+.*\\R");
  }

  @Test
  void eachWrongSettingIsALineOnStandardErrorAndExitCodeTwo() {
    env.put("CARDATA_HTTP_PORT", "http");
    env.put("CARDATA_LOG_LEVEL", "loud");
    assertThat(execute("run")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "cardata.http.port (environment CARDATA_HTTP_PORT): got 'http', takes a whole number"
                + " from 0 to 65535",
            "cardata.log.level (environment CARDATA_LOG_LEVEL): got 'loud', takes off, error, warn,"
                + " info, debug or trace");
    assertThat(actions.calls).isEmpty();
    assertThat(workDir).isEmptyDirectory();
  }

  @Test
  void anUnknownVariableDoesNotStopTheStart() {
    env.put("CARDATA_CLEINT_ID", "x");
    assertThat(execute("run")).isZero();
    assertThat(actions.loaded.warnings()).hasSize(1);
  }

  @Test
  void aSettingFoundWrongLaterIsExitCodeTwoToo() {
    actions.failure = new BadSettingException("cardata.x", "y", "z");
    assertThat(execute("run")).isEqualTo(2);
    assertThat(err.toString().lines()).containsExactly("cardata.x: got 'y', takes z");
  }

  @Test
  void aFailureAtRunTimeIsExitCodeOneWithoutSecrets() {
    env.put("CARDATA_SINK_MQTT_PASSWORD", "geheim-4711");
    actions.failure = new IOException("no route for geheim-4711");
    assertThat(execute("run")).isEqualTo(1);
    assertThat(err).asString().contains("Running the command: no route for ***");
  }

  @Test
  void theDataDirectoryIsMadeForItsOwnerOnly() throws IOException {
    env.put("CARDATA_DATA_DIR", "deep/data");
    execute("run");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(workDir.resolve("deep/data"))))
        .isEqualTo("rwx------");
  }

  @Test
  void aDataDirectoryThatIsAFileIsAWrongSetting() throws IOException {
    Files.writeString(workDir.resolve("data"), "");
    assertThat(execute("run")).isEqualTo(2);
    assertThat(err).asString().contains("cardata.data-dir", "takes a directory");
  }

  @Test
  void whileABridgeRunsASecondOneEndsWithExitCodeOneAndSaysSo() {
    int[] second = new int[1];
    actions.meanwhile = () -> second[0] = command(new Recorder()).execute("run");
    assertThat(execute("run")).isZero();
    assertThat(second[0]).isEqualTo(1);
    assertThat(err)
        .asString()
        .contains("another one uses the data directory " + workDir.resolve("data"));
  }

  @Test
  void afterABridgeEndedTheNextOneMayRun() {
    actions.failure = new IOException("broken");
    assertThat(execute("run")).isEqualTo(1);
    actions.failure = null;
    assertThat(execute("run")).isZero();
  }

  @Test
  void loginGoesThroughARunningBridgeAndWorksAloneWhereNoneRuns() throws IOException {
    assertThat(execute("login")).isZero();
    try (DataDirectory running = DataDirectory.claim(workDir.resolve("data")).orElseThrow()) {
      assertThat(running.trouble()).isEmpty();
      assertThat(execute("login")).isZero();
    }
    assertThat(actions.calls)
        .containsExactly("login main", "login main through the running bridge");
  }

  @Test
  void loginTakesTheFirstAccountOrTheOneThatIsNamed() {
    env.put("CARDATA_ACCOUNTS", "his,hers");
    assertThat(execute("login")).isZero();
    assertThat(execute("login", "--account", "hers")).isZero();
    assertThat(execute("login", "--account", "main")).isEqualTo(2);
    assertThat(actions.calls).containsExactly("login his", "login hers");
    assertThat(err).asString().contains("--account: got 'main', takes one of his, hers");
  }

  @Test
  void theLaunchersRoutesServeWhereTheUserStandsElsewhere(@TempDir Path installed)
      throws IOException {
    home = Optional.of(installed);
    Path routes = Files.createDirectory(installed.resolve("routes"));
    execute("run");
    assertThat(actions.loaded.settings().get("cardata.routes.dir")).isEqualTo(routes.toString());
    Files.createDirectory(workDir.resolve("routes"));
    execute("run");
    assertThat(actions.loaded.settings().get("cardata.routes.dir")).isEqualTo("routes");
    env.put("CARDATA_ROUTES_DIR", "mine");
    execute("run");
    assertThat(actions.loaded.settings().get("cardata.routes.dir")).isEqualTo("mine");
  }

  @Test
  void secretsAndVinsOfTheSettingsAreHiddenFromTheLog() {
    Redaction redaction = new Redaction();
    env.put("CARDATA_CLIENT_ID", "31c3b263-0000");
    env.put("CARDATA_VINS", "WBY00TEST00000001");
    new BridgeCommand(actions, workDir, home, env, new Logging(log, redaction))
        .printingTo(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute("run");
    assertThat(redaction.apply("31c3b263-0000 WBY00TEST00000001")).isEqualTo("*** …0001");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "export --since yesterday",
        "export --until 2026-13-01",
        "export --since 2026-02-01 --until 2026-01-31",
        "replay --since 1h --until 24h",
        "replay --speed 0",
        "replay --speed fast",
        "replay --speed NaN",
        "replay --sink ,",
        "replay --file missing.ndjson",
        "replay --file x --set-aside",
        "replay --fiel x"
      })
  void whatCannotBeMeantIsWrongUsageOfExportAndReplay(String line) {
    assertThat(execute(line.split(" "))).isEqualTo(2);
    assertThat(err).asString().contains("--").doesNotContain("Exception");
    assertThat(actions.calls).isEmpty();
  }

  @Test
  void newSinkWritesARouteAndItsTestAndReplacesNothing() throws IOException {
    Path routes = Files.createDirectory(workDir.resolve("routes"));
    assertThat(execute("new", "sink", "my-hook")).isZero();
    assertThat(routes.resolve("sink-my-hook.camel.yaml"))
        .content()
        .contains("uri: events:my-hook ", "CARDATA_SINK_MY_HOOK_URL")
        .doesNotContain("@");
    assertThat(Files.readAllLines(routes.resolve("sink-my-hook.camel.yaml")))
        .hasSizeLessThanOrEqualTo(30);
    assertThat(routes.resolve("sink-my-hook.test.yaml"))
        .content()
        .contains("to-my-hook:")
        .doesNotContain("@");
    assertThat(out).asString().contains("./bridge test " + routes.resolve("sink-my-hook"));

    Files.writeString(routes.resolve("sink-my-hook.camel.yaml"), "mine");
    assertThat(execute("new", "sink", "my-hook")).isEqualTo(1);
    assertThat(err)
        .asString()
        .contains("sink-my-hook.camel.yaml exists — take another name, or remove it first");
    assertThat(routes.resolve("sink-my-hook.camel.yaml")).hasContent("mine");
    assertThat(actions.calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish", "My", "my_hook", "../x", "-", "a-", "ä", "a b"})
  void aNameThatNoSinkCanHaveIsRefused(String name) throws IOException {
    Path routes = Files.createDirectory(workDir.resolve("routes"));
    assertThat(execute("new", "sink", "--", name)).isEqualTo(2);
    assertThat(err).asString().contains("the name '" + name + "' cannot be used — take a-z, 0-9");
    assertThat(routes).isEmptyDirectory();
  }

  @Test
  void newSinkWithoutAFolderSaysWhichOneItNeeds() {
    assertThat(execute("new", "sink", "hook")).isEqualTo(1);
    assertThat(err).asString().contains("cannot be written", "cardata.routes.dir");
    assertThat(execute("new")).isEqualTo(2);
    assertThat(err).asString().contains("bridge new sink <name>");
  }

  @Test
  void aMistypedOptionIsAnsweredWithTheNearestOne() {
    assertThat(execute("replay", "--fiel", "x")).isEqualTo(2);
    assertThat(err).asString().contains("--file");
  }

  @Test
  void exportTakesItsLimitsAndMakesNoDataDirectory() {
    assertThat(
            execute(
                "export",
                "--since",
                "2026-01-31T13:00:00+01:00",
                "--until",
                "2026-02-01",
                "--account",
                "hers",
                "--anonymise"))
        .isZero();
    assertThat(actions.calls)
        .containsExactly(
            "ExportRequest[since=2026-01-31T12:00:00Z, until=2026-02-01T00:00:00Z, account=hers,"
                + " isAnonymous=true]");
    assertThat(workDir).isEmptyDirectory();
  }

  @Test
  void exportMayCountBackFromNow() {
    assertThat(execute("export", "--since", "24h")).isZero();
    assertThat(actions.calls).hasSize(1).allMatch(call -> call.contains("since=20"));
  }

  @Test
  void replayGoesThroughARunningBridgeAndWorksAloneWhereNoneRuns() throws IOException {
    assertThat(execute("replay", "--file", "-", "--speed", "10", "--sink", "mqtt")).isZero();
    try (DataDirectory running = DataDirectory.claim(workDir.resolve("data")).orElseThrow()) {
      assertThat(running.trouble()).isEmpty();
      assertThat(execute("replay", "--set-aside")).isZero();
    }
    assertThat(actions.calls)
        .containsExactly(
            "ReplayRequest[file=-, since=null, until=null, sinks=[mqtt], speed=10.0,"
                + " setAside=false]",
            "ReplayRequest[file=null, since=null, until=null, sinks=[], speed=0.0, setAside=true]"
                + " through the running bridge");
  }

  @Test
  void apiTakesAnActionAndWhatItIsFor() throws IOException {
    assertThat(execute("api", "tyres", "--vin", "i4", "--account", "main")).isZero();
    assertThat(execute("api", "delete-container", "--container", "C1", "--force")).isZero();
    assertThat(execute("api", "login")).isZero();
    assertThat(execute("api", "tyres", "--account", "nobody")).isEqualTo(2);
    try (DataDirectory held = DataDirectory.claim(workDir.resolve("data")).orElseThrow()) {
      assertThat(held).isNotNull();
      assertThat(execute("api", "tyres")).isZero();
      assertThat(execute("api", "login")).isZero();
      assertThat(execute("api", "login", "--json")).isZero();
    }
    assertThat(actions.calls)
        .containsExactly(
            "api tyres {account=main, vin=i4}",
            "api delete-container {containerId=C1, force=true}",
            "login main",
            "api tyres through the running bridge",
            "login main through the running bridge",
            "api login through the running bridge");
  }

  @Test
  void doctorAsksARunningBridgeAndWorksAloneWhereNoneRuns() throws IOException {
    assertThat(execute("doctor", "--bundle=x.zip", "--json")).isZero();
    try (DataDirectory held = DataDirectory.claim(workDir.resolve("data")).orElseThrow()) {
      assertThat(held).isNotNull();
      assertThat(execute("doctor", "--bundle")).isZero();
    }
    env.put("CARDATA_HTTP_PORT", "http");
    assertThat(execute("doctor")).isZero();
    assertThat(actions.calls)
        .containsExactly(
            "DoctorRequest[json=true, bundle=x.zip]",
            "DoctorRequest[json=false, bundle=] through the running bridge",
            "DoctorRequest[json=false, bundle=null]");
  }

  private int execute(String... arguments) {
    return command(actions).execute(arguments);
  }

  private BridgeCommand command(Actions what) {
    return new BridgeCommand(what, workDir, home, env, new Logging(log, new Redaction()))
        .printingTo(new PrintWriter(out, true), new PrintWriter(err, true));
  }

  /** Notes what it was asked to do. */
  private static final class Recorder implements Actions {
    private final List<String> calls = new ArrayList<>();
    private LoadedSettings loaded;
    private int exitCode;
    private Exception failure;
    private Runnable meanwhile = () -> {};

    private int note(String call) throws Exception {
      calls.add(call);
      meanwhile.run();
      if (failure != null) {
        throw failure;
      }
      return exitCode;
    }

    @Override
    public int run(LoadedSettings settings) throws Exception {
      loaded = settings;
      return note("run");
    }

    @Override
    public int login(LoadedSettings settings, String account, PrintWriter out) throws Exception {
      return note("login " + account);
    }

    @Override
    public int loginThroughRunningBridge(LoadedSettings settings, String account, PrintWriter out)
        throws Exception {
      return note("login " + account + " through the running bridge");
    }

    @Override
    public int export(LoadedSettings settings, ExportRequest request, PrintWriter err)
        throws Exception {
      loaded = settings;
      return note(request.toString());
    }

    @Override
    public int replay(LoadedSettings settings, ReplayRequest request, PrintWriter err)
        throws Exception {
      return note(request.toString());
    }

    @Override
    public int replayThroughRunningBridge(
        LoadedSettings settings, ReplayRequest request, PrintWriter err) throws Exception {
      return note(request + " through the running bridge");
    }

    @Override
    public int api(LoadedSettings settings, ApiRequest request, PrintWriter o, PrintWriter e)
        throws Exception {
      return note("api " + request.action() + " " + new TreeMap<>(request.given()));
    }

    @Override
    public int apiThroughRunningBridge(
        LoadedSettings settings, ApiRequest request, PrintWriter o, PrintWriter e)
        throws Exception {
      return note("api " + request.action() + " through the running bridge");
    }

    @Override
    public int doctor(LoadedSettings settings, DoctorRequest request, PrintWriter o, PrintWriter e)
        throws Exception {
      return note(request.toString());
    }

    @Override
    public int doctorThroughRunningBridge(
        LoadedSettings settings, DoctorRequest request, PrintWriter o, PrintWriter e)
        throws Exception {
      return note(request + " through the running bridge");
    }

    @Override
    public int demo(DemoRequest request, Path routes, PrintWriter out) throws Exception {
      return note(request.toString());
    }

    @Override
    public int simulator(PrintWriter out) throws Exception {
      return note("simulator");
    }
  }
}
