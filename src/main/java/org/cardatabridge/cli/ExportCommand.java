// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import org.cardatabridge.settings.LoadedSettings;
import picocli.CommandLine.Command;
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
    footer = {
      "",
      "<time> is 2026-01-31T12:00:00Z, 2026-01-31 (UTC), or how long ago: 24h, 30d.",
      "Example: ./bridge export --since 24h --anonymise > day.ndjson"
    })
final class ExportCommand implements Callable<Integer> {

  private final Surroundings surroundings;
  @Spec private CommandSpec spec;

  @Option(
      names = "--since",
      paramLabel = "<time>",
      description = "Only what was received from then on.")
  private Instant since;

  @Option(names = "--until", paramLabel = "<time>", description = "Only what was received before.")
  private Instant until;

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
    TimeText.checkOrder(since, until);
    LoadedSettings loaded = surroundings.loadedForPipes();
    return surroundings
        .actions()
        .export(
            loaded,
            new ExportRequest(since, until, account, anonymise),
            spec.commandLine().getErr());
  }
}
