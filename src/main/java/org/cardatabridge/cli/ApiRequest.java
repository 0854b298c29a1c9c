// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.cli;

import java.util.Map;

/**
 * What {@code bridge api} was asked for. Immutable.
 *
 * @param action a word that is known
 * @param given what was named beside it
 * @param json whether the answer is for a program
 */
public record ApiRequest(String action, Map<String, String> given, boolean json) {

  /** Copies the map. */
  public ApiRequest {
    given = Map.copyOf(given);
  }

  /** Names the action only. */
  @Override
  public String toString() {
    return "ApiRequest[" + action + (json ? ", json]" : "]");
  }
}
