// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.CarEvent;

/**
 * A car and the descriptors it was heard to have a value for. Not safe for use by many threads: the
 * one who holds it sees to that.
 */
final class Car {

  /** The descriptor with the car's model, series and so on. */
  static final String BASIC_DATA = "vehicle.vehicleIdentification.basicVehicleData";

  /** The descriptor that tells of the car's picture. */
  static final String PICTURE = "image.info";

  private static final List<String> DEVICE_FIELDS =
      List.of("brand", "modelName", "series", "modelKey", "headUnit", "puStep");

  private static final int MOST_DESCRIPTORS = 2_048;

  private final String vin;
  private final Map<String, Sighting> seen = new TreeMap<>();
  private String account;
  private String vehicle;
  private String pictureType = "image/png";
  private Map<String, String> basicData = Map.of();
  private Instant basicDataAt = Instant.MIN;

  /** A car of which nothing was seen. */
  Car(String vin, String account, String vehicle) {
    this.vin = vin;
    this.account = account;
    this.vehicle = vehicle;
  }

  String vin() {
    return vin;
  }

  String account() {
    return account;
  }

  /** Its name in topics: the alias, or the VIN. */
  String vehicle() {
    return vehicle;
  }

  boolean hasAlias() {
    return !vehicle.equals(vin);
  }

  /** What was seen, by descriptor and in their order. */
  Map<String, Sighting> seen() {
    return seen;
  }

  /** What the newest basic data say of the device, by BMW's names; empty where none came. */
  Map<String, String> basicData() {
    return basicData;
  }

  /** The content type of its picture, as told last; BMW sends PNG. */
  String pictureType() {
    return pictureType;
  }

  /** Notes basic data of an earlier process. */
  void remember(Map<?, ?> data) {
    basicData = texts(data);
  }

  /** Notes a descriptor that an earlier process saw. */
  void remember(String key, Sighting sighting) {
    seen.putIfAbsent(key, sighting);
  }

  /** Gives it another name; true where it had another one. */
  boolean rename(String name) {
    boolean changed = !vehicle.equals(name);
    vehicle = name;
    return changed;
  }

  /** Takes a data point; true where Home Assistant has to be told. */
  boolean see(CarEvent event) {
    boolean changed = false;
    account = event.account();
    if (event.value() == null || event.key().equals(CarEvent.LOCATION) && !isPosition(event)) {
      return changed;
    }
    if (event.key().equals(BASIC_DATA)
        && event.value() instanceof Map<?, ?> data
        && !event.timestamp().isBefore(basicDataAt)) {
      Map<String, String> texts = texts(data);
      changed = !texts.equals(basicData);
      basicData = texts;
      basicDataAt = event.timestamp();
    }
    if (event.key().equals(PICTURE)
        && event.value() instanceof Map<?, ?> about
        && about.get("type") instanceof String type) {
      changed |= !type.equals(pictureType);
      pictureType = type;
    }
    Sighting before = seen.get(event.key());
    if (before == null && seen.size() >= MOST_DESCRIPTORS) {
      return changed;
    }
    Sighting now = before == null ? Sighting.of(event) : before.then(event);
    seen.put(event.key(), now);
    return changed || !now.looksLike(before);
  }

  private static Map<String, String> texts(Map<?, ?> data) {
    Map<String, String> texts = new TreeMap<>();
    for (String field : DEVICE_FIELDS) {
      if (data.get(field) instanceof String text && !text.isBlank()) {
        texts.put(field, text.strip());
      }
    }
    return texts;
  }

  private static boolean isPosition(CarEvent event) {
    return event.value() instanceof Map<?, ?> position
        && position.get("latitude") instanceof Number
        && position.get("longitude") instanceof Number;
  }
}
