// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cardatabridge.settings.Spelling;

/**
 * What a person or another program asked for, by topic, HTTP or command: the body that {@code
 * direct:rest-action} takes. Immutable.
 *
 * @param action a word, known or not; never null
 * @param account the account; null where none was named
 * @param vin a VIN or an alias; null where none was named
 * @param parameters {@code from}, {@code to}, {@code containerId} and {@code force}, as given
 * @param transaction goes back with the answer: a text, number or boolean; null without one
 * @param arrived when it came
 * @param problem why it cannot be carried out, in a sentence; null where nothing is wrong with it
 */
public record ActionRequest(
    String action,
    String account,
    String vin,
    Map<String, String> parameters,
    Object transaction,
    Instant arrived,
    String problem) {

  /** The most that a request may have, in bytes. */
  public static final int MOST_BYTES = 4096;

  private static final int LONGEST = 200;
  private static final String TRANSACTION = "transaction";
  private static final List<String> PARAMETERS = List.of("from", "to", Containers.ID, "force");
  private static final List<String> NAMES =
      Stream.concat(Stream.of("vin", "account", TRANSACTION), PARAMETERS.stream()).toList();
  private static final Pattern PLAIN = Pattern.compile("[^\\p{Cntrl}]{0,200}");

  /** Refuses a missing part by its name. */
  public ActionRequest {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(arrived, "arrived");
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads a payload, which nobody vouches for; never fails.
   *
   * @param given what was named beside the payload, say in a URL; it wins
   * @param payload nothing, a VIN or an alias, or a JSON object
   */
  public static ActionRequest read(
      String action, Map<String, String> given, byte[] payload, Instant arrived) {
    Map<String, String> values = new TreeMap<>();
    Object transaction = null;
    String problem = null;
    JsonNode json = null;
    String text = "";
    if (payload != null && payload.length > MOST_BYTES) {
      problem = "got " + payload.length + " bytes, takes " + MOST_BYTES + " at most";
    } else if (payload != null) {
      text = new String(payload, StandardCharsets.UTF_8).strip();
      json = text.startsWith("{") ? AnswerJson.read(payload) : null;
    }
    if (json != null && json.isObject()) {
      for (Map.Entry<String, JsonNode> field : json.properties()) {
        JsonNode value = field.getValue();
        if (value.isNull()) {
          continue;
        }
        if (!NAMES.contains(field.getKey())) {
          problem = unknown(field.getKey());
        } else if (!value.isValueNode() || value.asText().length() > LONGEST) {
          problem = field.getKey() + " takes a short text";
        } else if (field.getKey().equals(TRANSACTION)) {
          transaction = value.isNumber() || value.isBoolean() ? value : value.asText();
        } else {
          values.put(field.getKey(), value.asText().strip());
        }
      }
    } else if (text.startsWith("{")) {
      problem = "the payload is no JSON object";
    } else if (!text.isEmpty()) {
      values.put("vin", text.startsWith("\"") ? text.replace("\"", "") : text);
    }
    for (Map.Entry<String, String> one : given.entrySet()) {
      if (!NAMES.contains(one.getKey())) {
        problem = unknown(one.getKey());
      } else if (one.getKey().equals(TRANSACTION)) {
        transaction = one.getValue();
      } else {
        values.put(one.getKey(), one.getValue().strip());
      }
    }
    for (Map.Entry<String, String> one : values.entrySet()) {
      if (!PLAIN.matcher(one.getValue()).matches()) {
        problem = one.getKey() + " takes a short text";
      }
    }
    return of(action, values, transaction, arrived, problem);
  }

  /**
   * The request that a body is: one already, or JSON with the word as {@code action}, as a route of
   * a user's own may send it.
   */
  static ActionRequest of(Object body, Instant now) {
    if (body instanceof ActionRequest request) {
      return request;
    }
    byte[] bytes =
        body instanceof byte[] raw ? raw : String.valueOf(body).getBytes(StandardCharsets.UTF_8);
    JsonNode json = bytes.length > MOST_BYTES ? null : AnswerJson.read(bytes);
    String action = json instanceof ObjectNode object ? word(object.remove("action")) : "";
    return read(action, Map.of(), json == null ? bytes : AnswerJson.bytes(json), now);
  }

  private static String word(JsonNode node) {
    return node == null ? "" : node.asText("");
  }

  private static ActionRequest of(
      String action,
      Map<String, String> values,
      Object transaction,
      Instant arrived,
      String problem) {
    Map<String, String> parameters = new TreeMap<>(values);
    parameters.values().removeIf(String::isEmpty);
    String vin = parameters.remove("vin");
    String account = parameters.remove("account");
    boolean isBad = problem != null;
    return new ActionRequest(
        action,
        isBad ? null : account,
        isBad ? null : vin,
        isBad ? Map.of() : parameters,
        transaction,
        arrived,
        problem);
  }

  /** Whether the name is one that a request may have. */
  public static boolean takes(String name) {
    return NAMES.contains(name);
  }

  private static String unknown(String name) {
    String shown = name.length() > 40 || !PLAIN.matcher(name).matches() ? "a field" : name;
    return "got "
        + shown
        + Spelling.nearest(name, NAMES.stream()).map(n -> " (did you mean " + n + "?)").orElse("")
        + ", takes "
        + String.join(", ", NAMES);
  }

  /** Names the action only. */
  @Override
  public String toString() {
    return "ActionRequest[" + action + "]";
  }
}
