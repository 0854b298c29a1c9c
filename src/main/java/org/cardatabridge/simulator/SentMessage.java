// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/**
 * One message that the simulated BMW published, and what became of it. Immutable; the payload is
 * shared and must not be written to.
 *
 * @param number counted from 1 in the order of publishing
 * @param at when it was published
 * @param topic {@code GCID/VIN}
 * @param payload the bytes
 * @param fate what became of it
 * @param deliveries how often it was sent to a client
 */
public record SentMessage(
    long number, Instant at, String topic, byte[] payload, Fate fate, int deliveries) {

  /** What can become of a message. */
  public enum Fate {
    /** Nobody was subscribed and no session was kept: it is gone, as with BMW. */
    NOBODY,
    /** Sent at QoS 1 and not acknowledged yet, or queued for a kept session. */
    HELD,
    /** The client acknowledged it. */
    ACKNOWLEDGED,
    /** Sent at QoS 0: nothing more is known. */
    SENT,
    /** Its session ended before the client acknowledged it, and was not kept. */
    LOST
  }

  /** The payload as text. */
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("number", number)
        .put("at", at.toString())
        .put("topic", topic)
        .put("payload", text())
        .put("fate", fate.name().toLowerCase(Locale.ROOT))
        .put("deliveries", deliveries);
  }
}
