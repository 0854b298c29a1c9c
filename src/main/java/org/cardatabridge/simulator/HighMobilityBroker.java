// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttTopicSubscription;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.MqttUnsubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttUnsubAckReasonCode;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * High Mobility's MQTT broker behind its TLS: who a client is stands in its certificate; one
 * connection for each, one filter under its own application, and messages that wait for it. Used on
 * one thread.
 */
final class HighMobilityBroker {

  private static final int SESSION_EXPIRY = 0x11;
  private static final int MAXIMUM_QOS = 0x24;
  private static final int OLD_PROTOCOL = 132;

  private final Vertx vertx;
  private final ClientCa ca;
  private final Map<String, HighMobilityApp> apps;
  private final Supplier<HighMobilityBehaviour> behaviour;
  private final Faults faults;
  private final Sessions sessions;

  /**
   * A broker that has seen nobody.
   *
   * @param apps by id of the certificate
   */
  HighMobilityBroker(
      Vertx vertx,
      Clock clock,
      ClientCa ca,
      Map<String, HighMobilityApp> apps,
      Supplier<HighMobilityBehaviour> behaviour,
      Faults faults,
      TcpGate gate,
      SessionLog log,
      MessageLog messages) {
    this.vertx = vertx;
    this.ca = ca;
    this.apps = apps;
    this.behaviour = behaviour;
    this.faults = faults;
    this.sessions =
        new Sessions(vertx, clock, gate, log, messages, (session, end) -> keptFor(session));
  }

  /** Open and kept sessions, by id of the certificate. */
  Sessions sessions() {
    return sessions;
  }

  /** Handles a CONNECT. */
  void connect(MqttEndpoint endpoint) {
    int number = sessions.next();
    X509Certificate certificate = certificate(endpoint);
    String owner = ca.clientId(certificate);
    Optional<ClientObjection> objection = ca.objection(certificate);
    if (objection.isPresent()) {
      // A resumed TLS session: Java looked at its certificate when that was still good.
      sessions.refused(endpoint, owner, number, 0, objection.get().text());
      endpoint.close();
      return;
    }
    Optional<Fault> fault = faults.next(Place.HIGHMOBILITY_CONNECT, owner);
    sessions.admit(endpoint, owner, number, fault, () -> admit(endpoint, owner, number));
  }

  private static X509Certificate certificate(MqttEndpoint endpoint) {
    try {
      return (X509Certificate) endpoint.sslSession().getPeerCertificates()[0];
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException(
          "reading a client's certificate: there is none — ask for it in TLS", e);
    }
  }

  private void admit(MqttEndpoint endpoint, String owner, int number) {
    if (endpoint.protocolVersion() < 4) {
      sessions.refuse(endpoint, owner, number, OLD_PROTOCOL, "neither MQTT 3.1.1 nor 5");
    } else if (!owner.equals(endpoint.clientIdentifier())) {
      sessions.refuse(
          endpoint,
          owner,
          number,
          Connack.NOT_AUTHORIZED,
          "the client id is not the certificate's");
    } else {
      sessions.takeOver(owner, number);
      accept(endpoint, owner, number);
    }
  }

  private void accept(MqttEndpoint endpoint, String owner, int number) {
    Optional<KeptSession> before = sessions.resume(owner, owner, !endpoint.isCleanSession());
    Session session =
        new Session(
            number,
            endpoint,
            owner,
            Instant.MAX,
            endpoint.remoteAddress().port(),
            before.orElseGet(() -> new KeptSession(owner, behaviour.get().queueLimit())));
    int waiting = sessions.held(owner);
    sessions.begin(
        session, before.isPresent() ? ", session present with " + waiting + " messages" : "");
    endpoint
        .subscribeHandler(m -> subscribe(session, m))
        .unsubscribeHandler(m -> unsubscribe(session, m));
    MqttProperties properties = new MqttProperties();
    if (session.isMqtt5()) {
      properties.add(new MqttProperties.IntegerProperty(MAXIMUM_QOS, 1));
      long most = keptFor(session);
      if (most < Session.wantsKept(endpoint)) {
        properties.add(new MqttProperties.IntegerProperty(SESSION_EXPIRY, (int) most));
      }
    }
    endpoint.accept(before.isPresent(), properties);
    session.flush();
  }

