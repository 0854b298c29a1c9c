// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What Home Assistant refuses, strips or complains of in a device's discovery message, as rules of
 * its own beside the program's: facts of version 2026.9. Holds unique ids over all messages it saw.
 */
final class DiscoveryRules {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern TOPIC =
      Pattern.compile("homeassistant/device/[a-zA-Z0-9_-]+/config");

  private static final Map<String, String> SHORT =
      pairs(
          "avty=availability avty_mode=availability_mode cmps=components dev=device o=origin"
              + " p=platform uniq_id=unique_id stat_t=state_topic val_tpl=value_template"
              + " json_attr_t=json_attributes_topic json_attr_tpl=json_attributes_template"
              + " dev_cla=device_class stat_cla=state_class unit_of_meas=unit_of_measurement"
              + " sug_dsp_prc=suggested_display_precision ops=options ent_cat=entity_category"
              + " ic=icon en=enabled_by_default def_ent_id=default_entity_id pl_on=payload_on"
              + " pl_off=payload_off src_type=source_type t=topic");
  private static final Map<String, String> SHORT_DEVICE =
      pairs(
          "ids=identifiers cns=connections mf=manufacturer mdl=model mdl_id=model_id hw=hw_version"
              + " sw=sw_version sn=serial_number sa=suggested_area cu=configuration_url");
  private static final Map<String, String> SHORT_ORIGIN = pairs("sw=sw_version url=support_url");

  private static final Set<String> TOP =
      words(
          "availability availability_mode availability_template availability_topic"
              + " payload_available payload_not_available command_topic components device encoding"
              + " message_expiry_interval origin qos state_topic");
  private static final Set<String> DEVICE =
      words(
          "configuration_url connections hw_version identifiers manufacturer model model_id name"
              + " serial_number suggested_area sw_version via_device");
  private static final Set<String> ORIGIN = words("name support_url sw_version");
  private static final Set<String> COMMON =
      words(
          "platform unique_id name icon entity_category enabled_by_default default_entity_id"
              + " json_attributes_topic json_attributes_template availability availability_mode");
  private static final Map<String, Set<String>> OWN =
      Map.of(
          "sensor",
          words(
              "state_topic value_template device_class state_class unit_of_measurement options"
                  + " suggested_display_precision"),
          "binary_sensor",
          words("state_topic value_template device_class payload_on payload_off"),
          "device_tracker",
          words("state_topic value_template source_type"),
          "image",
          words("image_topic image_encoding url_topic url_template content_type"));
  private static final Set<String> BINARY =
      words(
          "battery battery_charging carbon_monoxide cold connectivity door garage_door gas heat"
              + " light lock moisture motion moving occupancy opening plug power presence problem"
              + " running safety smoke sound tamper update vibration window");

  /** Device class of a sensor: its units, and the state classes it may have. */
  private record SensorClass(Set<String> units, Set<String> states) {}

  private static final Set<String> ANY_STATE =
      words("measurement measurement_angle total total_increasing");
  private static final Set<String> MEASUREMENT = Set.of("measurement");
  private static final Set<String> TOTALS = words("total total_increasing");
  private static final Map<String, SensorClass> SENSOR = sensorClasses();

  private final List<String> faults = new ArrayList<>();
  private final Map<String, String> uniqueIds = new HashMap<>();
  private final Set<String> entityIds = new HashSet<>();

  private static Map<String, SensorClass> sensorClasses() {
    Set<String> energy = words("cal Gcal GJ GWh J kcal kJ kWh Mcal MJ MWh mWh TWh Wh");
    Set<String> volume = words("CCF ft³ gal L MCF mL m³");
    Map<String, SensorClass> all = new HashMap<>();
    all.put("battery", new SensorClass(Set.of("%"), MEASUREMENT));
    all.put("current", new SensorClass(words("A mA μA"), MEASUREMENT));
    all.put("distance", new SensorClass(words("cm ft in km m mi mm nmi yd"), ANY_STATE));
    all.put("duration", new SensorClass(words("d h min ms s μs"), ANY_STATE));
    all.put("energy", new SensorClass(energy, TOTALS));
    all.put("energy_storage", new SensorClass(energy, MEASUREMENT));
    all.put(
        "energy_distance", new SensorClass(words("km/kWh kWh/100km mi/kWh Wh/km"), MEASUREMENT));
    all.put("power", new SensorClass(words("GW kW MW mW TW W"), MEASUREMENT));
    all.put(
        "pressure",
        new SensorClass(words("bar cbar hPa inHg inH₂O kPa mbar mmHg mPa Pa psi"), MEASUREMENT));
    all.put("speed", new SensorClass(words("km/h mph m/s kn ft/s"), MEASUREMENT));
    all.put("temperature", new SensorClass(words("K °C °F"), MEASUREMENT));
    all.put("voltage", new SensorClass(words("kV MV mV V μV"), MEASUREMENT));
    all.put("volume", new SensorClass(volume, TOTALS));
    all.put("volume_storage", new SensorClass(volume, MEASUREMENT));
    for (String words : List.of("date", "enum", "timestamp")) {
      all.put(words, new SensorClass(Set.of(), Set.of()));
    }
    return all;
  }

