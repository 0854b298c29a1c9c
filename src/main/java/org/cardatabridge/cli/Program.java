// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.nio.file.Path;
import java.util.Optional;

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
                Optional.ofNullable(System.getProperty("cardatabridge.home")).map(Path::of),
                System.getenv(),
                Logging.ofProgram(redaction))
            .execute(arguments);
    signal.leave(code);
  }
}
