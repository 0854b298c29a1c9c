// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cardatabridge.CarEvent;
import org.cardatabridge.meaning.CarModel;

/**
 * A car and the descriptors it was heard to have a value for. Not safe for use by many threads: the
 * one who holds it sees to that.
 */
final class Car {

  /** The descriptor with the car's model, series and so on, of BMW's own. */
  static final String BASIC_DATA = CarModel.BASIC_DATA;

  /** The descriptor that tells of the car's picture. */
  static final String PICTURE = "image.info";

  /** What BMW's basic data have beside what is known of any car. */
  private static final List<String> MORE_FIELDS = List.of("headUnit", "puStep");

  private static final String BMW = "vehicle.";

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

  /** What was said of the device last, by BMW's names; empty where nothing was. */
  Map<String, String> basicData() {
    return basicData;
  }

  /** The content type of its picture, as told last; BMW sends PNG. */
  String pictureType() {
    return pictureType;
  }

  /** Notes basic data of an earlier process. */
  void remember(Map<String, String> data) {
    basicData = Map.copyOf(data);
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
    Map<String, String> texts = texts(event);
    if (!texts.isEmpty()) {
      changed = !texts.equals(basicData);
      basicData = texts;
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

  /** What is known of the device with this data point; empty where it says nothing of it. */
  private Map<String, String> texts(CarEvent event) {
    Map<String, String> said = new TreeMap<>(CarModel.said(event));
    if (event.key().equals(BASIC_DATA) && event.value() instanceof Map<?, ?> data) {
      if (event.timestamp().isBefore(basicDataAt)) {
        return Map.of();
      }
      basicDataAt = event.timestamp();
      said.remove("modelRange");
      for (String field : MORE_FIELDS) {
        if (data.get(field) instanceof String text && !text.isBlank()) {
          said.put(field, text.strip());
        }
      }
    } else if (said.isEmpty() || isKnownOfBmw()) {
      return Map.of();
    }
    Map<String, String> texts = new TreeMap<>(basicData);
    texts.putAll(said);
    return texts;
  }

  /** Whether BMW itself described it, which knows best. */
  private boolean isKnownOfBmw() {
    return seen.containsKey(BASIC_DATA);
  }

  /** Whether one of BMW's own descriptors told of it. */
  boolean isOfBmw() {
    return seen.keySet().stream().anyMatch(key -> key.startsWith(BMW));
  }

  private static boolean isPosition(CarEvent event) {
    return event.value() instanceof Map<?, ?> position
        && position.get("latitude") instanceof Number
        && position.get("longitude") instanceof Number;
  }
}
