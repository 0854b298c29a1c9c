// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs of other people that a test runs. A test that needs an absent one is aborted and says
 * so; where the environment's {@code CARDATA_TEST_REQUIRE} (names, comma separated) has its name,
 * it fails instead.
 */
public final class Programs {

  /** Where Debian keeps servers; not on every user's path. */
  private static final List<String> MORE = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

  private Programs() {}

  /** The first of these programs that is there; the first name is the one that is spoken of. */
  public static Path need(String name, String... others) {
    return Stream.concat(Stream.of(name), Arrays.stream(others))
        .flatMap(each -> find(each).stream())
        .findFirst()
        .orElseThrow(() -> absent(name, "no program '" + name + "' on the path"));
  }

  /** Goes on only where something that is no program is there too, such as a file system. */
  public static void need(String name, boolean isThere, String reason) {
    if (!isThere) {
      throw absent(name, reason);
    }
  }

  /** A program on the path, or among the servers. */
  public static Optional<Path> find(String name) {
    return Stream.concat(
            Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
            MORE.stream())
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static RuntimeException absent(String name, String reason) {
    String required = System.getenv().getOrDefault("CARDATA_TEST_REQUIRE", "");
    if (Arrays.stream(required.split(",")).map(String::trim).anyMatch(name::equals)) {
      Assertions.fail(reason + ", and CARDATA_TEST_REQUIRE asks for it");
    }
    // What a test prints goes to its report; this is for the person at the terminal.
    new PrintStream(new FileOutputStream(FileDescriptor.err), true).println("skipped: " + reason);
    Assumptions.abort("skipped: " + reason);
    return new IllegalStateException(reason);
  }
}
