// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.time.Instant;
import java.util.List;

/**
 * The login of one account at one moment, in the fields of {@code /api/status}. Immutable; what has
 * no value is null.
 *
 * @param state {@code login-required}, {@code pending}, {@code authorized} or {@code refused}
 * @param userCode what the user types in while a login is pending
 * @param verificationUri where the user types it in
 * @param verificationUriComplete the same with the code filled in
 * @param codeExpiresAt when the code dies
 * @param idTokenExpiresAt when the stream's credentials expire
 * @param refreshTokenExpiresAt when the login ends if it is not refreshed
 * @param confirmedAt when a login was last confirmed since the bridge started
 * @param scopes granted scopes
 * @param missingScopes asked for and not granted
 * @param error the word of what is wrong, for programs: one of RFC 6749 and 8628 ({@code
 *     access_denied}, {@code expired_token}, {@code invalid_client}, …), {@code client-id-missing},
 *     {@code missing-scope} or {@code unreachable}
 * @param message cause and next step in plain words
 */
public record LoginSnapshot(
    String state,
    String userCode,
    String verificationUri,
    String verificationUriComplete,
    Instant codeExpiresAt,
    Instant idTokenExpiresAt,
    Instant refreshTokenExpiresAt,
    Instant confirmedAt,
    List<String> scopes,
    List<String> missingScopes,
    String error,
    String message) {

  /** Waits for the user to begin a login. */
  public static final String LOGIN_REQUIRED = "login-required";

  /** A login is under way. */
  public static final String PENDING = "pending";

  /** There are tokens, and nothing says that they are dead. */
  public static final String AUTHORIZED = "authorized";

  /** The server said a definite no that a login alone does not cure. */
  public static final String REFUSED = "refused";

  /** Copies the lists. */
  public LoginSnapshot {
    scopes = List.copyOf(scopes);
    missingScopes = List.copyOf(missingScopes);
  }

  /** The state without code and addresses, so that it may stand in a log. */
  @Override
  public String toString() {
    return "LoginSnapshot[" + state + "]";
  }
}
