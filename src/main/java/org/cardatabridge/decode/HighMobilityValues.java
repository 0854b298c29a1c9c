// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.decode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardatabridge.highmobility.Facts;

/**
 * Types High Mobility's values by the facts: fractions become per cent, numbers that came as texts
 * become numbers, measures inside of objects get the outward spelling of their unit. Immutable and
 * safe for use by many threads.
 */
final class HighMobilityValues {

  private static final String VALUE = "value";
  private static final String UNIT = "unit";
  private static final String PERCENT = "%";

  /** The schema lets fractions go up to 2: what is more came as per cent already. */
  private static final double LARGEST_FRACTION = 2;

  private final boolean metric;

  /**
   * Values.
   *
   * @param metric whether measures inside of objects are converted; those by themselves are left to
   *     {@link Units}
   */
  HighMobilityValues(boolean metric) {
    this.metric = metric;
  }

  /** A value with its unit, which is null where there is none. */
  record Typed(Object value, String unit) {}

  /** Whether an object is a number with its unit. */
  static boolean isMeasure(Map<?, ?> map) {
    return map.size() == 2 && map.containsKey(VALUE) && map.containsKey(UNIT)
        || map.size() == 3
            && map.containsKey(VALUE)
            && map.containsKey(UNIT)
            && map.containsKey("timestamp");
  }

  /** The map without one member. */
  static Map<Object, Object> without(Map<?, ?> map, String member) {
    Map<Object, Object> rest = new LinkedHashMap<>(map);
    rest.remove(member);
    return Collections.unmodifiableMap(rest);
  }

  /**
   * The value of a property that has one.
   *
   * @param known null where nothing is known of it
   * @return null where the value says nothing
   */
  Typed single(Facts.Property known, Object value) {
    Facts.Type type = known == null ? null : known.type();
    if (value instanceof Map<?, ?> map && isMeasure(map)) {
      String unit = HighMobilityMessage.text(map.get(UNIT));
      return map.get(VALUE) == null
          ? null
          : scalar(type, known == null ? null : known.unit(), map.get(VALUE), unit);
    }
    if (value instanceof Map || value instanceof List) {
      return new Typed(nested(known, "", value), null);
    }
    return scalar(type, known == null ? null : known.unit(), value, null);
  }

  /** One item of a list; null where it says nothing. */
  Object item(Facts.Property known, Object value) {
    if (value instanceof Map || value instanceof List) {
      return nested(known, "", value);
    }
    Typed typed = scalar(known == null ? null : known.type(), null, value, null);
    return typed == null ? null : typed.value();
  }

  private static Typed scalar(Facts.Type type, String usualUnit, Object value, String unit) {
    boolean isFraction = type == Facts.Type.PERCENT || isFraction(unit);
    Object typed = typed(isFraction ? Facts.Type.PERCENT : type, value);
    if (typed == null) {
      return null;
    }
    if (isFraction && typed instanceof Number) {
      return new Typed(typed, PERCENT);
    }
    boolean isNumber = typed instanceof Number && type != null && type.isNumber();
    return new Typed(typed, unit == null && isNumber ? usualUnit : unit);
  }

  private static boolean isFraction(String unit) {
    return "percentage".equalsIgnoreCase(unit) || "percent".equalsIgnoreCase(unit);
  }

  /** Null for an empty text where a number is due. */
  private static Object typed(Facts.Type type, Object value) {
    if (type == null || value instanceof Boolean) {
      return value;
    }
    Object typed = value;
    if (type.isNumber() && value instanceof String text) {
      if (text.isBlank()) {
        return null;
      }
      Number number = NumberText.parse(text);
      typed = number == null ? text : number;
    }
    if (type == Facts.Type.PERCENT && typed instanceof Number number) {
      return perCent(number);
    }
    if (type == Facts.Type.TIME && typed instanceof Long number) {
      Instant time = Timestamps.ofNumber(number);
      return time == null ? typed : time.toString();
    }
    return typed;
  }

  /** Decimals beyond the tenth are dropped: 0.57 is 57, not 56.99999999999999. */
  private static Number perCent(Number number) {
    double fraction = number.doubleValue();
    if (Math.abs(fraction) > LARGEST_FRACTION) {
      return number;
    }
    return Math.round(fraction * 1e12) / 1e10;
  }

  /** A value with members, or a list, with each of them typed. */
  private Object nested(Facts.Property known, String path, Object value) {
    if (value instanceof List<?> list) {
      List<Object> typed = new ArrayList<>(list.size());
      list.forEach(item -> typed.add(inner(known, path, item)));
      return Collections.unmodifiableList(typed);
    }
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    if (isMeasure(map) && !map.containsKey("timestamp")) {
      return measure(member(known, path), map);
    }
    Map<Object, Object> typed = new LinkedHashMap<>();
    map.forEach(
        (name, inner) ->
            typed.put(name, inner(known, path.isEmpty() ? "" + name : path + "." + name, inner)));
    return Collections.unmodifiableMap(typed);
  }

  private Object inner(Facts.Property known, String path, Object value) {
    if (value instanceof Map || value instanceof List) {
      return nested(known, path, value);
    }
    Facts.Member member = member(known, path);
    Object typed = member == null || value == null ? value : typed(member.type(), value);
    return typed == null ? value : typed;
  }

  private static Facts.Member member(Facts.Property known, String path) {
    return known == null ? null : known.members().get(path);
  }

  private Map<Object, Object> measure(Facts.Member member, Map<?, ?> map) {
    Object value = map.get(VALUE);
    String unit = HighMobilityMessage.text(map.get(UNIT));
    Typed typed =
        value == null ? null : scalar(member == null ? null : member.type(), null, value, unit);
    Object number = typed == null ? null : typed.value();
    String outward = UnitTable.outward(typed == null ? unit : typed.unit());
    UnitTable.Conversion conversion =
        metric && number instanceof Number ? UnitTable.toMetric(outward) : null;
    if (conversion != null) {
      double converted = conversion.apply(((Number) number).doubleValue());
      if (Double.isFinite(converted)) {
        number = converted;
        outward = conversion.unit();
      }
    }
    Map<Object, Object> measure = new LinkedHashMap<>();
    measure.put(VALUE, number);
    measure.put(UNIT, outward);
    return Collections.unmodifiableMap(measure);
  }
}
