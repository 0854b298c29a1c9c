// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.Objects;

/**
 * A result on its way to the decoder: the body that {@code direct:rest-message} takes. Nobody
 * changes its bytes.
 *
 * @param account the account's name; never null
 * @param topic where it came from, such as {@code /customers/vehicles/<VIN>/telematicData}; never
 *     null
 * @param received when the answer came; never null
 * @param payload JSON with the shape of a CarData message; never null
 */
public record RestMessage(String account, String topic, Instant received, byte[] payload) {

  /** Refuses a missing part by its name. */
  public RestMessage {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(received, "received");
    Objects.requireNonNull(payload, "payload");
  }

  /** How big it is; never what it says. */
  @Override
  public String toString() {
    return "RestMessage[" + payload.length + " bytes of " + account + "]";
  }
}
