// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.Optional;
import org.cardatabridge.auth.LoginSnapshot;

/**
 * How requests reach the logins of the accounts, each by its name. Safe for use by many threads.
 */
public interface Logins {

  /** Begins a device login, or goes on with the one under way. */
  LoginSnapshot begin(String account);

  /** How the login stands. */
  LoginSnapshot state(String account);

  /** Has the tokens renewed as soon as possible. */
  void refresh(String account);

  /** When the tokens in use came; empty where there are none. */
  Optional<Instant> obtainedAt(String account);
}
