// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cardatabridge.settings.DataDirectory;
import org.cardatabridge.settings.LoadedSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bridge doctor}. Used once, by one thread. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Finds out why there are no data: settings, login, clock, network, stream, portal, broker, disk.",
      "Asks the running bridge where one runs. Where none does, it connects to BMW for a moment:",
      "a bridge of the same account on another machine would be thrown off for that time."
    },
    footer = {
      "",
      "Exit codes: 0 nothing has failed, 1 something has, 2 wrong usage.",
      "The bundle names no person, car or house, and can be shown to others."
    })
final class DoctorCommand implements Callable<Integer> {

  private final Surroundings surroundings;
  @Spec private CommandSpec spec;

  @Option(
      names = "--bundle",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "<file>",
      description = "Also packs what helps to find the fault into a zip file.")
  private String bundle;

  @Option(names = "--json", description = "The result as JSON, for programs.")
  private boolean json;

  DoctorCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Exception {
    LoadedSettings loaded = surroundings.loadedAsTheyAre();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    DoctorRequest request = new DoctorRequest(json, bundle);
    Actions actions = surroundings.actions();
    if (!loaded.problems().isEmpty()) {
      return actions.doctor(loaded, request, out, err);
    }
    Optional<DataDirectory> claimed = DataDirectory.claim(loaded.dataDir());
    if (claimed.isEmpty()) {
      return actions.doctorThroughRunningBridge(loaded, request, out, err);
    }
    try (DataDirectory directory = claimed.get()) {
      surroundings.warnOf(loaded, directory);
      return actions.doctor(loaded, request, out, err);
    }
  }
}
