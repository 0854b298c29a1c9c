// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import java.util.concurrent.CompletionStage;

/** The connection to the broker as the devices see it. Safe for many threads. */
public interface Link {

  /** How often the broker has let us in. */
  long connects();

  /** Whether the connection stands. */
  boolean isConnected();

  /** Complete when {@link Homie#learn} has been given all that the broker retains. */
  CompletionStage<Void> retained();
}
