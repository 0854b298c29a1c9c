// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Instant;
import java.util.Objects;

/**
 * Something that the plan wants to do, or leaves. Immutable.
 *
 * @param action what; never null
 * @param vin of which vehicle; null where it is not about one
 * @param car that vehicle's name for others; null where it is not about one
 * @param purpose which calls it may use; never null
 * @param rank what goes first when several are due: the lower one
 * @param at when, at the earliest; null where it is left
 * @param why in words, without a VIN; never null
 * @param waitsFor what delays it, in words; null where nothing does
 */
public record PlanStep(
    RestAction action,
    String vin,
    String car,
    Purpose purpose,
    int rank,
    Instant at,
    String why,
    String waitsFor) {

  /** Refuses a missing part by its name. */
  public PlanStep {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(purpose, "purpose");
    Objects.requireNonNull(why, "why");
  }

  boolean isDue(Instant now) {
    return at != null && !now.isBefore(at);
  }

  /** The same, not before a time, and why it has to wait; the later time wins. */
  PlanStep notBefore(Instant time, String reason) {
    return at == null || time == null || !time.isAfter(at)
        ? this
        : new PlanStep(action, vin, car, purpose, rank, time, why, reason);
  }

  /** The same as something that is left, and why. */
  PlanStep left(String reason) {
    return new PlanStep(action, vin, car, purpose, rank, null, reason, null);
  }

  RestRequest order(String account) {
    return RestRequest.of(account, action, vin, purpose);
  }

  /** The action and its time, never the VIN. */
  @Override
  public String toString() {
    return "PlanStep[" + action.word() + " at " + at + "]";
  }
}