  private long keptFor(Session session) {
    return Math.min(Session.wantsKept(session.endpoint()), behaviour.get().keptFor().toSeconds());
  }

  private void subscribe(Session session, MqttSubscribeMessage message) {
    Optional<Fault> fault = faults.next(Place.HIGHMOBILITY_SUBSCRIBE, session.owner());
    if (fault.isEmpty()) {
      grant(session, message);
      return;
    }
    switch (fault.get().kind()) {
      case CODE -> refuse(session, message, fault.get().status(), "as told by the script");
      case RESET -> sessions.reset(session.owner());
      case SLOW ->
          vertx.setTimer(
              Math.max(1, fault.get().pause().toMillis()),
              t -> {
                if (!session.isOver()) {
                  grant(session, message);
                }
              });
      default -> sessions.note(session, SessionEvent.Kind.SUBSCRIBE_REFUSED, 0, "no SUBACK");
    }
  }

  private void grant(Session session, MqttSubscribeMessage message) {
    List<MqttTopicSubscription> asked = message.topicSubscriptions();
    String filters =
        asked.stream().map(MqttTopicSubscription::topicName).collect(Collectors.joining(","));
    String objection = objection(session, asked);
    if (objection == null) {
      MqttQoS qos = asked.get(0).qualityOfService();
      MqttQoS granted = qos == MqttQoS.AT_MOST_ONCE ? qos : MqttQoS.AT_LEAST_ONCE;
      session.subscribe(filters, granted);
      Suback.send(session.endpoint(), message.messageId(), List.of(granted.value()));
      sessions.note(session, SessionEvent.Kind.SUBSCRIBED, 0, filters);
    } else if (behaviour.get().closesOnForbidden()) {
      sessions.note(session, SessionEvent.Kind.SUBSCRIBE_REFUSED, 0, filters);
      sessions.drop(session, 0, objection);
    } else {
      refuse(session, message, Suback.NOT_AUTHORIZED, objection + ": " + filters);
    }
  }

  private String objection(Session session, List<MqttTopicSubscription> asked) {
    if (asked.size() > 1) {
      return "more than one filter in a SUBSCRIBE";
    }
    String filter = asked.get(0).topicName();
    if (!apps.get(session.owner()).allows(filter)) {
      return "a filter outside the own application";
    }
    return session.mayUse(filter) ? null : "a second filter";
  }

  private void refuse(Session session, MqttSubscribeMessage message, int code, String detail) {
    sessions.note(session, SessionEvent.Kind.SUBSCRIBE_REFUSED, code, detail);
    Suback.send(
        session.endpoint(),
        message.messageId(),
        Collections.nCopies(message.topicSubscriptions().size(), code));
  }

  private void unsubscribe(Session session, MqttUnsubscribeMessage message) {
    List<MqttUnsubAckReasonCode> codes =
        message.topics().stream()
            .map(
                t ->
                    session.unsubscribe(t)
                        ? MqttUnsubAckReasonCode.SUCCESS
                        : MqttUnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED)
            .toList();
    sessions.note(session, SessionEvent.Kind.UNSUBSCRIBED, 0, String.join(",", message.topics()));
    if (session.isMqtt5()) {
      session
          .endpoint()
          .unsubscribeAcknowledge(message.messageId(), codes, MqttProperties.NO_PROPERTIES);
    } else {
      session.endpoint().unsubscribeAcknowledge(message.messageId());
    }
  }

  /** Lets certificates of a client be worth nothing from now on and closes its connection. */
  void condemn(String clientId, ClientObjection why) {
    ca.condemn(clientId, why);
    sessions
        .session(clientId)
        .ifPresent(
            s -> {
              sessions.end(s, SessionEvent.Kind.EXPIRED, Connack.NOT_AUTHORIZED, why.text());
              s.close(Connack.NOT_AUTHORIZED);
            });
  }
}
