// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.util.Locale;

/** The states of one account's BMW session, exactly those of {@code /api/status}. */
public enum StreamState {
  /** The ingest route is stopped. */
  STOPPED,
  /** There are no tokens that could be used; a person must log in. */
  LOGIN_REQUIRED,
  /** From CONNECT to SUBACK. */
  CONNECTING,
  /** Subscribed, with a message not long ago. */
  LIVE,
  /** Subscribed, and the car has been silent for a while; all is well. */
  QUIET,
  /** Waiting before the next attempt. */
  BACKING_OFF,
  /** BMW refuses our credentials; waiting for new ones or for the next attempt. */
  REFUSED,
  /** BMW says that the quota is used up; waiting. */
  QUOTA;

  /** The spelling of the status page and the API: {@code backing-off}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** True where messages flow: {@link #LIVE} and {@link #QUIET}. */
  public boolean isSubscribed() {
    return this == LIVE || this == QUIET;
  }

  /** True where the session waits for its next attempt. */
  public boolean isWaiting() {
    return this == BACKING_OFF || this == REFUSED || this == QUOTA;
  }
}
