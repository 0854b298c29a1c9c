// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens of one account, as docs/login.md describes the file. Immutable and safe for use by
 * many threads.
 *
 * @param clientId the CarData client the tokens were given to; null where an imported file does not
 *     say
 * @param gcid the account's id, which is its user name at the stream; null where the server sends
 *     none
 * @param scope granted scopes, separated by blanks; empty where unknown
 * @param accessToken for REST calls; null in an imported set that was not refreshed yet
 * @param idToken the password at the stream; null in an imported set that was not refreshed yet
 * @param refreshToken buys the next set; null where the server gave none
 * @param obtainedAt when the answer came, by this machine's clock; never null
 * @param expiresAt when the id token expires, by this machine's clock; never null
 * @param refreshExpiresAt when the refresh token dies if it is not used; null where there is none
 */
public record TokenSet(
    String clientId,
    String gcid,
    String scope,
    String accessToken,
    String idToken,
    String refreshToken,
    Instant obtainedAt,
    Instant expiresAt,
    Instant refreshExpiresAt) {

  /** Nothing we are told may lie later; keeps arithmetic on times from overflowing. */
  static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  /** Refuses a missing time by its name. */
  public TokenSet {
    Objects.requireNonNull(obtainedAt, "obtainedAt");
    Objects.requireNonNull(expiresAt, "expiresAt");
    scope = scope == null ? "" : scope;
  }

  /** The granted scopes as a set, in the order given. */
  public Set<String> scopes() {
    return scopes(scope);
  }

  /** A blank separated list of scopes as a set. */
  static Set<String> scopes(String text) {
    Set<String> scopes = new LinkedHashSet<>();
    for (String scope : text.trim().split("[\\s,]+")) {
      if (!scope.isEmpty()) {
        scopes.add(scope);
      }
    }
    return scopes;
  }

  /**
   * Whether the id token carries the access rule without which BMW's stream refuses it; empty where
   * the token is no readable JWT.
   */
  public Optional<Boolean> maySubscribe() {
    return Optional.ofNullable(idToken)
        .flatMap(IdToken::read)
        .map(claims -> claims.dynamicScopes() != null);
  }

  /** How long the id token lives in all. */
  Duration life() {
    return Duration.between(obtainedAt, expiresAt);
  }

  /** Says when it expires, nothing else: every other part is a secret or names the account. */
  @Override
  public String toString() {
    return "TokenSet[expires " + expiresAt + "]";
  }
}
