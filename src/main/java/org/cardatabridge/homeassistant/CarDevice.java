// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.cardatabridge.decode.Catalogue;
import org.cardatabridge.decode.Descriptor;
import org.cardatabridge.meaning.Brand;
import org.cardatabridge.meaning.ValuePart;
import org.cardatabridge.mqtt.Topics;

/**
 * A car as a device of Home Assistant, with an entity for each descriptor that was seen. Immutable
 * and safe for use by many threads.
 */
final class CarDevice {

  private static final int LAST_OF_THE_VIN = 7;

  private final EntityTable table;
  private final Catalogue catalogue;
  private final Topics topics;
  private final String prefix;
  private final String language;
  private final List<Map<String, Object>> bridgeIsThere;

  /**
   * Devices below a prefix.
   *
   * @param bridgeIsThere the entries of an availability that say whether the bridge runs
   */
  CarDevice(
      EntityTable table,
      Catalogue catalogue,
      Topics topics,
      String prefix,
      String language,
      List<Map<String, Object>> bridgeIsThere) {
    this.table = table;
    this.catalogue = catalogue;
    this.topics = topics;
    this.prefix = prefix;
    this.language = language;
    this.bridgeIsThere = bridgeIsThere;
  }

  /** The topic of a car's message; the same as long as the VIN is. */
  String topic(String vin) {
    return Discovery.topic(prefix, Ids.car(vin));
  }

  /** The message, with the descriptors that pass. */
  Discovery of(Car car, Predicate<String> passes) {
    Map<String, Map<String, Object>> components = new LinkedHashMap<>();
    Set<String> taken = namesOfBmw(car, passes);
    car.seen()
        .forEach(
            (text, sighting) -> {
              ValuePart part = ValuePart.of(text);
              Optional<String> topic =
                  passes.test(part.key())
                      ? topics.stateTopic(car.vehicle(), part.key())
                      : Optional.empty();
              topic.ifPresent(
                  state ->
                      table
                          .of(text, sighting.kind())
                          .forEach(
                              row -> {
                                Map<String, Object> entity =
                                    component(car, row, sighting, state, part);
                                if (!isOfBmw(text) && taken.contains(nameOf(row))) {
                                  tellApart(entity, row);
                                }
                                components.put(Ids.component(text, row.platform()), entity);
                              }));
            });
    return new Discovery(topic(car.vin()), device(car), components);
  }

  private static boolean isOfBmw(String key) {
    return key.startsWith("vehicle.");
  }

  /** What the entities of BMW's own descriptors are called, where another source tells as well. */
  private Set<String> namesOfBmw(Car car, Predicate<String> passes) {
    Set<String> names = new HashSet<>();
    car.seen()
        .forEach(
            (key, sighting) -> {
              if (isOfBmw(key) && passes.test(key)) {
                table.of(key, sighting.kind()).forEach(row -> names.add(nameOf(row)));
              }
            });
    return names;
  }

  private String nameOf(EntityRow row) {
    return row.platform().word() + "." + table.name(row, "en");
  }

  /** A car that two sources tell of has two mileages; one of them says whose it is. */
  private static void tellApart(Map<String, Object> entity, EntityRow row) {
    entity.computeIfPresent("name", (key, name) -> name + " (High Mobility)");
    entity.computeIfPresent("def_ent_id", (key, id) -> id + "_high_mobility");
  }

  private Map<String, Object> device(Car car) {
    String model = text(car, "modelName");
    String brand = brand(car);
    Map<String, Object> device = new LinkedHashMap<>();
    device.put("ids", List.of(Ids.car(car.vin())));
    device.put("name", name(car, brand, model));
    put(device, "mf", brand);
    put(device, "mdl", model != null ? model : text(car, "series"));
    put(device, "mdl_id", text(car, "modelKey"));
    put(device, "hw", text(car, "headUnit"));
    put(device, "sw", text(car, "puStep"));
    if (!car.hasAlias()) {
      device.put("sn", car.vin());
    }
    return device;
  }

  /**
   * As it was said, else by the VIN, else BMW's where BMW tells of it; null where none is known.
   */
  private static String brand(Car car) {
    return Optional.ofNullable(text(car, "brand"))
        .or(() -> Brand.ofVin(car.vin()))
        .orElse(car.isOfBmw() ? "BMW" : null);
  }

  private String name(Car car, String brand, String model) {
    if (car.hasAlias()) {
      return car.vehicle();
    }
    if (model == null) {
      String any = language.equals("de") ? "Auto" : "Car";
      return (brand == null ? any : brand) + " " + end(car.vin(), 4);
    }
    return brand == null || model.startsWith(brand) ? model : brand + " " + model;
  }

  private static String end(String text, int length) {
    return text.substring(Math.max(0, text.length() - length));
  }

  private static String text(Car car, String field) {
    return car.basicData().get(field);
  }

  private static void put(Map<String, Object> to, String key, Object value) {
    if (value != null) {
      to.put(key, value);
    }
  }

