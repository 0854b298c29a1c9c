// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * BMW's MQTT broker behind its TLS: one session for each GCID, credentials that run out, an ACL,
 * and whatever a fault tells it to do. Used on one thread.
 */
final class Broker {

  private static final int ASSIGNED_CLIENT_ID = 0x12;

  private final Clock clock;
  private final Accounts accounts;
  private final TokenMint mint;
  private final Supplier<Behaviour> behaviour;
  private final Faults faults;
  private final SessionLog log;
  private final Sessions sessions;
  private final Subscriptions subscriptions;

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
    this.clock = clock;
    this.accounts = accounts;
    this.mint = mint;
    this.behaviour = behaviour;
    this.faults = faults;
    this.log = log;
    this.sessions = new Sessions(vertx, clock, gate, log, messages, this::keptFor);
    this.subscriptions = new Subscriptions(this, vertx, faults, behaviour);
  }

  /** Handles a CONNECT. */
  void connect(MqttEndpoint endpoint) {
    int number = sessions.next();
    String gcid = user(endpoint);
    Optional<Fault> fault = faults.next(Place.CONNECT, clientId(gcid));
    sessions.admit(endpoint, gcid, number, fault, () -> admit(endpoint, gcid, number));
  }

  private static String user(MqttEndpoint endpoint) {
    return endpoint.auth() == null ? "" : endpoint.auth().getUsername();
  }

  /** Open and kept sessions, by GCID. */
  Sessions sessions() {
    return sessions;
  }

  /** The account of a session. */
  AccountConfig account(Session session) {
    return accounts.withGcid(session.owner()).orElseThrow().config();
  }

  /** Client id of the account with this user name; null where nobody has it. */
  String clientId(String gcid) {
    return accounts.withGcid(gcid).map(a -> a.config().clientId()).orElse(null);
  }

  private void admit(MqttEndpoint endpoint, String gcid, int number) {
    Instant now = clock.instant();
    Optional<Account> account = accounts.withGcid(gcid);
    Optional<TokenMint.IdToken> token =
        endpoint.auth() == null ? Optional.empty() : mint.read(endpoint.auth().getPassword());
    String objection = objection(account, token, gcid, now);
    if (objection != null) {
      sessions.refuse(endpoint, gcid, number, Connack.NOT_AUTHORIZED, objection);
      return;
    }
    sessions.takeOver(gcid, number);
    accept(endpoint, number, gcid, token.orElseThrow());
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

  private void accept(MqttEndpoint endpoint, int number, String gcid, TokenMint.IdToken token) {
    boolean nameless = endpoint.clientIdentifier() == null;
    if (nameless) {
      endpoint.setClientIdentifier("auto-" + UUID.randomUUID());
    }
    String id = endpoint.clientIdentifier();
    boolean wanted = behaviour.get().keepSessions() && !endpoint.isCleanSession();
    Optional<KeptSession> before = sessions.resume(gcid, id, wanted);
    Session session =
        new Session(
            number,
            endpoint,
            gcid,
            token.expiresAt(),
            endpoint.remoteAddress().port(),
            before.orElseGet(() -> new KeptSession(id, Mailbox.MOST_WAITING)));
    sessions.begin(session, before.isPresent() ? ", session present" : "");
    endpoint
        .subscribeHandler(m -> subscriptions.subscribe(session, m))
        .unsubscribeHandler(m -> subscriptions.unsubscribe(session, m));
    MqttProperties properties = new MqttProperties();
    if (nameless && session.isMqtt5()) {
      properties.add(new MqttProperties.StringProperty(ASSIGNED_CLIENT_ID, id));
    }
    endpoint.accept(before.isPresent(), properties);
    session.flush();
  }

  private long keptFor(Session session, SessionEvent.Kind end) {
    return behaviour.get().keepSessions() && end != SessionEvent.Kind.DROPPED
        ? Session.wantsKept(session.endpoint())
        : 0;
  }

  /** Sends a message to whoever may have it; gives its number in the log. */
  long publish(String gcid, String topic, byte[] payload) {
    return sessions.publish(gcid, topic, payload);
  }

  /** Closes sessions whose id token has run out and forgets kept ones that are too old. */
  void tick() {
    Instant now = clock.instant();
    for (Session s : sessions.open()) {
      if (!now.isBefore(s.tokenExpiresAt())) {
        int code = behaviour.get().expiryCode();
        sessions.end(s, SessionEvent.Kind.EXPIRED, code, "the id token ran out");
        s.close(code);
      }
    }
    sessions.tick();
  }

  /** The open session of an account. */
  Optional<Session> session(String gcid) {
    return sessions.session(gcid);
  }
}
