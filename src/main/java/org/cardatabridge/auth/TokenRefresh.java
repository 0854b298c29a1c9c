// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.cardatabridge.Lasting;
import org.cardatabridge.auth.Answer.Granted;
import org.cardatabridge.auth.Answer.LoginRequired;
import org.cardatabridge.auth.Answer.Misconfigured;
import org.cardatabridge.auth.Answer.Transient;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When one account's tokens are renewed, and what follows from the answer: the steps of {@code
 * routes/auth-refresh.camel.yaml}. Never deletes tokens and never starts a login. Safe for use by
 * many threads; lets only one refresh be under way.
 */
public final class TokenRefresh {

  private static final Logger LOG = LoggerFactory.getLogger(TokenRefresh.class);
  private static final Duration IN_MEMORY_BEFORE = Duration.ofMinutes(2);
  private static final Duration LONGEST_REQUEST = Duration.ofMinutes(3);
  private static final Duration PROOF_EACH = Duration.ofSeconds(10);
  private static final Duration PARKED = Duration.ofHours(1);
  private static final Duration WARN_AFTER = Duration.ofMinutes(5);
  private static final Duration SPACING = Duration.ofSeconds(30);

  private final String account;
  private final Duration refreshBefore;
  private final String clientId;
  private final String scope;
  private final TokenStore store;
  private final DeviceLogin login;
  private final Clock clock;
  private final Ladder ladder;

  private String forced;
  private TokenSet asked;
  private Instant askedAt;
  private Instant notBefore = Instant.MIN;
  private Instant scheduledNotBefore = Instant.MIN;
  private Instant nextProof = Instant.MIN;
  private boolean writable;
  private TokenSet dead;
  private Instant troubleSince;
  private boolean warned;
  private boolean warnedUnwritable;

  /**
   * For one account.
   *
   * @param settings as this account sees them
   * @param login is told when only a login helps, and shows trouble in its status
   */
  public TokenRefresh(
      String account,
      Settings settings,
      TokenStore store,
      DeviceLogin login,
      Clock clock,
      RandomGenerator random) {
    this.account = account;
    this.refreshBefore = settings.duration("cardata.auth.refresh-before");
    this.clientId = settings.find("cardata.client-id").orElse(null);
    this.scope = settings.get("cardata.scope");
    this.store = store;
    this.login = login;
    this.clock = clock;
    this.ladder = new Ladder(random);
  }

  /**
   * Asks for one refresh as soon as possible, whatever the tokens' age; several calls before it
   * happened are one.
   *
   * @param reason why, in words for the log
   */
  public synchronized void force(String reason) {
    if (asked == null && forced == null && !isDead(store.current().orElse(null))) {
      forced = reason;
      LOG.info("Refreshing the tokens of account {} now: {}", account, reason);
    }
  }

  /**
   * Whether one that was asked for by {@link #force}, or is under way, may end within half a
   * minute.
   */
  public synchronized boolean isAwaited() {
    return asked != null
        || forced != null
            && !isDead(store.current().orElse(null))
            && !clock.instant().plus(SPACING).isBefore(notBefore);
  }

  /**
   * Whether to send a refresh now. It is not sent while its answer could not be written down, until
   * two minutes before the id token expires.
   */
  public boolean isDue() {
    if (hasNoRefreshToken()) {
      login.require("the server gave no refresh token", "invalid_grant");
    }
    return due();
  }

  private synchronized boolean hasNoRefreshToken() {
    TokenSet tokens = store.current().orElse(null);
    boolean none =
        tokens != null
            && tokens.refreshToken() == null
            && !isDead(tokens)
            && !clock.instant().isBefore(dueAt(tokens));
    if (none) {
      dead = tokens;
    }
    return none;
  }

  private synchronized boolean due() {
    Instant now = clock.instant();
    TokenSet tokens = store.current().orElse(null);
    if (tokens == null
        || tokens.refreshToken() == null
        || clientId == null
        || isDead(tokens)
        || underWay(now)) {
      return false;
    }
    if (store.problem().isPresent()) {
      retrySave(now);
    }
    if (now.isBefore(notBefore)
        || forced == null && (now.isBefore(scheduledNotBefore) || now.isBefore(dueAt(tokens)))) {
      return false;
    }
    return mayWrite(now) || !now.isBefore(tokens.expiresAt().minus(IN_MEMORY_BEFORE));
  }

  /** The body of the request; marks the refresh as under way. */
  public synchronized byte[] form() {
    asked = store.current().orElseThrow(() -> new IllegalStateException("nothing to refresh"));
    askedAt = clock.instant();
    return new Form()
        .with("grant_type", "refresh_token")
        .with("refresh_token", asked.refreshToken())
        .with("client_id", clientId)
        .bytes();
  }

  /** What the reply to the request, or that none came, means; changes nothing. */
  public synchronized Answer decide(HttpReply reply) {
    Question question =
        Question.forRenewal(clientId, scope, asked == null ? store.current().orElseThrow() : asked);
    return AnswerTable.decide(question, reply, clock.instant());
  }

