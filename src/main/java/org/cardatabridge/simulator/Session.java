// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import java.time.Instant;

/** One connected MQTT client. Used on one thread. */
final class Session {

  private static final int SESSION_EXPIRY = 0x11;
  private static final int RECEIVE_MAXIMUM = 0x21;
  private static final int MAXIMUM_PACKET_SIZE = 0x27;

  private final int number;
  private final MqttEndpoint endpoint;
  private final String owner;
  private final Instant tokenExpiresAt;
  private final int peerPort;
  private final KeptSession kept;
  private boolean asked;
  private boolean over;

  /**
   * A session that begins.
   *
   * @param owner GCID of the account, or id of the client certificate
   * @param tokenExpiresAt when its id token runs out
   */
  Session(
      int number,
      MqttEndpoint endpoint,
      String owner,
      Instant tokenExpiresAt,
      int peerPort,
      KeptSession kept) {
    this.number = number;
    this.endpoint = endpoint;
    this.owner = owner;
    this.tokenExpiresAt = tokenExpiresAt;
    this.peerPort = peerPort;
    this.kept = kept;
  }

  int number() {
    return number;
  }

  /** GCID of the account, or id of the client certificate. */
  String owner() {
    return owner;
  }

  MqttEndpoint endpoint() {
    return endpoint;
  }

  KeptSession kept() {
    return kept;
  }

  Instant tokenExpiresAt() {
    return tokenExpiresAt;
  }

  int peerPort() {
    return peerPort;
  }

  boolean isOver() {
    return over;
  }

  void finish() {
    over = true;
  }

  boolean isSubscribed() {
    return !kept.filters().isEmpty();
  }

  /** Takes the only filter of a session in; what an earlier connection had asked for is over. */
  void subscribe(String filter, MqttQoS qos) {
    kept.filters().clear();
    kept.filters().put(filter, qos);
    asked = true;
  }

  boolean unsubscribe(String filter) {
    return kept.filters().remove(filter) != null;
  }

  /** Whether a filter may be the only one: this connection asked for no other. */
  boolean mayUse(String filter) {
    return !asked || kept.filters().isEmpty() || kept.filters().containsKey(filter);
  }

  boolean isMqtt5() {
    return endpoint.protocolVersion() >= 5;
  }

  /**
   * Ends the connection, with a DISCONNECT where the code is not 0 and the client speaks MQTT 5.
   */
  void close(int code) {
    if (!endpoint.isConnected()) {
      return;
    }
    if (code == 0) {
      endpoint.close();
    } else {
      endpoint.disconnect(disconnectCode(code), MqttProperties.NO_PROPERTIES);
    }
  }

  /** Sends a message at QoS 0. */
  void sendOnce(Message message) {
    if (endpoint.isConnected() && fits(message)) {
      message.countDelivery();
      endpoint.publish(
          message.topic(), Buffer.buffer(message.payload()), MqttQoS.AT_MOST_ONCE, false, false);
    }
  }

  /** Sends at QoS 1 whatever the window allows. */
  void flush() {
    while (endpoint.isConnected()) {
      Mailbox.Outgoing out = kept.mailbox().next().orElse(null);
      if (out == null) {
        return;
      }
      out.message().countDelivery();
      endpoint.publish(
          out.message().topic(),
          Buffer.buffer(out.message().payload()),
          MqttQoS.AT_LEAST_ONCE,
          out.again(),
          false,
          out.packetId());
    }
  }

  /** Whether the client takes a packet of this size. */
  boolean fits(Message message) {
    return message.payload().length + message.topic().length() + 16
        <= number(endpoint, MAXIMUM_PACKET_SIZE, Integer.MAX_VALUE);
  }

  int receiveMaximum() {
    return number(endpoint, RECEIVE_MAXIMUM, 65_535);
  }

  /** How long the client wants its session kept, in seconds; 0 for not at all. */
  static long wantsKept(MqttEndpoint endpoint) {
    if (endpoint.protocolVersion() < 5) {
      return endpoint.isCleanSession() ? 0 : Long.MAX_VALUE;
    }
    return Integer.toUnsignedLong(number(endpoint, SESSION_EXPIRY, 0));
  }

  private static int number(MqttEndpoint endpoint, int property, int otherwise) {
    MqttProperties properties = endpoint.connectProperties();
    return properties != null
            && properties.getProperty(property) instanceof MqttProperties.IntegerProperty p
        ? p.value()
        : otherwise;
  }

  /** The reason for a DISCONNECT; throws for a number that MQTT 5 does not allow there. */
  static MqttDisconnectReasonCode disconnectCode(int code) {
    for (MqttDisconnectReasonCode c : MqttDisconnectReasonCode.values()) {
      if ((c.value() & 0xFF) == code) {
        return c;
      }
    }
    throw new IllegalArgumentException(
        "sending DISCONNECT: MQTT 5 has no such reason as "
            + code
            + " there — take 128, 135, 137, 139, 141, 142, 151, 152, 160 …; 133, 134 and 136 exist"
            + " in CONNACK only");
  }
}
