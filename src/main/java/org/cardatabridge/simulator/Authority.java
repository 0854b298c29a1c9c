// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * BMW's authorisation server without HTTP: device codes, polls, refreshes with rotation. Used on
 * one thread.
 */
final class Authority {

  static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
  static final String REFRESH_GRANT = "refresh_token";
  static final String STREAMING_SCOPE = "cardata:streaming:read";
  static final String API_SCOPE = "cardata:api:read";

  /** In the order in which BMW lists them, which is not the order of the request. */
  private static final List<String> SCOPES =
      List.of(API_SCOPE, "openid", STREAMING_SCOPE, "authenticate_user");

  private final Accounts accounts;
  private final TokenMint mint;
  private final Clock clock;
  private final Supplier<Behaviour> behaviour;
  private final Supplier<String> linkUrl;
  private final AccessTokens accessTokens = new AccessTokens();
  private final Map<String, DeviceLogin> logins = new LinkedHashMap<>();

  Authority(
      Accounts accounts,
      TokenMint mint,
      Clock clock,
      Supplier<Behaviour> behaviour,
      Supplier<String> linkUrl) {
    this.accounts = accounts;
    this.mint = mint;
    this.clock = clock;
    this.behaviour = behaviour;
    this.linkUrl = linkUrl;
  }

  /** Answers {@code POST /gcdm/oauth/device/code}. */
  Answer deviceCode(Map<String, String> form) {
    Optional<Account> account = accounts.withClientId(form.getOrDefault("client_id", ""));
    String challenge = form.getOrDefault("code_challenge", "");
    Set<String> scopes =
        new LinkedHashSet<>(Arrays.asList(form.getOrDefault("scope", "").trim().split(" +")));
    if (!form.containsKey("client_id")
        || !"device_code".equals(form.get("response_type"))
        || !"S256".equals(form.get("code_challenge_method"))
        || challenge.length() != 43
        || scopes.contains("")) {
      return error(OAuthError.INVALID_REQUEST);
    }
    if (account.isEmpty()) {
      return error(OAuthError.INVALID_CLIENT);
    }
    if (!SCOPES.containsAll(scopes)) {
      return error(OAuthError.INVALID_SCOPE);
    }
    Instant now = clock.instant();
    Behaviour b = behaviour.get();
    logins.values().removeIf(l -> now.isAfter(l.expiresAt().plusSeconds(3600)));
    DeviceLogin login = new DeviceLogin(account.get(), mint.userCode(), challenge, scopes, now, b);
    String deviceCode = mint.deviceCode(now, b.deviceCodeLife());
    logins.put(deviceCode, login);
    return new Answer(
        200,
        new JsonObject()
            .put("user_code", login.userCode())
            .put("device_code", deviceCode)
            .put("interval", Math.max(1, b.pollInterval().toSeconds()))
            .put("verification_uri", linkUrl.get())
            .put("verification_uri_complete", linkUrl.get() + "?user_code=" + login.userCode())
            .put("expires_in", b.deviceCodeLife().toSeconds()));
  }

  /** Answers {@code POST /gcdm/oauth/token}. */
  Answer token(Map<String, String> form) {
    if (!form.containsKey("client_id") || !form.containsKey("grant_type")) {
      return error(OAuthError.INVALID_REQUEST);
    }
    Optional<Account> account = accounts.withClientId(form.get("client_id"));
    if (account.isEmpty()) {
      return error(OAuthError.INVALID_CLIENT);
    }
    return switch (form.get("grant_type")) {
      case DEVICE_GRANT -> poll(account.get(), form);
      case REFRESH_GRANT -> refresh(account.get(), form.getOrDefault("refresh_token", ""));
      default -> error(OAuthError.UNSUPPORTED_GRANT_TYPE);
    };
  }

