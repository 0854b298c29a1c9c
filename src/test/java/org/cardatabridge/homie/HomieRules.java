// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.cardatabridge.mqtt.Publication;

/**
 * A controller that holds everything it hears against the Homie convention, version 5: what it says
 * of topics, states, descriptions and payloads.
 */
final class HomieRules {

  private static final Pattern ID = Pattern.compile("[a-z0-9-]+");
  private static final Pattern FLOAT = Pattern.compile("-?\\d+(\\.\\d+)?([eE]-?\\d+)?");
  private static final Pattern INTEGER = Pattern.compile("-?\\d+");
  private static final Set<String> STATES =
      Set.of("init", "ready", "disconnected", "sleeping", "lost");
  private static final Set<String> QUIET = Set.of("init", "disconnected", "lost");
  private static final Set<String> TYPES =
      Set.of(
          "integer", "float", "boolean", "string", "enum", "color", "datetime", "duration", "json");
  private static final Map<String, Boolean> DEVICE_FIELDS =
      Map.of(
          "homie",
          true,
          "version",
          true,
          "nodes",
          false,
          "name",
          false,
          "type",
          false,
          "children",
          false,
          "root",
          false,
          "parent",
          false,
          "extensions",
          false);
  private static final Set<String> NODE_FIELDS = Set.of("name", "type", "properties");
  private static final Set<String> PROPERTY_FIELDS =
      Set.of("name", "datatype", "format", "settable", "retained", "unit");

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, String> broker = new TreeMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private final List<String> faults = new ArrayList<>();

  /** What was against the convention, in words. */
  List<String> faults() {
    return faults;
  }

  /** What the broker retains now. */
  Map<String, String> broker() {
    return broker;
  }

  /** Hears one message. */
  void hear(Publication publication) {
    hear(
        publication.topic(),
        new String(publication.payload(), java.nio.charset.StandardCharsets.UTF_8),
        publication.retain());
  }

  /** Hears one message. */
  void hear(String topic, String payload, boolean retained) {
    check(retained, topic, "is not retained");
    String[] levels = topic.split("/", -1);
    check(levels.length >= 4 && levels[1].equals("5"), topic, "is no topic of the convention");
    if (levels.length < 4) {
      return;
    }
    check(ID.matcher(levels[0]).matches(), topic, "has a bad domain");
    check(ID.matcher(levels[2]).matches(), topic, "has a bad device id");
    String device = levels[2];
    if (levels.length == 4 && levels[3].equals("$state")) {
      check(payload.isEmpty() || STATES.contains(payload), topic, "is no state: " + payload);
      if (payload.equals("ready")) {
        checkReady(topic.substring(0, topic.length() - "/$state".length()), device);
      }
    } else if (levels.length == 4 && levels[3].equals("$description")) {
      describe(topic, device, payload);
    } else if (levels.length == 5) {
      check(ID.matcher(levels[3]).matches(), topic, "has a bad node id");
      check(ID.matcher(levels[4]).matches(), topic, "has a bad property id");
      value(topic, levels, payload);
    } else {
      faults.add(topic + " is no topic of the convention");
    }
    if (payload.isEmpty()) {
      broker.remove(topic);
    } else {
      broker.put(topic, payload);
    }
  }

  private void check(boolean holds, String topic, String why) {
    if (!holds) {
      faults.add(topic + " " + why);
    }
  }

  private String state(String topic) {
    String base = topic.replaceAll("^([^/]+/5/[^/]+)/.*$", "$1");
    return broker.getOrDefault(base + "/$state", "");
  }

