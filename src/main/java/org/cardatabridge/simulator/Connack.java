// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;

/** Reason codes of a refused CONNECT in both versions of MQTT. */
final class Connack {

  static final int NOT_AUTHORIZED = 135;

  private Connack() {}

  /** Refuses a number that is no refusal in MQTT 5. */
  static void check(int code) {
    mqtt5(code);
  }

  /** The code for a protocol level (3, 4 or 5), from the MQTT 5 number. */
  static MqttConnectReturnCode of(int code, int protocolLevel) {
    if (protocolLevel >= 5) {
      return mqtt5(code);
    }
    return switch (code) {
      case 132 -> MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION;
      case 133 -> MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED;
      case 134 -> MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD;
      case NOT_AUTHORIZED -> MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED;
      default -> MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE;
    };
  }

  private static MqttConnectReturnCode mqtt5(int code) {
    for (MqttConnectReturnCode c : MqttConnectReturnCode.values()) {
      if ((c.byteValue() & 0xFF) == code && code >= 0x80) {
        return c;
      }
    }
    throw new IllegalArgumentException(
        "refusing a CONNECT: MQTT 5 has no CONNACK code "
            + code
            + " — take 128, 133 to 137, 151 …");
  }
}
