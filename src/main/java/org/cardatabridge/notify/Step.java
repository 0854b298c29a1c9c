// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.time.Duration;
import java.time.Instant;

/**
 * What follows from one look of a rule. Immutable; pure.
 *
 * @param after what to remember; null for nothing
 * @param says whether to say that the condition holds
 * @param ends whether something that was said is over
 */
record Step(Episode after, boolean says, boolean ends) {

  /**
   * A condition is said once, when it has held long enough, and unless it is old news.
   *
   * @param before what was remembered; null for nothing
   * @param after how long it has to hold
   * @param maxAge beyond this nothing is said, and nothing forgotten: fresh news says it
   */
  static Step of(Episode before, Finding finding, Duration after, Duration maxAge, Instant now) {
    if (finding instanceof Finding.Holds holds) {
      return holds(before, holds, after, maxAge, now);
    }
    if (finding instanceof Finding.Arms arms) {
      return before != null && before.isArmed()
          ? new Step(new Episode(before.since(), false, arms.mark()), false, false)
          : new Step(
              new Episode(arms.since(), false, arms.mark()),
              false,
              before != null && before.told());
    }
    if (finding instanceof Finding.Over) {
      return new Step(null, false, before != null && before.told());
    }
    return new Step(before, false, false);
  }

  private static Step holds(
      Episode before, Finding.Holds holds, Duration after, Duration maxAge, Instant now) {
    if (before == null && holds.afterArming()) {
      return new Step(null, false, false);
    }
    Episode episode = before;
    if (before == null || !before.mark().equals(holds.mark())) {
      // A car's clock can be ahead of ours.
      Instant since = holds.since().isAfter(now) ? now : holds.since();
      episode = new Episode(since, false, holds.mark());
    }
    Instant due = holds.atOnce() ? episode.since() : episode.since().plus(after);
    Instant news = holds.seen().isAfter(due) ? holds.seen() : due;
    boolean says = !episode.told() && !now.isBefore(due) && !now.isAfter(news.plus(maxAge));
    return new Step(says ? episode.asTold() : episode, says, false);
  }
}
