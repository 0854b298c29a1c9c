// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Telegram bot. Its token stands in the address, so that is never shown. Immutable.
 *
 * @param url of the Bot API
 * @param token of the bot; a secret
 * @param chat a number, or the name of a channel with its {@code @}
 */
record Telegram(String url, String token, String chat) implements Channel {

  private static final long LONGEST_PAUSE_SECONDS = 3600;

  @Override
  public String name() {
    return "telegram";
  }

  @Override
  public Request request(Message message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (chat.matches("-?\\d{1,18}")) {
      json.put("chat_id", Long.parseLong(chat));
    } else {
      json.put("chat_id", chat);
    }
    json.put("text", "<b>" + escaped(message.title()) + "</b>\n" + escaped(message.text()))
        .put("parse_mode", "HTML")
        .put("disable_notification", false)
        .putObject("link_preview_options")
        .put("is_disabled", true);
    return Request.of(url + "/bot" + token + "/sendMessage", Map.of(), json);
  }

  /** The three characters that its HTML knows; all others stand for themselves. */
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public String setUp() {
    return "check cardata.sink.notify.telegram.token and .chat-id, and begin a chat with the bot";
  }

  @Override
  public boolean isOwn(JsonNode answer) {
    return answer.path("ok").asBoolean();
  }

  /** It answers 400 for an unknown chat too. */
  @Override
  public boolean isAboutMessage(JsonNode answer) {
    String why = answer.path("description").asText().toLowerCase(Locale.ROOT);
    return Stream.of("entities", "too long", "text is empty", "must be encoded")
        .anyMatch(why::contains);
  }

  @Override
  public Duration pause(JsonNode answer) {
    long seconds = answer.path("parameters").path("retry_after").asLong(0);
    return seconds <= 0 ? null : Duration.ofSeconds(Math.min(seconds, LONGEST_PAUSE_SECONDS));
  }

  @Override
  public String toString() {
    return "Telegram";
  }
}
