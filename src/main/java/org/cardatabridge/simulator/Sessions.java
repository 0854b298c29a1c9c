// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttDisconnectMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The open and the kept sessions of one broker, one of each for an owner, and what is sent through
 * them. An owner is an account's GCID or the id of a client certificate. Used on one thread.
 */
final class Sessions {

  /** Says how long a session outlives its connection. */
  interface Keeping {
    /** In seconds; 0 where it is forgotten at once. */
    long seconds(Session session, SessionEvent.Kind end);
  }

  private final Vertx vertx;
  private final Clock clock;
  private final TcpGate gate;
  private final SessionLog log;
  private final MessageLog messages;
  private final Keeping keeping;
  private final Map<String, Session> open = new HashMap<>();
  private final Map<String, KeptSession> kept = new HashMap<>();
  private int number;

  Sessions(
      Vertx vertx,
      Clock clock,
      TcpGate gate,
      SessionLog log,
      MessageLog messages,
      Keeping keeping) {
    this.vertx = vertx;
    this.clock = clock;
    this.gate = gate;
    this.log = log;
    this.messages = messages;
    this.keeping = keeping;
  }

  /** The number of the next session. */
  int next() {
    return ++number;
  }

  /** Lets a CONNECT in, or lets happen to it what a fault says. */
  void admit(
      MqttEndpoint endpoint, String owner, int session, Optional<Fault> fault, Runnable admission) {
    AtomicBoolean gone = new AtomicBoolean();
    endpoint.closeHandler(v -> gone.set(true));
    if (fault.isEmpty()) {
      admission.run();
      return;
    }
    switch (fault.get().kind()) {
      case CODE -> refuse(endpoint, owner, session, fault.get().status(), "as told by the script");
      case RESET -> {
        refused(endpoint, owner, session, 0, "connection reset in place of CONNACK");
        gate.reset(endpoint.remoteAddress().port());
      }
      case SLOW ->
          vertx.setTimer(
              Math.max(1, fault.get().pause().toMillis()),
              t -> {
                if (!gone.get()) {
                  admission.run();
                }
              });
      default -> refused(endpoint, owner, session, 0, "no CONNACK");
    }
  }

  /** Answers a CONNECT with a reason against it. */
  void refuse(MqttEndpoint endpoint, String owner, int session, int code, String why) {
    refused(endpoint, owner, session, code, why);
    endpoint.reject(Connack.of(code, endpoint.protocolVersion()));
  }

  /** Notes a CONNECT that is not accepted; the caller answers it or does not. */
  void refused(MqttEndpoint endpoint, String owner, int session, int code, String why) {
    String id = Optional.ofNullable(endpoint.clientIdentifier()).orElse("");
    refused(owner, session, code, id, why);
  }

  /** Notes a client that did not get in. */
  void refused(String owner, int session, int code, String clientId, String why) {
    log.add(
        new SessionEvent(
            clock.instant(), owner, session, SessionEvent.Kind.REFUSED, code, clientId, why));
  }

  /** Closes the older connection of an owner, if there is one. */
  void takeOver(String owner, int by) {
    Session old = open.get(owner);
    if (old != null) {
      end(old, SessionEvent.Kind.TAKEN_OVER, 142, "by session " + by);
      old.close(142);
    }
  }

  /**
   * What was kept for a client.
   *
   * @param wanted whether it wants that back; otherwise it is forgotten
   */
  Optional<KeptSession> resume(String owner, String clientId, boolean wanted) {
    KeptSession before = kept.get(owner);
    if (before == null) {
      return Optional.empty();
    }
    if (wanted && before.clientId().equals(clientId) && before.isKeptAt(clock.instant())) {
      return Optional.of(before);
    }
    discard(owner);
    return Optional.empty();
  }

  /** Takes a session in; the caller then accepts it and handles its subscriptions. */
  void begin(Session session, String detail) {
    kept.put(session.owner(), session.kept());
    session.kept().mailbox().connect(session.receiveMaximum());
    open.put(session.owner(), session);
    listen(session);
    MqttEndpoint endpoint = session.endpoint();
    String how =
        "keep-alive "
            + endpoint.keepAliveTimeSeconds()
            + " s, "
            + (endpoint.isCleanSession() ? "clean start" : "wants its session back");
    note(session, SessionEvent.Kind.CONNECTED, endpoint.protocolVersion(), how + detail);
  }

  private void listen(Session session) {
    session
        .endpoint()
        .publishAcknowledgeHandler(id -> acknowledged(session, id))
        .publishHandler(m -> drop(session, 135, "the client published a message"))
        .disconnectMessageHandler(m -> left(session, m))
        .exceptionHandler(e -> drop(session, 0, "broken connection or packet"))
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

  /** Ends a session that broke a rule and closes its connection. */
  void drop(Session session, int code, String why) {
    end(session, SessionEvent.Kind.DROPPED, code, why);
    session.close(code);
  }

  /** Notes something that happened to a session. */
  void note(Session session, SessionEvent.Kind kind, int code, String detail) {
    log.add(
        new SessionEvent(
            clock.instant(),
            session.owner(),
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
    open.remove(session.owner(), session);
    note(session, kind, code, detail);
    long seconds = keeping.seconds(session, kind);
    if (seconds > 0) {
      session.kept().keepUntil(clock.instant().plusSeconds(Math.min(seconds, 1L << 32)));
    } else {
      discard(session.owner());
    }
  }

  private void discard(String owner) {
    KeptSession gone = kept.remove(owner);
    if (gone != null) {
      gone.mailbox().clear().forEach(m -> messages.note(m, SentMessage.Fate.LOST));
    }
  }

  /** Sends a message to whoever may have it; gives its number in the log. */
  long publish(String owner, String topic, byte[] payload) {
    Message message = messages.add(clock.instant(), topic, payload);
    KeptSession state = kept.get(owner);
    Session session = open.get(owner);
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

  /** Forgets kept sessions that are too old. */
  void tick() {
    Instant now = clock.instant();
    for (Map.Entry<String, KeptSession> e : List.copyOf(kept.entrySet())) {
      if (!open.containsKey(e.getKey()) && !e.getValue().isKeptAt(now)) {
        discard(e.getKey());
      }
    }
  }

  /** The open sessions. */
  Collection<Session> open() {
    return List.copyOf(open.values());
  }

  /** The open session of an owner. */
  Optional<Session> session(String owner) {
    return Optional.ofNullable(open.get(owner));
  }

  /** How many messages wait for an owner or are not acknowledged yet. */
  int held(String owner) {
    KeptSession state = kept.get(owner);
    return state == null ? 0 : state.mailbox().held();
  }

  /** Sends DISCONNECT with a reason (0: just closes); false when nobody was connected. */
  boolean disconnect(String owner, int code) {
    if (code != 0) {
      Session.disconnectCode(code);
    }
    Session s = open.get(owner);
    if (s != null) {
      end(s, SessionEvent.Kind.KICKED, code, "as told by the script");
      s.close(code);
    }
    return s != null;
  }

  /** Resets the TCP connection; false when nobody was connected. */
  boolean reset(String owner) {
    Session s = open.get(owner);
    if (s != null) {
      end(s, SessionEvent.Kind.RESET, 0, "as told by the script");
      gate.reset(s.peerPort());
    }
    return s != null;
  }

  /** Lets the connection fall silent; false when nobody was connected. */
  boolean stall(String owner) {
    Session s = open.get(owner);
    if (s != null) {
      note(s, SessionEvent.Kind.STALLED, 0, "as told by the script");
      gate.stall(s.peerPort());
    }
    return s != null;
  }
}
