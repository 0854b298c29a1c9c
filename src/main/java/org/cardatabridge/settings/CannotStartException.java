// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.settings;

import java.nio.file.Path;

/**
 * The bridge cannot start here and now, though its settings are sound. The message is all that a
 * user needs: what was being done, why it failed, and what to do.
 */
public final class CannotStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a whole sentence. */
  public CannotStartException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /** Another bridge holds the data directory. */
  public static CannotStartException inUse(Path dataDir) {
    return new CannotStartException(
        "Starting the bridge: another one uses the data directory "
            + dataDir
            + " — stop it, or give this one its own cardata.data-dir",
        null);
  }
}
