// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.util.Optional;

/** How the web reaches the device logins of the accounts. Safe for use by many threads. */
public interface LoginControl {

  /** Starts a device login, or goes on with the one under way; empty for an unknown account. */
  Optional<LoginStatus> begin(String account);

  /** Ends the login under way, if there is one; empty for an unknown account. */
  Optional<LoginStatus> cancel(String account);

  /** How an account's login stands; empty for an unknown account. */
  Optional<LoginStatus> state(String account);
}
