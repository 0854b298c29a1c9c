// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.testing;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.spi.Registry;
import org.cardatabridge.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of a shipped sink share that run its route on a {@link SinkRig}. */
public abstract class RigTest {

  /** As long as anything may take that is to happen. */
  protected static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Where the journal is. */
  @TempDir protected Path dir;

  /** The sink's settings, without its switch. */
  protected final Map<String, String> settings = new HashMap<>();

  /** Runs from {@link #start} on until the test's end. */
  protected SinkRig rig;

  /** Binds what the route names. */
  protected abstract void bind(Registry registry, Settings values);

  /** Starts the route with {@link #settings}, again after the rig was closed. */
  protected final void start(ShippedRoute route) throws Exception {
    rig = SinkRig.start(dir, route, settings, this::bind);
  }

  /** Waits until the sink has delivered all there is. */
  protected final void awaitDone() {
    await().atMost(PATIENCE).until(rig::isDone);
  }

  /** Ends it. */
  @AfterEach
  protected final void closeRig() {
    if (rig != null) {
      rig.close();
    }
  }
}