  private static Set<String> words(String text) {
    return Set.of(text.split(" "));
  }

  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new HashMap<>();
    for (String pair : text.split(" ")) {
      pairs.put(pair.split("=")[0], pair.split("=")[1]);
    }
    return pairs;
  }

  /** Everything that is wrong with what was checked so far. */
  List<String> faults() {
    return faults;
  }

  /** Checks one message. */
  DiscoveryRules check(String topic, String payload) {
    if (!TOPIC.matcher(topic).matches()) {
      fault(topic, "no discovery topic");
    }
    if (payload.isEmpty()) {
      return this;
    }
    try {
      JsonNode message = JSON.readTree(payload);
      Map<String, JsonNode> top = named(message, SHORT);
      require(top, topic, "device", "origin", "components");
      only(top.keySet(), TOP, topic);
      device(top.get("device"), topic);
      origin(top.get("origin"), topic);
      availability(top, topic);
      top.get("components").properties().forEach(c -> component(c.getKey(), c.getValue(), top));
    } catch (IOException e) {
      fault(topic, "no JSON: " + e.getMessage());
    }
    return this;
  }

  private void fault(String where, String what) {
    faults.add(where + ": " + what);
  }

  private Map<String, JsonNode> named(JsonNode node, Map<String, String> names) {
    Map<String, JsonNode> all = new TreeMap<>();
    node.properties()
        .forEach(f -> all.put(names.getOrDefault(f.getKey(), f.getKey()), f.getValue()));
    return all;
  }

  private void require(Map<String, JsonNode> in, String where, String... keys) {
    for (String key : keys) {
      if (!in.containsKey(key) || in.get(key).isTextual() && in.get(key).asText().isEmpty()) {
        fault(where, key + " is missing");
      }
    }
  }

  private void only(Set<String> keys, Set<String> known, String where) {
    keys.stream().filter(k -> !known.contains(k)).forEach(k -> fault(where, k + " is unknown"));
  }

  private void device(JsonNode node, String where) {
    Map<String, JsonNode> device = named(node, SHORT_DEVICE);
    only(device.keySet(), DEVICE, where + " dev");
    if (!device.containsKey("identifiers") || device.get("identifiers").isEmpty()) {
      fault(where, "a device without identifiers");
    }
    device.forEach(
        (key, value) -> {
          if (!key.equals("identifiers") && !value.isTextual()) {
            fault(where, "dev." + key + " is no text");
          }
        });
  }

  private void origin(JsonNode node, String where) {
    Map<String, JsonNode> origin = named(node, SHORT_ORIGIN);
    only(origin.keySet(), ORIGIN, where + " o");
    require(origin, where + " o", "name");
  }

  private void availability(Map<String, JsonNode> in, String where) {
    if (!Set.of("all", "any", "latest")
        .contains(in.getOrDefault("availability_mode", JSON.valueToTree("all")).asText())) {
      fault(where, "availability_mode");
    }
    JsonNode entries = in.get("availability");
    if (entries != null) {
      for (JsonNode entry : entries) {
        Map<String, JsonNode> one = named(entry, SHORT);
        only(
            one.keySet(),
            Set.of("topic", "payload_available", "payload_not_available", "value_template"),
            where);
        require(one, where, "topic");
        if (one.containsKey("topic")) {
          topic("availability topic", one.get("topic").asText(), where);
        }
      }
    }
  }

  private void component(String id, JsonNode node, Map<String, JsonNode> top) {
    Map<String, JsonNode> c = named(node, SHORT);
    String platform = c.containsKey("platform") ? c.get("platform").asText() : "";
    if (!OWN.containsKey(platform)) {
      fault(id, "platform " + platform);
      return;
    }
    if (!id.matches("[a-zA-Z0-9_-]+")) {
      fault(id, "an id with other characters");
    }
    if (c.size() == 1) {
      return; // takes the component away
    }
    require(c, id, "unique_id");
    String unique = platform + " " + c.get("unique_id").asText();
    if (uniqueIds.putIfAbsent(unique, id) != null) {
      fault(id, "its unique id is taken");
    }
    Set<String> known = new HashSet<>(COMMON);
    known.addAll(OWN.get(platform));
    only(c.keySet(), known, id);
    availability(c, id);
    c.forEach((key, value) -> field(id, key, value));
    if (c.containsKey("default_entity_id")) {
      String entity = c.get("default_entity_id").asText();
      if (!entity.matches(platform + "\\.[a-z0-9_]+")) {
        fault(id, "default_entity_id " + entity);
      }
      if (!entityIds.add(entity)) {
        fault(id, "default_entity_id " + entity + " is taken");
      }
    }
    switch (platform) {
      case "sensor" -> sensor(id, c);
      case "binary_sensor" -> {
        require(c, id, "state_topic");
        if (c.containsKey("device_class") && !BINARY.contains(c.get("device_class").asText())) {
          fault(id, "device class " + c.get("device_class"));
        }
      }
      case "image" -> {
        if (c.containsKey("image_topic") == c.containsKey("url_topic")) {
          fault(id, "a picture takes image_topic or url_topic");
        }
      }
      default -> {
        if (!c.containsKey("state_topic") && !c.containsKey("json_attributes_topic")) {
          fault(id, "a tracker without a topic");
        }
      }
    }
    if (top.isEmpty()) {
      fault(id, "no message");
    }
  }

  private void field(String id, String key, JsonNode value) {
    if (key.endsWith("_topic")) {
      topic(key, value.asText(), id);
    }
    if (key.endsWith("_template") && !isBalanced(value.asText())) {
      fault(id, key + " is not balanced");
    }
    switch (key) {
      case "enabled_by_default" -> expect(value.isBoolean(), id, key);
      case "suggested_display_precision" -> expect(value.isInt() && value.asInt() >= 0, id, key);
      case "icon" -> expect(value.asText().matches("mdi:[a-z0-9-]+"), id, key + " " + value);
      // `config` is refused for both kinds of sensors.
      case "entity_category" -> expect(value.asText().equals("diagnostic"), id, key);
      default -> {
        // nothing to see
      }
    }
  }

  private void expect(boolean right, String where, String what) {
    if (!right) {
      fault(where, what);
    }
  }

  private void topic(String key, String topic, String where) {
    if (topic.isEmpty() || topic.indexOf('\0') >= 0 || topic.contains("+") || topic.contains("#")) {
      fault(where, key + " is no topic: " + topic);
    }
  }

  private static boolean isBalanced(String template) {
    return template.split("\\{\\{", -1).length == template.split("}}", -1).length
        && template.split("\\{%", -1).length == template.split("%}", -1).length;
  }

  private void sensor(String id, Map<String, JsonNode> c) {
    require(c, id, "state_topic");
    String unit = text(c, "unit_of_measurement");
    String state = text(c, "state_class");
    String name = text(c, "device_class");
    SensorClass is = name == null ? null : SENSOR.get(name);
    if (name != null && is == null) {
      fault(id, "device class " + name);
      return;
    }
    if (state != null && !ANY_STATE.contains(state)) {
      fault(id, "state class " + state);
    }
    if ("measurement_angle".equals(state) && !"°".equals(unit)) {
      fault(id, "measurement_angle without °");
    }
    if (c.containsKey("options")) {
      expect(c.get("options").size() > 0, id, "no options");
      expect("enum".equals(name), id, "options without enum");
      expect(state == null && unit == null, id, "options beside a unit or a state class");
    }
    if (unit != null && unit.indexOf('\u00b5') >= 0) {
      fault(id, "the other micro sign");
    }
    if (is != null) {
      expect(
          is.units().isEmpty() ? unit == null : is.units().contains(String.valueOf(unit)),
          id,
          "unit " + unit + " of " + name);
      expect(
          state == null || is.states().contains(state), id, "state class " + state + " of " + name);
    }
  }

  private static String text(Map<String, JsonNode> in, String key) {
    return in.containsKey(key) ? in.get(key).asText() : null;
  }
}
