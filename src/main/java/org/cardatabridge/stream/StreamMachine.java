// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.cardatabridge.stream.StreamTransitions.Trigger;

/**
 * The rules of one account's session: events go in, actions come out. It has no thread, no clock
 * and no client of its own, so that every path is a fast test. Not safe for use by many threads;
 * {@link StreamSession} guards it.
 *
 * <p>Events of a connection carry the number of the attempt they belong to; those of an older one
 * are ignored.
 */
final class StreamMachine {

  /** How long the broker may take for CONNACK, and again for SUBACK. */
  static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

  /** A session this long did its work: the ladder starts over. */
  static final Duration GOOD_SESSION = Duration.ofSeconds(60);

  /**
   * A broker may refuse us this long after our own DISCONNECT, as it has not let go yet; also after
   * that of the process before this one.
   */
  static final Duration GOODBYE = Duration.ofSeconds(10);

  /** How long an orderly cycle shows the state before it. */
  static final Duration HOLD = Duration.ofSeconds(5);

  /** How long to wait for a refresh that was asked for before trying the tokens at hand. */
  static final Duration REFRESH_PATIENCE = Duration.ofSeconds(30);

  /** How often to ask for a refresh while the broker takes the tokens at hand no more. */
  static final Duration REFRESH_AGAIN = Duration.ofMinutes(5);

  /** How long messages may wait for the journal before the session ends in order. */
  static final Duration TROUBLE_PATIENCE = Duration.ofSeconds(10);

  /** The least time between two connects for a journal whose trouble comes and goes. */
  static final Duration RESUMES_APART = Duration.ofSeconds(30);

  private static final Duration CLOCK_JUMP = Duration.ofSeconds(60);
  private static final Duration FIGHT_WINDOW = Duration.ofMinutes(10);
  private static final Duration FIGHT_PAUSE = Duration.ofSeconds(60);
  private static final int FIGHT_SESSIONS = 3;
  private static final Duration CUT_SHORT = Duration.ofSeconds(10);

  /** Whether another client takes the session away. */
  private enum Fight {
    NONE,
    POSSIBLE,
    SURE
  }

  private record ShortSession(Duration endedAt, boolean takenOver) {}

  /** One moment on both clocks: the wall's, and one that only ever runs forward. */
  record Now(Instant wall, Duration mono) {}

  private final StreamSettings settings;
  private final Peer peer;
  private final String halting;
  private final BackOff backOff;

  private StreamState state = StreamState.STOPPED;
  private Instant since;
  private Credentials newest;
  private boolean loginRequired;
  private String unusable;

  private int attempt;
  private Credentials used;
  private boolean connacked;
  private Duration subscribedAt;
  private Duration deadline;
  private Instant nextAttemptAt;
  private Duration renewAt;
  private Instant renewAtWall;
  private boolean renewAsked;

  private Credentials waitedFor;
  private Credentials triedInVain;
  private int refusals;
  private boolean awaitingTokens;
  private boolean refreshForced;
  private Duration goodbyeAt;
  private final Deque<ShortSession> shortSessions = new ArrayDeque<>();
  private Fight fightSaid = Fight.NONE;
  private StreamSnapshot.OtherClient otherClient;

  private StreamState heldState;
  private Instant heldSince;
  private Duration heldUntil;

  private Duration silentSince;
  private boolean activeCycleDue;
  private boolean activeCycleUsed;
  private boolean filterSaid;
  private int unanswered;
  private boolean lost;
  private long reconnects;
  private StreamReason lastReason;

  private String trouble;
  private Duration troubleSince;
  private boolean halted;
  private Duration resumedAt;

  private Now lastTick;
  private boolean clientWasGone;
  private String verdictReason;

  StreamMachine(StreamSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.peer = settings.peer();
    this.halting = peer.stream() + " is halted, as the bridge cannot keep what it receives: ";
    this.backOff = new BackOff(random);
  }

  // ---- events -----------------------------------------------------------------------------

