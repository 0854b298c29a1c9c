// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.DataDirectory;
import org.cardatabridge.settings.LoadedSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bridge replay}. Used once, by one thread. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Feeds journalled or recorded messages to the sinks again.",
      "Goes through the running bridge where one runs, and works alone where none does.",
      "An older value never takes the place of a newer one on a retained topic."
    },
    footer = {
      "",
      Received.TIMES,
      "Example: ./bridge replay --since 30d --sink influxdb",
      "Example: ./bridge replay --file day.ndjson --speed 10"
    })
final class ReplayCommand implements Callable<Integer> {

  private final Surroundings surroundings;
  @Spec private CommandSpec spec;

  @Option(
      names = "--file",
      paramLabel = "<file>",
      description = "A recording of ./bridge export in place of the journal; - is standard input.")
  private String file;

  @Mixin private Received received;

  @Option(
      names = "--sink",
      paramLabel = "<name>",
      split = ",",
      description = "Only these sinks get them, comma separated; otherwise all.")
  private List<String> sinks;

  @Option(
      names = "--speed",
      paramLabel = "<factor>",
      description =
          "Keeps the distances between messages, divided by this; otherwise as fast as possible.")
  private Double speed;

  @Option(
      names = "--set-aside",
      description = "Only what sinks refused and the bridge set aside; not with --file.")
  private boolean setAside;

  ReplayCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Exception {
    ReplayRequest request = request();
    LoadedSettings loaded = surroundings.loadedForPipes();
    if (file != null && !file.equals("-")) {
      Path path = surroundings.workDir().resolve(file);
      if (!Files.isReadable(path) || Files.isDirectory(path)) {
        throw new BadSettingException("--file", file, "a file that can be read, or -");
      }
    }
    PrintWriter err = spec.commandLine().getErr();
    Optional<DataDirectory> claimed = DataDirectory.claim(loaded.dataDir());
    if (claimed.isEmpty()) {
      return surroundings.actions().replayThroughRunningBridge(loaded, request, err);
    }
    try (DataDirectory directory = claimed.get()) {
      surroundings.warnOf(loaded, directory);
      return surroundings.actions().replay(loaded, request, err);
    }
  }

  private ReplayRequest request() {
    received.check();
    if (speed != null && !(speed > 0 && speed < Double.POSITIVE_INFINITY)) {
      throw new BadSettingException(
          "--speed", speed.toString(), "a number above 0, such as 10 for ten times as fast");
    }
    if (setAside && file != null) {
      throw new BadSettingException(
          "--set-aside: got --file as well, takes the journal's messages only");
    }
    Set<String> names = new LinkedHashSet<>();
    if (sinks != null) {
      sinks.stream().map(String::strip).filter(name -> !name.isEmpty()).forEach(names::add);
      if (names.isEmpty()) {
        throw new BadSettingException("--sink", String.join(",", sinks), "the names of sinks");
      }
    }
    return new ReplayRequest(
        file, received.since(), received.until(), names, speed == null ? 0 : speed, setAside);
  }
}
