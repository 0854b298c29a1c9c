// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.cardatabridge.settings.BadSettingException;

/**
 * A topic of an ntfy server; as JSON to the server's root, as headers take no umlauts. Immutable.
 */
final class Ntfy implements Channel {

  private static final int NORMAL = 3;
  private static final int HIGH = 4;

  private final String root;
  private final String topic;
  private final Map<String, String> headers;

  /**
   * For a topic.
   *
   * @param url the server's, with the topic behind the last slash
   * @param token null where the topic needs none; a secret
   */
  Ntfy(String url, String token) {
    String plain = url.replaceFirst("[?#].*", "").replaceFirst("/+$", "");
    int at = plain.lastIndexOf('/');
    topic = plain.substring(at + 1);
    root = plain.substring(0, at + 1);
    if (root.endsWith("://") || !topic.matches("[-_A-Za-z0-9]{1,64}")) {
      throw new BadSettingException(
          NotifySettings.PREFIX
              + "ntfy.url: takes the address of a topic such as https://ntfy.sh/my-topic");
    }
    headers = token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
  }

  @Override
  public String name() {
    return "ntfy";
  }

  @Override
  public Request request(Message message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("topic", topic)
        .put("title", message.title())
        .put("message", message.text())
        .put("priority", message.urgent() ? HIGH : NORMAL)
        .putArray("tags")
        .add(message.urgent() ? "warning" : "car");
    if (message.link() != null) {
      json.put("click", message.link());
    }
    return Request.of(root, headers, json);
  }

  @Override
  public String setUp() {
    return "check cardata.sink.notify.ntfy.url and .token";
  }

  @Override
  public boolean isOwn(JsonNode answer) {
    return answer.hasNonNull("id");
  }

  @Override
  public String toString() {
    return "Ntfy";
  }
}