  /** The ingest route runs. {@code credentials} may be null. */
  List<StreamAction> start(Now now, Credentials credentials) {
    List<StreamAction> out = new ArrayList<>();
    if (state != StreamState.STOPPED) {
      return out;
    }
    newest = credentials;
    silentSince = now.mono();
    if (unusable != null) {
      park(now);
    } else if (newest == null || loginRequired) {
      move(Trigger.START_WITHOUT_LOGIN, now);
    } else {
      // Stored tokens mean that another process may have held the session until just now.
      goodbyeAt = now.mono();
      connect(Trigger.START, now, out);
    }
    return out;
  }

  /** The ingest route stops, or the program does. */
  List<StreamAction> stop(Now now) {
    List<StreamAction> out = new ArrayList<>();
    if (state == StreamState.STOPPED) {
      return out;
    }
    if (!state.isWaiting() && state != StreamState.LOGIN_REQUIRED) {
      goodbyeAt = now.mono();
    }
    out.add(new StreamAction.Disconnect());
    attempt++;
    heldState = null;
    release();
    move(Trigger.STOP, now);
    return out;
  }

  /** The login brought, or a refresh delivered, tokens; or another certificate was put in place. */
  List<StreamAction> tokensChanged(Now now, Credentials credentials) {
    List<StreamAction> out = new ArrayList<>();
    newest = Objects.requireNonNull(credentials, "credentials");
    loginRequired = false;
    boolean isMended = unusable != null;
    unusable = null;
    boolean fresh = !newest.equals(used);
    switch (state) {
      case LOGIN_REQUIRED -> connect(Trigger.TOKENS, now, out);
      case LIVE, QUIET -> {
        if (fresh) {
          cycleNow(now, out);
        }
      }
      case REFUSED -> {
        if (fresh || isMended) {
          connect(Trigger.TOKENS, now, out);
        }
      }
      case BACKING_OFF -> {
        if (fresh && (awaitingTokens || !peer.renews())) {
          connect(Trigger.TOKENS, now, out);
        }
      }
      default -> {
        // Stopped, or an attempt is under way: the next connect takes the newest tokens anyway.
      }
    }
    return out;
  }

  /** Only a person can bring new tokens. A session that still works is left to its end. */
  List<StreamAction> loginRequired(Now now) {
    loginRequired = true;
    if (state.isWaiting()) {
      park(now);
    }
    return new ArrayList<>();
  }

  /**
   * What there is to log in with cannot be used, and only a person can bring something else. A
   * session that still works is left to its end.
   *
   * @param sentence why, and what to do
   */
  List<StreamAction> unusable(String sentence, Now now) {
    List<StreamAction> out = new ArrayList<>();
    boolean isNew = !sentence.equals(unusable);
    unusable = sentence;
    if (state.isWaiting() && (isNew || !isParked())) {
      park(now);
    }
    if (isNew) {
      out.add(new StreamAction.Announce(sentence, true));
    }
    return out;
  }

  /** CONNACK with success. */
  List<StreamAction> connected(int of, Now now) {
    if (of == attempt && state == StreamState.CONNECTING) {
      connacked = true;
      // Who is let in has no session of its own in the way any more.
      goodbyeAt = null;
      deadline = now.mono().plus(ANSWER_TIMEOUT);
    }
    return new ArrayList<>();
  }

  /** SUBACK that granted every filter. */
  List<StreamAction> subscribed(int of, Now now) {
    List<StreamAction> out = new ArrayList<>();
    if (of != attempt || state != StreamState.CONNECTING) {
      return out;
    }
    deadline = null;
    subscribedAt = now.mono();
    awaitingTokens = false;
    filterSaid = false;
    unanswered = 0;
    if (lost) {
      reconnects++;
      lost = false;
    }
    planRenewal(now);
    boolean silent = now.mono().minus(silentSince).compareTo(settings.quietAfter()) >= 0;
    move(silent ? Trigger.SUBSCRIBED_SILENT : Trigger.SUBSCRIBED, now);
    if (heldState != null) {
      boolean held = now.mono().compareTo(heldUntil) < 0;
      since = held && heldState == state ? heldSince : since;
      heldState = null;
    }
    if (!newest.equals(used) && !isStuck()) {
      cycleNow(now, out);
    }
    return out;
  }

