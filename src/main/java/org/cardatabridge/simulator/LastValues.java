// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest value of each descriptor of one car as telematicData tells it: everything a string or
 * null, units spelt otherwise than in the stream, much of it not known. Used on one thread.
 */
final class LastValues {

  private static final String LEVEL = "vehicle.drivetrain.electricEngine.charging.level";
  private static final Map<String, String> SPELLING = Map.of("percent", "%", "kpa", "kPa");

  private final Map<String, DataPoint> points = new HashMap<>();
  private final Map<String, JsonObject> told = new HashMap<>();

  /** Takes what the car sent; an older value never replaces a newer one. */
  void note(List<DataPoint> sent) {
    for (DataPoint p : sent) {
      keep(p);
      if (p.key().equals(Descriptors.CHARGE)) {
        keep(new DataPoint(LEVEL, p.value(), p.unit(), p.at()));
      }
    }
  }

  /** Takes what a message carried, where it has BMW's shape; entries without a time are of now. */
  void note(JsonObject data, Instant now) {
    for (Map.Entry<String, Object> e : data) {
      if (e.getValue() instanceof JsonObject entry && entry.containsKey("value")) {
        Object unit = entry.getValue("unit");
        note(
            List.of(
                new DataPoint(
                    e.getKey(),
                    entry.getValue("value"),
                    unit instanceof String text ? text : null,
                    time(entry.getValue("timestamp"), now))));
      }
    }
  }

  private static Instant time(Object timestamp, Instant otherwise) {
    try {
      return timestamp instanceof String text ? Instant.parse(text) : otherwise;
    } catch (DateTimeException e) {
      return otherwise;
    }
  }

  private void keep(DataPoint p) {
    DataPoint old = points.get(p.key());
    if (old == null || !p.at().isBefore(old.at())) {
      points.put(p.key(), p);
    }
  }

  /** Answers an entry word for word from now on; null takes that back. */
  void tell(String descriptor, JsonObject entry) {
    if (entry == null) {
      told.remove(descriptor);
    } else {
      told.put(descriptor, entry);
    }
  }

  /** The entries of these descriptors. */
  JsonObject toJson(List<String> descriptors, KnownDescriptors known) {
    JsonObject json = new JsonObject();
    for (String d : descriptors) {
      if (told.containsKey(d)) {
        json.put(d, told.get(d).copy());
      } else if (known.isTelematic(d)) {
        json.put(d, points.containsKey(d) ? entry(points.get(d), known) : unknown(d, known));
      }
    }
    return json;
  }

  private static JsonObject entry(DataPoint p, KnownDescriptors known) {
    String unit =
        p.unit() == null
            ? known.unit(p.key()).orElse(null)
            : SPELLING.getOrDefault(p.unit(), p.unit());
    // Real answers have milliseconds at the trip's end only.
    Instant at =
        p.key().contains(".trip.segment.end.") ? p.at() : p.at().truncatedTo(ChronoUnit.SECONDS);
    return new JsonObject()
        .put("value", p.value() == null ? null : p.value().toString())
        .put("unit", unit)
        .put("timestamp", ApiTime.millis(at));
  }

  /** Not known: a null value, with a unit or without, with a null timestamp or none at all. */
  private static JsonObject unknown(String descriptor, KnownDescriptors known) {
    JsonObject entry =
        new JsonObject().putNull("value").put("unit", known.unit(descriptor).orElse(null));
    return Math.floorMod(descriptor.hashCode(), 3) == 0 ? entry : entry.putNull("timestamp");
  }
}
