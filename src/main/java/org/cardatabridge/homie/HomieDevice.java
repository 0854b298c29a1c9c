// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.cardatabridge.CarEvent;

/** A car as a device: its properties and what it last said of each. Immutable. */
final class HomieDevice {

  private static final Duration FUTURE_LIMIT = Duration.ofHours(24);

  private record Value(Object value, Instant timestamp) {}

  private final String id;
  private final String vehicle;
  private final Instant named;
  private final Map<String, HomieProperty> properties;
  private final Map<String, Value> values;

  private HomieDevice(
      String id,
      String vehicle,
      Instant named,
      Map<String, HomieProperty> properties,
      Map<String, Value> values) {
    this.id = id;
    this.vehicle = vehicle;
    this.named = named;
    this.properties = properties;
    this.values = values;
  }

  /**
   * A car of which nothing is known yet.
   *
   * @param root id of the device that stands for the bridge
   * @param first an event of the car, which tells its name
   */
  static HomieDevice of(String root, CarEvent first) {
    return new HomieDevice(
        root + Homie.CHILD + HomieId.ofVehicle(first.vehicle()),
        first.vehicle(),
        first.received(),
        Map.of(),
        Map.of());
  }

  /** Its id. */
  String id() {
    return id;
  }

  /**
   * With an event of its car. Of two values with the same time the one that comes later wins; one
   * that lies more than 24 hours in the future is left out.
   *
   * @param root id of the device that stands for the bridge
   * @param news is told of each value that is the newest now, by the property's path
   */
  HomieDevice with(String root, CarEvent event, BiConsumer<String, Object> news) {
    boolean future = event.timestamp().isAfter(event.received().plus(FUTURE_LIMIT));
    boolean renamed = !event.vehicle().equals(vehicle) && !event.received().isBefore(named);
    Map<String, HomieProperty> allProperties = null;
    Map<String, Value> allValues = null;
    for (HomieProperty.Said said :
        future ? List.<HomieProperty.Said>of() : HomieProperty.of(event)) {
      String path = said.property().path();
      HomieProperty known = properties.get(path);
      Value before = values.get(path);
      boolean old = before != null && before.timestamp().isAfter(event.timestamp());
      if (old || known == null && said.value() == null) {
        continue;
      }
      HomieProperty wider =
          known == null
              ? said.property()
              : said.value() == null ? known : known.orAs(said.property());
      if (!wider.equals(known)) {
        allProperties = allProperties == null ? new TreeMap<>(properties) : allProperties;
        allProperties.put(path, wider);
      }
      allValues = allValues == null ? new LinkedHashMap<>(values) : allValues;
      allValues.put(path, new Value(said.value(), event.timestamp()));
      news.accept(path, said.value());
    }
    if (allValues == null && !renamed) {
      return this;
    }
    HomieDevice name = renamed ? of(root, event) : this;
    return new HomieDevice(
        name.id,
        name.vehicle,
        name.named,
        allProperties == null ? properties : Collections.unmodifiableMap(allProperties),
        allValues == null ? values : Collections.unmodifiableMap(allValues));
  }

  /** The payload of a value as its property's datatype has it; empty for not available now. */
  String payload(String path, Object value) {
    HomieProperty property = properties.get(path);
    return new HomieProperty.Said(property, value).payload(property.datatype());
  }

  /** Every property's payload by its path. */
  Map<String, String> payloads() {
    Map<String, String> all = new LinkedHashMap<>();
    values.forEach((path, value) -> all.put(path, payload(path, value.value())));
    return all;
  }

  /** Its description without the version. */
  ObjectNode description(String root) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("homie", Homie.VERSION).put("name", vehicle).put("root", root);
    ObjectNode nodes = json.putObject("nodes");
    for (HomieProperty property : properties.values()) {
      ObjectNode node = nodes.withObjectProperty(property.node());
      node.put("name", property.nodeName());
      ObjectNode one = node.withObjectProperty("properties").putObject(property.id());
      one.put("name", property.name()).put("datatype", property.datatype());
      if (property.unit() != null) {
        one.put("unit", property.unit());
      }
    }
    return json;
  }
}
