// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.cardatabridge.decode.MessageTopic;

/**
 * Takes out of a message what BMW, or High Mobility, calls the account: the values of the fields
 * that name it, and wherever else the same stands. Immutable.
 */
final class AccountIds {

  private static final Set<String> FIELDS =
      Set.of(
          "entityid",
          "gcid",
          "sub",
          "vehicleidwithgcid",
          "application_id",
          "applicationid",
          "app_id",
          "client_id");

  /** Hidden where they stand, and nowhere else: they name a message, and may be any number. */
  private static final Set<String> MESSAGE_FIELDS = Set.of("message_id", "messageid");

  private static final String HIDDEN = "…";

  /** Shorter ones would blot out ordinary text; their fields are hidden all the same. */
  private static final int SHORTEST = 4;

  private final Set<String> ids;

  private AccountIds(Set<String> ids) {
    this.ids = Set.copyOf(ids);
  }

  /**
   * Those that are known, that a topic names and that a message names.
   *
   * @param message null where it is no JSON
   */
  static AccountIds of(Set<String> known, String topic, JsonNode message) {
    Set<String> all = new HashSet<>(known);
    if (MessageTopic.isOfHighMobility(topic)) {
      String application = MessageTopic.application(topic);
      all.addAll(application == null ? Set.of() : Set.of(application));
    } else if (topic.indexOf('/') > 0) {
      all.add(topic.substring(0, topic.indexOf('/')));
    }
    if (message != null) {
      collect(message, all);
    }
    all.removeIf(id -> id.length() < SHORTEST);
    return new AccountIds(all);
  }

  private static void collect(JsonNode node, Set<String> to) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field -> {
                if (isId(field.getKey()) && field.getValue().isValueNode()) {
                  to.add(field.getValue().asText());
                }
              });
    }
    node.forEach(child -> collect(child, to));
  }

  private static boolean isId(String field) {
    return FIELDS.contains(field.toLowerCase(Locale.ROOT));
  }

  private static boolean isHidden(String field) {
    return isId(field) || MESSAGE_FIELDS.contains(field.toLowerCase(Locale.ROOT));
  }

  String removedFrom(String text) {
    String rest = text;
    for (String id : ids) {
      rest = rest.replace(id, HIDDEN);
    }
    return rest;
  }

  JsonNode removedFrom(JsonNode node) {
    if (node.isTextual()) {
      return TextNode.valueOf(removedFrom(node.textValue()));
    }
    if (node.isNumber() && ids.contains(node.asText())) {
      return TextNode.valueOf(HIDDEN);
    }
    if (node.isArray()) {
      ArrayNode rest = ((ArrayNode) node).arrayNode(node.size());
      node.forEach(item -> rest.add(removedFrom(item)));
      return rest;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode rest = ((ObjectNode) node).objectNode();
    node.properties()
        .forEach(
            field ->
                rest.set(
                    removedFrom(field.getKey()),
                    isHidden(field.getKey()) && !field.getValue().isNull()
                        ? TextNode.valueOf(HIDDEN)
                        : removedFrom(field.getValue())));
    return rest;
  }
}
