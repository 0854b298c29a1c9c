// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.util.concurrent.Callable;
import org.cardatabridge.settings.LoadedSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bridge export}. Used once, by one thread. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the journalled messages to standard output, one JSON object a line (NDJSON).",
      "Works beside a running bridge and without one."
    },
    footer = {"", Received.TIMES, "Example: ./bridge export --since 24h --anonymise > day.ndjson"})
final class ExportCommand implements Callable<Integer> {

  private final Surroundings surroundings;
  @Spec private CommandSpec spec;

  @Mixin private Received received;

  @Option(
      names = "--account",
      paramLabel = "<name>",
      description = "Only what came by this account.")
  private String account;

  @Option(
      names = {"--anonymise", "--anonymize"},
      description =
          "Replaces VINs, GCIDs and names by invented ones, and moves all positions by the same"
              + " secret distance.")
  private boolean anonymise;

  ExportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Exception {
    received.check();
    LoadedSettings loaded = surroundings.loadedForPipes();
    return surroundings
        .actions()
        .export(
            loaded,
            new ExportRequest(received.since(), received.until(), account, anonymise),
            spec.commandLine().getErr());
  }
}
