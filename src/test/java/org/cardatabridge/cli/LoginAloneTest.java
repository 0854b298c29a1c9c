// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./bridge login} where no bridge runs. */
@Timeout(120)
class LoginAloneTest {

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();

  private int login() throws Exception {
    try (Simulator bmw = Simulator.start(SimulatorConfig.in(directory.resolve("bmw")))) {
      bmw.change(
          b -> b.pollInterval(Duration.ofSeconds(1)).autoApproveAfter(Duration.ofMillis(100)));
      LoadedSettings settings =
          SettingsLoader.load(
              directory,
              Map.of(),
              Map.of(
                  "cardata.client-id", bmw.environment().get("CARDATA_CLIENT_ID"),
                  "cardata.auth.url", bmw.authUrl().toString(),
                  "cardata.tls.ca-file", bmw.caFile().toString(),
                  "cardata.data-dir", directory.resolve("data").toString(),
                  "cardata.routes.dir", Path.of("routes").toAbsolutePath().toString()));
      return new BridgeActions(new Redaction(), new StopSignal())
          .login(settings, "main", new PrintWriter(out, true));
    }
  }

  @Test
  void endsWellWhenTheTokensAreStored() throws Exception {
    assertThat(login()).isZero();
    assertThat(out).asString().contains("the tokens are stored");
    assertThat(directory.resolve("data/tokens.json")).exists();
  }

  @Test
  void failsWhenTheTokensCannotBeStored() throws Exception {
    // Root may write anywhere, but nobody over a folder with something in it.
    Files.createDirectories(directory.resolve("data/tokens.json.new/full"));

    assertThat(login()).isEqualTo(1);
    assertThat(out)
        .asString()
        .contains("not stored", "tokens.json", "make it writable")
        .doesNotContain("the tokens are stored");
  }
}
