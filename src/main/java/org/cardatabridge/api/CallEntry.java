// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Duration;
import java.time.Instant;

/**
 * One call in the ledger, as the table {@code rest_calls} holds it. Immutable.
 *
 * @param id of the row
 * @param account whose quota it costs
 * @param at when its place was taken
 * @param purpose why, in the words of {@link Purpose}
 * @param method of the HTTP request
 * @param path VINs shortened, without parameters
 * @param counts false where it surely never reached BMW
 * @param status of the answer; 0 where none came; null where it is not known, as it is under way or
 *     the bridge was killed
 * @param errorId BMW's id of an error; null for none
 * @param error what went wrong, in a sentence; null for nothing
 * @param bytes of the answer; null where not known
 * @param millis how long it took; null where not known
 * @param blockedUntil until when BMW wants no call; null where it said nothing of that
 */
public record CallEntry(
    long id,
    String account,
    Instant at,
    String purpose,
    String method,
    String path,
    boolean counts,
    Integer status,
    String errorId,
    String error,
    Long bytes,
    Long millis,
    Instant blockedUntil) {

  /** One that is about to be made. */
  static CallEntry of(long id, RestCall call, Instant at) {
    return new CallEntry(
        id,
        call.account(),
        at,
        call.purpose().word(),
        call.method(),
        MaskedPath.of(call.path()),
        true,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** Whether it is known how it ended. */
  boolean isComplete() {
    return status != null;
  }

  /** The same with how it ended. */
  CallEntry ended(RestReply reply, boolean reached, Duration took, Instant blocked) {
    return new CallEntry(
        id,
        account,
        at,
        purpose,
        method,
        path,
        reached,
        reply.status(),
        reply.errorId(),
        reply.verdict().sentence(),
        (long) reply.body().length,
        Math.max(0, took.toMillis()),
        blocked);
  }

  /** The same, moved in time, its block with it. */
  CallEntry moved(Instant to) {
    Duration by = Duration.between(at, to);
    return new CallEntry(
        id,
        account,
        to,
        purpose,
        method,
        path,
        counts,
        status,
        errorId,
        error,
        bytes,
        millis,
        blockedUntil == null ? null : blockedUntil.plus(by));
  }
}
