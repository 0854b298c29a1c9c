// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.time.Instant;

/**
 * What a rule remembers of one car or account while its condition holds. Immutable.
 *
 * @param since when the condition began
 * @param told whether it was said; never again while it holds
 * @param mark what tells this episode from another one, in the rule's own words; never null
 */
record Episode(Instant since, boolean told, String mark) {

  /** Of an episode that has only been prepared: charging goes on, so its end will be news. */
  static final String ARMED = "armed";

  boolean isArmed() {
    return mark.equals(ARMED) || mark.startsWith(ARMED + ":");
  }

  Episode asTold() {
    return new Episode(since, true, mark);
  }
}