  /** Stores the tokens, unless a login has brought newer ones while the server was asked. */
  public void save(Granted granted) {
    TokenSet previous;
    synchronized (this) {
      previous = asked;
    }
    // Outside of our lock: who hears of new tokens may ask for a refresh.
    if (!store.save(previous, granted.tokens())) {
      LOG.info(
          "Refreshing the tokens of account {}: a login came in between, the answer is dropped",
          account);
    }
  }

  /** Ends a refresh whose tokens are stored, or were not needed any more. */
  public synchronized void announce(Granted granted) {
    Instant now = clock.instant();
    TokenSet current = store.current().orElse(null);
    if (asked != null && !asked.equals(current) && !granted.tokens().equals(current)) {
      asked = null;
      forced = null;
      return;
    }
    if (warned) {
      LOG.info(
          "Refreshing the tokens of account {}: works again after {}",
          account,
          LoginNotice.inWords(Duration.between(troubleSince, now)));
    }
    LOG.debug("Refreshed the tokens of account {} until {}", account, granted.tokens().expiresAt());
    // Without this, a route that lost its store step would ask again each second.
    Duration third = granted.tokens().life().dividedBy(3);
    scheduledNotBefore = now.plus(third.compareTo(SPACING) < 0 ? third : SPACING);
    notBefore = Instant.MIN;
    forced = null;
    asked = null;
    troubleSince = null;
    warned = false;
    ladder.reset();
    login.untroubled();
    login.renewed(granted.tokens());
  }

  /** Ends a refresh that gave no tokens: tries again later, or waits for a login. */
  public void postpone(Answer answer) {
    if (answer instanceof Granted) {
      return;
    }
    if (isAboutTokensInUse(answer)) {
      if (answer instanceof LoginRequired required) {
        login.require(required.why(), required.error());
      } else if (answer instanceof Misconfigured wrong) {
        login.refuse(wrong.why(), wrong.error());
      }
    }
  }

  private synchronized boolean isAboutTokensInUse(Answer answer) {
    Instant now = clock.instant();
    TokenSet tried = asked;
    asked = null;
    if (tried == null || !tried.equals(store.current().orElse(null))) {
      // A login came in between.
      return false;
    }
    if (answer instanceof LoginRequired) {
      dead = tried;
      forced = null;
    } else if (answer instanceof Misconfigured) {
      notBefore = now.plus(PARKED);
    } else {
      Transient trouble =
          answer instanceof Transient t ? t : new Transient("an odd answer", Duration.ZERO, false);
      Duration pause = ladder.next(trouble);
      notBefore = now.plus(pause);
      complain(trouble, pause, now);
    }
    return true;
  }

  private void complain(Transient trouble, Duration pause, Instant now) {
    String sentence =
        "Refreshing the tokens of account "
            + account
            + " at the login server: "
            + trouble.why()
            + " — nothing to do, the bridge keeps trying";
    troubleSince = troubleSince == null ? now : troubleSince;
    login.trouble(sentence, DeviceLogin.UNREACHABLE);
    if (!warned && Duration.between(troubleSince, now).compareTo(WARN_AFTER) >= 0) {
      warned = true;
      LOG.warn(sentence);
    } else {
      LOG.debug("{}, next in {}", sentence, Lasting.text(pause));
    }
  }

  private Instant dueAt(TokenSet tokens) {
    if (tokens.idToken() == null) {
      return Instant.MIN;
    }
    Duration life = tokens.life();
    return life.compareTo(refreshBefore.multipliedBy(2)) < 0
        ? tokens.obtainedAt().plus(life.multipliedBy(2).dividedBy(3))
        : tokens.expiresAt().minus(refreshBefore);
  }

  private boolean isDead(TokenSet tokens) {
    return dead != null && dead.equals(tokens);
  }

  private boolean underWay(Instant now) {
    return asked != null && now.isBefore(askedAt.plus(LONGEST_REQUEST));
  }

  private void retrySave(Instant now) {
    if (!now.isBefore(nextProof)) {
      nextProof = now.plus(PROOF_EACH);
      store.retry();
    }
  }

  private boolean mayWrite(Instant now) {
    if (store.problem().isEmpty() && (writable || !now.isBefore(nextProof))) {
      nextProof = now.plus(PROOF_EACH);
      Optional<String> cause = store.unwritable();
      writable = cause.isEmpty();
      if (writable && warnedUnwritable) {
        warnedUnwritable = false;
        login.untroubled();
        LOG.info("Writing {}: works again", store.path());
      } else if (!writable) {
        waitForDisk(cause.orElseThrow());
      }
    }
    return writable && store.problem().isEmpty();
  }

  private void waitForDisk(String cause) {
    String sentence =
        "Refreshing the tokens of account "
            + account
            + ": "
            + store.path()
            + " cannot be written ("
            + cause
            + ") — make room or correct the permissions; the bridge waits until two minutes before"
            + " the token expires";
    login.trouble(sentence, null);
    if (!warnedUnwritable) {
      warnedUnwritable = true;
      LOG.warn(sentence);
    }
  }

  /** Names the account, nothing else. */
  @Override
  public String toString() {
    return "TokenRefresh[" + account + "]";
  }
}
