// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.List;

/**
 * The {@code login} part of an account's status; each field that has no value is null. Immutable.
 *
 * @param state {@code login-required}, {@code pending}, {@code authorized} or {@code refused}
 * @param userCode the code to type while a login is pending
 * @param verificationUri where to type it
 * @param verificationUriComplete the same with the code in it
 * @param codeExpiresAt until when the code holds
 * @param idTokenExpiresAt until when the id token holds
 * @param refreshTokenExpiresAt until when the refresh token holds
 * @param confirmedAt when a login was last confirmed since the bridge started
 * @param scopes what BMW granted
 * @param missingScopes what was asked for and not granted
 * @param error the word of what is wrong, such as {@code access_denied} or {@code missing-scope}
 * @param message what to do, in words
 */
public record LoginStatus(
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

  /** Everything but what lets somebody log in: no code, no address, no sentence with them. */
  LoginStatus withoutCodes() {
    return new LoginStatus(
        state,
        null,
        null,
        null,
        codeExpiresAt,
        idTokenExpiresAt,
        refreshTokenExpiresAt,
        confirmedAt,
        scopes,
        missingScopes,
        error,
        null);
  }
}
