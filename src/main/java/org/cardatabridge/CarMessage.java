// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One message as it came from a source, with the data points that were found in it. Immutable as
 * long as nobody writes into {@link #payload()}, which is handed on without a copy.
 *
 * @param account name of the account it came by; never null
 * @param source {@code stream}, {@code rest}, …, as in {@link CarEvent#source()}; never null
 * @param topic the topic or path it came from; never null, may be empty for a source of one's own
 * @param received when the bridge received it; never null
 * @param payload the bytes as they came, unchanged; never null, may be empty
 * @param points the data points in their order; empty for a message that could not be read
 */
public record CarMessage(
    String account,
    String source,
    String topic,
    Instant received,
    byte[] payload,
    List<CarEvent> points) {

  /** Exchange property with the account's name. */
  public static final String ACCOUNT = "cardata.account";

  /** Exchange property with the source's name. */
  public static final String SOURCE = "cardata.source";

  /** Exchange property with the topic or path a message came from. */
  public static final String TOPIC = "cardata.topic";

  /** Exchange property with the {@link Instant} of receipt. */
  public static final String RECEIVED = "cardata.received";

  /** Exchange property that keeps the verbatim bytes while the body becomes data points. */
  public static final String PAYLOAD = "cardata.payload";

  /** Exchange property with the reason, in words, why a message could not be read. */
  public static final String UNPARSED = "cardata.unparsed";

  /**
   * Exchange property with the names of the sinks that are to get a message, comma separated;
   * absent where all are.
   */
  public static final String SINKS = "cardata.sinks";

  /**
   * Exchange property with what a message calls itself, by which it is known when it comes again;
   * absent where it has no such name.
   */
  public static final String ID = "cardata.message-id";

  /** Exchange property with the source of a message that is played again from a recording. */
  public static final String RECORDED_SOURCE = "cardata.recorded-source";

  /** Refuses a missing part by its name. */
  public CarMessage {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(received, "received");
    Objects.requireNonNull(payload, "payload");
    points = List.copyOf(points);
  }

  /** Says how much it holds, never what: payload and topic name the account and the car. */
  @Override
  public String toString() {
    return "CarMessage[" + source + ", " + payload.length + " bytes, " + points.size() + " points]";
  }
}