  /** A stream message came; nothing else may be reported here, REST answers least of all. */
  List<StreamAction> message(Now now) {
    silentSince = now.mono();
    activeCycleUsed = false;
    if (state == StreamState.QUIET) {
      move(Trigger.MESSAGE, now);
    }
    return new ArrayList<>();
  }

  /**
   * What keeps the journal from keeping messages has begun, changed or ended.
   *
   * @param sentence what it is and what to do; null where it is over
   */
  List<StreamAction> trouble(String sentence, Now now) {
    List<StreamAction> out = new ArrayList<>();
    if (Objects.equals(trouble, sentence)) {
      return out;
    }
    trouble = sentence;
    if (sentence == null) {
      troubleSince = null;
      resume(now, out);
    } else if (troubleSince == null) {
      troubleSince = now.mono();
    } else if (halted) {
      lastReason = new StreamReason(null, halting + sentence, now.wall());
    }
    return out;
  }

  /** A connection, or an attempt at one, is over. */
  List<StreamAction> ended(int of, Ending told, Now now) {
    List<StreamAction> out = new ArrayList<>();
    if (of != attempt || !isConnected()) {
      return out;
    }
    boolean wasLive = subscribedAt != null;
    Ending ending = understood(told, wasLive);
    Duration lived = wasLive ? now.mono().minus(subscribedAt) : Duration.ZERO;
    out.add(new StreamAction.Disconnect());
    attempt++;
    if (wasLive && lived.compareTo(GOOD_SESSION) >= 0) {
      good();
    }
    if (wasLive && expired(used, now)) {
      closedAtExpiry(ending, now, out);
      return out;
    }
    lost |= wasLive;
    if (isStuck()) {
      reason(ending, "a login is needed", now);
      park(now);
      return out;
    }
    Fight fight = wasLive ? fight(ending, lived, now, out) : Fight.NONE;
    if (ending.kind() == Ending.Kind.AUTH && !wasLive && withinGoodbye(now)) {
      Duration rest = goodbyeAt.plus(GOODBYE).minus(now.mono());
      reason(ending, "the session before it is not gone yet, once more in 10 s", now);
      pause(Trigger.GOODBYE_REFUSED, rest, now);
      return out;
    }
    if (!ending.isLoss()) {
      heldState = null;
    }
    if (!wasLive && ending.kind() != Ending.Kind.NETWORK && expired(used, now)) {
      triedInVain = used;
    }
    if (fight == Fight.SURE) {
      pause(Trigger.LOST, backOff.climb(FIGHT_PAUSE), now);
      reason(ending, "another client uses this " + peer.account() + "; find it and stop it", now);
      return out;
    }
    switch (ending.kind()) {
      case NETWORK, CLOSED, UNANSWERED -> {
        pause(Trigger.LOST, backOff.steady(now.mono()), now);
        String perhaps = wasLive || ending.kind() != Ending.Kind.CLOSED ? "" : peer.closedAdvice();
        if (fight == Fight.POSSIBLE) {
          perhaps = "perhaps another client uses this " + peer.account() + "; ";
        }
        reason(ending, perhaps + "trying again by itself", now);
      }
      case AUTH -> authRefused(ending, now, out);
      case QUOTA -> {
        pause(Trigger.QUOTA_EXCEEDED, backOff.climb(ending.floor()), now);
        reason(ending, "waiting, as more attempts would prolong it", now);
      }
      default -> {
        pause(Trigger.LOST, backOff.climb(ending.floor()), now);
        String advice = ending.kind() == Ending.Kind.FILTER ? peer.filterAdvice() : "";
        reason(ending, "waiting before the next attempt" + advice, now);
        if (ending.kind() == Ending.Kind.FILTER && !filterSaid) {
          filterSaid = true;
          out.add(new StreamAction.Announce(ending.text() + peer.filterAdvice(), true));
        }
      }
    }
    return out;
  }

