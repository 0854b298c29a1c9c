// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.stream;

import java.time.Instant;

/**
 * The session of one account as the status page shows it. Immutable; null where there is no value
 * yet.
 *
 * @param state the state; an orderly cycle still shows the state before it for up to 5 s
 * @param since since when it is in this state; null before the first start
 * @param lastMessageAt when the last stream message came; null when none came yet
 * @param messages how many messages came since the process started
 * @param reconnects how often a lost session was won back; orderly cycles do not count
 * @param lastReason why the last connection ended or was refused; null when that never happened
 * @param nextAttemptAt when the next attempt is due; null where none is scheduled
 * @param otherClient that another client seems to take the session away; null when it never did
 */
public record StreamSnapshot(
    StreamState state,
    Instant since,
    Instant lastMessageAt,
    long messages,
    long reconnects,
    StreamReason lastReason,
    Instant nextAttemptAt,
    OtherClient otherClient) {

  /**
   * Another client that uses the account.
   *
   * @param sure whether the server said so; otherwise sessions were closed shortly without a reason
   * @param at when it took the session last
   */
  public record OtherClient(boolean sure, Instant at) {}
}
