// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttDisconnectMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * BMW's MQTT broker behind its TLS: one session for each GCID, credentials that run out, an ACL,
 * and whatever a fault tells it to do. Used on one thread.
 */
final class Broker {

  private static final int ASSIGNED_CLIENT_ID = 0x12;

  private final Vertx vertx;
  private final Clock clock;
  private final Accounts accounts;
  private final TokenMint mint;
  private final Supplier<Behaviour> behaviour;
  private final Faults faults;
  private final TcpGate gate;
  private final SessionLog log;
  private final MessageLog messages;
  private final Subscriptions subscriptions;
  private final Map<String, Session> open = new HashMap<>();
  private final Map<String, KeptSession> kept = new HashMap<>();
  private int sessions;

  Broker(
      Vertx vertx,
      Clock clock,
      Accounts accounts,
      TokenMint mint,
      Supplier<Behaviour> behaviour,
      Faults faults,
      TcpGate gate,
      SessionLog log,
      MessageLog messages) {
    this.vertx = vertx;
    this.clock = clock;
    this.accounts = accounts;
    this.mint = mint;
    this.behaviour = behaviour;
    this.faults = faults;
    this.gate = gate;
    this.log = log;
    this.messages = messages;
    this.subscriptions = new Subscriptions(this, vertx, faults, behaviour);
  }

  /** Handles a CONNECT. */
  void connect(MqttEndpoint endpoint) {
    int number = ++sessions;
    AtomicBoolean gone = new AtomicBoolean();
    endpoint.closeHandler(v -> gone.set(true));
    Optional<Fault> fault = faults.next(Place.CONNECT, clientId(user(endpoint)));
    if (fault.isEmpty()) {
      admit(endpoint, number);
      return;
    }
    switch (fault.get().kind()) {
      case CODE -> refuse(endpoint, number, fault.get().status(), "as told by the script");
      case RESET -> {
        refused(endpoint, number, 0, "connection reset in place of CONNACK");
        gate.reset(endpoint.remoteAddress().port());
      }
      case SLOW ->
          vertx.setTimer(
              Math.max(1, fault.get().pause().toMillis()),
              t -> {
                if (!gone.get()) {
                  admit(endpoint, number);
                }
              });
      default -> refused(endpoint, number, 0, "no CONNACK");
    }
  }

  private static String user(MqttEndpoint endpoint) {
    return endpoint.auth() == null ? "" : endpoint.auth().getUsername();
  }

  /** Client id of the account with this user name; null where nobody has it. */
  String clientId(String gcid) {
    return accounts.withGcid(gcid).map(a -> a.config().clientId()).orElse(null);
  }

  private void admit(MqttEndpoint endpoint, int number) {
    Instant now = clock.instant();
    String gcid = user(endpoint);
    Optional<Account> account = accounts.withGcid(gcid);
    Optional<TokenMint.IdToken> token =
        endpoint.auth() == null ? Optional.empty() : mint.read(endpoint.auth().getPassword());
    String objection = objection(account, token, gcid, now);
    if (objection != null) {
      refuse(endpoint, number, Connack.NOT_AUTHORIZED, objection);
      return;
    }
    Session old = open.get(gcid);
    if (old != null) {
      end(old, SessionEvent.Kind.TAKEN_OVER, 142, "by session " + number);
      old.close(142);
    }
    accept(endpoint, number, account.orElseThrow(), token.orElseThrow(), now);
  }

  private String objection(
      Optional<Account> account, Optional<TokenMint.IdToken> token, String gcid, Instant now) {
    if (account.isEmpty()) {
      return "unknown user name";
    }
    if (token.isEmpty()) {
      return "the password is no id token of ours";
    }
    if (!gcid.equals(token.get().gcid())) {
      return "the id token belongs to another account";
    }
    if (!now.isBefore(token.get().expiresAt())) {
      return "the id token has expired";
    }
    if (!token.get().mayStream() || !account.get().hasStreaming()) {
      return "the client is not subscribed to streaming";
    }
    if (!account.get().accepts(token.get().number())) {
      return "a valid id token, refused until the next refresh as told by the script";
    }
    if (now.isBefore(log.lastLeave(gcid).plus(behaviour.get().refuseAfterDisconnect()))) {
      return "the old session is not gone yet";
    }
    return null;
  }