  /** The moment that {@link #wakeAt} named has come. */
  List<StreamAction> wake(Now now) {
    List<StreamAction> out = new ArrayList<>();
    if (isHaltDue(now)) {
      goodbyeAt = now.mono();
      out.add(new StreamAction.Disconnect());
      attempt++;
      halt(now, out);
      return out;
    }
    boolean due = deadline != null && now.mono().compareTo(deadline) >= 0;
    if (state == StreamState.CONNECTING && due) {
      return ended(attempt, Ending.ofTimeout(connacked ? "SUBACK" : "CONNACK", peer), now);
    }
    if (state.isWaiting() && due) {
      connect(Trigger.DUE, now, out);
      return out;
    }
    if (state == StreamState.LIVE
        && now.mono().minus(silentSince).compareTo(settings.quietAfter()) >= 0) {
      move(Trigger.SILENCE, now);
    }
    if (state.isSubscribed() && renewalDue(now) && !renewAsked && !isStuck()) {
      renewAsked = true;
      if (newest.equals(used)) {
        out.add(new StreamAction.Refresh("the id token of the live session is about to expire"));
      } else {
        cycleNow(now, out);
      }
    }
    return out;
  }

  /** Replaces a working session, or cuts a pause of a lost connection short. */
  List<StreamAction> cycle(Now now) {
    List<StreamAction> out = new ArrayList<>();
    if (isStuck()) {
      return out;
    }
    if (state.isSubscribed()) {
      activeCycleUsed |= activeCycleDue;
      activeCycleDue = false;
      cycleNow(now, out);
    } else if (state == StreamState.BACKING_OFF && !withinGoodbye(now)) {
      connect(Trigger.CYCLE, now, out);
    }
    return out;
  }

  /** Throws the client away and starts anew, at once. */
  List<StreamAction> rebuild(Now now) {
    List<StreamAction> out = new ArrayList<>();
    if (state == StreamState.STOPPED || isParked()) {
      return out;
    }
    String why = verdictReason == null ? "asked for" : verdictReason;
    lastReason = new StreamReason(null, "The connection was rebuilt: " + why, now.wall());
    lost |= subscribedAt != null;
    goodbyeAt = now.mono();
    heldState = null;
    out.add(new StreamAction.Disconnect());
    attempt++;
    if (isStuck()) {
      park(now);
    } else {
      connect(Trigger.STALLED, now, out);
    }
    return out;
  }

  // ---- questions --------------------------------------------------------------------------

  /**
   * The watchdog's question. Silence alone is never an answer.
   *
   * @param clientConnected what the client itself says
   * @param active whether the car is known to be moving, charging or heard of elsewhere
   */
  Verdict verdict(Now now, boolean clientConnected, boolean active) {
    Now before = lastTick;
    lastTick = now;
    activeCycleDue = false;
    boolean gone = state.isSubscribed() && !clientConnected;
    boolean goneTwice = gone && clientWasGone;
    clientWasGone = gone;
    if (state == StreamState.STOPPED || isParked()) {
      return Verdict.FINE;
    }
    if (goneTwice) {
      return verdict(Verdict.REBUILD, "the client lost its connection and did not say so");
    }
    if (!state.isSubscribed() && !halted && overdue(now)) {
      return verdict(Verdict.REBUILD, "no attempt was scheduled or under way");
    }
    if (before != null && jumped(before, now)) {
      return verdict(Verdict.CYCLE, "the clock jumped, as after a suspend");
    }
    if (state.isSubscribed() && renewalDue(now) && !newest.equals(used) && !isStuck()) {
      return verdict(Verdict.CYCLE, "the session's id token is about to expire");
    }
    if (state.isSubscribed()
        && settings.silentWhileActive() != null
        && active
        && !activeCycleUsed
        && now.mono().minus(silentSince).compareTo(settings.silentWhileActive()) >= 0) {
      activeCycleDue = true;
      return verdict(Verdict.CYCLE, "the car is active, but its stream is silent");
    }
    return Verdict.FINE;
  }

