// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

/** Why a call is made, which decides whether it may use the reserve of the daily quota. */
public enum Purpose {
  /** The plan's daily business: leaves the reserve alone. */
  ROUTINE(false),
  /** Fills a gap that an outage of the stream left. */
  GAP(true),
  /** Helps to find out why a login or the stream does not work. */
  HELP(true),
  /** A person or another program asked for it: may take half of the reserve. */
  REQUEST(true);

  private final boolean mayUseReserve;

  Purpose(boolean mayUseReserve) {
    this.mayUseReserve = mayUseReserve;
  }

  /** Whether the reserve is there for it. */
  public boolean mayUseReserve() {
    return mayUseReserve;
  }

  /** Its name in status and log. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
