// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttSubAckReasonCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * An MQTT 5 server that plays one part at a time. It keeps one session per client id, takes it over
 * from an older connection and sends what was not acknowledged again, right after CONNACK.
 */
final class ScriptedBroker implements AutoCloseable {

  /** What to do with the n-th connection, counted from 1. */
  enum Part {
    ACCEPT,
    REFUSE_135,
    REFUSE_151,
    REFUSE_137,
    NO_CONNACK,
    SUBACK_135_AND_DROP,
    NO_SUBACK,
    /** Answers nothing once the subscription stands, pings neither. */
    STALL,
    DROP_AFTER_CONNACK
  }

  /** One connection as the server saw it. */
  static final class Session {
    final MqttEndpoint endpoint;
    final int number;
    final List<String> filters = new CopyOnWriteArrayList<>();
    final Map<Integer, Integer> sent = new ConcurrentHashMap<>();
    volatile boolean goodbye;
    volatile long goodbyeNanos;
    volatile boolean closed;
    volatile long subscribedNanos;
    private int packetId;

    Session(MqttEndpoint endpoint, int number) {
      this.endpoint = endpoint;
      this.number = number;
    }

    boolean isSubscribed() {
      return subscribedNanos != 0;
    }
  }

  final List<Session> sessions = new CopyOnWriteArrayList<>();
  final Set<Integer> unacknowledged = Collections.synchronizedSet(new LinkedHashSet<>());

  /** The most connections that were open at a time; read it after the fact. */
  volatile int mostOpen;

  volatile IntFunction<Part> script = n -> Part.ACCEPT;
  volatile String topic = "gcid-1/WBY00TEST00000001";

  private final Vertx vertx = Vertx.vertx();
  private final MqttServer server;
  private final SelfSignedCertificate certificate;

  ScriptedBroker() throws Exception {
    this(false);
  }

  ScriptedBroker(boolean tls) throws Exception {
    MqttServerOptions options = new MqttServerOptions().setPort(0).setHost("localhost");
    certificate = tls ? SelfSignedCertificate.create("localhost") : null;
    if (tls) {
      options.setSsl(true).setKeyCertOptions(certificate.keyCertOptions());
    }
    server = MqttServer.create(vertx, options).endpointHandler(this::connected);
    server.exceptionHandler(e -> {});
    server.listen().toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
  }

  int port() {
    return server.actualPort();
  }

  String certificatePath() {
    return certificate.certificatePath();
  }

  Session last() {
    return sessions.get(sessions.size() - 1);
  }

  long openSessions() {
    return sessions.stream().filter(s -> !s.closed).count();
  }

  /** Sends now to the newest session, and again at each connect until it is acknowledged. */
  void send(int payload) {
    unacknowledged.add(payload);
    Session session = last();
    vertx.runOnContext(v -> publish(session, payload));
  }

  /** Keeps for the next connect. */
  void queue(int payload) {
    unacknowledged.add(payload);
  }

  void disconnect(int code) {
    Session session = last();
    MqttDisconnectReasonCode reason = MqttDisconnectReasonCode.valueOf((byte) code);
    vertx.runOnContext(v -> session.endpoint.disconnect(reason, MqttProperties.NO_PROPERTIES));
  }

  /** Closes TCP without a word. */
  void drop() {
    Session session = last();
    vertx.runOnContext(v -> session.endpoint.close());
  }

  private void connected(MqttEndpoint endpoint) {
    Session session = new Session(endpoint, sessions.size() + 1);
    Part part = script.apply(session.number);
    for (Session other : sessions) {
      boolean same =
          other.endpoint.clientIdentifier().equals(endpoint.clientIdentifier()) && !other.closed;
      if (same && part == Part.ACCEPT) {
        other.closed = true;
        other.endpoint.disconnect(
            MqttDisconnectReasonCode.SESSION_TAKEN_OVER, MqttProperties.NO_PROPERTIES);
      }
    }
    sessions.add(session);
    mostOpen = Math.max(mostOpen, (int) openSessions());
    endpoint.closeHandler(v -> session.closed = true);
    endpoint.exceptionHandler(e -> {});
    endpoint.disconnectMessageHandler(
        m -> {
          session.goodbyeNanos = System.nanoTime();
          session.goodbye = true;
          session.closed = true;
        });
    endpoint.publishAcknowledgeHandler(
        id -> {
          Integer payload = session.sent.remove(id);
          if (payload != null) {
            unacknowledged.remove(payload);
          }
        });
    endpoint.subscribeHandler(m -> subscribed(session, m, part));
    switch (part) {
      case REFUSE_135 -> refuse(session, MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5);
      case REFUSE_151 -> refuse(session, MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED);
      case REFUSE_137 -> refuse(session, MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_BUSY);
      case NO_CONNACK -> {}
      case DROP_AFTER_CONNACK -> {
        endpoint.accept(true);
        endpoint.close();
      }
      default -> {
        endpoint.autoKeepAlive(part != Part.STALL);
        endpoint.accept(true);
        for (Integer payload : new ArrayList<>(unacknowledged)) {
          publish(session, payload);
        }
      }
    }
  }

  private void refuse(Session session, MqttConnectReturnCode code) {
    session.closed = true;
    session.endpoint.reject(code);
  }

  private void subscribed(Session session, MqttSubscribeMessage message, Part part) {
    message.topicSubscriptions().forEach(s -> session.filters.add(s.topicName()));
    if (part == Part.NO_SUBACK) {
      return;
    }
    List<MqttSubAckReasonCode> codes = new ArrayList<>();
    message
        .topicSubscriptions()
        .forEach(
            s ->
                codes.add(
                    part == Part.SUBACK_135_AND_DROP
                        ? MqttSubAckReasonCode.NOT_AUTHORIZED
                        : MqttSubAckReasonCode.GRANTED_QOS1));
    session.endpoint.subscribeAcknowledge(message.messageId(), codes, MqttProperties.NO_PROPERTIES);
    if (part == Part.SUBACK_135_AND_DROP) {
      session.endpoint.close();
    } else {
      session.subscribedNanos = System.nanoTime();
    }
  }

  private void publish(Session session, int payload) {
    if (session.closed || !session.endpoint.isConnected()) {
      return;
    }
    int id = ++session.packetId;
    session.sent.put(id, payload);
    session
        .endpoint
        .publish(
            topic, Buffer.buffer(String.valueOf(payload)), MqttQoS.AT_LEAST_ONCE, false, false, id)
        .onFailure(e -> session.sent.remove(id));
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    if (certificate != null) {
      certificate.delete();
    }
  }
}
