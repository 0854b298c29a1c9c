// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.util.Locale;

/** What the watchdog finds at a tick. */
public enum Verdict {
  /** Nothing to do; a silent car is fine as well. */
  FINE,
  /** The session works, but should be replaced by a new one in good order. */
  CYCLE,
  /** Something stalled; the client has to be thrown away and made anew. */
  REBUILD;

  /** The spelling that routes/watchdog.camel.yaml compares with: {@code rebuild}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
