// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cardatabridge.CarEvent;
import org.cardatabridge.highmobility.Facts;

/** Finds the properties in one message of High Mobility's, wherever they stand. For one thread. */
final class HighMobilityMessage {

  /**
   * Binary signatures; passwords of the car's networks; and the VIN, as the event names the car, by
   * its alias where it has one.
   */
  private static final Set<String> LEFT_OUT =
      Set.of("vin", "nonce", "vehicle_signature", "password", "wi_fi_hotspot_password");

  /** What stands beside, or in the place of, a property's data. */
  private static final Set<String> BESIDE = Set.of("timestamp", "failure", "availability");

  /**
   * A data point to be.
   *
   * @param timestamp null where the property has none of its own
   */
  record Entry(String key, Object value, String unit, Instant timestamp) {}

  /** What a property, or one item of it, holds; nothing is a null value. */
  private record Item(Object value, Instant timestamp) {}

  private static final Item NOTHING = new Item(null, null);

  private final Facts facts;
  private final HighMobilityValues values;
  private final String capability;
  private final String property;
  private final boolean isEachAList;
  private final List<Entry> entries = new ArrayList<>(4);
  private int skipped;

  /**
   * For one message.
   *
   * @param topic where it came from; null for what is no topic of High Mobility's
   */
  HighMobilityMessage(
      Facts facts, HighMobilityValues values, Map<?, ?> message, MessageTopic.HighMobility topic) {
    this.facts = facts;
    this.values = values;
    String ofBody = text(message.get("capability"));
    this.capability = ofBody == null && topic != null ? topic.capability() : ofBody;
    String inBody = text(message.get("property"));
    this.property = inBody == null && topic != null ? topic.property() : inBody;
    // The second generation names neither, and puts every property into a list.
    this.isEachAList =
        message.get("version") instanceof Long version ? version > 1 : property == null;
  }

  /** What was found, in the order of the message. */
  List<Entry> entries() {
    return entries;
  }

  /** How many properties were left out because no topic can have their name. */
  int skipped() {
    return skipped;
  }

  /** A text that is not blank; else null. */
  static String text(Object value) {
    String text = value instanceof String given ? given.trim() : "";
    return text.isEmpty() ? null : text;
  }

  /** A point in time as a text or a number; null for what is none. */
  static Instant time(Object value) {
    if (value instanceof String text) {
      return Timestamps.parse(text);
    }
    return value instanceof Long number ? Timestamps.ofNumber(number) : null;
  }

  /** Goes through {@code data}: capabilities with properties, or properties without one. */
  void walk(Map<?, ?> data) {
    data.forEach((name, value) -> member(String.valueOf(name), value));
  }

  private void member(String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      if (isCapability(name, map)) {
        map.forEach((inner, held) -> property(name, String.valueOf(inner), held));
        return;
      }
      if (map.get("data") instanceof Map<?, ?> wrapped
          && wrapped.keySet().stream().anyMatch(inner -> isKnown(name, inner))) {
        wrapped.forEach((inner, held) -> property(name, String.valueOf(inner), held));
        return;
      }
    }
    property(capabilityOf(name), name, value);
  }

  private boolean isKnown(String of, Object name) {
    return facts.get(of, String.valueOf(name)) != null;
  }

  private boolean isCapability(String name, Map<?, ?> map) {
    if (isProperty(map) || HighMobilityValues.isMeasure(map)) {
      return false;
    }
    if (facts.hasCapability(name) || name.equals(capability)) {
      return true;
    }
    return !name.equals(property) && !isKnown(capability, name);
  }

  private static boolean isProperty(Map<?, ?> map) {
    return map.containsKey("data") || map.containsKey("failure");
  }

  /** For a property that stands where capabilities should; null where nothing names it. */
  private String capabilityOf(String name) {
    return capability != null ? capability : facts.onlyCapabilityOf(name).orElse(null);
  }

  private void property(String of, String name, Object held) {
    if (LEFT_OUT.contains(name)) {
      return;
    }
    String key = of == null ? name : of + "." + name;
    if (!JsonValues.isName(key) || key.equals(CarEvent.LOCATION)) {
      skipped++;
      return;
    }
    Facts.Property known = facts.get(of, name);
    if (held instanceof List<?> items) {
      list(key, known, items);
      return;
    }
    Item item = item(held);
    if (known != null && known.isList() && item.value() != null) {
      listOf(key, known, item);
    } else {
      single(key, known, item);
    }
  }

  private void list(String key, Facts.Property known, List<?> items) {
    boolean isSingle = known == null ? isEachAList && items.size() == 1 : !known.isList();
    if (isSingle) {
      items.forEach(item -> single(key, known, item(item)));
      return;
    }
    List<Object> found = new ArrayList<>(items.size());
    Instant newest = null;
    for (Object held : items) {
      Item item = item(held);
      Object value = item.value() == null ? null : values.item(known, item.value());
      if (value != null) {
        found.add(value);
        newest = later(newest, item.timestamp());
      }
    }
    // An empty list says that there is none; one of failures says nothing.
    if (!found.isEmpty() || items.isEmpty()) {
      entries.add(new Entry(key, List.copyOf(found), null, newest));
    }
  }

  /** What should be a list but came as one object: its data may be the list. */
  private void listOf(String key, Facts.Property known, Item item) {
    List<?> raw = item.value() instanceof List<?> inner ? inner : List.of(item.value());
    int before = entries.size();
    list(key, known, raw);
    if (entries.size() > before && item.timestamp() != null) {
      Entry entry = entries.remove(entries.size() - 1);
      Instant time = later(entry.timestamp(), item.timestamp());
      entries.add(new Entry(key, entry.value(), entry.unit(), time));
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one == null || other != null && other.isAfter(one) ? other : one;
  }

  private void single(String key, Facts.Property known, Item item) {
    if (item.value() == null) {
      return;
    }
    HighMobilityValues.Typed typed = values.single(known, item.value());
    if (typed != null) {
      entries.add(new Entry(key, typed.value(), typed.unit(), item.timestamp()));
    }
  }

  /** What stands under {@code data}; where there is no such thing, the value itself. */
  private static Item item(Object held) {
    if (!(held instanceof Map<?, ?> map)) {
      return new Item(held, null);
    }
    Instant timestamp = time(map.get("timestamp"));
    if (map.containsKey("data")) {
      return new Item(withUnit(map.get("data"), map.get("unit")), timestamp);
    }
    if (BESIDE.containsAll(map.keySet()) || map.containsKey("failure")) {
      return NOTHING;
    }
    return new Item(
        timestamp == null ? map : HighMobilityValues.without(map, "timestamp"), timestamp);
  }

  private static Object withUnit(Object data, Object unit) {
    return unit instanceof String && (data instanceof Number || data instanceof String)
        ? Map.of("value", data, "unit", unit)
        : data;
  }
}
