// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * How the simulated High Mobility behaves until it is told otherwise. Immutable and safe for use by
 * many threads.
 *
 * @param closesOnForbidden whether a SUBSCRIBE that is not allowed ends the connection; otherwise
 *     SUBACK refuses it
 * @param queueLimit how many messages wait for a client at most; the next ones are lost
 * @param keptFor the longest time for which a session outlives its connection
 * @param shuffle whether messages overtake each other
 * @param duplicateEach each so many-th message is delivered twice; 0 for none
 */
public record HighMobilityBehaviour(
    boolean closesOnForbidden,
    int queueLimit,
    Duration keptFor,
    boolean shuffle,
    int duplicateEach) {

  /** Refuses numbers below what makes sense. */
  public HighMobilityBehaviour {
    if (queueLimit < 1 || duplicateEach < 0 || keptFor.isNegative()) {
      throw new IllegalArgumentException(
          "changing the simulated High Mobility: a number is too small — take 1 and more for"
              + " queue-limit, 0 and more for duplicate-each and kept-for");
    }
  }

  /** Like the real one, as far as that is known: strict, in order, nothing twice. */
  public static HighMobilityBehaviour usual() {
    return new HighMobilityBehaviour(true, Mailbox.MOST_WAITING, Duration.ofDays(7), false, 0);
  }

  /** The same with another answer to a SUBSCRIBE that is not allowed. */
  public HighMobilityBehaviour closesOnForbidden(boolean closes) {
    return new HighMobilityBehaviour(closes, queueLimit, keptFor, shuffle, duplicateEach);
  }

  /** The same with another bound of what waits; for sessions that begin from now on. */
  public HighMobilityBehaviour queueLimit(int most) {
    return new HighMobilityBehaviour(closesOnForbidden, most, keptFor, shuffle, duplicateEach);
  }

  /** The same with another longest time for a kept session. */
  public HighMobilityBehaviour keptFor(Duration longest) {
    return new HighMobilityBehaviour(
        closesOnForbidden, queueLimit, longest, shuffle, duplicateEach);
  }

  /** The same with messages that overtake each other, or not. */
  public HighMobilityBehaviour shuffle(boolean on) {
    return new HighMobilityBehaviour(closesOnForbidden, queueLimit, keptFor, on, duplicateEach);
  }

  /** The same with each so many-th message delivered twice; 0 for none. */
  public HighMobilityBehaviour duplicateEach(int messages) {
    return new HighMobilityBehaviour(closesOnForbidden, queueLimit, keptFor, shuffle, messages);
  }

  /** The same with what is named in the control API's words. */
  HighMobilityBehaviour with(JsonObject a) {
    for (String name : a.fieldNames()) {
      if (!toJson().containsKey(name)) {
        throw new IllegalArgumentException(
            "changing the simulated High Mobility: unknown setting '"
                + name
                + "' — take one of "
                + toJson().fieldNames());
      }
    }
    return new HighMobilityBehaviour(
        a.getBoolean("closes-on-forbidden", closesOnForbidden),
        a.getInteger("queue-limit", queueLimit),
        Span.parse(a.getString("kept-for", Span.write(keptFor))),
        a.getBoolean("shuffle", shuffle),
        a.getInteger("duplicate-each", duplicateEach));
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("closes-on-forbidden", closesOnForbidden)
        .put("queue-limit", queueLimit)
        .put("kept-for", Span.write(keptFor))
        .put("shuffle", shuffle)
        .put("duplicate-each", duplicateEach);
  }
}
