// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Instant;

/**
 * A time in which the stream of an account was in one state. Immutable.
 *
 * @param state as {@link StreamState#text()}; {@code stopped} also where no bridge ran
 * @param from when it began
 * @param to when it ended; null for the present one
 * @param code the MQTT reason code why; null where there was none
 * @param text why, in words; null where nothing is to be said
 */
public record StreamSpan(String state, Instant from, Instant to, Integer code, String text) {

  StreamSpan within(Instant begin, Instant end) {
    return new StreamSpan(state, begin, end, code, text);
  }
}
