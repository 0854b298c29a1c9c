// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.codes.MqttSubAckReasonCode;
import java.util.List;

/** Answers to SUBSCRIBE in both versions of MQTT. */
final class Suback {

  static final int NOT_AUTHORIZED = 0x87;

  private Suback() {}

  /** Refuses a number that is no failure in a SUBACK. */
  static void check(int code) {
    if (code < 0x80) {
      throw new IllegalArgumentException(
          "refusing a SUBSCRIBE: " + code + " is no failure — take 128, 135, 143, 151 …");
    }
    of(code);
  }

  /** Sends one code for each filter; MQTT 3.1.1 knows only one failure, 128. */
  static void send(MqttEndpoint endpoint, int packetId, List<Integer> codes) {
    if (endpoint.protocolVersion() >= 5) {
      endpoint.subscribeAcknowledge(
          packetId, codes.stream().map(Suback::of).toList(), MqttProperties.NO_PROPERTIES);
    } else {
      endpoint.subscribeAcknowledge(
          packetId,
          codes.stream().map(c -> c >= 0x80 ? MqttQoS.FAILURE : MqttQoS.valueOf(c)).toList());
    }
  }

  private static MqttSubAckReasonCode of(int code) {
    for (MqttSubAckReasonCode c : MqttSubAckReasonCode.values()) {
      if ((c.value() & 0xFF) == code) {
        return c;
      }
    }
    throw new IllegalArgumentException(
        "refusing a SUBSCRIBE: MQTT 5 has no SUBACK code " + code + " — take 128, 135, 143, 151 …");
  }
}
