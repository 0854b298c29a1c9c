// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import java.util.Locale;

/** Where a {@link Fault} strikes. */
public enum Place {
  /** The request for a device code. */
  DEVICE_CODE,
  /** A poll for the tokens of a device code. */
  POLL,
  /** A refresh. */
  REFRESH,
  /** An MQTT CONNECT. */
  CONNECT,
  /** An MQTT SUBSCRIBE. */
  SUBSCRIBE;

  boolean isHttp() {
    return this != CONNECT && this != SUBSCRIBE;
  }

  /** Its name in the control API. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Place of(String word) {
    for (Place p : values()) {
      if (p.word().equals(word)) {
        return p;
      }
    }
    throw new IllegalArgumentException(
        "setting a fault: unknown place '"
            + word
            + "' — take device-code, poll, refresh, connect or subscribe");
  }
}
