// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttTopicSubscription;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.MqttUnsubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttUnsubAckReasonCode;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Handles SUBSCRIBE and UNSUBSCRIBE: the ACL, and the faults of that place. One thread. */
final class Subscriptions {

  private final Broker broker;
  private final Vertx vertx;
  private final Faults faults;
  private final Supplier<Behaviour> behaviour;

  Subscriptions(Broker broker, Vertx vertx, Faults faults, Supplier<Behaviour> behaviour) {
    this.broker = broker;
    this.vertx = vertx;
    this.faults = faults;
    this.behaviour = behaviour;
  }

  void subscribe(Session session, MqttSubscribeMessage message) {
    Optional<Fault> fault = faults.next(Place.SUBSCRIBE, broker.clientId(session.owner()));
    if (fault.isEmpty()) {
      grant(session, message);
      return;
    }
    switch (fault.get().kind()) {
      case CODE -> {
        int code = fault.get().status();
        broker
            .sessions()
            .note(session, SessionEvent.Kind.SUBSCRIBE_REFUSED, code, "as told by the script");
        Suback.send(
            session.endpoint(),
            message.messageId(),
            Collections.nCopies(message.topicSubscriptions().size(), code));
      }
      case RESET -> broker.sessions().reset(session.owner());
      case SLOW ->
          vertx.setTimer(
              Math.max(1, fault.get().pause().toMillis()),
              t -> {
                if (!session.isOver()) {
                  grant(session, message);
                }
              });
      default ->
          broker.sessions().note(session, SessionEvent.Kind.SUBSCRIBE_REFUSED, 0, "no SUBACK");
    }
  }

  private void grant(Session session, MqttSubscribeMessage message) {
    Acl acl = new Acl(broker.account(session), behaviour.get().hashFilter());
    List<MqttTopicSubscription> asked = message.topicSubscriptions();
    String filters =
        asked.stream().map(MqttTopicSubscription::topicName).collect(Collectors.joining(","));
    boolean allowed = asked.stream().allMatch(s -> acl.allows(s.topicName()));
    Suback.send(
        session.endpoint(),
        message.messageId(),
        asked.stream()
            .map(
                s ->
                    acl.allows(s.topicName())
                        ? granted(s.qualityOfService()).value()
                        : Suback.NOT_AUTHORIZED)
            .toList());
    if (!allowed) {
      broker
          .sessions()
          .note(session, SessionEvent.Kind.SUBSCRIBE_REFUSED, Suback.NOT_AUTHORIZED, filters);
      broker.sessions().drop(session, 0, "a filter outside the ACL");
      return;
    }
    asked.forEach(s -> session.kept().filters().put(s.topicName(), granted(s.qualityOfService())));
    broker.sessions().note(session, SessionEvent.Kind.SUBSCRIBED, 0, filters);
  }

  private static MqttQoS granted(MqttQoS asked) {
    return asked == MqttQoS.AT_MOST_ONCE ? asked : MqttQoS.AT_LEAST_ONCE;
  }

  void unsubscribe(Session session, MqttUnsubscribeMessage message) {
    List<MqttUnsubAckReasonCode> codes =
        message.topics().stream()
            .map(
                t ->
                    session.kept().filters().remove(t) != null
                        ? MqttUnsubAckReasonCode.SUCCESS
                        : MqttUnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED)
            .toList();
    broker
        .sessions()
        .note(session, SessionEvent.Kind.UNSUBSCRIBED, 0, String.join(",", message.topics()));
    if (session.isMqtt5()) {
      session
          .endpoint()
          .unsubscribeAcknowledge(message.messageId(), codes, MqttProperties.NO_PROPERTIES);
    } else {
      session.endpoint().unsubscribeAcknowledge(message.messageId());
    }
  }
}
