// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;

/** The error ids of BMW's REST API, with the status that usually comes with each. */
enum ApiError {
  NO_TOKEN("CU-100", 401, "Authorization token is missing"),
  TOKEN_REFUSED("CU-101", 401, "Authentication failed"),
  TOKEN_EXPIRED("CU-102", 401, "Token expired"),
  SCOPE("CU-103", 403, "Token is not authorized for CarData"),
  VEHICLE("CU-104", 403, "No permission for the specified VIN"),
  CONTAINER("CU-105", 403, "No permission for the specified container"),
  VIN_FORM("CU-120", 400, "VIN is malformed"),
  CONTAINER_FORM("CU-121", 400, "Container id is malformed"),
  CONTAINER_DELETED("CU-122", 400, "Container is already set for deletion"),
  CONTAINERS_FULL("CU-124", 400, "Max containers reached"),
  PAGE_EXPIRED("CU-125", 400, "Page token expired"),
  NO_IMAGE("CU-126", 404, "No image found"),
  NO_SETTINGS("CU-127", 404, "No charging settings found"),
  BAD_REQUEST("CU-400", 400, "Bad request"),
  BAD_PARAMETER("CU-401", 400, "Bad parameter"),
  DESCRIPTOR("CU-402", 400, "Telematic key is invalid"),
  CONTAINER_REFUSED("CU-403", 403, "Forbidden"),
  QUOTA("CU-429", 403, "API rate limit reached"),
  SERVER("CU-500", 500, "Internal server error"),
  PARTNER("CU-503", 503, "Partner system is not available");

  private final String id;
  private final int status;
  private final String message;

  ApiError(String id, int status, String message) {
    this.id = id;
    this.status = status;
    this.message = message;
  }

  /** BMW's {@code exveErrorId}. */
  String id() {
    return id;
  }

  /** The answer with its usual status. */
  Reply reply() {
    return reply(status);
  }

  /** The answer with a status; reference and note are there for some ids only, as with BMW. */
  Reply reply(int otherStatus) {
    JsonObject body = new JsonObject().put("exveErrorId", id).put("exveErrorMsg", message);
    if (ordinal() % 2 == 0) {
      body.put("exveErrorRef", "sim-" + ordinal()).put("exveNote", "Simulated");
    }
    return new Reply(otherStatus, body, id);
  }

  /** The answer for an id, known or not, with its usual status where none (0) is given. */
  static Reply reply(String id, int otherStatus) {
    for (ApiError e : values()) {
      if (e.id.equals(id)) {
        return e.reply(otherStatus == 0 ? e.status : otherStatus);
      }
    }
    JsonObject body =
        new JsonObject().put("exveErrorId", id).put("exveErrorMsg", "As told by the script");
    return new Reply(otherStatus == 0 ? 400 : otherStatus, body, id);
  }
}