  /** Why the last verdict was not {@link Verdict#FINE}; null before there was one. */
  String verdictReason() {
    return verdictReason;
  }

  /** When {@link #wake} wants to be called, on the monotonic clock; null where never. */
  Duration wakeAt(Now now) {
    Duration at = deadline;
    if (state == StreamState.LIVE) {
      at = earlier(at, silentSince.plus(settings.quietAfter()));
    }
    if (state.isSubscribed() && renewAt != null && !renewAsked && !isStuck()) {
      at = earlier(at, renewAt);
      at = earlier(at, now.mono().plus(Duration.between(now.wall(), renewAtWall)));
    }
    if (heldState != null && now.mono().compareTo(heldUntil) < 0) {
      at = earlier(at, heldUntil);
    }
    if (trouble != null && isConnected()) {
      at = earlier(at, troubleSince.plus(TROUBLE_PATIENCE));
    }
    return at;
  }

  /** What to show. {@code messages} and {@code lastMessageAt} are the caller's counters. */
  StreamSnapshot snapshot(Now now, long messages, Instant lastMessageAt) {
    boolean held = heldState != null && now.mono().compareTo(heldUntil) < 0;
    return new StreamSnapshot(
        held ? heldState : state,
        held ? heldSince : since,
        lastMessageAt,
        messages,
        reconnects,
        lastReason,
        held ? null : nextAttemptAt,
        otherClient);
  }

  StreamState state() {
    return state;
  }

  // ---- rules ------------------------------------------------------------------------------

  private void connect(Trigger trigger, Now now, List<StreamAction> out) {
    if (trouble != null) {
      halt(now, out);
      return;
    }
    boolean inVain = newest.equals(triedInVain);
    if (expired(newest, now) && (inVain || !newest.equals(waitedFor))) {
      lastReason =
          new StreamReason(null, "The id token has expired: waiting for a new one", now.wall());
      awaitTokens(inVain ? REFRESH_AGAIN : REFRESH_PATIENCE, now, out);
      return;
    }
    release();
    attempt++;
    used = newest;
    connacked = false;
    deadline = now.mono().plus(ANSWER_TIMEOUT);
    move(trigger, now);
    out.add(new StreamAction.Connect(attempt, used));
  }

  private boolean isConnected() {
    return state == StreamState.CONNECTING || state.isSubscribed();
  }

  private boolean isHaltDue(Now now) {
    return trouble != null
        && isConnected()
        && now.mono().minus(troubleSince).compareTo(TROUBLE_PATIENCE) >= 0;
  }

  /** Stays away from the broker until messages can be kept again; whoever calls has hung up. */
  private void halt(Now now, List<StreamAction> out) {
    if (isStuck()) {
      park(now);
      return;
    }
    lastReason = new StreamReason(null, halting + trouble, now.wall());
    if (!halted) {
      out.add(new StreamAction.Announce(halting + trouble, true));
      lost |= subscribedAt != null;
      heldState = null;
      awaitingTokens = false;
      release();
      halted = true;
      move(Trigger.HALTED, now);
    }
  }

  private void resume(Now now, List<StreamAction> out) {
    if (!halted) {
      return;
    }
    out.add(
        new StreamAction.Announce(
            peer.stream() + " goes on, as the bridge can keep what it receives again", false));
    boolean again = resumedAt != null && now.mono().minus(resumedAt).compareTo(RESUMES_APART) < 0;
    if (again) {
      halted = false;
      deadline = resumedAt.plus(RESUMES_APART);
      nextAttemptAt = now.wall().plus(deadline.minus(now.mono()));
    } else {
      resumedAt = now.mono();
      connect(Trigger.RESUMED, now, out);
    }
  }

