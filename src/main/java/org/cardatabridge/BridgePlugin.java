// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.VetoCamelContextStartException;
import org.apache.camel.main.MainHttpServerFactory;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;
import org.cardatabridge.routes.AccountRoutes;
import org.cardatabridge.settings.CannotStartException;
import org.cardatabridge.settings.DataDirectory;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;
import org.cardatabridge.web.WebServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the bridge's parts into a Camel context, under the names that the files in {@code routes/}
 * use. Camel finds it through {@code META-INF/services}, so that {@code ./bridge run} and {@code
 * camel run} work alike.
 *
 * <p>Under {@code camel run} it also does what the bridge's own program does for itself: it reads
 * the settings, claims the data directory and opens the HTTP server, before Camel's own one would.
 * A plain context that a program makes for itself, without property files, is left alone.
 */
public final class BridgePlugin implements ContextServicePlugin {

  /** Bean of type {@link LoadedSettings}: settings that the starter has read and checked. */
  public static final String SETTINGS = "cardata-loaded-settings";

  /** Bean of type {@code Consumer<String>}: shows a user what is needed to log in. */
  public static final String TERMINAL = "cardata-terminal";

  /** Bean of type {@code Consumer<String>}: hears of values that no log may show. */
  public static final String HIDE = "cardata-hide";

  /** Bean of type {@code Consumer<String>}: hears of each VIN before anything is done with it. */
  public static final String HIDE_VIN = "cardata-hide-vin";

  /** Bean of type {@link org.cardatabridge.web.Renewal}: lets changed settings take effect. */
  static final String RENEWAL = "cardata-renewal";

  /** Bean of type {@code Map}: by account, what a login before this one left. */
  static final String LOGINS_BEFORE = "cardata-logins-before";

  /** Bean of type {@code Supplier<List<String>>}: gives the log's last lines, without secrets. */
  public static final String LOG_LINES = "cardata-log-lines";

  /** Bean of type {@code Boolean}: this bridge runs for an examination alone, without sinks. */
  static final String FOR_DOCTOR = "cardata-for-doctor";

  /** Bean of type {@code Boolean}: the way to BMW may be opened while the context still starts. */
  static final String OPEN_AHEAD = "cardata-open-ahead";

  private static final Logger LOG = LoggerFactory.getLogger(BridgePlugin.class);

  private BridgeParts parts;
  private DataDirectory directory;

  @Override
  public void load(CamelContext context) {
    // Camel only logs what a plugin throws, and the CLI loads plugins before it knows its files:
    // both make the context's initialisation the place for the parts.
    context.addLifecycleStrategy(new Life());
    if (settingsOf(context) == null) {
      context
          .getRegistry()
          .bind("cardata-door", MainHttpServerFactory.class, new GuardedServers(this::openDoor));
    }
  }

  @Override
  public void unload(CamelContext context) {
    try {
      if (parts != null) {
        parts.close();
      }
    } finally {
      release();
    }
  }

  private void release() {
    try {
      if (directory != null) {
        directory.close();
      }
    } catch (IOException e) {
      LOG.debug("Giving the data directory up", e);
    }
  }

  private static LoadedSettings settingsOf(CamelContext context) {
    return context.getRegistry().lookupByNameAndType(SETTINGS, LoadedSettings.class);
  }

  /** The parts, made at the first call. */
  private BridgeParts parts(CamelContext context) {
    if (parts == null) {
      LoadedSettings settings = settingsOf(context);
      parts =
          BridgeParts.of(settings != null ? settings : ownSettings(), context, Clock.systemUTC());
    }
    return parts;
  }

  private LoadedSettings ownSettings() {
    LoadedSettings loaded =
        SettingsLoader.load(Path.of("").toAbsolutePath(), System.getenv(), Map.of());
    loaded.orThrow();
    loaded.warnings().forEach(warning -> LOG.warn("{}", warning));
    try {
      Optional<DataDirectory> claimed = DataDirectory.claim(loaded.dataDir());
      directory = claimed.orElseThrow(() -> CannotStartException.inUse(loaded.dataDir()));
      directory
          .trouble()
          .ifPresent(why -> LOG.warn("{}", DataDirectory.text(loaded.dataDir(), why)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return loaded;
  }

  private WebServer openDoor(CamelContext context) {
    return parts(context).openDoor(context);
  }

  /** Acts when the context is ready for it. */
  private final class Life extends LifecycleStrategySupport {

    /** Under the Camel CLI the route files are loaded by now, and only accounts are missing. */
    @Override
    public void onContextInitializing(CamelContext context) throws VetoCamelContextStartException {
      try {
        if (settingsOf(context) != null) {
          parts(context);
          if (context.getRegistry().lookupByName(OPEN_AHEAD) != null) {
            parts.openAhead();
          }
        } else if (!context.getPropertiesComponent().getLocations().isEmpty()) {
          openDoor(context);
          new AccountRoutes(
                  (ModelCamelContext) context, parts.accountNames(), parts.certificateNames())
              .addMissing();
        }
      } catch (Exception e) {
        throw new VetoCamelContextStartException(e.getMessage(), e, context, true);
      }
    }

    /** The bridge's own program loads its routes later. */
    @Override
    public void onContextStarted(CamelContext context) {
      if (parts != null && settingsOf(context) == null) {
        parts.routesAreThere(context);
      }
    }

    /** BMW hears a goodbye before the routes that would take its messages are gone. */
    @Override
    public void onContextStopping(CamelContext context) {
      if (parts != null) {
        parts.sayGoodbye();
      }
    }
  }
}
