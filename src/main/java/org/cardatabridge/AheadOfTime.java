// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.apache.camel.spi.Registry;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.routes.RouteFolder;
import org.cardatabridge.routes.RouteOrder;
import org.cardatabridge.settings.LoadedSettings;

/**
 * What takes a while and needs nothing but settings: made on a thread of its own while Camel still
 * starts.
 *
 * @param trust the authorities, the JVM's 140 among them; fails with {@link
 *     org.cardatabridge.settings.BadSettingException} for a file that cannot be used
 * @param routes the route files; null where nobody loads any; fails with {@link IOException} for a
 *     folder that cannot be read
 */
record AheadOfTime(Future<BmwTrust> trust, Future<RouteOrder> routes) {

  /** The name in the registry. */
  static final String BEAN = "cardata-ahead-of-time";

  /** Begins at once; returns before anything is made. */
  static AheadOfTime begin(LoadedSettings loaded, RouteFolder.Choice files) {
    FutureTask<RouteOrder> routes = new FutureTask<>(() -> RouteOrder.of(files));
    begin("route-files", routes);
    return begin(loaded, routes);
  }

  private static AheadOfTime begin(LoadedSettings loaded, Future<RouteOrder> routes) {
    FutureTask<BmwTrust> trust = new FutureTask<>(() -> trust(loaded));
    begin("bmw-trust", trust);
    begin("warm-up", WarmUp::run);
    return new AheadOfTime(trust, routes);
  }

  private static void begin(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** What was bound as {@link #BEAN} before there was a context; begun now where nothing was. */
  static AheadOfTime of(Registry registry, LoadedSettings loaded) {
    AheadOfTime begun = registry.lookupByNameAndType(BEAN, AheadOfTime.class);
    return begun != null ? begun : begin(loaded, (Future<RouteOrder>) null);
  }

  /**
   * The route files, as soon as they are read.
   *
   * @throws UncheckedIOException for a folder that cannot be read
   */
  RouteOrder routesOrThrow() throws InterruptedException {
    try {
      return routes.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
      throw new IllegalStateException("reading the route files", e.getCause());
    }
  }

  private static BmwTrust trust(LoadedSettings loaded) {
    return new BmwTrust(
        loaded.settings().find("cardata.tls.ca-file").map(loaded.workDir()::resolve).orElse(null));
  }
}
