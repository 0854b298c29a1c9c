// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;

/** An HTTP answer with a JSON body, before a fault changes it. */
record Answer(int status, JsonObject body) {

  /** The body's {@code error}, or {@code ok}. */
  String outcome() {
    return body.getString("error", Reply.OK);
  }

  /** The same, ready to be sent. */
  Reply reply() {
    return new Reply(status, body, outcome());
  }
}
