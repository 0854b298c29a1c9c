// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * One request to the simulated REST API. Immutable.
 *
 * @param at when it came
 * @param clientId client id of the account whose token it carried; empty where that is not known
 * @param place which endpoint; {@link Place#API} for a path that does not exist
 * @param method HTTP method
 * @param path with VIN or container id
 * @param query as it came; empty for none
 * @param status HTTP status of the answer, 0 where none was sent
 * @param outcome {@code ok}, the error id such as {@code CU-429}, or {@code fault:} and the fault's
 *     kind
 */
public record ApiRequest(
    Instant at,
    String clientId,
    Place place,
    String method,
    String path,
    String query,
    int status,
    String outcome) {

  /** The error id of the answer; empty where it had none. */
  public String errorId() {
    return outcome.startsWith("CU-") ? outcome : "";
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("at", at.toString())
        .put("clientId", clientId)
        .put("place", place.word())
        .put("method", method)
        .put("path", path)
        .put("query", query)
        .put("status", status)
        .put("errorId", errorId())
        .put("outcome", outcome);
  }
}
