// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The process around the commands: its environment, its signals and its end. */
public final class Program {

  private Program() {}

  /** Carries out a command and ends the process with its exit code. */
  public static void start(String... arguments) {
    Redaction redaction = new Redaction();
    StopSignal signal = StopSignal.ofProcess();
    int code =
        new BridgeCommand(
                new BridgeActions(redaction, signal),
                Path.of("").toAbsolutePath(),
                home(),
                System.getenv(),
                Logging.ofProgram(redaction))
            .execute(arguments);
    signal.leave(code);
  }

  /** Named by the launcher; under plain {@code java -jar} the jar tells it. */
  private static Optional<Path> home() {
    String named = System.getProperty("cardatabridge.home");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    try {
      return homeOf(
          Path.of(Program.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** The jar's directory, or where it lies in a build's {@code target}, the one above it. */
  static Optional<Path> homeOf(Path jar) {
    Path directory = jar.toAbsolutePath().getParent();
    return Stream.of(directory, directory.getParent())
        .filter(Objects::nonNull)
        .filter(each -> Files.isDirectory(each.resolve("routes")))
        .findFirst();
  }
}
