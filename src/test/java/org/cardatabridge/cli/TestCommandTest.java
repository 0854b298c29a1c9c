// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bridge test}: what it prints and its exit codes. */
@Timeout(120)
class TestCommandTest {

  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void copyARouteAndItsTest() throws IOException {
    Path routes = Files.createDirectories(dir.resolve("routes"));
    for (String name : new String[] {"sink-mqtt-raw.camel.yaml", "sink-mqtt-raw.test.yaml"}) {
      Files.copy(Path.of("routes", name), routes.resolve(name));
    }
    Files.copy(Path.of("routes/web.camel.yaml"), routes.resolve("web.camel.yaml"));
  }

  private int bridge(String... arguments) {
    return new BridgeCommand(
            null, // this command needs none of them
            dir,
            Optional.of(Path.of("").toAbsolutePath()),
            Map.of(),
            new Logging(new LoggerContext(), new Redaction()))
        .printingTo(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void passesAndNamesRoutesWithoutATest() {
    assertThat(bridge("test")).isZero();
    assertThat(out.toString())
        .contains("ok      relays BMW's bytes to both topics", "web.camel.yaml: has no test")
        .contains("2 tests, 0 failed");
    assertThat(dir.resolve("data")).as("the data directory is not touched").doesNotExist();
  }

  @Test
  void aFailureIsOneLineADifferenceAndExitCode1() throws IOException {
    Path route = dir.resolve("routes/sink-mqtt-raw.camel.yaml");
    Files.writeString(route, Files.readString(route).replace("'stream,replay'", "'rest'"));
    assertThat(bridge("test", "routes/sink-mqtt-raw.camel.yaml")).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("sink-mqtt-raw.test.yaml:7: to-local-broker-raw, message 1: expected")
        .contains("2 tests, 2 failed");
  }

  @Test
  void whatIsNotThereOrNotReadableIsExitCode2() throws IOException {
    assertThat(bridge("test", "routes/none.camel.yaml")).isEqualTo(2);
    assertThat(bridge("test", "routes/web.camel.yaml")).isEqualTo(2);
    assertThat(err.toString())
        .contains("there is no such file", "there is no", "docs/testing-routes.md");
    Files.writeString(dir.resolve("routes/web.test.yaml"), "tests:\n  - gven: []\n");
    assertThat(bridge("test", "routes/web.camel.yaml")).isEqualTo(2);
    assertThat(err.toString()).contains("web.test.yaml:2: there is no 'gven' here — did you mean");
  }
}
