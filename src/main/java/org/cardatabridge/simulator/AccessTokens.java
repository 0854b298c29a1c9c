// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The newest access tokens that were given out, and what each is good for. One thread. */
final class AccessTokens {

  private static final int MOST = 10_000;

  /** What a token is good for. Immutable. */
  record Grant(Account account, Set<String> scopes, Instant expiresAt) {}

  private final Map<String, Grant> grants =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Grant> eldest) {
          return size() > MOST;
        }
      };

  /** Keeps a token that was just given out. */
  void add(String token, Grant grant) {
    grants.put(token, grant);
  }

  /** What that token is good for, expired or not; empty for one nobody got. */
  Optional<Grant> find(String token) {
    return Optional.ofNullable(grants.get(token));
  }

  /** Lets every token of an account be expired from now on. */
  void expire(Account account) {
    grants.replaceAll(
        (token, g) -> g.account() == account ? new Grant(account, g.scopes(), Instant.EPOCH) : g);
  }
}
