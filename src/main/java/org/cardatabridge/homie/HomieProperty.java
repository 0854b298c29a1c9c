// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cardatabridge.CarEvent;

/**
 * One property of a device as its description names it. Immutable.
 *
 * @param node id of its node
 * @param id its own id
 * @param nodeName for people
 * @param name for people
 * @param datatype {@code boolean}, {@code float}, {@code string} or {@code json}
 * @param unit null where there is none
 */
record HomieProperty(
    String node, String id, String nodeName, String name, String datatype, String unit) {

  /** Has {@code --} in it, which the id of a part of a descriptor never has. */
  private static final String VEHICLE_NODE = "any--vehicle";

  private static final String LOCATION_NODE = "any--location";
  private static final String OTHER_NODE = "any--other";
  private static final String VEHICLE = "vehicle.";
  private static final String EMPTY_TEXT = "\0";
  private static final int PLAIN_DIGITS = 40;

  /** Characters of node and id; no car's descriptor comes near. */
  private static final int LONGEST = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A property and what an event says of it. */
  record Said(HomieProperty property, Object value) {

    /** As the convention writes it; empty where the value is not available now. */
    String payload(String datatype) {
      return text(value, datatype);
    }
  }

  /**
   * What a data point says: one property, of a position one for each of its parts; nothing where
   * its name is too long for a topic.
   */
  static List<Said> of(CarEvent event) {
    if (event.key().equals(CarEvent.LOCATION) && event.value() instanceof Map<?, ?> map) {
      return location(map);
    }
    String key = event.key();
    int dot = key.indexOf('.', VEHICLE.length());
    String node;
    String nodeName;
    String rest;
    if (!key.startsWith(VEHICLE)) {
      node = OTHER_NODE;
      nodeName = "Other";
      rest = key;
    } else if (dot < 0) {
      node = VEHICLE_NODE;
      nodeName = "Vehicle";
      rest = key.substring(VEHICLE.length());
    } else {
      String part = key.substring(VEHICLE.length(), dot);
      node = HomieId.of(part);
      nodeName = HomieId.words(part);
      rest = key.substring(dot + 1);
    }
    String id = HomieId.of(rest);
    if (node.length() + id.length() > LONGEST) {
      return List.of();
    }
    return List.of(
        new Said(
            new HomieProperty(
                node, id, nodeName, HomieId.words(rest), datatype(event.value()), event.unit()),
            event.value()));
  }

  private static List<Said> location(Map<?, ?> map) {
    List<Said> parts = new ArrayList<>();
    for (String part : List.of("latitude", "longitude", "altitude", "heading")) {
      if (map.get(part) instanceof Number number) {
        String unit = part.equals("altitude") ? "m" : "°";
        parts.add(
            new Said(
                new HomieProperty(
                    LOCATION_NODE, part, "Location", HomieId.words(part), "float", unit),
                number));
      }
    }
    return parts;
  }

  private static String datatype(Object value) {
    if (value instanceof Boolean) {
      return "boolean";
    }
    if (value instanceof Number) {
      return "float";
    }
    return value instanceof Map<?, ?> || value instanceof List<?> ? "json" : "string";
  }

  /** Its place below the device: {@code node/id}. */
  String path() {
    return node + "/" + id;
  }

  /** The same, able to hold what another says of it as well. */
  HomieProperty orAs(HomieProperty other) {
    String both = datatype.equals(other.datatype) ? datatype : "string";
    String units = other.unit == null ? unit : other.unit;
    return new HomieProperty(node, id, nodeName, name, both, units);
  }

  private static String text(Object value, String datatype) {
    if (value == null) {
      return "";
    }
    String text =
        value instanceof Number number
            ? number(number)
            : value instanceof Map<?, ?> || value instanceof List<?>
                ? json(value)
                : value.toString();
    if (!datatype.equals("string")) {
      return text;
    }
    // A text is no text of this convention with a byte order mark before it.
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return plain.isEmpty() ? EMPTY_TEXT : plain;
  }

  private static String number(Number number) {
    BigDecimal decimal = new BigDecimal(number.toString());
    BigDecimal plain = decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
    return Math.abs((long) plain.scale()) > PLAIN_DIGITS
        ? plain.toString().replace("+", "")
        : plain.toPlainString();
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("writing a value as JSON: " + e.getOriginalMessage(), e);
    }
  }
}