  private void awaitTokens(Duration pause, Now now, List<StreamAction> out) {
    waitedFor = newest;
    awaitingTokens = true;
    heldState = null;
    out.add(new StreamAction.Refresh("the id token has expired"));
    pause(Trigger.TOKEN_EXPIRED, pause, now);
  }

  private void cycleNow(Now now, List<StreamAction> out) {
    if (now.mono().minus(subscribedAt).compareTo(GOOD_SESSION) >= 0) {
      good();
    }
    heldState = state;
    heldSince = since;
    heldUntil = now.mono().plus(HOLD);
    goodbyeAt = now.mono();
    out.add(new StreamAction.Disconnect());
    attempt++;
    connect(Trigger.CYCLE, now, out);
  }

  private void closedAtExpiry(Ending ending, Now now, List<StreamAction> out) {
    reason(ending, "the id token had expired, as it does each hour", now);
    if (isStuck()) {
      park(now);
    } else if (!newest.equals(used)) {
      heldState = state;
      heldSince = since;
      heldUntil = now.mono().plus(HOLD);
      connect(Trigger.CYCLE, now, out);
    } else {
      waitedFor = null;
      lost = true;
      connect(Trigger.CYCLE, now, out);
    }
  }

  private void authRefused(Ending ending, Now now, List<StreamAction> out) {
    if (state == StreamState.CONNECTING && !newest.equals(used)) {
      reason(ending, "newer tokens have come, trying those", now);
      connect(Trigger.TOKENS, now, out);
      return;
    }
    if (used.equals(triedInVain)) {
      reason(ending, "the id token has expired, waiting for a new one", now);
      awaitTokens(REFRESH_AGAIN, now, out);
      return;
    }
    boolean force = peer.renews() && !refreshForced;
    pause(Trigger.AUTH_REFUSED, backOff.climb(ending.floor()), now);
    if (force) {
      refreshForced = true;
      out.add(new StreamAction.Refresh(peer.name() + " refused an id token that is still valid"));
      reason(ending, "fetching new tokens and trying once more", now);
    } else {
      reason(ending, peer.refusedAdvice(), now);
    }
    refusals++;
    if (peer.renews() ? refusals == 3 : refusals == 1) {
      String refused = peer.renews() ? "refused three times" : ending.text();
      out.add(
          new StreamAction.Announce(
              "Connecting to "
                  + peer.stream()
                  + ": "
                  + refused
                  + (ending.hasRemedy() ? "" : " — " + peer.refusedAdvice()),
              true));
    }
  }

  /** A server that refuses filters without a word does so each time, a router does not. */
  private Ending understood(Ending told, boolean wasLive) {
    if (!connacked || wasLive || !peer.closesUnanswered() || !told.isLoss()) {
      unanswered = 0;
      return told;
    }
    unanswered++;
    return unanswered == 1 ? Ending.ofUnanswered(peer) : Ending.ofUnansweredAgain(peer);
  }

  private Fight fight(Ending ending, Duration lived, Now now, List<StreamAction> out) {
    boolean takenOver = ending.kind() == Ending.Kind.TAKEN_OVER;
    // A server that gives no reasons looks like this when another client comes. A reset or a
    // keep-alive without an answer never does.
    boolean cutShort = ending.kind() == Ending.Kind.CLOSED && lived.compareTo(CUT_SHORT) < 0;
    if (!takenOver && !cutShort) {
      return Fight.NONE;
    }
    shortSessions.addLast(new ShortSession(now.mono(), takenOver));
    while (now.mono().minus(shortSessions.peekFirst().endedAt()).compareTo(FIGHT_WINDOW) > 0) {
      shortSessions.removeFirst();
    }
    if (shortSessions.size() < FIGHT_SESSIONS) {
      fightSaid = Fight.NONE;
      return Fight.NONE;
    }
    boolean sure = shortSessions.stream().anyMatch(ShortSession::takenOver);
    Fight fight = sure ? Fight.SURE : Fight.POSSIBLE;
    otherClient = new StreamSnapshot.OtherClient(sure, now.wall());
    if (fight.compareTo(fightSaid) > 0) {
      fightSaid = fight;
      out.add(new StreamAction.Announce(fightWords(sure), true));
    }
    return fight;
  }

