// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.apache.camel.spi.Registry;
import org.cardatabridge.auth.BmwTrust;
import org.cardatabridge.settings.LoadedSettings;
import org.eclipse.paho.mqttv5.client.logging.LoggerFactory;

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
    begin("bmw-trust", trust);
    begin("ahead-of-time", AheadOfTime::warmUp);
    return new AheadOfTime(trust);
  }

  private static void begin(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Has classes initialised whose first use takes long, while other classes of theirs are not
   * needed yet: Paho reads its texts out of a signed jar, whose signature is checked then, and
   * Jackson makes its first formats of dates. Whoever needs one meanwhile waits for it no longer
   * than it would have taken.
   */
  private static void warmUp() {
    LoggerFactory.getLogger(LoggerFactory.MQTT_CLIENT_MSG_CAT, AheadOfTime.class.getName());
    new ObjectMapper().createObjectNode();
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
