// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.Objects;

/**
 * How one of the orders of a request ended. Immutable.
 *
 * @param order what was to be done
 * @param outcome what came of it
 */
public record ActionResult(RestRequest order, RestOutcome outcome) {

  /** Refuses a missing part by its name. */
  public ActionResult {
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(outcome, "outcome");
  }
}