  private String fightWords(boolean sure) {
    String words =
        sure
            ? "another client uses this "
                + peer.account()
                + " and takes the session away again and again"
            : "it was closed three times within 10 s and without a reason; the network, or perhaps"
                + " another client that uses this "
                + peer.account();
    return "Holding " + peer.stream() + ": " + words + peer.otherClients();
  }

  private void good() {
    backOff.reset();
    refreshForced = false;
    refusals = 0;
  }

  /** Whether only a person can bring what the next attempt takes. */
  private boolean isStuck() {
    return loginRequired || unusable != null;
  }

  /** Whether it waits for that person, and for nothing else. */
  private boolean isParked() {
    return state == StreamState.LOGIN_REQUIRED
        || state == StreamState.REFUSED && unusable != null && deadline == null;
  }

  private void park(Now now) {
    heldState = null;
    release();
    if (unusable == null) {
      move(Trigger.LOGIN_REQUIRED, now);
    } else {
      lastReason = new StreamReason(null, unusable, now.wall());
      move(Trigger.UNUSABLE, now);
    }
  }

  private void pause(Trigger trigger, Duration pause, Now now) {
    release();
    deadline = now.mono().plus(pause);
    nextAttemptAt = now.wall().plus(pause);
    move(trigger, now);
  }

  private void release() {
    halted = false;
    subscribedAt = null;
    deadline = null;
    nextAttemptAt = null;
    renewAt = null;
    renewAtWall = null;
  }

  private void planRenewal(Now now) {
    renewAsked = false;
    if (!peer.renews()) {
      return;
    }
    Duration left = Duration.between(now.wall(), used.expiresAt());
    Duration margin = settings.refreshBefore().dividedBy(2);
    Duration sixth = left.isNegative() ? Duration.ZERO : left.dividedBy(6);
    margin = margin.compareTo(sixth) < 0 ? margin : sixth;
    renewAtWall = used.expiresAt().minus(margin);
    renewAt = now.mono().plus(Duration.between(now.wall(), renewAtWall));
  }

  private boolean renewalDue(Now now) {
    return renewAt != null
        && (now.mono().compareTo(renewAt) >= 0 || !now.wall().isBefore(renewAtWall));
  }

  /** Of a certificate, who reads its file says so. */
  private boolean expired(Credentials credentials, Now now) {
    return peer.renews() && !credentials.expiresAt().isAfter(now.wall());
  }

  private boolean withinGoodbye(Now now) {
    return goodbyeAt != null && now.mono().minus(goodbyeAt).compareTo(GOODBYE) < 0;
  }

  private boolean overdue(Now now) {
    return deadline == null || now.mono().minus(deadline).compareTo(settings.disconnectedFor()) > 0;
  }

  private static boolean jumped(Now before, Now now) {
    Duration wall = Duration.between(before.wall(), now.wall());
    Duration mono = now.mono().minus(before.mono());
    return wall.minus(mono).compareTo(CLOCK_JUMP) > 0;
  }

  private Verdict verdict(Verdict verdict, String reason) {
    verdictReason = reason;
    return verdict;
  }

  private void reason(Ending ending, String next, Now now) {
    lastReason =
        new StreamReason(
            ending.code(),
            ending.hasRemedy() ? ending.text() : ending.text() + ": " + next,
            now.wall(),
            ending.kind().word());
  }

  private void move(Trigger trigger, Now now) {
    state = StreamTransitions.next(state, trigger);
    since = now.wall();
  }

  private static Duration earlier(Duration a, Duration b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.compareTo(b) < 0 ? a : b;
  }
}
