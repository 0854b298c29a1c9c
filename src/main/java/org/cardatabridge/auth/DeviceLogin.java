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
import org.cardatabridge.Lasting;
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

  /** The word for a login that lacks a scope, {@code dynamic_scopes} or the id token. */
  static final String MISSING_SCOPE = "missing-scope";

  /** The word for a login server that gives no answer that could be used. */
  static final String UNREACHABLE = "unreachable";

  private static final String NO_CLIENT_ID = "client-id-missing";
  private static final String EXPIRED = "expired_token";
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
  private Complaint required;
  private Complaint refused;
  private Complaint trouble;
  private boolean endedBefore;
  private boolean cancelled;
  private Instant confirmedAt;
  private boolean warned;

  /**
   * What is wrong.
   *
   * @param text a sentence
   * @param word the word for programs; null where there is none
   */
  public record Complaint(String text, String word) {}

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

  /**
   * Ends the login that is under way, if there is one; tokens in use stay. An answer of the server
   * that is still on its way is passed over, but for tokens.
   */
  public synchronized LoginSnapshot cancel() {
    if (phase != Phase.IDLE) {
      end();
      cancelled = true;
      trouble = null;
      if (!stillHolds()) {
        required =
            new Complaint("Logging in account " + account + ": it was cancelled — " + HOW, null);
      }
      LOG.info("Logging in account {}: cancelled", account);
    }
    return snapshot();
  }

  /**
   * What another login of this account in the same process is to know when it takes this one's
   * place, after settings were changed.
   *
   * @param clientId the client id it is for; null for none
   * @param begun whether a first login was begun
   * @param pending whether one was under way
   */
  public record Handover(
      String clientId, boolean begun, boolean pending, Complaint required, Complaint refused) {

    /** Shows nothing of the account. */
    @Override
    public String toString() {
      return "Handover[pending " + pending + "]";
    }
  }

  /** What its successor is to know. */
  public synchronized Handover handOver() {
    return new Handover(clientId, begunByItself, phase != Phase.IDLE, required, refused);
  }

  /**
   * Goes on where another one of this account was ended: a login that was under way is begun anew,
   * none begins by itself a second time. With another client id there is nothing to go on with.
   */
  public synchronized void takeOver(Handover before) {
    if (clientId == null || !clientId.equals(before.clientId())) {
      return;
    }
    begunByItself = before.begun();
    required = before.required();
    refused = before.refused();
    if (before.pending()) {
      start();
    }
  }

  /** Calls back, with the reason, when only a login by the user helps. */
  public void onLoginRequired(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** The state for pages and status. */
  public synchronized LoginSnapshot snapshot() {
    TokenSet tokens = store.current().orElse(null);
    boolean showsCode = phase == Phase.POLLING;
    Complaint complaint = complaint(tokens);
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
        complaint == null ? null : complaint.word(),
        complaint == null ? null : complaint.text());
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
    boolean wanted = phase == Phase.ASKING && !clock.instant().isBefore(askAt);
    // One question at a time: no answer to an earlier one is on its way any more.
    cancelled &= !wanted;
    return wanted;
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
      stop("the code was not confirmed in time", EXPIRED);
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
    // Cancelled while the server was asked.
    if (phase == Phase.IDLE || (answer instanceof Code && cancelled)) {
      return;
    }
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
      stop(dead.why(), dead.error());
    } else if (answer instanceof LoginRequired no) {
      stop(no.why(), no.error());
    } else if (answer instanceof Refused no) {
      stopForGood(no.why(), no.error());
    } else if (answer instanceof Misconfigured wrong) {
      stopForGood(wrong.why(), wrong.error());
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
  void require(String why, String word) {
    synchronized (this) {
      Complaint ended =
          new Complaint(
              "The login of account " + account + " has ended: " + why + " — " + HOW, word);
      if (!ended.equals(required)) {
        required = ended;
        say(ended.text());
      }
    }
    tell();
  }

  /** The server said a definite no that is not about our tokens; said once for each reason. */
  void refuse(String why, String word) {
    synchronized (this) {
      refused(why, word);
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

  private void refused(String why, String word) {
    Complaint no = new Complaint(refusal(why), word);
    if (!no.equals(refused)) {
      refused = no;
      say(no.text());
    }
  }

  /** Shows trouble with the refresh that passes by itself; the word may be null. */
  synchronized void trouble(String sentence, String word) {
    trouble = new Complaint(sentence, word);
  }

  /** The trouble has passed. */
  synchronized void untroubled() {
    trouble = null;
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
        new Complaint(
            "Logging in account "
                + account
                + " at the login server: "
                + passing.why()
                + " — nothing to do, the bridge keeps trying",
            UNREACHABLE);
    if (warned) {
      LOG.debug("{}, next in {}", trouble.text(), Lasting.text(pause));
    } else {
      // At once: somebody waits for this.
      warned = true;
      LOG.warn(trouble.text());
    }
    if (phase == Phase.POLLING) {
      pollAt = now.plus(pause.compareTo(interval) > 0 ? pause : interval);
    } else {
      askAt = now.plus(pause);
    }
  }

  private void takeNewCode(CodeBurnt burnt, Instant now) {
    if (++newCodes > NEW_CODES) {
      stop(burnt.why(), EXPIRED);
      return;
    }
    LOG.debug("Logging in account {}: {} — taking a new code", account, burnt.why());
    phase = Phase.ASKING;
    askAt = now;
  }

  private void stop(String why, String word) {
    end();
    String start = "Logging in account " + account + ": " + why + " — ";
    if (stillHolds()) {
      trouble = new Complaint(start + "to change the login, " + HOW, word);
      LOG.warn(trouble.text());
    } else {
      required = new Complaint(start + HOW, word);
      say(required.text());
    }
  }

  private void stopForGood(String why, String word) {
    end();
    if (stillHolds()) {
      trouble = new Complaint(refusal(why), word);
      LOG.warn(trouble.text());
    } else {
      refused(why, word);
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

  private Complaint complaint(TokenSet tokens) {
    if (clientId == null) {
      return new Complaint(noClientId(), NO_CLIENT_ID);
    }
    if (refused != null) {
      return refused;
    }
    if (required != null) {
      return required;
    }
    if (store.problem().isPresent()) {
      return new Complaint(store.problem().get(), null);
    }
    if (trouble != null) {
      return trouble;
    }
    String missing = tokens == null ? null : missing(tokens);
    return missing == null
        ? null
        : new Complaint(missing, lacksUser(tokens) ? null : MISSING_SCOPE);
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
