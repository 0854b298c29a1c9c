// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.cardatabridge.Vin;
import org.cardatabridge.decode.MessageTopic;
import org.cardatabridge.journal.RecentErrors;

/**
 * Something that went wrong, as {@code /api/errors} tells it. Immutable.
 *
 * @param at when
 * @param kind {@code unparsed}, {@code set-aside}, {@code stream} or {@code rest}
 * @param sink the sink whose target refused something; null where it was none
 * @param vin the VIN; shortened to {@code …} and its last four characters where no more is known;
 *     null where it is about no vehicle
 * @param key the descriptor; null where it is about none
 * @param text what, in words
 */
record RecentError(Instant at, String kind, String sink, String vin, String key, String text) {

  static final Comparator<RecentError> NEWEST_FIRST =
      Comparator.comparing(RecentError::at).reversed();

  /** What memory knows: messages and points, and the last calls of BMW's REST side. */
  static List<RecentError> newestFirst(RecentErrors journal, List<AccountStatus> accounts) {
    List<RecentError> all = new ArrayList<>();
    journal.newestFirst().forEach(entry -> all.add(of(entry)));
    for (AccountStatus account : accounts) {
      if (account.calls() != null) {
        account.calls().stream()
            .filter(call -> call.error() != null)
            .map(RecentError::of)
            .forEach(all::add);
      }
    }
    all.sort(NEWEST_FIRST);
    return all;
  }

  static RecentError of(RecentErrors.Entry entry) {
    String vin = Optional.ofNullable(entry.vin()).orElseGet(() -> MessageTopic.vin(entry.topic()));
    String kind = entry.kind() == RecentErrors.Kind.UNPARSED ? "unparsed" : "set-aside";
    return new RecentError(entry.at(), kind, entry.sink(), vin, entry.key(), entry.text());
  }

  private static RecentError of(CallStatus call) {
    return new RecentError(
        call.at(), "rest", null, MessageTopic.vin(call.path()), null, call.error());
  }

  /** Whether it is about this vehicle. */
  boolean isAbout(String vehicle) {
    return vehicle.equals(vin) || Vin.masked(vehicle).equals(vin);
  }

  /** Names no vehicle. */
  @Override
  public String toString() {
    return "RecentError[" + kind + " at " + at + ": " + text + "]";
  }
}
