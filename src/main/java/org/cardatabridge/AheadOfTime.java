// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.apache.camel.spi.Registry;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.settings.LoadedSettings;

/**
 * What takes a while and needs nothing but settings: made on a thread of its own while Camel still
 * starts.
 *
 * @param trust the authorities, the JVM's 140 among them; fails with {@link
 *     org.cardatabridge.settings.BadSettingException} for a file that cannot be used
 */
record AheadOfTime(Future<BmwTrust> trust) {

  /** The name in the registry. */
  static final String BEAN = "cardata-ahead-of-time";

  /** Begins at once; returns before anything is made. */
  static AheadOfTime begin(LoadedSettings loaded) {
    FutureTask<BmwTrust> trust = new FutureTask<>(() -> trust(loaded));
    Thread thread = new Thread(trust, "bmw-trust");
    thread.setDaemon(true);
    thread.start();
    return new AheadOfTime(trust);
  }

  /** What was bound as {@link #BEAN} before there was a context; begun now where nothing was. */
  static AheadOfTime of(Registry registry, LoadedSettings loaded) {
    AheadOfTime begun = registry.lookupByNameAndType(BEAN, AheadOfTime.class);
    return begun != null ? begun : begin(loaded);
  }

  private static BmwTrust trust(LoadedSettings loaded) {
    return new BmwTrust(
        loaded.settings().find("cardata.tls.ca-file").map(loaded.workDir()::resolve).orElse(null));
  }
}
