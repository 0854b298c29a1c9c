// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether a REST request may go on: token, scope, quota and headers, in this order. Whatever has
 * the token of an account counts, an expired one too. Used on one thread.
 */
final class ApiGuard {

  private static final String BEARER = "Bearer ";

  private final AccessTokens tokens;
  private final Clock clock;
  private final Supplier<Behaviour> behaviour;
  private final Map<Account, ApiQuota> quotas = new HashMap<>();

  ApiGuard(AccessTokens tokens, Clock clock, Supplier<Behaviour> behaviour) {
    this.tokens = tokens;
    this.clock = clock;
    this.behaviour = behaviour;
  }

  /** The account whose token the request carries, good or not; empty where nobody knows it. */
  Optional<Account> account(ApiCall call) {
    return grant(call).map(AccessTokens.Grant::account);
  }

  private Optional<AccessTokens.Grant> grant(ApiCall call) {
    String header = call.header("Authorization");
    return header.startsWith(BEARER)
        ? tokens.find(header.substring(BEARER.length()).trim())
        : Optional.empty();
  }

  /** Counts a request that something else answers. */
  void count(ApiCall call) {
    account(call).ifPresent(this::take);
  }

  private boolean take(Account account) {
    return quota(account).take(clock.instant(), behaviour.get().api());
  }

  ApiQuota quota(Account account) {
    return quotas.computeIfAbsent(account, a -> new ApiQuota());
  }

  /** Lets a request in and gives its account, or throws {@link ApiRefusal}. */
  Account admit(ApiCall call) {
    Instant now = clock.instant();
    if (!call.header("Authorization").startsWith(BEARER)) {
      throw new ApiRefusal(ApiError.NO_TOKEN);
    }
    AccessTokens.Grant grant =
        grant(call).orElseThrow(() -> new ApiRefusal(ApiError.TOKEN_REFUSED));
    Account account = grant.account();
    boolean isFree = take(account);
    if (!account.isKnown()) {
      throw new ApiRefusal(ApiError.TOKEN_REFUSED);
    }
    if (!now.isBefore(grant.expiresAt())) {
      throw new ApiRefusal(ApiError.TOKEN_EXPIRED);
    }
    if (!grant.scopes().contains(Authority.API_SCOPE) || !account.hasApi()) {
      throw new ApiRefusal(ApiError.SCOPE);
    }
    if (!isFree) {
      throw new ApiRefusal(ApiError.QUOTA);
    }
    if (call.header("x-version").isEmpty()) {
      throw new ApiRefusal(ApiError.BAD_REQUEST);
    }
    if (!call.header("x-version").equals("v1")) {
      throw new ApiRefusal(ApiError.BAD_PARAMETER);
    }
    return account;
  }
}
