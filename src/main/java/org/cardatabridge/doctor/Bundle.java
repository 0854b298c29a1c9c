// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A zip file that can be shown to others. Not thread-safe. */
public final class Bundle {

  /** Fields that help nobody, and let somebody log in or find a car. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "userCode", "verificationUri", "verificationUriComplete", "alias", "containerId", "id");

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, String> files = new TreeMap<>();
  private final Cloak cloak;

  /** With everything that goes in behind this cloak. */
  public Bundle(Cloak cloak) {
    this.cloak = cloak;
  }

  /** Adds a file of JSON: texts go behind the cloak, fields with codes and ids are left out. */
  public Bundle json(String name, Object value) throws JsonProcessingException {
    return tree(name, json.valueToTree(value), LEFT_OUT);
  }

  /** The same, with fields called {@code id}: names of checks and of routes. */
  public Bundle named(String name, Object value) throws JsonProcessingException {
    return tree(name, json.valueToTree(value), Set.of());
  }

  /** Adds JSON that is a text already. */
  public Bundle jsonText(String name, String text) throws JsonProcessingException {
    return tree(name, json.readTree(text), LEFT_OUT);
  }

  private Bundle tree(String name, JsonNode tree, Set<String> leftOut)
      throws JsonProcessingException {
    files.put(
        name, json.writerWithDefaultPrettyPrinter().writeValueAsString(cloaked(tree, leftOut)));
    return this;
  }

  /** Adds lines of text, of which nobody knows what is in them. */
  public Bundle text(String name, String text) {
    files.put(name, cloak.apply(text));
    return this;
  }

  /** Adds measurements of the program itself. */
  public Bundle numbers(String name, String text) {
    files.put(name, cloak.withNumbers(text));
    return this;
  }

  private JsonNode cloaked(JsonNode node, Set<String> leftOut) {
    if (node.isObject()) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      node.properties().stream()
          .filter(field -> !leftOut.contains(field.getKey()))
          .forEach(
              field -> copy.set(cloak.apply(field.getKey()), cloaked(field.getValue(), leftOut)));
      return copy;
    }
    if (node.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      node.forEach(each -> copy.add(cloaked(each, leftOut)));
      return copy;
    }
    if (!node.isTextual() || isTime(node.asText())) {
      return node;
    }
    return TextNode.valueOf(cloak.apply(node.asText()));
  }

  private static boolean isTime(String text) {
    try {
      return text.endsWith("Z") && text.length() < 40 && Instant.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /**
   * The zip file.
   *
   * @throws IOException never in memory, as its writer has it
   */
  public byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
