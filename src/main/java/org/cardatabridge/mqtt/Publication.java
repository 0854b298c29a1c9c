// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One thing to say to the local broker. Immutable as long as nobody writes into {@link #payload()},
 * which goes out without a copy.
 *
 * @param topic the whole topic, without wildcards; never null
 * @param payload the bytes; never null, empty to clear a retained topic
 * @param qos 0, 1 or 2
 * @param retain whether the broker keeps it for those who subscribe later
 */
public record Publication(String topic, byte[] payload, int qos, boolean retain) {

  /** Refuses a missing part, and a topic that a broker would answer by hanging up. */
  public Publication {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(payload, "payload");
    if (qos < 0 || qos > 2) {
      throw new IllegalArgumentException("making a publication: QoS " + qos + " — use 0, 1 or 2");
    }
    if (!TopicNames.isPublishable(topic)) {
      throw new IllegalArgumentException(
          "making a publication: a topic of "
              + topic.length()
              + " characters that no broker takes — no +, #, control characters, at most "
              + TopicNames.MAX_LEVELS
              + " levels");
    }
  }

  /** A publication of a text, as UTF-8. */
  public static Publication of(String topic, String text, int qos, boolean retain) {
    return new Publication(topic, text.getBytes(StandardCharsets.UTF_8), qos, retain);
  }

  /** Says how big it is, never what: topic and payload name the car and where it stands. */
  @Override
  public String toString() {
    return "Publication[" + payload.length + " bytes, QoS " + qos + (retain ? ", retained]" : "]");
  }
}
