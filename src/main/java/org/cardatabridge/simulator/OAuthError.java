// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;

/** The errors of BMW's two OAuth endpoints, with the status that its swagger gives them. */
enum OAuthError {
  AUTHORIZATION_PENDING(403, "The user has not yet completed authorization"),
  SLOW_DOWN(400, "The polling interval has not elapsed since the last request"),
  EXPIRED_TOKEN(401, "The code is expired"),
  ACCESS_DENIED(403, "The user denied the request, or the client is not subscribed"),
  INVALID_CLIENT(401, "Client authentication failed"),
  INVALID_GRANT(400, "The provided authorization grant is invalid, expired or revoked"),
  INVALID_REQUEST(
      400,
      "The request is missing a required parameter, includes an unsupported parameter value, "
          + "repeats a parameter, or is otherwise malformed"),
  INVALID_TOKEN(400, "The token is invalid"),
  UNAUTHORIZED_CLIENT(400, "The client is not authorized to use this grant type"),
  UNSUPPORTED_GRANT_TYPE(400, "The grant type is not supported"),
  INVALID_SCOPE(400, "The requested scope is unknown");

  private final int status;
  private final String description;

  OAuthError(int status, String description) {
    this.status = status;
    this.description = description;
  }

  /** The word in the body's {@code error}. */
  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The answer, with the swagger's status unless another one is given. */
  Answer answer(int otherStatus) {
    return new Answer(
        otherStatus == 0 ? status : otherStatus,
        new JsonObject().put("error", word()).put("error_description", description));
  }

  /** The status that BMW's swagger gives an error; 400 for a word it does not know. */
  static Answer answer(String word, int otherStatus) {
    for (OAuthError e : values()) {
      if (e.word().equals(word)) {
        return e.answer(otherStatus);
      }
    }
    return new Answer(
        otherStatus == 0 ? 400 : otherStatus,
        new JsonObject().put("error", word).put("error_description", "As told by the script"));
  }
}
