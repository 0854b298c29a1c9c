// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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

  private final List<String> accounts;
  private final List<String> certificates;

  /** For these BMW accounts; orders that name none are for the first. */
  public RestOrders(List<String> accounts) {
    this(accounts, List.of());
  }

  /**
   * The same beside High Mobility.
   *
   * @param certificates the accounts that have no REST side
   */
  public RestOrders(List<String> accounts, List<String> certificates) {
    this.accounts = List.copyOf(accounts);
    this.certificates = List.copyOf(certificates);
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
    return new RestRequest(
        account(AnswerJson.text(json, "account"), word),
        action,
        action.isOfVehicle() ? vin : null,
        purpose(AnswerJson.text(json, "purpose"), word),
        parameters);
  }

  private String account(String named, String word) {
    if (named == null) {
      return accounts.stream()
          .findFirst()
          .orElseThrow(() -> wrong(word, "there is no BMW account, and only BMW has a REST side"));
    }
    if (certificates.contains(named)) {
      throw wrong(word, "its account is a certificate of High Mobility, which has no REST side");
    }
    return named;
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
