// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * An HTTP answer before it is sent. Used on one thread.
 *
 * @param status HTTP status
 * @param body a {@link JsonObject}, a {@link JsonArray}, a PNG as {@link Buffer}, or null for none
 * @param outcome {@code ok}, or the word of the error, for the log
 */
record Reply(int status, Object body, String outcome) {

  static final String OK = "ok";

  /** What was asked for, with status 200. */
  static Reply ok(Object body) {
    return new Reply(200, body, OK);
  }

  /** Leaves fields of a JSON object out. */
  void omit(List<String> fields) {
    if (body instanceof JsonObject json) {
      fields.forEach(json::remove);
    }
  }

  /** Sends it unless the connection is gone. */
  void send(HttpServerResponse response) {
    if (response.closed()) {
      return;
    }
    response.setStatusCode(status).putHeader("Cache-Control", "no-store");
    if (body == null) {
      response.end();
    } else if (body instanceof Buffer bytes) {
      response.putHeader("Content-Type", "image/png").end(bytes);
    } else {
      response
          .putHeader("Content-Type", "application/json;charset=UTF-8")
          .end(body instanceof JsonArray list ? list.encode() : ((JsonObject) body).encode());
    }
  }
}
