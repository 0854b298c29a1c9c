// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Instant;

/**
 * Why a connection ended or was refused. Immutable.
 *
 * @param code BMW's MQTT 5 reason code; null where the end came without one, as with a TCP reset
 * @param text a sentence for people: what happened and what comes next; never null
 * @param at when; never null
 * @param kind {@code network}, {@code closed}, {@code broker}, {@code filter}, {@code auth}, {@code
 *     taken-over} or {@code quota}; null where it was the bridge's own doing
 */
public record StreamReason(Integer code, String text, Instant at, String kind) {

  /** For an end of the bridge's own doing. */
  public StreamReason(Integer code, String text, Instant at) {
    this(code, text, at, null);
  }
}
