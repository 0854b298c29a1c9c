// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import java.time.Instant;
import java.util.List;

/**
 * The {@code plan} part of an account's status: what is fetched from BMW's REST side, when and why.
 * Immutable.
 *
 * @param waits why nothing is fetched for the time being; null where the plan goes on
 * @param next what comes, what is due first in front
 * @param left what is not fetched by itself, and why
 */
public record PlanStatus(String waits, List<Step> next, List<Step> left) {

  /** Copies the lists. */
  public PlanStatus {
    next = List.copyOf(next);
    left = List.copyOf(left);
  }

  /**
   * One thing to fetch, or to leave. Immutable.
   *
   * @param action as in {@code direct:rest-<action>}
   * @param vehicle its alias or its VIN's last characters; null where it is about no vehicle
   * @param at when, at the earliest; null where it is left
   * @param why in words
   * @param waitsFor what delays it, in words; null where nothing does
   */
  public record Step(String action, String vehicle, Instant at, String why, String waitsFor) {}

  PlanStatus withoutUrls() {
    return new PlanStatus(waits == null ? null : Urls.removed(waits), cleaned(next), cleaned(left));
  }

  private static List<Step> cleaned(List<Step> steps) {
    return steps.stream()
        .map(
            s ->
                new Step(
                    s.action(),
                    s.vehicle(),
                    s.at(),
                    Urls.removed(s.why()),
                    s.waitsFor() == null ? null : Urls.removed(s.waitsFor())))
        .toList();
  }
}
