// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homie;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.cardatabridge.CarEvent;

/**
 * A car as a device: its properties and what it last said of each. A draft holds only what differs
 * from the device it is of, so that a failed exchange costs and leaves nothing. Not safe for use by
 * many threads.
 */
final class HomieDevice {

  /** More properties than that no car has; what comes after is left out. */
  static final int MOST_PROPERTIES = 2_048;

  private static final Duration FUTURE_LIMIT = Duration.ofHours(24);

  private record Value(Object value, Instant timestamp) {}

  private final HomieDevice base;
  private String id;
  private String vehicle;
  private Instant named;
  private final Map<String, HomieProperty> properties = new TreeMap<>();
  private final Map<String, Value> values = new LinkedHashMap<>();

  private HomieDevice(HomieDevice base, String id, String vehicle, Instant named) {
    this.base = base;
    this.id = id;
    this.vehicle = vehicle;
    this.named = named;
  }

  /**
   * A car of which nothing is known yet.
   *
   * @param root id of the device that stands for the bridge
   * @param first an event of the car, which tells its name
   */
  static HomieDevice of(String root, CarEvent first) {
    return new HomieDevice(null, id(root, first), first.vehicle(), first.received());
  }

  private static String id(String root, CarEvent event) {
    return root + Homie.CHILD + HomieId.ofVehicle(event.vehicle());
  }

  /** One that can be changed without changing this, which must not change meanwhile. */
  HomieDevice draft() {
    return new HomieDevice(this, id, vehicle, named);
  }

  /** Takes a draft's changes over into what it is a draft of, and returns that. */
  HomieDevice kept() {
    if (base == null) {
      return this;
    }
    base.id = id;
    base.vehicle = vehicle;
    base.named = named;
    base.properties.putAll(properties);
    base.values.putAll(values);
    return base;
  }

  /** Its id. */
  String id() {
    return id;
  }

  /** Whether its description says something else than that of what it is a draft of. */
  boolean isDescribedAnew() {
    return base == null || !properties.isEmpty() || !vehicle.equals(base.vehicle);
  }

  private HomieProperty property(String path) {
    HomieProperty own = properties.get(path);
    return own != null || base == null ? own : base.property(path);
  }

  private Value value(String path) {
    Value own = values.get(path);
    return own != null || base == null ? own : base.value(path);
  }

  private Map<String, HomieProperty> allProperties() {
    Map<String, HomieProperty> all = new TreeMap<>();
    if (base != null) {
      all.putAll(base.allProperties());
    }
    all.putAll(properties);
    return all;
  }

  /** Its properties' paths. */
  Set<String> paths() {
    return allProperties().keySet();
  }

  /**
   * Takes an event of its car. Of two values with the same time the one that comes later wins; one
   * that lies more than 24 hours in the future is left out.
   *
   * @param root id of the device that stands for the bridge
   * @param news is told of each value that is the newest now, by the property's path
   */
  void take(String root, CarEvent event, BiConsumer<String, Object> news) {
    if (!event.vehicle().equals(vehicle) && !event.received().isBefore(named)) {
      id = id(root, event);
      vehicle = event.vehicle();
      named = event.received();
    }
    for (HomieProperty.Said said : said(event)) {
      String path = said.property().path();
      Value before = value(path);
      boolean old = before != null && before.timestamp().isAfter(event.timestamp());
      if (!old && has(said)) {
        // What is of unknown age gives its place to whatever comes.
        Instant since = event.isOfUnknownAge() ? Instant.MIN : event.timestamp();
        values.put(path, new Value(said.value(), since));
        news.accept(path, said.value());
      }
    }
  }

  /** Has a property for an event that is still to come. */
  void foresee(CarEvent event) {
    said(event).forEach(this::has);
  }

  private static List<HomieProperty.Said> said(CarEvent event) {
    boolean future = event.timestamp().isAfter(event.received().plus(FUTURE_LIMIT));
    return future ? List.of() : HomieProperty.of(event);
  }

  /** Has a property that can hold the value; false where there is none to be. */
  private boolean has(HomieProperty.Said said) {
    String path = said.property().path();
    HomieProperty known = property(path);
    if (said.value() == null) {
      return known != null;
    }
    if (known == null) {
      int count = properties.size() + (base == null ? 0 : base.properties.size());
      if (count >= MOST_PROPERTIES) {
        return false;
      }
      properties.put(path, said.property());
      return true;
    }
    HomieProperty wider = known.orAs(said.property());
    if (!wider.equals(known)) {
      properties.put(path, wider);
    }
    return true;
  }

  /** The payload of a value as its property's datatype has it; empty for not available now. */
  String payload(String path, Object value) {
    HomieProperty property = property(path);
    return new HomieProperty.Said(property, value).payload(property.datatype());
  }

  /** The payload of every property that has a value, by its path. */
  Map<String, String> payloads() {
    Map<String, Value> latest = new LinkedHashMap<>();
    if (base != null) {
      latest.putAll(base.values);
    }
    latest.putAll(values);
    Map<String, String> all = new LinkedHashMap<>();
    latest.forEach((path, value) -> all.put(path, payload(path, value.value())));
    return all;
  }

  /** Its description without the version. */
  ObjectNode description(String root) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("homie", Homie.VERSION).put("name", vehicle).put("root", root);
    ObjectNode nodes = json.putObject("nodes");
    for (HomieProperty property : allProperties().values()) {
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
