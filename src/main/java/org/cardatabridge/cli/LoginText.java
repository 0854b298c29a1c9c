// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import org.cardatabridge.auth.LoginSnapshot;

/** What the terminal says at the end of a login. Pure. */
final class LoginText {

  private LoginText() {}

  static String stored(String account, LoginSnapshot login) {
    return "Logged in: account "
        + account
        + "; the tokens are stored and renew themselves while the bridge runs."
        + (login.message() == null ? "" : System.lineSeparator() + login.message());
  }

  static String notStored(String account, String problem) {
    return "Logging in account "
        + account
        + ": BMW gave tokens, but they are not stored, so log in again when they can be. "
        + problem;
  }

  static String failed(String account, LoginSnapshot login) {
    return failed(
        account,
        login.message() == null
            ? "the code was not confirmed — run ./bridge login again"
            : login.message());
  }

  /** A reason that is a sentence about this account already is left as it is. */
  static String failed(String account, String reason) {
    String start = "Logging in account " + account + ": ";
    return reason.startsWith(start) ? reason : start + reason;
  }
}
