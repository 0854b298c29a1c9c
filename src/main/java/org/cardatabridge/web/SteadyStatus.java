// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * A status without what moves with each message: two that are equal tell a person the same.
 * Stateless.
 */
final class SteadyStatus {

  /** Of these only counts whether they are there. */
  private static final Set<String> MOVING =
      Set.of(
          "lastMessageAt",
          "lastEventAt",
          "messagesPerMinute",
          "messages",
          "events",
          "bytes",
          "oldest",
          "duplicates",
          "delivered",
          "lag");

  private SteadyStatus() {}

  static JsonNode of(JsonNode status) {
    if (status.isArray()) {
      ArrayNode all = ((ArrayNode) status).arrayNode(status.size());
      status.forEach(item -> all.add(of(item)));
      return all;
    }
    if (!status.isObject()) {
      return status;
    }
    ObjectNode all = ((ObjectNode) status).objectNode();
    status
        .properties()
        .forEach(
            field -> {
              boolean isMoving = MOVING.contains(field.getKey()) && field.getValue().isValueNode();
              all.set(field.getKey(), isMoving ? BooleanNode.TRUE : of(field.getValue()));
            });
    return all;
  }
}
