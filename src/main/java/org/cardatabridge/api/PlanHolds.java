// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import static org.cardatabridge.api.RestAction.BASIC_DATA;
import static org.cardatabridge.api.RestAction.CREATE_CONTAINER;
import static org.cardatabridge.api.RestAction.TELEMATIC_DATA;

import java.time.Instant;

/**
 * What keeps a step of the plan waiting: a start just now, a failure, the quota. Looks at facts and
 * notes and changes neither. Made for one look, used by one thread.
 */
final class PlanHolds {

  /** The rank of a call for a silent car, which leaves more calls to others. */
  static final int POLL = 6;

  private final PlanFacts facts;
  private final PlanSettings settings;
  private final PlanMemory memory;
  private final PlanWatch watch;
  private final Instant now;

  PlanHolds(
      PlanFacts facts, PlanSettings settings, PlanMemory memory, PlanWatch watch, Instant now) {
    this.facts = facts;
    this.settings = settings;
    this.memory = memory;
    this.watch = watch;
    this.now = now;
  }

  /** Calls of a day that polls leave for the rest. */
  int business() {
    return 1 + 3 * facts.cars().size();
  }

  /** The step, with what it has to wait for. */
  PlanStep hold(PlanStep step) {
    if (settings.scheduled().contains(step.action())) {
      return step.left("has a time of its own: cardata.api." + step.action().word() + ".cron");
    }
    PlanStep held = afterTries(step.notBefore(watch.chanceAt(), "the stream has its chance first"));
    if (step.action() == TELEMATIC_DATA && !memory.hasContainer()) {
      // A time would be a guess: it comes right after the container.
      return held.left("there is no container yet: create-container comes first");
    }
    return affordable(held);
  }

  /** The step, with what it has to wait for because of what became of it before. */
  PlanStep afterTries(PlanStep step) {
    PlanStep held = step;
    Instant none = memory.none(step.action(), step.vin());
    if (none != null) {
      held = held.notBefore(none.plus(RestPlan.WEEK), "BMW has nothing of this for the car");
    }
    held = after(held, loginHolds(memory.attempt(step.action(), step.vin())));
    if (step.vin() != null) {
      held = foreign(held, memory.attempt(BASIC_DATA, step.vin()));
      held = foreign(held, memory.attempt(TELEMATIC_DATA, step.vin()));
    }
    return held;
  }

  /** After a new login it is worth another try; after a restart nobody knows, so sooner. */
  private Attempt loginHolds(Attempt attempt) {
    boolean isToken = attempt != null && attempt.kind() == RestVerdict.Kind.TOKEN;
    if (attempt == null || !isToken && attempt.kind() != RestVerdict.Kind.LOGIN) {
      return attempt;
    }
    Instant confirmed = facts.login().confirmedAt();
    boolean isNewLogin = confirmed != null && confirmed.isAfter(attempt.at());
    boolean isOfAnotherRun =
        !isToken
            && attempt.at().isBefore(watch.startedAt())
            && !now.isBefore(attempt.at().plus(RestPlan.LATER_ON));
    return isNewLogin || isOfAnotherRun ? null : attempt;
  }

  private static PlanStep after(PlanStep step, Attempt attempt) {
    return attempt == null ? step : step.notBefore(attempt.notBefore(), attempt.reason());
  }

  /** A car that BMW does not show us at all is left in peace. */
  private static PlanStep foreign(PlanStep step, Attempt attempt) {
    return attempt != null && attempt.kind() == RestVerdict.Kind.VEHICLE
        ? after(step, attempt)
        : step;
  }

  private PlanStep affordable(PlanStep step) {
    PlanFacts.Quota quota = facts.quota();
    PlanStep held = step.notBefore(quota.blockedUntil(), "BMW says that the calls are used up");
    boolean isPoll = step.action() == TELEMATIC_DATA && step.rank() == POLL;
    int needed = (step.action() == CREATE_CONTAINER ? 2 : 1) + (isPoll ? business() : 0);
    if (quota.leftFor(step.purpose()) >= needed) {
      return held;
    }
    if (quota.limit() - quota.reserve() < needed) {
      return held.left("too few calls a day: cardata.api.daily-limit is " + quota.limit());
    }
    Instant free = quota.nextFreeAt();
    Instant at = free == null || !free.isAfter(now) ? now.plusSeconds(60) : free;
    String why =
        quota.used()
            + " of "
            + quota.limit()
            + " calls are used, and "
            + quota.reserve()
            + " are kept in reserve";
    return held.notBefore(at, why);
  }
}