  private void checkReady(String base, String device) {
    String description = broker.get(base + "/$description");
    check(description != null, base, "is ready without a description");
    if (description == null) {
      return;
    }
    JsonNode parsed = parse(base, description);
    String domain = base.substring(0, base.lastIndexOf('/') + 1);
    parsed
        .path("children")
        .forEach(
            child ->
                check(
                    broker.containsKey(domain + child.asText() + "/$state"),
                    base,
                    "names a child that is not there: " + child.asText()));
    if (parsed.has("root")) {
      check(!parsed.path("root").asText().equals(device), base, "is its own root");
    }
    // Every retained property of a ready device is described.
    for (String topic : new TreeSet<>(broker.keySet())) {
      if (topic.startsWith(base + "/") && !topic.contains("/$")) {
        String[] levels = topic.split("/");
        check(
            parsed.path("nodes").path(levels[3]).path("properties").has(levels[4]),
            topic,
            "is not described");
      }
    }
  }

  private JsonNode parse(String topic, String text) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      faults.add(topic + " is no JSON");
      return json.createObjectNode();
    }
  }

  private void describe(String topic, String device, String payload) {
    if (payload.isEmpty()) {
      check(state(topic).isEmpty(), topic, "is removed before its state");
      return;
    }
    JsonNode description = parse(topic, payload);
    check(description.isObject(), topic, "is no object");
    DEVICE_FIELDS.forEach(
        (field, required) -> check(!required || description.has(field), topic, "lacks " + field));
    description
        .fieldNames()
        .forEachRemaining(f -> check(DEVICE_FIELDS.containsKey(f), topic, "has a field " + f));
    check(description.path("homie").asText().matches("5\\.\\d+"), topic, "is of no version 5.x");
    check(description.path("version").isIntegralNumber(), topic, "has no whole version");
    if (!payload.equals(broker.get(topic))) {
      check(
          QUIET.contains(state(topic)),
          topic,
          "changes while the device is '" + state(topic) + "'");
      long version = description.path("version").asLong();
      check(version > versions.getOrDefault(topic, Long.MIN_VALUE), topic, "does not rise");
      versions.put(topic, version);
    }
    description
        .path("nodes")
        .properties()
        .forEach(node -> node(topic, node.getKey(), node.getValue()));
    description
        .path("children")
        .forEach(child -> check(ID.matcher(child.asText()).matches(), topic, "has a bad child id"));
    check(ID.matcher(device).matches(), topic, "has a bad device id");
  }

  private void node(String topic, String id, JsonNode node) {
    check(ID.matcher(id).matches(), topic, "has a bad node id " + id);
    node.fieldNames()
        .forEachRemaining(f -> check(NODE_FIELDS.contains(f), topic, "has a node's field " + f));
    node.path("properties")
        .properties()
        .forEach(
            property -> {
              JsonNode is = property.getValue();
              check(ID.matcher(property.getKey()).matches(), topic, "bad id " + property.getKey());
              is.fieldNames()
                  .forEachRemaining(
                      f ->
                          check(PROPERTY_FIELDS.contains(f), topic, "has a property's field " + f));
              check(TYPES.contains(is.path("datatype").asText()), topic, "has no datatype");
              check(!is.has("unit") || is.path("unit").isTextual(), topic, "has a null unit");
              check(!is.has("name") || is.path("name").isTextual(), topic, "has a null name");
            });
  }

  private void value(String topic, String[] levels, String payload) {
    if (payload.isEmpty()) {
      return; // an attribute that is removed
    }
    String base = String.join("/", levels[0], levels[1], levels[2]);
    JsonNode property =
        parse(topic, broker.getOrDefault(base + "/$description", "{}"))
            .path("nodes")
            .path(levels[3])
            .path("properties")
            .path(levels[4]);
    check(!payload.startsWith("\uFEFF"), topic, "begins with a byte order mark");
    boolean fits =
        switch (property.path("datatype").asText()) {
          case "boolean" -> payload.equals("true") || payload.equals("false");
          case "float" -> FLOAT.matcher(payload).matches();
          case "integer" -> INTEGER.matcher(payload).matches();
          case "json" -> {
            JsonNode value = parse(topic, payload);
            yield value.isObject() || value.isArray();
          }
          case "string" -> true;
          default -> false;
        };
    check(fits, topic, "does not fit its description " + property + ": " + payload);
  }
}
