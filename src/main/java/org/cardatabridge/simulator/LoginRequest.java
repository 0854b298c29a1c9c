// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * One request to the simulated login. Immutable.
 *
 * @param at when it came
 * @param place which endpoint and grant
 * @param clientId the client id it named; empty where it named none
 * @param status HTTP status of the answer, 0 where none was sent
 * @param outcome {@code ok}, the error's word, or {@code fault:} and the fault's kind
 */
public record LoginRequest(Instant at, Place place, String clientId, int status, String outcome) {

  JsonObject toJson() {
    return new JsonObject()
        .put("at", at.toString())
        .put("place", place.word())
        .put("clientId", clientId)
        .put("status", status)
        .put("outcome", outcome);
  }
}
