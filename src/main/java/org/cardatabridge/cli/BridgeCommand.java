// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.CannotStartException;
import org.cardatabridge.settings.DataDirectory;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line: checks arguments and settings, sets the log up, claims the data directory, and
 * calls the {@link Actions}. Used once, by one thread.
 *
 * <p>Exit codes: 0 fine, 1 failed at run time, 2 wrong usage or settings.
 */
@Command(
    name = "bridge",
    mixinStandardHelpOptions = true,
    versionProvider = BridgeCommand.Version.class,
    description = "BMW CarData to MQTT, databases and your own Camel routes.",
    synopsisSubcommandLabel =
        "[run | login | doctor | api | export | replay | test | new | demo | simulator]",
    footer = {
      "",
      "Without a command: run. Settings: application.properties, .env or CARDATA_ variables.",
      "Exit codes: 0 fine, 1 failed at run time, 2 wrong usage or settings."
    })
public final class BridgeCommand implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  private final Actions actions;
  private final Logging logging;
  private final Surroundings surroundings;
  private CommandLine commandLine;

  /**
   * Prepares the commands.
   *
   * @param actions what they do
   * @param workDir the directory the user stands in, from which relative paths start
   * @param home the directory of the launcher, whose {@code routes} serve where the working
   *     directory has none
   * @param environment the environment's variables
   * @param logging the log to set up
   */
  public BridgeCommand(
      Actions actions,
      Path workDir,
      Optional<Path> home,
      Map<String, String> environment,
      Logging logging) {
    this.actions = actions;
    this.logging = logging;
    this.surroundings = new Surroundings(actions, workDir, home, environment, logging);
  }

  /** Made when it is needed: reading its annotations is a tenth of a start. */
  private CommandLine commandLine() {
    if (commandLine == null) {
      commandLine =
          new CommandLine(this)
              .addSubcommand(new ApiCommand(surroundings))
              .addSubcommand(new DoctorCommand(surroundings))
              .addSubcommand(new ExportCommand(surroundings))
              .addSubcommand(new ReplayCommand(surroundings))
              .addSubcommand(new TestCommand(surroundings))
              .addSubcommand(new NewCommand(surroundings))
              .registerConverter(Duration.class, new DurationText())
              .registerConverter(Instant.class, new TimeText(Clock.systemUTC()))
              .setParameterExceptionHandler(this::wrongUse)
              .setExecutionExceptionHandler((e, command, arguments) -> failed(e));
    }
    return commandLine;
  }

  /** Sends what the commands print to these writers in place of standard output and error. */
  BridgeCommand printingTo(PrintWriter out, PrintWriter err) {
    commandLine().setOut(out).setErr(err);
    return this;
  }

  /** Runs the command that the arguments name and returns the exit code. */
  public int execute(String... arguments) {
    return isPlainRun(arguments) ? plainRun() : commandLine().execute(arguments);
  }

  private static boolean isPlainRun(String... arguments) {
    return arguments.length == 0 || (arguments.length == 1 && arguments[0].equals("run"));
  }

  private int plainRun() {
    try {
      return run();
    } catch (Exception e) {
      return failed(e);
    }
  }

  /** Plain {@code bridge} is {@code bridge run}. */
  @Override
  public Integer call() throws Exception {
    return run();
  }

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Runs the bridge until it is told to stop.")
  int run() throws Exception {
    LoadedSettings loaded = surroundings.loaded();
    Optional<DataDirectory> claimed = DataDirectory.claim(loaded.dataDir());
    if (claimed.isEmpty()) {
      throw CannotStartException.inUse(loaded.dataDir());
    }
    try (DataDirectory directory = claimed.get()) {
      surroundings.warnOf(loaded, directory);
      return actions.run(loaded);
    }
  }

  @Command(
      name = "login",
      mixinStandardHelpOptions = true,
      description =
          "Logs a BMW account in: shows a code to confirm at BMW, ends when tokens are stored.")
  int login(
      @Option(
              names = "--account",
              paramLabel = "<name>",
              description = "The account, where cardata.accounts names several.")
          String account)
      throws Exception {
    LoadedSettings loaded = surroundings.loaded();
    String name = BmwAccount.of(account, loaded.settings());
    PrintWriter out = commandLine().getOut();
    Optional<DataDirectory> claimed = DataDirectory.claim(loaded.dataDir());
    if (claimed.isEmpty()) {
      return actions.loginThroughRunningBridge(loaded, name, out);
    }
    try (DataDirectory directory = claimed.get()) {
      surroundings.warnOf(loaded, directory);
      return actions.login(loaded, name, out);
    }
  }

  @Command(
      name = "demo",
      mixinStandardHelpOptions = true,
      description =
          "Shows everything with a simulated BMW and an embedded broker; needs no account.")
  int demo(
      @Option(
              names = "--for",
              paramLabel = "<duration>",
              description = "Ends by itself this long after it is ready, such as 60s or 5m.")
          Duration length,
      @Option(
              names = "--sinks",
              paramLabel = "<name>",
              split = ",",
              description =
                  "Sinks that get the demo's values too, such as influxdb,sql; their settings come"
                      + " from the environment.")
          List<String> sinks)
      throws Exception {
    surroundings.quietly();
    Path routes = surroundings.shippedRoutes();
    List<String> more = sinks == null ? List.of() : sinks;
    DemoRequest request =
        DemoRequest.of(Optional.ofNullable(length), more, surroundings.environment(), routes);
    return actions.demo(request, routes, commandLine().getOut());
  }

  @Command(
      name = "simulator",
      mixinStandardHelpOptions = true,
      description = "Runs the simulated BMW and High Mobility alone, to test any client against.")
  int simulator() throws Exception {
    surroundings.quietly();
    return actions.simulator(commandLine().getOut());
  }

  private int wrongUse(ParameterException e, String[] arguments) {
    PrintWriter err = commandLine().getErr();
    err.println(e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("bridge --help shows what there is");
    return WRONG_USE;
  }

  private int failed(Exception e) {
    if (e instanceof BadSettingException) {
      commandLine().getErr().println(logging.redaction().apply(e.getMessage()));
      return WRONG_USE;
    }
    if (e instanceof CannotStartException) {
      return sayFailed(e.getMessage());
    }
    logging.logger(BridgeCommand.class).error("Running the command failed", e);
    String cause = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return sayFailed("Running the command: " + cause + " — the log has the details");
  }

  private int sayFailed(String sentence) {
    commandLine().getErr().println(logging.redaction().apply(sentence));
    return FAILED;
  }

  /** Reads the version that the build wrote. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"cardata-bridge " + org.cardatabridge.Version.own()};
    }
  }

  /** Reads a duration as the settings do. */
  private static final class DurationText implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Settings.parseDuration(text)
          .filter(duration -> !duration.isZero())
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "got '" + text + "', takes a duration such as 60s or 5m"));
    }
  }
}
