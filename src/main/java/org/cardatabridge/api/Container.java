// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A container as BMW describes it. Immutable.
 *
 * @param id never null
 * @param name what it is called; empty where BMW does not say
 * @param purpose what it is for; empty where BMW does not say
 * @param isActive whether it can be asked for
 * @param created when, as BMW writes it; null where it does not say
 * @param descriptors what it asks for; null where BMW does not say, as in a list
 */
public record Container(
    String id,
    String name,
    String purpose,
    boolean isActive,
    String created,
    List<String> descriptors) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int LONGEST = 200;
  private static final int MOST_LISTED = 1000;

  /** Whether a text can be the id of a container, and so a part of a path. */
  public static boolean isId(String text) {
    return text != null && ID.matcher(text).matches();
  }

  /** The containers of an answer to the list; empty where it cannot be read. */
  static Optional<List<Container>> list(byte[] json) {
    JsonNode tree = tree(json);
    JsonNode items = tree.isArray() ? tree : tree.path("containers");
    if (!items.isArray()) {
      return Optional.empty();
    }
    List<Container> all = new ArrayList<>();
    for (JsonNode item : items) {
      of(item).filter(container -> all.size() < MOST_LISTED).ifPresent(all::add);
    }
    return Optional.of(List.copyOf(all));
  }

  /** The container of an answer about one; empty where it cannot be read. */
  static Optional<Container> one(byte[] json) {
    return of(tree(json));
  }

  private static JsonNode tree(byte[] json) {
    try {
      JsonNode tree = JSON.readTree(json);
      return tree == null ? JSON.missingNode() : tree;
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }

  private static Optional<Container> of(JsonNode item) {
    String id = text(item, "containerId");
    if (!isId(id)) {
      return Optional.empty();
    }
    JsonNode keys = item.path("technicalDescriptors");
    List<String> descriptors = keys.isArray() ? new ArrayList<>() : null;
    if (descriptors != null) {
      keys.forEach(key -> descriptors.add(key.asText()));
    }
    String state = text(item, "state");
    String created = text(item, "created");
    return Optional.of(
        new Container(
            id,
            text(item, "name"),
            text(item, "purpose"),
            state.isEmpty() || state.equalsIgnoreCase("ACTIVE"),
            created.isEmpty() ? null : created,
            descriptors == null ? null : List.copyOf(descriptors)));
  }

  private static String text(JsonNode item, String name) {
    String text = item.path(name).isValueNode() ? item.path(name).asText("") : "";
    return item.path(name).isNull() ? "" : text.substring(0, Math.min(LONGEST, text.length()));
  }

  /** Its id. */
  @Override
  public String toString() {
    return "Container[" + id + "]";
  }
}
