// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * A notice that not every channel has yet. Immutable.
 *
 * @param notice the notice
 * @param owed the channels that are still to get it
 * @param taken whether one has it
 * @param alone whether it goes in a message of its own, as one with others was refused
 */
record Pending(Notice notice, Set<String> owed, boolean taken, boolean alone) {

  Pending {
    owed = Set.copyOf(owed);
  }

  Pending takenBy(String channel) {
    return new Pending(notice, without(channel), true, alone);
  }

  Pending refusedBy(String channel) {
    return new Pending(notice, without(channel), taken, alone);
  }

  Pending onlyFor(Set<String> channels) {
    Set<String> left = new TreeSet<>(owed);
    left.retainAll(channels);
    return new Pending(notice, left, taken, alone);
  }

  Pending asSingle() {
    return new Pending(notice, owed, taken, true);
  }

  /** With the notice as it is to be said now. */
  Pending at(Instant now) {
    return new Pending(notice.at(now), owed, taken, alone);
  }

  private Set<String> without(String channel) {
    Set<String> left = new TreeSet<>(owed);
    left.remove(channel);
    return left;
  }
}
