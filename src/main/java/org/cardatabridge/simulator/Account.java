// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the simulated BMW knows of one account's tokens and services. Used on one thread. */
final class Account {

  /** The refresh tokens that descend from one login: only the newest works. */
  static final class Family {
    private final Set<String> scopes;
    private String current;
    private Instant expiresAt;

    private Family(Set<String> scopes) {
      this.scopes = scopes;
    }

    Set<String> scopes() {
      return scopes;
    }

    boolean isAlive(Instant now) {
      return current != null && now.isBefore(expiresAt);
    }

    boolean isCurrent(String token) {
      return token.equals(current);
    }

    void kill() {
      current = null;
    }
  }

  private final AccountConfig config;
  private final Map<String, Family> families = new HashMap<>();
  private long idTokens;
  private long refusedUpTo;
  private boolean api = true;
  private boolean streaming = true;
  private boolean known = true;

  Account(AccountConfig config) {
    this.config = config;
  }

  AccountConfig config() {
    return config;
  }

  /** Starts the family of a new login. */
  Family begin(Set<String> scopes) {
    return new Family(scopes);
  }

  /** Makes a token the only one of its family that works. */
  void renew(Family family, String token, Instant expiresAt) {
    family.current = token;
    family.expiresAt = expiresAt;
    families.put(token, family);
  }

  /** The family of a refresh token that this account once got. */
  Optional<Family> family(String refreshToken) {
    return Optional.ofNullable(families.get(refreshToken));
  }

  /** The number of the next id token. */
  long nextIdToken() {
    return ++idTokens;
  }

  /** Refuses every id token made so far, valid or not. */
  void refuseIdTokens() {
    refusedUpTo = idTokens;
  }

  boolean accepts(long idToken) {
    return idToken > refusedUpTo;
  }

  /** Makes every refresh token useless. */
  void killRefreshTokens() {
    families.values().forEach(Family::kill);
  }

  /** Subscribes the client to services, or not; losing one kills the refresh tokens at once. */
  void subscribe(boolean toApi, boolean toStreaming) {
    if (api && !toApi || streaming && !toStreaming) {
      killRefreshTokens();
    }
    api = toApi;
    streaming = toStreaming;
  }

  boolean hasApi() {
    return api;
  }

  boolean hasStreaming() {
    return streaming;
  }

  /** Whether the client id exists; a user can delete it in the portal. */
  boolean isKnown() {
    return known;
  }

  void setKnown(boolean isKnown) {
    known = isKnown;
  }
}
