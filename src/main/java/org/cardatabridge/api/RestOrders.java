// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The first step of the routes {@code rest-<action>}: takes an order, also one that a route of a
 * user's own wrote as JSON. Immutable and safe for use by many threads.
 */
public final class RestOrders {

  private static final Set<String> OWN = Set.of("account", "vin", "purpose", "action");

  private final String firstAccount;

  /** Orders that name no account are for this one. */
  public RestOrders(String firstAccount) {
    this.firstAccount = firstAccount;
  }

  /**
   * The order that a body is: a {@link RestRequest} itself, or JSON such as {@code {"vin":"…"}}
   * with {@code account}, {@code purpose} and parameters where they are wanted. Without a purpose
   * it is daily business, which leaves the reserve alone.
   *
   * @param word the action's
   * @throws IllegalArgumentException for a body that is neither
   */
  public RestRequest of(Object body, String word) {
    RestAction action =
        RestAction.of(word).orElseThrow(() -> new IllegalArgumentException("no action " + word));
    if (body instanceof RestRequest order) {
      return order;
    }
    JsonNode json =
        body instanceof byte[] bytes
            ? AnswerJson.read(bytes)
            : body instanceof String text
                ? AnswerJson.read(text.getBytes(StandardCharsets.UTF_8))
                : null;
    if (json == null || !json.isObject()) {
      throw wrong(word, "the body is no order");
    }
    String vin = AnswerJson.text(json, "vin");
    if (action.isOfVehicle() && vin == null) {
      throw wrong(word, "the order names no vin");
    }
    Map<String, String> parameters = new TreeMap<>();
    json.properties()
        .forEach(
            e -> {
              if (!OWN.contains(e.getKey()) && e.getValue().isValueNode()) {
                parameters.put(e.getKey(), e.getValue().asText());
              }
            });
    String account = AnswerJson.text(json, "account");
    return new RestRequest(
        account == null ? firstAccount : account,
        action,
        action.isOfVehicle() ? vin : null,
        purpose(AnswerJson.text(json, "purpose"), word),
        parameters);
  }

  private static Purpose purpose(String word, String action) {
    if (word == null) {
      return Purpose.ROUTINE;
    }
    return Arrays.stream(Purpose.values())
        .filter(p -> p.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> wrong(action, "there is no such purpose"));
  }

  private static IllegalArgumentException wrong(String word, String cause) {
    return new IllegalArgumentException(
        "taking an order for direct:rest-"
            + word
            + ": "
            + cause
            + " — send a RestRequest, or JSON such as {\"account\":\"main\",\"vin\":\"WBY…\"}");
  }
}
