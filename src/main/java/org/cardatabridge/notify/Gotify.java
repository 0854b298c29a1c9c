// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * An application of a Gotify server. Immutable.
 *
 * @param url the server's
 * @param token of the application; a secret
 */
record Gotify(String url, String token) implements Channel {

  private static final int NORMAL = 5;
  private static final int HIGH = 8;

  @Override
  public String name() {
    return "gotify";
  }

  @Override
  public Request request(Message message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("title", message.title())
        .put("message", message.text())
        .put("priority", message.urgent() ? HIGH : NORMAL);
    ObjectNode extras = json.putObject("extras");
    if (message.link() != null) {
      extras.putObject("client::notification").putObject("click").put("url", message.link());
    }
    return Request.of(
        url.replaceFirst("/+$", "") + "/message", Map.of("X-Gotify-Key", token), json);
  }

  @Override
  public String setUp() {
    return "check cardata.sink.notify.gotify.url and .token";
  }

  @Override
  public boolean isOwn(JsonNode answer) {
    return answer.hasNonNull("id");
  }

  @Override
  public String toString() {
    return "Gotify";
  }
}
