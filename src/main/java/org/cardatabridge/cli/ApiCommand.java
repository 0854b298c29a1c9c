// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.cardatabridge.settings.DataDirectory;
import org.cardatabridge.settings.LoadedSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bridge api}. Used once, by one thread. */
@Command(
    name = "api",
    mixinStandardHelpOptions = true,
    description = {
      "Asks BMW's REST side for something, within the day's calls.",
      "Goes through the running bridge where one runs, and works alone where none does."
    },
    footer = {
      "",
      "Without --vin it is for each vehicle of the account. Results go where those of the stream go.",
      "Example: ./bridge api telematic-data --vin i4",
      "Example: ./bridge api charging-history --from 2026-01-01 --to 2026-01-31 --json"
    })
final class ApiCommand implements Callable<Integer> {

  private final Surroundings surroundings;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "<action>",
      description = {
        "login, refresh, mappings, basic-data, telematic-data, charging-history, image, tyres,",
        "charging-settings, containers, create-container or delete-container."
      })
  private String action;

  @Option(
      names = "--vin",
      paramLabel = "<vin>",
      description = "Only this vehicle, by VIN or alias.")
  private String vin;

  @Option(
      names = "--account",
      paramLabel = "<name>",
      description = "The account, where cardata.accounts names several.")
  private String account;

  @Option(
      names = "--from",
      paramLabel = "<time>",
      description = "charging-history: from then on; otherwise since the last that is known.")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "<time>",
      description = "charging-history: until then; otherwise until now.")
  private String to;

  @Option(
      names = "--container",
      paramLabel = "<id>",
      description = "delete-container: which one; telematic-data: another than the bridge's.")
  private String container;

  @Option(
      names = "--force",
      description = "delete-container: also one in use, or not the bridge's.")
  private boolean force;

  @Option(names = "--json", description = "The whole answer as JSON, for programs.")
  private boolean json;

  ApiCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Exception {
    List<String> words = org.cardatabridge.api.Actions.words();
    if (!words.contains(action)) {
      throw new ParameterException(
          spec.commandLine(), "got '" + action + "', takes one of " + String.join(", ", words));
    }
    LoadedSettings loaded = surroundings.loadedForPipes();
    String name = BmwAccount.of(account, loaded.settings());
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Actions actions = surroundings.actions();
    boolean isLogin = action.equals("login") && !json;
    Optional<DataDirectory> claimed = DataDirectory.claim(loaded.dataDir());
    if (claimed.isEmpty()) {
      return isLogin
          ? actions.loginThroughRunningBridge(loaded, name, out)
          : actions.apiThroughRunningBridge(loaded, request(), out, err);
    }
    try (DataDirectory directory = claimed.get()) {
      surroundings.warnOf(loaded, directory);
      if (action.equals("login")) {
        // There is nobody else who would wait for it to be confirmed.
        return actions.login(loaded, name, out);
      }
      return actions.api(loaded, request(), out, err);
    }
  }

  private ApiRequest request() {
    Map<String, String> given = new TreeMap<>();
    put(given, "vin", vin);
    put(given, "account", account);
    put(given, "from", from);
    put(given, "to", to);
    put(given, "containerId", container);
    put(given, "force", force ? "true" : null);
    return new ApiRequest(action, given, json);
  }

  private static void put(Map<String, String> given, String name, String value) {
    if (value != null) {
      given.put(name, value);
    }
  }
}