  private Answer poll(Account account, Map<String, String> form) {
    String verifier = form.getOrDefault("code_verifier", "");
    if (!form.containsKey("device_code") || verifier.isEmpty()) {
      return error(OAuthError.INVALID_REQUEST);
    }
    DeviceLogin login = logins.get(form.get("device_code"));
    Instant now = clock.instant();
    if (login == null
        || login.account() != account
        || login.state(now) == DeviceLogin.State.BURNT) {
      return error(OAuthError.INVALID_GRANT);
    }
    if (!now.isBefore(login.expiresAt())) {
      return error(OAuthError.EXPIRED_TOKEN);
    }
    if (!login.pollIsInTime(now)) {
      login.slowDown();
      return error(OAuthError.SLOW_DOWN);
    }
    if (!challenge(verifier).equals(login.challenge())) {
      login.burn();
      return error(OAuthError.INVALID_GRANT);
    }
    return switch (login.state(now)) {
      case PENDING -> error(OAuthError.AUTHORIZATION_PENDING);
      case DENIED -> error(OAuthError.ACCESS_DENIED);
      case BURNT -> error(OAuthError.INVALID_GRANT);
      case APPROVED -> {
        if (!account.hasApi() && !account.hasStreaming()) {
          yield error(OAuthError.ACCESS_DENIED);
        }
        login.burn();
        yield new Answer(200, issue(account, account.begin(login.scopes())));
      }
    };
  }

  private Answer refresh(Account account, String token) {
    Optional<Account.Family> found = account.family(token);
    if (found.isEmpty()) {
      return error(OAuthError.INVALID_REQUEST);
    }
    Account.Family family = found.get();
    Behaviour.RefreshReuse reuse = behaviour.get().refreshReuse();
    if (!family.isCurrent(token) && reuse != Behaviour.RefreshReuse.ALLOWED) {
      if (reuse == Behaviour.RefreshReuse.KILLS) {
        family.kill();
      }
      return error(OAuthError.INVALID_REQUEST);
    }
    if (!family.isAlive(clock.instant())) {
      return error(OAuthError.INVALID_REQUEST);
    }
    return new Answer(200, issue(account, family));
  }

  /** A fresh set of tokens for all scopes, as if a login had just been approved. */
  JsonObject issue(Account account) {
    return issue(account, account.begin(Set.copyOf(SCOPES)));
  }

  private JsonObject issue(Account account, Account.Family family) {
    Instant now = clock.instant();
    Behaviour b = behaviour.get();
    List<String> granted =
        SCOPES.stream()
            .filter(family.scopes()::contains)
            .filter(s -> account.hasStreaming() || !s.equals(STREAMING_SCOPE))
            .filter(s -> account.hasApi() || !s.equals(API_SCOPE))
            .toList();
    String refreshToken = mint.opaque("R0");
    String accessToken = mint.opaque("A0");
    accessTokens.add(
        accessToken,
        new AccessTokens.Grant(account, Set.copyOf(granted), now.plus(b.accessTokenLife())));
    account.renew(family, refreshToken, now.plus(b.refreshTokenLife()));
    JsonObject body =
        new JsonObject()
            .put("gcid", account.config().gcid())
            .put("token_type", "Bearer")
            .put("access_token", accessToken)
            .put("refresh_token", refreshToken)
            .put("scope", String.join(" ", granted))
            .put("expires_in", Math.max(1, b.accessTokenLife().toSeconds() - 1));
    if (granted.contains("openid")) {
      body.put(
          "id_token",
          mint.idToken(
              account.config(),
              now,
              b.idTokenLife(),
              account.nextIdToken(),
              granted.contains(STREAMING_SCOPE)));
    }
    return body;
  }

  /** The access tokens that were given out. */
  AccessTokens accessTokens() {
    return accessTokens;
  }

  /** Makes a device code useless, as a fault of BMW's gateway does. */
  void burn(String deviceCode) {
    Optional.ofNullable(logins.get(deviceCode)).ifPresent(DeviceLogin::burn);
  }

  /** Counts a poll and raises the interval of its device code, as {@code slow_down} does. */
  void slowDown(String deviceCode) {
    Optional.ofNullable(logins.get(deviceCode))
        .ifPresent(
            l -> {
              l.pollIsInTime(clock.instant());
              l.slowDown();
            });
  }

  /** The logins that wait for their user. */
  List<DeviceLogin> waiting() {
    Instant now = clock.instant();
    return logins.values().stream().filter(l -> l.isOpen(now)).toList();
  }

  /** The waiting login with exactly this code; upper and lower case are different. */
  Optional<DeviceLogin> waiting(String userCode) {
    return waiting().stream().filter(l -> l.userCode().equals(userCode)).findFirst();
  }

  private Answer error(OAuthError error) {
    return error.answer(behaviour.get().errorStatus());
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("checking a code verifier: " + e.getMessage(), e);
    }
  }
}
