// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The REST calls of one account that count: all that were answered otherwise than with the limit's
 * own error. Used on one thread.
 */
final class ApiQuota {

  private static final Duration DAY = Duration.ofDays(1);

  private final Deque<Instant> calls = new ArrayDeque<>();

  /** Counts a call; false, and not counted, where none is left. */
  boolean take(Instant now, ApiRules rules) {
    if (used(now, rules) >= rules.limit()) {
      return false;
    }
    calls.addLast(now);
    return true;
  }

  /** How many calls count now. */
  int used(Instant now, ApiRules rules) {
    Instant midnight = now.truncatedTo(ChronoUnit.DAYS);
    calls.removeIf(
        c ->
            rules.reset() == ApiRules.Reset.ROLLING
                ? !c.plus(DAY).isAfter(now)
                : c.isBefore(midnight));
    return calls.size();
  }

  /** Lets so many calls have been made just now, and no others. */
  void set(int used, Instant now) {
    calls.clear();
    for (int i = 0; i < used; i++) {
      calls.addLast(now);
    }
  }

  /** The count, the limit, and when the next call becomes free again. */
  JsonObject toJson(Instant now, ApiRules rules) {
    int used = used(now, rules);
    Instant free =
        rules.reset() == ApiRules.Reset.MIDNIGHT
            ? now.truncatedTo(ChronoUnit.DAYS).plus(DAY)
            : calls.isEmpty() ? now : calls.peekFirst().plus(DAY);
    return new JsonObject()
        .put("limit", rules.limit())
        .put("used", used)
        .put("resetsAt", free.toString());
  }
}
