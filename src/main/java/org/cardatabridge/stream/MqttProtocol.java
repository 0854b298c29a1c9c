// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.util.Arrays;
import java.util.Optional;

/** A version of MQTT that a broker can be spoken to in. */
public enum MqttProtocol {
  /** MQTT 5, with reason codes and a session's time to live. */
  MQTT_5("5"),

  /** MQTT 3.1.1, where the broker alone decides how long it keeps a session. */
  MQTT_3_1_1("3.1.1");

  private final String word;

  MqttProtocol(String word) {
    this.word = word;
  }

  /** The spelling of settings: {@code 5} or {@code 3.1.1}. */
  public String word() {
    return word;
  }

  /** The version that is spelt so; empty where none is. */
  public static Optional<MqttProtocol> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word.strip())).findFirst();
  }
}
