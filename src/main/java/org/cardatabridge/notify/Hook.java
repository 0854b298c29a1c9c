// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * A web address of the user's own. Immutable.
 *
 * @param url perhaps with a query; a secret
 */
record Hook(String url) implements Channel {

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public Request request(Message message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("title", message.title())
        .put("message", message.text())
        .put("urgent", message.urgent());
    for (Notice notice : message.notices()) {
      ObjectNode one = json.withArray("notices").addObject();
      one.put("rule", notice.rule())
          .put("about", notice.about())
          .put("text", notice.text())
          .put("urgent", notice.urgent())
          .put("at", notice.at().toString());
      if (notice.link() != null) {
        one.put("link", notice.link());
      }
    }
    return Request.of(url, Map.of(), json);
  }

  @Override
  public String setUp() {
    return "check cardata.sink.notify.webhook.url";
  }

  @Override
  public String toString() {
    return "Hook";
  }
}
