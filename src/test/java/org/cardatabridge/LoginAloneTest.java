// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardatabridge.auth.LoginSnapshot;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.simulator.Simulator;
import org.cardatabridge.simulator.SimulatorConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./bridge login} starts where no bridge runs. */
@Timeout(120)
class LoginAloneTest {

  @TempDir Path directory;

  @Test
  void theFilesOfALoginAreEnoughToLogIn() throws Exception {
    List<String> terminal = new CopyOnWriteArrayList<>();
    try (Simulator bmw = Simulator.start(SimulatorConfig.in(directory.resolve("bmw")));
        RunningBridge bridge =
            RunningBridge.startForLogin(settings(bmw), terminal::add, secret -> {})) {
      bmw.change(b -> b.pollInterval(Duration.ofSeconds(1)));
      bridge.login("main").begin();
      await().atMost(Duration.ofSeconds(40)).until(() -> !bmw.waitingCodes().isEmpty());
      await().until(() -> !terminal.isEmpty());
      assertThat(terminal.get(0)).contains(bmw.waitingCodes().get(0));
      bmw.approve();

      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> bridge.login("main").snapshot().state().equals(LoginSnapshot.AUTHORIZED));
      assertThat(bridge.tokens("main").current()).isPresent();
      assertThat(bmw.sessionLog()).as("a login takes no stream from a running bridge").isEmpty();
    }
    assertThat(directory.resolve("data/tokens.json")).exists();
  }

  private LoadedSettings settings(Simulator bmw) throws Exception {
    return SettingsLoader.load(
        directory,
        Map.of(),
        Map.of(
            "cardata.client-id", bmw.environment().get("CARDATA_CLIENT_ID"),
            "cardata.auth.url", bmw.authUrl().toString(),
            "cardata.tls.ca-file", bmw.caFile().toString(),
            "cardata.data-dir", directory.resolve("data").toString(),
            "cardata.routes.dir", Path.of("routes").toAbsolutePath().toString()));
  }
}
