// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.journal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Positions inside a value of maps and lists, however deep. Of a place inside the zone both
 * coordinates become those of its middle, and what stands beside them and says more is left out.
 * Used by one thread at a time.
 */
final class NestedPositions {

  /** Where home is. */
  interface Zone {
    /** Whether a place is inside; a coordinate that is not known is null and fits. */
    boolean isInside(Double latitude, Double longitude);

    /** The latitude that stands for all inside. */
    double middleLatitude();

    /** The longitude that stands for all inside. */
    double middleLongitude();
  }

  private record Pair(Double latitude, Double longitude) {}

  private final Zone zone;

  NestedPositions(Zone zone) {
    this.zone = zone;
  }

  /** The degrees of a coordinate: a number, its text, or a map with either; null for none. */
  static Double degrees(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      try {
        return Double.valueOf(text.trim());
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return value instanceof Map<?, ?> map ? degrees(inner(map)) : null;
  }

  /** Null where it is no wrapper of one value. */
  private static Object inner(Map<?, ?> map) {
    return map.get("value") != null ? map.get("value") : map.get("data");
  }

  /** A coordinate of the same kind and shape with other degrees. */
  static Object replaced(Object value, double degrees) {
    if (value instanceof String) {
      return String.valueOf(degrees);
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>(map);
      String name = map.get("value") != null ? "value" : "data";
      copy.put(name, replaced(map.get(name), degrees));
      return Collections.unmodifiableMap(copy);
    }
    return degrees;
  }

  /** The value itself where no position in it is inside the zone, else a copy. */
  Object blur(Object value) {
    return blur(value, false);
  }

  /** The same for a value that is about a place at home, whether it has coordinates or not. */
  Object blurAsHome(Object value) {
    return blur(value, true);
  }

  /** The words beside a place are often in another object: so a place at home counts around it. */
  private Object blur(Object value, boolean isBesideHome) {
    if (value instanceof Map<?, ?> map) {
      return blurMap(map, isBesideHome);
    }
    return value instanceof List<?> list ? blurList(list, isBesideHome) : value;
  }

  private Object blurList(List<?> list, boolean isBesideHome) {
    List<Object> copy = new ArrayList<>(list.size());
    boolean isSame = true;
    for (Object item : list) {
      Object blurred = blur(item, isBesideHome);
      isSame &= blurred == item;
      copy.add(blurred);
    }
    return isSame ? list : Collections.unmodifiableList(copy);
  }

  private Object blurMap(Map<?, ?> map, boolean isBesideHome) {
    Map<String, Pair> places = places(map);
    boolean isHome = isHome(map, places, isBesideHome);
    Map<Object, Object> copy = new LinkedHashMap<>();
    boolean isSame = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object value = entry.getValue();
      PositionName name = PositionName.of(String.valueOf(entry.getKey()));
      boolean stays = true;
      Object blurred = value;
      switch (name.part()) {
        case LATITUDE, LONGITUDE -> {
          boolean isInside = isInside(places.get(name.place()));
          stays = value == null || !isInside || degrees(value) != null;
          blurred = value == null || !stays || !isInside ? value : middle(name.part(), value);
        }
        case BESIDE, ADDRESS -> {
          stays = value == null || !isHome;
          blurred = stays ? blur(value, isHome) : value;
        }
        case COORDINATES, NONE -> blurred = blur(value, isHome);
      }
      isSame &= stays && blurred == value;
      if (stays) {
        copy.put(entry.getKey(), blurred);
      }
    }
    return isSame ? map : Collections.unmodifiableMap(copy);
  }

  /** By its own coordinates; where it has none, by those of what it holds or stands in. */
  private boolean isHome(Map<?, ?> map, Map<String, Pair> places, boolean isBesideHome) {
    if (!places.isEmpty()) {
      return places.values().stream().anyMatch(this::isInside);
    }
    return isBesideHome
        || map.values().stream()
            .anyMatch(v -> v instanceof Map<?, ?> inner && isHome(inner, places(inner), false));
  }

  private Object middle(PositionName.Part part, Object value) {
    return replaced(
        value, part == PositionName.Part.LATITUDE ? zone.middleLatitude() : zone.middleLongitude());
  }

  private boolean isInside(Pair pair) {
    return zone.isInside(pair.latitude(), pair.longitude());
  }

  /** The coordinates of a map by the place they are of. */
  private static Map<String, Pair> places(Map<?, ?> map) {
    Map<String, Pair> places = new HashMap<>();
    map.forEach(
        (key, value) -> {
          PositionName name = PositionName.of(String.valueOf(key));
          Pair known = places.getOrDefault(name.place(), new Pair(null, null));
          switch (name.part()) {
            case LATITUDE -> places.put(name.place(), new Pair(degrees(value), known.longitude()));
            case LONGITUDE -> places.put(name.place(), new Pair(known.latitude(), degrees(value)));
            default -> {
              // no coordinate
            }
          }
        });
    return places;
  }
}
