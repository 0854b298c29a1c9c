// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.VetoCamelContextStartException;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;
import org.cardatabridge.routes.AccountRoutes;
import org.cardatabridge.routes.RouteFolder;
import org.cardatabridge.settings.BadSettingException;
import org.cardatabridge.settings.LoadedSettings;
import org.cardatabridge.settings.SettingsLoader;

/**
 * Puts the bridge's parts into a Camel context, under the names that the files in {@code routes/}
 * use. Camel finds it through {@code META-INF/services}, so that {@code ./bridge run} and {@code
 * camel run} work alike.
 *
 * <p>It acts in contexts that a Camel Main or the Camel CLI runs; a plain context that a program
 * makes for itself is left alone.
 */
public final class BridgePlugin implements ContextServicePlugin {

  /** Bean of type {@link LoadedSettings}: settings that the starter has read and checked. */
  public static final String SETTINGS = "cardata-loaded-settings";

  /** Bean of type {@link RouteFolder.Choice}: the route files that the bridge loads by itself. */
  public static final String ROUTES = "cardata-routes";

  /** Bean of type {@code Consumer<String>}: shows a user what is needed to log in. */
  public static final String TERMINAL = "cardata-terminal";

  /** Bean of type {@code Consumer<String>}: hears of values that no log may show. */
  public static final String HIDE = "cardata-hide";

  private BridgeParts parts;

  @Override
  public void load(CamelContext context) {
    LoadedSettings given =
        context.getRegistry().lookupByNameAndType(SETTINGS, LoadedSettings.class);
    if (given == null && context.getPropertiesComponent().getLocations().isEmpty()) {
      return;
    }
    try {
      LoadedSettings settings =
          given != null
              ? given
              : SettingsLoader.load(Path.of("").toAbsolutePath(), System.getenv(), Map.of());
      parts = BridgeParts.of(settings, context, Clock.systemUTC());
      context.addLifecycleStrategy(new Life(parts));
      RouteFolder.Choice files =
          context.getRegistry().lookupByNameAndType(ROUTES, RouteFolder.Choice.class);
      if (files != null && files.only().isEmpty()) {
        parts.openAhead();
      }
    } catch (BadSettingException e) {
      // Camel logs what a plugin throws and goes on without it; a bridge without its parts would
      // then fail on the first route with a riddle.
      context.addLifecycleStrategy(new Veto(e));
    }
  }

  @Override
  public void unload(CamelContext context) {
    if (parts != null) {
      parts.close();
    }
  }

  /** Adds routes when the context is ready for them. */
  private static final class Life extends LifecycleStrategySupport {

    private final BridgeParts parts;

    Life(BridgeParts parts) {
      this.parts = parts;
    }

    /** Under the Camel CLI the route files are loaded by now, and only accounts are missing. */
    @Override
    public void onContextInitialized(CamelContext context) throws VetoCamelContextStartException {
      try {
        accountRoutes(context).addMissing();
      } catch (Exception e) {
        throw new VetoCamelContextStartException("making the accounts' routes", e, context);
      }
    }

    @Override
    public void onContextStarted(CamelContext context) {
      RouteFolder.Choice files =
          context.getRegistry().lookupByNameAndType(ROUTES, RouteFolder.Choice.class);
      if (files != null) {
        if (files.only().isEmpty()) {
          parts.openDoor(context);
        }
        parts.loaded(
            new RouteFolder((ModelCamelContext) context, accountRoutes(context)).load(files));
      }
    }

    /** BMW hears a goodbye before the routes that would take its messages are gone. */
    @Override
    public void onContextStopping(CamelContext context) {
      parts.sayGoodbye();
    }

    private AccountRoutes accountRoutes(CamelContext context) {
      return new AccountRoutes((ModelCamelContext) context, parts.accountNames());
    }
  }

  /** Ends the start with the sentence about the wrong setting. */
  private static final class Veto extends LifecycleStrategySupport {

    private final BadSettingException reason;

    Veto(BadSettingException reason) {
      this.reason = reason;
    }

    @Override
    public void onContextInitializing(CamelContext context) throws VetoCamelContextStartException {
      throw new VetoCamelContextStartException(reason.getMessage(), reason, context, true);
    }
  }
}
