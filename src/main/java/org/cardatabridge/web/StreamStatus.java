// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;

/**
 * The {@code stream} part of an account's status; each field that has no value is null. Immutable.
 *
 * @param state {@code stopped}, {@code login-required}, {@code connecting}, {@code live}, {@code
 *     quiet}, {@code backing-off}, {@code refused} or {@code quota}
 * @param since since when it is in that state
 * @param lastMessageAt when the last message was received
 * @param messages how many were received since the bridge started
 * @param reconnects how often it connected again since then
 * @param lastReason why the connection ended last
 * @param nextAttemptAt when it tries again
 * @param otherClient that another client takes the session away, or seems to
 */
public record StreamStatus(
    String state,
    Instant since,
    Instant lastMessageAt,
    long messages,
    long reconnects,
    Reason lastReason,
    Instant nextAttemptAt,
    OtherClient otherClient) {

  /**
   * Another client that uses the account. Immutable.
   *
   * @param sure whether the server said so
   * @param at when it took the session last
   */
  public record OtherClient(boolean sure, Instant at) {}

  /**
   * Why a connection ended. Immutable.
   *
   * @param code the MQTT reason code; null where there was none
   * @param text the same in words
   * @param at when
   */
  public record Reason(Integer code, String text, Instant at) {}

  StreamStatus withoutUrls() {
    Reason cleaned =
        lastReason == null
            ? null
            : new Reason(lastReason.code(), Urls.removed(lastReason.text()), lastReason.at());
    return new StreamStatus(
        state, since, lastMessageAt, messages, reconnects, cleaned, nextAttemptAt, otherClient);
  }
}