  private void accept(
      MqttEndpoint endpoint, int number, Account account, TokenMint.IdToken token, Instant now) {
    String gcid = account.config().gcid();
    boolean nameless = endpoint.clientIdentifier() == null;
    if (nameless) {
      endpoint.setClientIdentifier("auto-" + UUID.randomUUID());
    }
    KeptSession before = kept.get(gcid);
    boolean present =
        before != null
            && behaviour.get().keepSessions()
            && !endpoint.isCleanSession()
            && before.clientId().equals(endpoint.clientIdentifier())
            && before.isKeptAt(now);
    if (before != null && !present) {
      discard(gcid);
    }
    KeptSession state = present ? before : new KeptSession(endpoint.clientIdentifier());
    kept.put(gcid, state);
    Session session =
        new Session(
            number, endpoint, account, token.expiresAt(), endpoint.remoteAddress().port(), state);
    state.mailbox().connect(session.receiveMaximum());
    open.put(gcid, session);
    listen(session);
    log.add(
        new SessionEvent(
            now,
            gcid,
            number,
            SessionEvent.Kind.CONNECTED,
            endpoint.protocolVersion(),
            endpoint.clientIdentifier(),
            "keep-alive "
                + endpoint.keepAliveTimeSeconds()
                + " s, "
                + (endpoint.isCleanSession() ? "clean start" : "wants its session back")
                + (present ? ", session present" : "")));
    MqttProperties properties = new MqttProperties();
    if (nameless && session.isMqtt5()) {
      properties.add(
          new MqttProperties.StringProperty(ASSIGNED_CLIENT_ID, endpoint.clientIdentifier()));
    }
    endpoint.accept(present, properties);
    session.flush();
  }

  private void listen(Session session) {
    session
        .endpoint()
        .subscribeHandler(m -> subscriptions.subscribe(session, m))
        .unsubscribeHandler(m -> subscriptions.unsubscribe(session, m))
        .publishAcknowledgeHandler(id -> acknowledged(session, id))
        .publishHandler(
            m -> {
              end(session, SessionEvent.Kind.DROPPED, 135, "the client published a message");
              session.close(135);
            })
        .disconnectMessageHandler(m -> left(session, m))
        .exceptionHandler(
            e -> {
              end(session, SessionEvent.Kind.DROPPED, 0, "broken connection or packet");
              session.close(0);
            })
        .closeHandler(v -> end(session, SessionEvent.Kind.CLOSED, 0, "without DISCONNECT"));
  }

  private void acknowledged(Session session, int packetId) {
    session
        .kept()
        .mailbox()
        .acknowledge(packetId)
        .ifPresent(m -> messages.note(m, SentMessage.Fate.ACKNOWLEDGED));
    session.flush();
  }

  private void left(Session session, MqttDisconnectMessage message) {
    int code = message.code() == null ? 0 : message.code().value() & 0xFF;
    end(session, SessionEvent.Kind.CLIENT_DISCONNECT, code, "DISCONNECT by the client");
  }

  private void refuse(MqttEndpoint endpoint, int number, int code, String why) {
    refused(endpoint, number, code, why);
    endpoint.reject(Connack.of(code, endpoint.protocolVersion()));
  }

  private void refused(MqttEndpoint endpoint, int number, int code, String why) {
    String user = endpoint.auth() == null ? "" : endpoint.auth().getUsername();
    String id = Optional.ofNullable(endpoint.clientIdentifier()).orElse("");
    log.add(
        new SessionEvent(clock.instant(), user, number, SessionEvent.Kind.REFUSED, code, id, why));
  }

