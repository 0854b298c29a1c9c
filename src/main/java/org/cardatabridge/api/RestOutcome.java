// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.util.Objects;

/**
 * How a {@link RestRequest} ended: the body that comes out of {@code direct:rest-<action>}.
 *
 * @param verdict of the last call that it took; never null
 * @param data what to tell whoever asked, as maps, lists and plain values that become JSON; null
 *     where there is nothing to tell. The results themselves are events by then
 */
public record RestOutcome(RestVerdict verdict, Object data) {

  /** Refuses a missing verdict. */
  public RestOutcome {
    Objects.requireNonNull(verdict, "verdict");
  }

  /** Whether it was done. */
  public boolean isOk() {
    return verdict.kind() == RestVerdict.Kind.OK;
  }

  /** The verdict's kind; never the data. */
  @Override
  public String toString() {
    return "RestOutcome[" + verdict.kind() + "]";
  }
}
