// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * BMW's counting and the bridge's own, without network: both readings of BMW's reset, and a ledger
 * that takes a place before each call. Used by one thread.
 */
final class SimulatedBmw {

  /** When BMW counts anew. */
  enum Reset {
    ROLLING,
    MIDNIGHT
  }

  static final int LIMIT = 50;
  static final int RESERVE = 10;

  private static final Duration DAY = Duration.ofDays(1);

  private final Reset reset;
  private final List<Instant> places = new ArrayList<>();
  private final List<Instant> seen = new ArrayList<>();
  private Instant blockedUntil;
  private Instant saysNoUntil = Instant.MIN;

  SimulatedBmw(Reset reset) {
    this.reset = reset;
  }

  /** From now until then BMW answers CU-429 whatever the count, as when others use the account. */
  void refuseUntil(Instant until) {
    saysNoUntil = until;
  }

  /** The ledger as the plan sees it. */
  PlanFacts.Quota quota(Instant now) {
    List<Instant> counted = within(places, now);
    boolean isBlocked = blockedUntil != null && now.isBefore(blockedUntil);
    return new PlanFacts.Quota(
        LIMIT,
        counted.size(),
        RESERVE,
        counted.isEmpty() ? null : counted.get(0).plus(DAY),
        isBlocked ? blockedUntil : null);
  }

  private static List<Instant> within(List<Instant> times, Instant now) {
    return times.stream().filter(time -> time.plus(DAY).isAfter(now)).toList();
  }

  /** All calls that BMW saw. */
  List<Instant> seen() {
    return seen;
  }

  /** Null where a call may be made, which has its place from then on; else why not. */
  RestVerdict takePlace(Purpose purpose, Instant now) {
    PlanFacts.Quota quota = quota(now);
    int allowed = purpose.mayUseReserve() ? LIMIT : LIMIT - RESERVE;
    if (quota.blockedUntil() != null || quota.used() >= allowed) {
      return RestVerdict.of(RestVerdict.Kind.QUOTA, "the calls are used up");
    }
    places.add(now);
    return null;
  }

  /** The call itself: OK, or CU-429. */
  RestVerdict call(Instant now) {
    seen.add(now);
    long counted =
        reset == Reset.ROLLING
            ? within(seen, now).size()
            : seen.stream().filter(time -> day(time).equals(day(now))).count();
    if (counted > LIMIT || now.isBefore(saysNoUntil)) {
      blockedUntil = day(now).plus(DAY);
      return RestVerdict.of(RestVerdict.Kind.QUOTA, "CU-429");
    }
    return RestVerdict.OK;
  }

  private static Instant day(Instant time) {
    return time.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).toInstant();
  }
}
