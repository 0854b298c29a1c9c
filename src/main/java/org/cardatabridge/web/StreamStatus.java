// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

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
 * @param messagesPerMinute messages a minute over the last five minutes
 * @param subscriptions the topic filters that BMW granted; null where there is no connection
 */
public record StreamStatus(
    String state,
    Instant since,
    Instant lastMessageAt,
    long messages,
    long reconnects,
    Reason lastReason,
    Instant nextAttemptAt,
    OtherClient otherClient,
    Double messagesPerMinute,
    List<Subscription> subscriptions) {

  /** The same without what is known of the moment only. */
  StreamStatus(
      String state,
      Instant since,
      Instant lastMessageAt,
      long messages,
      long reconnects,
      Reason lastReason,
      Instant nextAttemptAt,
      OtherClient otherClient) {
    this(
        state,
        since,
        lastMessageAt,
        messages,
        reconnects,
        lastReason,
        nextAttemptAt,
        otherClient,
        null,
        null);
  }

  /**
   * A topic filter that BMW granted. Immutable.
   *
   * @param filter with {@code …} in place of the account's GCID
   * @param qos 0, 1 or 2
   */
  public record Subscription(String filter, int qos) {}

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

  /** Without what is known of the moment only; {@code told} takes out what else must not leave. */
  StreamStatus withoutUrls(UnaryOperator<String> told) {
    Reason cleaned =
        lastReason == null
            ? null
            : new Reason(
                lastReason.code(), Urls.removed(told.apply(lastReason.text())), lastReason.at());
    return new StreamStatus(
        state, since, lastMessageAt, messages, reconnects, cleaned, nextAttemptAt, otherClient);
  }
}
