// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.cardatabridge.CarMessage;
import org.cardatabridge.mqtt.Publication;
import org.cardatabridge.mqtt.Topics;
import org.cardatabridge.settings.Settings;

/**
 * Requests by topic: the steps of {@code routes/rest-requests.camel.yaml}. Immutable and safe for
 * use by many threads.
 */
public final class RequestTopics {

  private static final String TOPIC = "cardata.api.requests.topic";
  private static final String WANTED = "cardata.api.requests.wanted";
  private static final String REQUEST = "/bridge/request/";
  private static final String RESPONSE = "/bridge/response/";
  private static final Pattern WORD = Pattern.compile("[a-z0-9-]{1,40}");

  /** What lets somebody log in: everybody at the broker could read it. */
  private static final Set<String> CODES =
      Set.of("userCode", "verificationUri", "verificationUriComplete");

  private final Topics topics;

  /** Below the base of these topics. */
  public RequestTopics(Topics topics) {
    this.topics = topics;
  }

  /**
   * What the route asks for in place of a setting: the topics, and whether to listen at all; null
   * for any other name.
   */
  public static String property(String name, Settings settings, Clock clock) {
    return switch (name) {
      case TOPIC -> new Topics(settings, clock).base() + REQUEST + "+";
      case WANTED ->
          Boolean.toString(
              isOn(settings, "cardata.api.requests")
                  && isOn(settings, "cardata.sink.mqtt.enabled"));
      default -> null;
    };
  }

  private static boolean isOn(Settings settings, String key) {
    return settings.find(key).filter("true"::equalsIgnoreCase).isPresent();
  }

  /** Whether the topic ends in something that can be an action, so that there is an answer. */
  public boolean isNamed(@ExchangeProperty(CarMessage.TOPIC) String topic) {
    return topic != null && WORD.matcher(action(topic)).matches();
  }

  private static String action(String topic) {
    return topic.substring(topic.lastIndexOf('/') + 1);
  }

  /** Reads a request; it came when its exchange was made. */
  public ActionRequest read(Exchange exchange) {
    return ActionRequest.read(
        action(exchange.getProperty(CarMessage.TOPIC, String.class)),
        Map.of(),
        exchange.getMessage().getBody(byte[].class),
        Instant.ofEpochMilli(exchange.getClock().getCreated()));
  }

  /** The answer, which nobody keeps; codes of a login are left out. */
  public Publication response(@Body ActionReply reply) {
    Map<String, Object> json = new LinkedHashMap<>(reply.json());
    if (json.get("data") instanceof Map<?, ?> data) {
      Map<Object, Object> open = new LinkedHashMap<>(data);
      if (open.keySet().removeAll(CODES)) {
        open.put("where", "the code is on the bridge's page and in its terminal");
      }
      json.put("data", open);
    }
    return Publication.of(
        topics.base() + RESPONSE + reply.action(), AnswerJson.write(json), 1, false);
  }
}
