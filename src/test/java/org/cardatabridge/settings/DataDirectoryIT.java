// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock between processes. */
class DataDirectoryIT {

  @TempDir Path temp;

  @Test
  void aBridgeInAnotherProcessKeepsUsOutUntilItIsKilled() throws Exception {
    Path data = temp.resolve("data");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = other.inputReader()) {
      assertThat(out.readLine()).isEqualTo("claimed");
      assertThat(DataDirectory.claim(data)).isEmpty();
      other.destroyForcibly();
      assertThat(other.waitFor(40, TimeUnit.SECONDS)).isTrue();
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(
              () -> {
                Optional<DataDirectory> claimed = DataDirectory.claim(data);
                assertThat(claimed).isPresent();
                claimed.get().close();
              });
    } finally {
      other.destroyForcibly();
    }
  }

  /** Claims a data directory, says so, and keeps it. */
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      try (DataDirectory claimed = DataDirectory.claim(Path.of(arguments[0])).orElseThrow()) {
        System.out.println(claimed.trouble().orElse("claimed"));
        System.in.read();
      }
    }
  }
}