  private Map<String, Object> component(
      Car car, EntityRow row, Sighting seen, String topic, ValuePart part) {
    Map<String, Object> entity = new LinkedHashMap<>();
    entity.put("p", row.platform().word());
    entity.put("uniq_id", Ids.car(car.vin()) + "_" + Ids.component(row.key(), row.platform()));
    entity.put("name", table.name(row, language));
    entity.put("def_ent_id", entityId(car, row));
    if (row.platform() == Platform.IMAGE) {
      entity.put("image_topic", topics.imageTopic(car.vehicle()));
      entity.put("content_type", car.pictureType());
      entity.put("avty", bridgeIsThere);
    } else if (row.platform() == Platform.DEVICE_TRACKER) {
      entity.put("json_attr_t", topic);
      entity.put("src_type", "gps");
      entity.put("avty", bridgeIsThere);
    } else {
      entity.put("stat_t", topic);
      entity.put("json_attr_t", topic);
      List<Map<String, Object>> availability = new ArrayList<>(bridgeIsThere);
      Map<String, Object> hasValue = new LinkedHashMap<>();
      hasValue.put("t", topic);
      hasValue.put("val_tpl", Templates.HAS_VALUE);
      availability.add(hasValue);
      if (row.platform() == Platform.BINARY_SENSOR) {
        binary(entity, row, part);
      } else {
        sensor(entity, row, seen, part);
      }
      entity.put("json_attr_tpl", row.showsAll() ? Templates.EVERYTHING : Templates.TIMESTAMP);
      entity.put("avty", availability);
      entity.put("avty_mode", "all");
    }
    put(entity, "ic", row.icon());
    put(entity, "ent_cat", row.category());
    if (row.isDisabled()) {
      entity.put("en", false);
    }
    return entity;
  }

  /** In English whatever the language, so that a change of it leaves automations alone. */
  private String entityId(Car car, EntityRow row) {
    String device =
        car.hasAlias() ? car.vehicle() : maker(car) + " " + end(car.vin(), LAST_OF_THE_VIN);
    return row.platform().word() + "." + Ids.slug(device + " " + table.name(row, "en"));
  }

  /** Never changes for a car; a brand that it tells itself may come later than its first entity. */
  private static String maker(Car car) {
    return car.isOfBmw() ? "bmw" : Brand.ofVin(car.vin()).orElse("car");
  }

  private static void binary(Map<String, Object> entity, EntityRow row, ValuePart part) {
    List<String> on = row.on() != null ? row.on() : List.of("true");
    List<String> off = row.off() != null ? row.off() : List.of("false");
    entity.put(
        "val_tpl",
        row.value() != null ? row.value() : Templates.of(part, Templates.onOrOff(on, off)));
    put(entity, "dev_cla", row.deviceClass());
  }

  private void sensor(Map<String, Object> entity, EntityRow row, Sighting seen, ValuePart part) {
    if (row.options() != null) {
      entity.put(
          "val_tpl",
          row.value() != null ? row.value() : Templates.of(part, Templates.oneOf(row.options())));
      entity.put("dev_cla", "enum");
      entity.put("ops", row.options());
      return;
    }
    String unit = unit(row, seen);
    String deviceClass = row.deviceClass();
    String stateClass = row.shownState();
    boolean number = isNumber(row, seen);
    if (deviceClass != null
        && DeviceClasses.isNumeric(deviceClass)
        && !DeviceClasses.takesUnit(deviceClass, unit)) {
      // BMW's unit is a mistake, or one that Home Assistant does not know: a bare number then.
      deviceClass = null;
      unit = null;
    }
    if (!"°".equals(unit) && "measurement_angle".equals(stateClass)) {
      stateClass = "measurement";
    }
    entity.put(
        "val_tpl",
        row.value() != null ? row.value() : Templates.of(part, template(row, seen, number)));
    put(entity, "dev_cla", deviceClass);
    if (number) {
      put(entity, "stat_cla", stateClass);
      put(entity, "unit_of_meas", unit);
      put(entity, "sug_dsp_prc", row.precision());
    }
  }

  private boolean isNumber(EntityRow row, Sighting seen) {
    if (row.shownState() != null
        || row.unit() != null
        || row.deviceClass() != null && DeviceClasses.isNumeric(row.deviceClass())) {
      return true;
    }
    return row.deviceClass() == null
        && catalogue
            .find(row.key())
            .filter(d -> d.type() != Descriptor.Type.PLAIN)
            .map(Descriptor::isNumber)
            .orElse(seen.kind() == Sighting.Kind.NUMBER);
  }

  private String unit(EntityRow row, Sighting seen) {
    if (EntityRow.NONE.equals(row.unit())) {
      return null;
    }
    if (seen.unit() != null) {
      // BMW writes watts so.
      return seen.unit().equals("w") && "power".equals(row.deviceClass()) ? "W" : seen.unit();
    }
    return row.unit() != null
        ? row.unit()
        : catalogue.find(row.key()).map(Descriptor::unit).orElse(null);
  }

  private static String template(EntityRow row, Sighting seen, boolean number) {
    if (number) {
      return Templates.NUMBER;
    }
    if ("timestamp".equals(row.deviceClass())) {
      return Templates.TIME;
    }
    return row.showsAll() || seen.kind() == Sighting.Kind.STRUCTURE
        ? Templates.COUNT
        : Templates.TEXT;
  }
}
