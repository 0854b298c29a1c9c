// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.cardatabridge.auth.WorseDisk.Fault;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kills a process at each step of a token write; afterwards a readable file is there. */
class TokenFileCrashIT {

  private static final int KILLED = 137;
  private static final int MOST_STEPS = 40;

  @TempDir Path dir;

  /** Writes generation 2 over generation 1 and dies at the given step. */
  public static final class Writer {
    private Writer() {}

    /** Arguments: file, step, fault. */
    public static void main(String[] args) throws Exception {
      WorseDisk disk = new WorseDisk.Dying(Integer.parseInt(args[1]), Fault.valueOf(args[2]));
      TokenFile file = new TokenFile(Path.of(args[0]), disk);
      file.read();
      file.write(TokenFileTest.tokens(2));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "BUSY", "READ_ONLY_DIRECTORY"})
  void everyStepLeavesAReadableFile(Fault fault) throws Exception {
    int step = 0;
    int exit = KILLED;
    while (exit == KILLED) {
      step++;
      assertThat(step).as("the write must end").isLessThan(MOST_STEPS);
      Path file = dir.resolve(fault + "-" + step).resolve("tokens.json");
      new TokenFile(file, new Disk()).write(TokenFileTest.tokens(1));

      exit = write(file, step, fault);

      assertThat(new TokenFile(file, new Disk()).read())
          .as("killed at step %d", step)
          .isPresent()
          .hasValueSatisfying(
              tokens -> assertThat(tokens).isIn(TokenFileTest.tokens(1), TokenFileTest.tokens(2)));
      new TokenFile(file, new Disk()).write(TokenFileTest.tokens(3));
      assertThat(new TokenFile(file, new Disk()).read()).contains(TokenFileTest.tokens(3));
      if (exit == 0) {
        assertThat(Files.readString(file)).contains("\"R3\"");
      }
    }
    assertThat(exit).as("the last one is not killed").isZero();
    assertThat(step).as("steps that were killed").isGreaterThan(3);
  }

  private int write(Path file, int step, Fault fault) throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file.toString(),
                String.valueOf(step),
                fault.name())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("writer.log").toFile())
            .start();
    try {
      assertThat(writer.waitFor(40, TimeUnit.SECONDS)).isTrue();
      return writer.exitValue();
    } finally {
      writer.destroyForcibly();
    }
  }
}
