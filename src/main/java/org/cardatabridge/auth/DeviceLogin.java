// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.auth;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.cardatabridge.auth.Answer.Code;
import org.cardatabridge.auth.Answer.CodeBurnt;
import org.cardatabridge.auth.Answer.CodeDead;
import org.cardatabridge.auth.Answer.Granted;
import org.cardatabridge.auth.Answer.LoginRequired;
import org.cardatabridge.auth.Answer.Misconfigured;
import org.cardatabridge.auth.Answer.Pending;
import org.cardatabridge.auth.Answer.Refused;
import org.cardatabridge.auth.Answer.SlowDown;
import org.cardatabridge.auth.Answer.Transient;
import org.cardatabridge.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device login of one account (RFC 8628 with PKCE): its state, and the steps of {@code
 * routes/auth-login.camel.yaml}. Without tokens it begins one login by itself, once in the life of
 * the process; every other one is begun by the user. Safe for use by many threads.
 */
public final class DeviceLogin {

  private static final Logger LOG = LoggerFactory.getLogger(DeviceLogin.class);
  private static final String STREAMING = "cardata:streaming:read";
  private static final Duration SLOWER = Duration.ofSeconds(5);
  private static final int NEW_CODES = 3;
  private static final String HOW = "log in again: on the bridge's page, or with `./bridge login`";

  private enum Phase {
    IDLE,
    ASKING,
    POLLING
  }

  private final String account;
  private final String clientId;
  private final String scope;
  private final boolean hasOwnUser;
  private final TokenStore store;
  private final Clock clock;
  private final Consumer<String> terminal;
  private final Ladder ladder;
  private final SecureRandom random = new SecureRandom();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final Queue<String> untold = new ConcurrentLinkedQueue<>();

  private Phase phase = Phase.IDLE;
  private boolean begunByItself;
  private boolean saidNoClientId;
  private boolean saidNoUser;
  private int newCodes;
  private Instant askAt;
  private Pkce proof;
  private Code code;
  private Duration interval;
  private Instant codeExpiresAt;
  private Instant pollAt;
  private boolean shown;
  private long minutesLeft;
  private String required;
  private String refused;
  private String trouble;
  private boolean endedBefore;
  private Instant confirmedAt;
  private boolean warned;

  /**
   * For one account.
   *
   * @param settings as this account sees them
   * @param terminal gets what a user must see to log in, the code among it; nothing else of this
   *     class shows the code but {@link #snapshot}
   */
  public DeviceLogin(
      String account,
      Settings settings,
      TokenStore store,
      Clock clock,
      RandomGenerator random,
      Consumer<String> terminal) {
    this.account = account;
    this.clientId = settings.find("cardata.client-id").orElse(null);
    this.scope = settings.get("cardata.scope");
    this.hasOwnUser = settings.find("cardata.stream.username").isPresent();
    this.store = store;
    this.clock = clock;
    this.terminal = terminal;
    this.ladder = new Ladder(random);
  }

  /** Begins a login because the user wants one; goes on with the one that is under way. */
  public synchronized LoginSnapshot begin() {
    if (clientId != null && phase == Phase.IDLE) {
      // Whoever wants one begins the first one as well.
      begunByItself = true;
      start();
    }
    return snapshot();
  }

