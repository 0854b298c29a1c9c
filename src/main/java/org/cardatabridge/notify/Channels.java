// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.cardatabridge.journal.EventRefusedException;
import org.cardatabridge.journal.RetryAfter;
import org.cardatabridge.journal.TryLaterException;

/**
 * What {@code routes/notify-send.camel.yaml} asks of Java about each channel: its request, and what
 * its answer means. Nothing it throws names a secret. Immutable and safe for use by many threads.
 */
public final class Channels {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, Channel> byName;
  private final Clock clock;

  Channels(List<Channel> channels, Clock clock) {
    byName = channels.stream().collect(Collectors.toMap(Channel::name, Function.identity()));
    this.clock = clock;
  }

  /** Sends the message by the Telegram bot. */
  public void telegram(Exchange exchange) {
    write("telegram", exchange);
  }

  /** Sends the message to the ntfy topic. */
  public void ntfy(Exchange exchange) {
    write("ntfy", exchange);
  }

  /** Sends the message to the Gotify server. */
  public void gotify(Exchange exchange) {
    write("gotify", exchange);
  }

  /** Sends the message to the webhook. */
  public void webhook(Exchange exchange) {
    write("webhook", exchange);
  }

  /** Nothing but the settings says where the call goes to and what it carries. */
  private void write(String channel, Exchange exchange) {
    Message message = exchange.getMessage().getBody(Message.class);
    Request request = named(channel).request(message);
    org.apache.camel.Message out = exchange.getMessage();
    out.setHeader(Exchange.HTTP_URI, request.uri());
    out.setHeader(Exchange.HTTP_QUERY, request.query());
    out.setHeader(Exchange.CONTENT_TYPE, "application/json; charset=utf-8");
    request.headers().forEach(out::setHeader);
    out.setBody(request.body());
  }

  private Channel named(String name) {
    Channel channel = byName.get(name);
    if (channel == null) {
      throw new IllegalArgumentException("Sending a notification: " + name + " is not set up");
    }
    return channel;
  }

  /**
   * Returns where the channel took the message.
   *
   * @param status null where the server sent none
   * @param retryAfter the header; null where the server sent none
   * @param body null where the server sent none
   * @throws EventRefusedException where it will never take this message
   * @throws TryLaterException where it takes nothing for now, or its set-up is wrong
   * @throws IOException for other trouble
   */
  public void check(
      @ExchangeProperty(Outbox.MESSAGE) Message message,
      @Header(Exchange.HTTP_RESPONSE_CODE) Integer status,
      @Header("Retry-After") String retryAfter,
      @Body byte[] body)
      throws IOException {
    Channel channel = named(message.channel());
    int code = status == null ? 0 : status;
    JsonNode json = json(body);
    String answer = "Sending a notification: " + channel.name() + " answers " + code;
    if (code >= 200 && code < 300) {
      if (!channel.isOwn(json)) {
        throw new TryLaterException(
            answer + ", but with something else than its own words — " + channel.setUp());
      }
      return;
    }
    switch (code) {
      case 400, 413, 422 -> {
        if (channel.isAboutMessage(json)) {
          throw new EventRefusedException(answer + " for this message");
        }
        throw new TryLaterException(answer + " — " + channel.setUp());
      }
      case 408, 425, 429 -> throw later(answer, channel, json, retryAfter, null);
      // Something stands in for a server that is away; the cause keeps the pauses short.
      case 502, 503, 504 -> throw later(answer, channel, json, retryAfter, new IOException(answer));
      default -> {
        if (code >= 300 && code < 500) {
          throw new TryLaterException(answer + " — " + channel.setUp());
        }
        throw new IOException(answer);
      }
    }
  }

  private TryLaterException later(
      String answer, Channel channel, JsonNode json, String retryAfter, IOException away) {
    Duration asked = channel.pause(json);
    return new TryLaterException(
        answer + " — it is tried again",
        asked != null ? asked : RetryAfter.parse(retryAfter, clock.instant()),
        away);
  }

  private static JsonNode json(byte[] body) {
    try {
      return body == null || body.length == 0 ? MissingNode.getInstance() : MAPPER.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
