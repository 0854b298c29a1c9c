// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Counts calls: those of the last 24 hours, among which those since BMW's reset at midnight (UTC)
 * always are, and the end of a block that BMW spoke. Immutable.
 */
final class QuotaCount {

  /** How long a call counts. */
  static final Duration WINDOW = Duration.ofHours(24);

  /** The least pause after BMW said that all calls are used up. */
  static final Duration LEAST_BLOCK = Duration.ofMinutes(15);

  /** How far beyond midnight a block may reach. */
  static final Duration BEYOND_MIDNIGHT = Duration.ofHours(1);

  private final QuotaRules rules;
  private final Instant now;
  private final List<Instant> givenBack;
  private final Instant blockedUntil;

  /**
   * Counts an account's entries.
   *
   * @param givenBack when a call no longer counts
   */
  QuotaCount(
      QuotaRules rules,
      Collection<CallEntry> entries,
      Function<CallEntry, Instant> givenBack,
      Instant now) {
    this.rules = rules;
    this.now = now;
    this.givenBack =
        entries.stream()
            .filter(CallEntry::counts)
            .map(givenBack)
            .filter(time -> time.isAfter(now))
            .sorted()
            .toList();
    this.blockedUntil =
        entries.stream()
            .map(CallEntry::blockedUntil)
            .filter(Objects::nonNull)
            .filter(time -> time.isAfter(now))
            .max(Instant::compareTo)
            .map(time -> earlier(time, nextMidnight(now).plus(BEYOND_MIDNIGHT)))
            .orElse(null);
  }

  /** Until when to make no call after BMW said now that all are used up. */
  static Instant blockedUntil(Instant now, Duration retryAfter) {
    Instant midnight = nextMidnight(now);
    Duration pause = retryAfter.compareTo(LEAST_BLOCK) > 0 ? retryAfter : LEAST_BLOCK;
    Instant until = now.plus(pause);
    return earlier(until.isAfter(midnight) ? until : midnight, midnight.plus(BEYOND_MIDNIGHT));
  }

  private static Instant nextMidnight(Instant now) {
    return now.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).plusDays(1).toInstant();
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** How the account stands. */
  Quota quota() {
    Instant next = givenBack.isEmpty() ? null : givenBack.get(0);
    Instant resets =
        blockedUntil != null && (next == null || next.isBefore(blockedUntil)) ? blockedUntil : next;
    return new Quota(rules.limit(), givenBack.size(), rules.reserve(), resets, blockedUntil);
  }

  /** Why no call may be made for this purpose; null where one may. */
  RestVerdict refusal(Purpose purpose) {
    int allowed = rules.allowed(purpose);
    if (rules.limit() == 0) {
      return no("cardata.api.daily-limit is 0 — raise it to allow calls", null);
    }
    if (blockedUntil != null) {
      return no(
          "BMW said that the day's calls are used up — the bridge asks again after "
              + blockedUntil
              + "; look for another program that uses the same account",
          blockedUntil);
    }
    if (givenBack.size() < allowed) {
      return null;
    }
    if (allowed == 0) {
      return no(
          "all "
              + rules.limit()
              + " calls are kept as reserve — set cardata.api.reserve below"
              + " cardata.api.daily-limit",
          null);
    }
    Instant next = givenBack.get(givenBack.size() - allowed);
    String all =
        givenBack.size() >= rules.limit()
            ? "all " + rules.limit() + " calls of 24 hours are used"
            : "what is left of the "
                + rules.limit()
                + " calls of 24 hours is kept as reserve (cardata.api.reserve)";
    return no(all + " — nothing to do, the next one is free at " + next, next);
  }

  private RestVerdict no(String why, Instant until) {
    return new RestVerdict(
        RestVerdict.Kind.QUOTA,
        "Asking BMW for account " + rules.account() + ": " + why,
        until == null ? Duration.ZERO : Duration.between(now, until));
  }
}