  /** Calls back, with the reason, when only a login by the user helps. */
  public void onLoginRequired(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** The state for pages and status. */
  public synchronized LoginSnapshot snapshot() {
    TokenSet tokens = store.current().orElse(null);
    boolean showsCode = phase == Phase.POLLING;
    return new LoginSnapshot(
        state(tokens),
        showsCode ? code.userCode() : null,
        showsCode ? code.verificationUri() : null,
        showsCode ? code.verificationUriComplete() : null,
        showsCode ? codeExpiresAt : null,
        tokens == null || tokens.idToken() == null ? null : tokens.expiresAt(),
        tokens == null || required != null ? null : tokens.refreshExpiresAt(),
        confirmedAt,
        tokens == null ? List.of() : List.copyOf(tokens.scopes()),
        tokens == null ? List.of() : missingScopes(tokens),
        message(tokens));
  }

  /** Whether to ask for a device code now. */
  public synchronized boolean wantsCode() {
    if (clientId == null) {
      sayNoClientId();
      return false;
    }
    if (!saidNoUser && store.current().filter(this::lacksUser).isPresent()) {
      saidNoUser = true;
      LOG.warn(noUser());
    }
    if (phase == Phase.IDLE && !begunByItself && store.current().isEmpty()) {
      begunByItself = true;
      start();
    }
    return phase == Phase.ASKING && !clock.instant().isBefore(askAt);
  }

  /** The body of the request for a device code; makes a new proof key. */
  public synchronized byte[] codeForm() {
    proof = Pkce.random(random);
    // Should the exchange get lost, the next tick does not ask at once.
    askAt = clock.instant().plus(SLOWER);
    return new Form()
        .with("client_id", clientId)
        .with("response_type", "device_code")
        .with("scope", scope)
        .with("code_challenge", proof.challenge())
        .with("code_challenge_method", "S256")
        .bytes();
  }

  /** Whether to ask now if the user has approved; ends the login when its code has expired. */
  public boolean isPollDue() {
    boolean due = pollDue();
    tell();
    return due;
  }

  private synchronized boolean pollDue() {
    if (phase != Phase.POLLING) {
      return false;
    }
    Instant now = clock.instant();
    if (!now.isBefore(codeExpiresAt)) {
      stop("the code was not confirmed in time");
      return false;
    }
    return !now.isBefore(pollAt);
  }

  /** The body of the request for tokens. */
  public synchronized byte[] pollForm() {
    pollAt = clock.instant().plus(interval);
    return new Form()
        .with("client_id", clientId)
        .with("device_code", code.deviceCode())
        .with("code_verifier", proof.verifier())
        .with("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
        .bytes();
  }

  /** What the reply to the last request, or that none came, means; changes nothing. */
  public synchronized Answer decide(HttpReply reply) {
    Question question =
        phase == Phase.POLLING
            ? Question.forTokens(clientId, scope)
            : Question.forCode(clientId, scope);
    return AnswerTable.decide(question, reply, clock.instant());
  }

  /**
   * Goes on as the answer says: keeps the code, waits longer, takes a new code, or stops. Tokens
   * are {@link #loggedIn}'s.
   */
  public void keep(Answer answer) {
    goOn(answer);
    tell();
  }

  private synchronized void goOn(Answer answer) {
    Instant now = clock.instant();
    if (!(answer instanceof Transient)) {
      ladder.reset();
      trouble = null;
    }
    if (answer instanceof Code issued) {
      keepCode(issued, now);
    } else if (answer instanceof Pending) {
      pollAt = now.plus(interval);
    } else if (answer instanceof SlowDown) {
      interval = interval.plus(SLOWER);
      pollAt = now.plus(interval);
    } else if (answer instanceof Transient passing) {
      waitFor(passing, now);
    } else if (answer instanceof CodeBurnt burnt) {
      takeNewCode(burnt, now);
    } else if (answer instanceof CodeDead dead) {
      stop(dead.why());
    } else if (answer instanceof LoginRequired no) {
      stop(no.why());
    } else if (answer instanceof Refused no) {
      stopForGood(no.why());
    } else if (answer instanceof Misconfigured wrong) {
      stopForGood(wrong.why());
    }
  }

  /** Shows a new code, and each full minute how long it is still valid. */
  public synchronized void announce() {
    if (phase != Phase.POLLING) {
      return;
    }
    Duration left = Duration.between(clock.instant(), codeExpiresAt);
    if (!shown) {
      shown = true;
      terminal.accept(LoginNotice.of(account, code, left));
    } else if (left.toMinutes() < minutesLeft && !left.isNegative()) {
      terminal.accept(LoginNotice.reminder(account, left));
    }
    minutesLeft = left.toMinutes();
  }

  /** Ends a login whose tokens are stored, and says what is still missing. */
  public synchronized void loggedIn(Granted granted) {
    end();
    trouble = null;
    confirmedAt = clock.instant();
    LOG.info("Logged in: account {}", account);
    renewed(granted.tokens());
    saidNoUser = lacksUser(granted.tokens());
    Optional.ofNullable(missing(granted.tokens())).ifPresent(LOG::warn);
  }

  /** New tokens came: whatever was wrong with the old ones is over. */
  synchronized void renewed(TokenSet tokens) {
    endedBefore = false;
    required = null;
    refused = null;
    LOG.debug("Account {} has {}", account, tokens);
  }

  /** Only a login by the user helps; said once for each reason. */
  void require(String why) {
    synchronized (this) {
      String sentence = "The login of account " + account + " has ended: " + why + " — " + HOW;
      if (!sentence.equals(required)) {
        required = sentence;
        say(sentence);
      }
    }
    tell();
  }

  /** The server said a definite no that is not about our tokens; said once for each reason. */
  void refuse(String why) {
    synchronized (this) {
      refused(why);
    }
    tell();
  }

  private String refusal(String why) {
    return "Logging in account "
        + account
        + ": "
        + why
        + " — check cardata.client-id and, in BMW's portal, that this client is subscribed to"
        + " CarData API and CarData Streaming; then "
        + HOW;
  }

  private void refused(String why) {
    String sentence = refusal(why);
    if (!sentence.equals(refused)) {
      refused = sentence;
      say(sentence);
    }
  }

  /** Shows trouble with the refresh that passes by itself; null when it has passed. */
  synchronized void trouble(String sentence) {
    trouble = sentence;
  }

  private void start() {
    phase = Phase.ASKING;
    askAt = clock.instant();
    newCodes = 0;
    code = null;
    endedBefore = required != null || refused != null;
    required = null;
    refused = null;
    trouble = null;
    warned = false;
    ladder.reset();
  }

  private void keepCode(Code issued, Instant now) {
    code = issued;
    interval = issued.interval();
    codeExpiresAt = now.plus(issued.life());
    pollAt = now.plus(interval);
    shown = false;
    phase = Phase.POLLING;
  }

  private void waitFor(Transient passing, Instant now) {
    Duration pause = ladder.next(passing);
    trouble =
        "Logging in account "
            + account
            + " at the login server: "
            + passing.why()
            + " — nothing to do, the bridge keeps trying";
    if (warned) {
      LOG.debug("{}, next in {}", trouble, pause);
    } else {
      // At once: somebody waits for this.
      warned = true;
      LOG.warn(trouble);
    }
    if (phase == Phase.POLLING) {
      pollAt = now.plus(pause.compareTo(interval) > 0 ? pause : interval);
    } else {
      askAt = now.plus(pause);
    }
  }

  private void takeNewCode(CodeBurnt burnt, Instant now) {
    if (++newCodes > NEW_CODES) {
      stop(burnt.why());
      return;
    }
    LOG.debug("Logging in account {}: {} — taking a new code", account, burnt.why());
    phase = Phase.ASKING;
    askAt = now;
  }

  private void stop(String why) {
    end();
    if (stillHolds()) {
      trouble = "Logging in account " + account + ": " + why + " — to change the login, " + HOW;
      LOG.warn(trouble);
    } else {
      required = "Logging in account " + account + ": " + why + " — " + HOW;
      say(required);
    }
  }

  private void stopForGood(String why) {
    end();
    if (stillHolds()) {
      trouble = refusal(why);
      LOG.warn(trouble);
    } else {
      refused(why);
    }
  }

  private void end() {
    phase = Phase.IDLE;
    code = null;
    proof = null;
  }

  /** Whether the tokens of the login before this one are there and not known to be dead. */
  private boolean stillHolds() {
    return store.current().isPresent() && !endedBefore && required == null && refused == null;
  }

  private void sayNoClientId() {
    if (!saidNoClientId) {
      saidNoClientId = true;
      LOG.warn(noClientId());
    }
  }

  private String noClientId() {
    return "Logging in account "
        + account
        + ": cardata.client-id is not set — create a client id in BMW's portal and set it (docs/login.md"
        + " says how)";
  }

  private void say(String sentence) {
    trouble = null;
    LOG.warn(sentence);
    untold.add(sentence);
  }

  /** Outside of our lock: a listener may hold one of its own while it asks us something. */
  private void tell() {
    for (String sentence = untold.poll(); sentence != null; sentence = untold.poll()) {
      for (Consumer<String> listener : listeners) {
        try {
          listener.accept(sentence);
        } catch (RuntimeException e) {
          LOG.error("Telling that account {} needs a login: {}", account, e.toString(), e);
        }
      }
    }
  }

  private String state(TokenSet tokens) {
    if (phase != Phase.IDLE) {
      return LoginSnapshot.PENDING;
    }
    if (refused != null) {
      return LoginSnapshot.REFUSED;
    }
    if (tokens == null || required != null) {
      return LoginSnapshot.LOGIN_REQUIRED;
    }
    return tokens.idToken() == null ? LoginSnapshot.PENDING : LoginSnapshot.AUTHORIZED;
  }

  private String message(TokenSet tokens) {
    if (clientId == null) {
      return noClientId();
    }
    if (refused != null) {
      return refused;
    }
    if (required != null) {
      return required;
    }
    if (store.problem().isPresent()) {
      return store.problem().get();
    }
    if (trouble != null) {
      return trouble;
    }
    return tokens == null ? null : missing(tokens);
  }

  private boolean lacksUser(TokenSet tokens) {
    return !hasOwnUser && tokens.gcid() == null && tokens.idToken() != null;
  }

  private String noUser() {
    return "The login of account "
        + account
        + " brings no user name for the stream: the server sends no gcid — set"
        + " cardata.stream.username";
  }

  private List<String> missingScopes(TokenSet tokens) {
    Set<String> missing = new LinkedHashSet<>(TokenSet.scopes(scope));
    // An imported set that was not refreshed yet may not know its scopes.
    if (!tokens.scope().isBlank()) {
      missing.removeAll(tokens.scopes());
      return new ArrayList<>(missing);
    }
    return List.of();
  }

  /** What the user must still do for the stream to work, as a sentence; null where nothing. */
  private String missing(TokenSet tokens) {
    if (lacksUser(tokens)) {
      return noUser();
    }
    List<String> scopes = missingScopes(tokens);
    String portal =
        " — in BMW's portal subscribe the client id to CarData API and CarData Streaming, wait two"
            + " minutes, then "
            + HOW;
    if (scopes.contains(STREAMING)) {
      return "The login of account "
          + account
          + " lacks the scope "
          + String.join(", ", scopes)
          + ", so the stream will refuse it"
          + portal;
    }
    boolean noStream =
        tokens.gcid() != null
            && tokens.idToken() != null
            && IdToken.read(tokens.idToken())
                .filter(claims -> claims.dynamicScopes() == null)
                .isPresent();
    if (noStream) {
      return "The login of account "
          + account
          + " was made before the client id was subscribed to CarData Streaming (its token has no"
          + " dynamic_scopes)"
          + portal;
    }
    return scopes.isEmpty()
        ? null
        : "The login of account "
            + account
            + " lacks the scope "
            + String.join(", ", scopes)
            + portal;
  }

  /** Names the account, nothing else. */
  @Override
  public String toString() {
    return "DeviceLogin[" + account + "]";
  }
}
