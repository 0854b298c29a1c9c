// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.time.Instant;
import java.util.Map;

/** What a rule finds at one look. */
sealed interface Finding {

  /** Nothing can be said: what was remembered stays. */
  Finding UNSURE = new Unsure();

  /** The condition does not hold. */
  Finding OVER = new Over();

  /** Nothing can be said. */
  record Unsure() implements Finding {}

  /** The condition does not hold. */
  record Over() implements Finding {}

  /**
   * The condition can begin from now on; before this it is no news.
   *
   * @param mark {@link Episode#ARMED}, or this with a colon and what is to be known at the end
   */
  record Arms(Instant since, String mark) implements Finding {}

  /**
   * The condition holds.
   *
   * @param since when it began, by the clock of what told it
   * @param seen the newest of what tells it; where that is old, nothing is said
   * @param mark another mark than before is another episode; never null
   * @param afterArming whether it is news only after {@link Arms}
   * @param atOnce whether to say it without waiting
   * @param variant which sentence of the rule says it; empty for the plain one
   * @param words what the sentence names
   * @param validUntil from when the plain sentence is said in its place; null for never
   */
  record Holds(
      Instant since,
      Instant seen,
      String mark,
      boolean afterArming,
      boolean atOnce,
      String variant,
      Map<String, Object> words,
      Instant validUntil)
      implements Finding {

    public Holds {
      words = Map.copyOf(words);
    }

    /** Since then, as the newest value tells; in the plain sentence. */
    static Holds since(Instant since, Instant seen, Map<String, Object> words) {
      return new Holds(since, seen, "", false, false, "", words, null);
    }

    Holds marked(String mark) {
      return new Holds(since, seen, mark, afterArming, atOnce, variant, words, validUntil);
    }

    Holds onlyAfterArming() {
      return new Holds(since, seen, mark, true, atOnce, variant, words, validUntil);
    }

    Holds withoutWaiting() {
      return new Holds(since, seen, mark, afterArming, true, variant, words, validUntil);
    }

    /** From then on the plain sentence is said in its place. */
    Holds validUntil(Instant end) {
      return new Holds(since, seen, mark, afterArming, atOnce, variant, words, end);
    }

    /** Said by the sentence {@code <rule>.<variant>}. */
    Holds saidAs(String variant) {
      return new Holds(since, seen, mark, afterArming, atOnce, variant, words, validUntil);
    }
  }
}
