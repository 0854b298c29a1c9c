// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cardatabridge.simulator.AccountConfig;
import org.junit.jupiter.api.Test;

/**
 * Reads what the whole suite has logged, surefire's part and failsafe's. It was logged without the
 * program's redaction, so this is about what our classes say by themselves.
 *
 * <p>Its patterns are those of the simulator and of the fixtures: tests use no other tokens, ids
 * and VINs where the bridge runs.
 */
class SuiteSecretsIT {

  private static final List<Pattern> SECRETS =
      List.of(
          Pattern.compile("\\b[AR]0[\\w-]{40,}"),
          Pattern.compile("eyJ[\\w-]{10,}\\.[\\w-]*"),
          Pattern.compile("SECRET-\\d"),
          Pattern.compile(Pattern.quote(AccountConfig.first().gcid().substring(0, 30))),
          Pattern.compile(Pattern.quote(AccountConfig.second().gcid().substring(0, 30))),
          Pattern.compile("\\bWB[A-Z]\\d\\dTEST\\d{8}\\b"));

  /** A line of the log begins so; lines without it belong to the one before, such as traces. */
  private static final Pattern LOGGED =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} [A-Z]+ +(\\S+): ");

  @Test
  void noSecretIsInTheLogOfTheWholeSuite() throws IOException {
    List<String> found = new ArrayList<>();
    int lines = 0;
    for (Path report : reports()) {
      // Whatever bytes a test has printed, each is a character of this set.
      for (String line : Files.readString(report, StandardCharsets.ISO_8859_1).lines().toList()) {
        lines += LOGGED.matcher(line).lookingAt() ? 1 : 0;
        if (SECRETS.stream().anyMatch(secret -> secret.matcher(line).find())) {
          found.add(report.getFileName() + ": " + line);
        }
      }
    }
    System.out.println("looked at " + lines + " lines of log in " + reports().size() + " reports");
    assertThat(lines).as("lines of log").isPositive();
    assertThat(found).isEmpty();
  }

  private static List<Path> reports() throws IOException {
    List<Path> reports = new ArrayList<>();
    for (String folder : List.of("target/surefire-reports", "target/failsafe-reports")) {
      if (!Files.isDirectory(Path.of(folder))) {
        continue;
      }
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        files
            .filter(file -> file.getFileName().toString().endsWith("-output.txt"))
            .filter(file -> !file.getFileName().toString().contains("SuiteSecretsIT"))
            .sorted()
            .forEach(reports::add);
      }
    }
    return reports;
  }
}
