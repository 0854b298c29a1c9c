// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.recording;

import java.time.Instant;
import java.util.Objects;

/**
 * One message as a journal or a recording has it. Immutable as long as nobody writes into {@link
 * #payload()}, which is handed on without a copy.
 *
 * @param received when a bridge received it; never null
 * @param source {@code stream}, {@code rest}, …; never null
 * @param account name of the account it came by; never null
 * @param topic the topic or path it came from; never null, may be empty
 * @param payload the bytes as they came; never null, may be empty
 */
public record RecordedMessage(
    Instant received, String source, String account, String topic, byte[] payload) {

  /** Refuses a missing part by its name. */
  public RecordedMessage {
    Objects.requireNonNull(received, "received");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(payload, "payload");
  }

  /** Says how much it holds, never what: payload and topic name the account and the car. */
  @Override
  public String toString() {
    return "RecordedMessage[" + source + ", " + payload.length + " bytes]";
  }
}
