// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All timers share few threads, those of the login among them. */
class TimersTest {

  @Test
  void noTimerRunsASecondTimeBeforeItsFirstRunHasEnded() throws IOException {
    int timers = 0;
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".camel.yaml")).toList()) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
          if (lines.get(i).contains("uri: quartz:")) {
            timers++;
            assertThat(lines.subList(i, i + 3))
                .as("%s, line %d", file, i + 1)
                .anyMatch(line -> line.contains("stateful: true"));
          }
        }
      }
    }
    assertThat(timers).isGreaterThan(7);
  }
}
