// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.util.Set;
import java.util.function.Consumer;

/** Takes recorded messages in as if they came now. Safe for use by many threads. */
public interface Intake {

  /**
   * Takes a message; those of one thread in their order. May wait for earlier ones.
   *
   * @param sinks who gets it; empty for all
   * @param done told once the journal has it, with null, or why it has not
   */
  void take(RecordedMessage message, Set<String> sinks, Consumer<Throwable> done)
      throws InterruptedException;

  /** Why a message was not taken, in words that name nobody. */
  static String reason(Throwable failure) {
    return "the route from direct:flatten failed with "
        + failure.getClass().getSimpleName()
        + " — the bridge's log and status say more";
  }
}
