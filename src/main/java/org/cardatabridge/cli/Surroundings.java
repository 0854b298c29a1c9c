// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.cardatabridge.settings.DataDirectory;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.Settings;
import org.cardatabridge.settings.SettingsLoader;
import org.slf4j.Logger;

/**
 * What every command finds when it begins. Immutable; reading the settings sets the log up.
 *
 * @param actions what the commands do
 * @param workDir the directory the user stands in, from which relative paths start
 * @param home the directory of the launcher, whose {@code routes} serve where the working directory
 *     has none
 * @param environment the environment's variables
 * @param logging the log to set up
 */
record Surroundings(
    Actions actions,
    Path workDir,
    Optional<Path> home,
    Map<String, String> environment,
    Logging logging) {

  /** The settings, where nothing is wrong with them, and the log as they want it. */
  LoadedSettings loaded() {
    LoadedSettings loaded = read();
    logging.configure(loaded.settings(), workDir);
    return loaded;
  }

  /** The same for a command whose standard output is for programs: warnings go elsewhere. */
  LoadedSettings loadedForPipes() {
    LoadedSettings loaded = read();
    logging.warnOnStandardError();
    return loaded;
  }

  /** The same, whatever is wrong with the settings: the doctor says so. */
  LoadedSettings loadedAsTheyAre() {
    LoadedSettings loaded = loadedAnyway();
    logging.warnOnStandardError();
    return loaded;
  }

  private LoadedSettings read() {
    LoadedSettings loaded = loadedAnyway();
    loaded.orThrow();
    return loaded;
  }

  private LoadedSettings loadedAnyway() {
    LoadedSettings loaded = SettingsLoader.load(workDir, environment, Map.of());
    Optional<Path> routes = home.map(dir -> dir.resolve("routes")).filter(Files::isDirectory);
    boolean isDefault =
        loaded.settings().find("cardata.routes.dir").filter("routes"::equals).isPresent();
    if (isDefault && routes.isPresent() && !Files.exists(workDir.resolve("routes"))) {
      loaded =
          SettingsLoader.load(
              workDir, environment, Map.of("cardata.routes.dir", routes.get().toString()));
    }
    loaded.secrets().forEach(logging.redaction()::hideForGood);
    loaded.vins().forEach(logging.redaction()::hideVin);
    return loaded;
  }

  /** Only warnings, for a command that looks at no settings. */
  void quietly() {
    logging.configure(Settings.defaults().with(Map.of("cardata.log.level", "warn")), workDir);
  }

  /** No log, for a command that says itself what goes wrong. */
  void silently() {
    logging.configure(Settings.defaults().with(Map.of("cardata.log.level", "off")), workDir);
  }

  /** Says what is odd about settings and data directory. */
  void warnOf(LoadedSettings loaded, DataDirectory directory) {
    Logger log = logging.logger(BridgeCommand.class);
    loaded.warnings().forEach(warning -> log.warn("{}", warning));
    directory
        .trouble()
        .ifPresent(trouble -> log.warn("{}", DataDirectory.text(loaded.dataDir(), trouble)));
  }

  /** The folder with the shipped route files. */
  Path shippedRoutes() {
    return home.orElse(workDir).resolve("routes");
  }
}