  /** Notes something that happened to a session which goes on. */
  void note(Session session, SessionEvent.Kind kind, int code, String detail) {
    log.add(
        new SessionEvent(
            clock.instant(),
            session.gcid(),
            session.number(),
            kind,
            code,
            session.endpoint().clientIdentifier(),
            detail));
  }

  /** Takes a session out of the books; the caller closes the connection. */
  void end(Session session, SessionEvent.Kind kind, int code, String detail) {
    if (session.isOver()) {
      return;
    }
    session.finish();
    open.remove(session.gcid(), session);
    note(session, kind, code, detail);
    long seconds = Session.wantsKept(session.endpoint());
    if (behaviour.get().keepSessions() && seconds > 0 && kind != SessionEvent.Kind.DROPPED) {
      session.kept().keepUntil(clock.instant().plusSeconds(Math.min(seconds, 1L << 32)));
    } else {
      discard(session.gcid());
    }
  }

  private void discard(String gcid) {
    KeptSession gone = kept.remove(gcid);
    if (gone != null) {
      gone.mailbox().clear().forEach(m -> messages.note(m, SentMessage.Fate.LOST));
    }
  }

  /** Sends a message to whoever may have it; gives its number in the log. */
  long publish(String gcid, String topic, byte[] payload) {
    Message message = messages.add(clock.instant(), topic, payload);
    KeptSession state = kept.get(gcid);
    Session session = open.get(gcid);
    if (state == null || session == null && !state.isKeptAt(clock.instant())) {
      return message.number();
    }
    state
        .match(topic)
        .ifPresent(
            qos -> {
              if (qos.value() == 0) {
                if (session != null) {
                  messages.note(message, SentMessage.Fate.SENT);
                  session.sendOnce(message);
                }
              } else if (session != null && !session.fits(message)
                  || !state.mailbox().offer(message)) {
                messages.note(message, SentMessage.Fate.LOST);
              } else {
                messages.note(message, SentMessage.Fate.HELD);
                if (session != null) {
                  session.flush();
                }
              }
            });
    return message.number();
  }

  /** Closes sessions whose id token has run out and forgets kept ones that are too old. */
  void tick() {
    Instant now = clock.instant();
    for (Session s : List.copyOf(open.values())) {
      if (!now.isBefore(s.tokenExpiresAt())) {
        int code = behaviour.get().expiryCode();
        end(s, SessionEvent.Kind.EXPIRED, code, "the id token ran out");
        s.close(code);
      }
    }
    for (Map.Entry<String, KeptSession> e : List.copyOf(kept.entrySet())) {
      if (!open.containsKey(e.getKey()) && !e.getValue().isKeptAt(now)) {
        discard(e.getKey());
      }
    }
  }

  /** The open session of an account. */
  Optional<Session> session(String gcid) {
    return Optional.ofNullable(open.get(gcid));
  }

  /** Sends DISCONNECT with a reason (0: just closes); false when nobody was connected. */
  boolean disconnect(String gcid, int code) {
    if (code != 0) {
      Session.disconnectCode(code);
    }
    Session s = open.get(gcid);
    if (s != null) {
      end(s, SessionEvent.Kind.KICKED, code, "as told by the script");
      s.close(code);
    }
    return s != null;
  }

  /** Resets the TCP connection; false when nobody was connected. */
  boolean reset(String gcid) {
    Session s = open.get(gcid);
    if (s != null) {
      end(s, SessionEvent.Kind.RESET, 0, "as told by the script");
      gate.reset(s.peerPort());
    }
    return s != null;
  }

  /** Lets the connection fall silent; false when nobody was connected. */
  boolean stall(String gcid) {
    Session s = open.get(gcid);
    if (s != null) {
      note(s, SessionEvent.Kind.STALLED, 0, "as told by the script");
      gate.stall(s.peerPort());
    }
    return s != null;
  }
}
