// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.homeassistant;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cardatabridge.meaning.ValuePart;

/**
 * Home Assistant's templates over the JSON of a state topic. Each gives {@code None}, which stands
 * for "unknown" there, where the value is not what the entity can show; so no sentinel and no odd
 * word ever becomes a number or a state. Stateless and safe for many threads.
 */
final class Templates {

  /** The value as it is, a boolean as JSON spells it; an empty text is unknown. */
  static final String TEXT =
      "{% set t = value_json.value | string %}{{ (t | lower if value_json.value is boolean else"
          + " t)[:255] or 'None' }}";

  static final String NUMBER =
      "{{ value_json.value if value_json.value is number and value_json.value is not boolean else"
          + " 'None' }}";

  /** How many entries a list or an object has; anything else as a text. */
  static final String COUNT =
      "{% set v = value_json.value %}{{ v | count if v is mapping or v is iterable and v is not"
          + " string else (v | string)[:255] }}";

  /** A moment, from the spellings that BMW uses. */
  static final String TIME =
      "{% set v = value_json.value | string %}{% set t = namespace(at=none) %}{% for f in ['%d.%m.%Y"
          + " %H:%M:%S UTC', '%d.%m.%Y %H:%M UTC', '%m/%d/%Y %H:%M:%S UTC', '%m/%d/%Y %H:%M UTC',"
          + " '%Y-%m-%d %H:%M:%S UTC', '%Y-%m-%dT%H:%M:%SZ', '%Y-%m-%dT%H:%M:%S.%fZ',"
          + " '%Y-%m-%dT%H:%M:%S.%f%z', '%Y-%m-%dT%H:%M:%S%z'] %}{% if t.at is none %}{% set t.at ="
          + " strptime(v, f, none) %}{% endif %}{% endfor %}{{ 'None' if t.at is none else"
          + " t.at.isoformat() if t.at.tzinfo else t.at.isoformat() ~ '+00:00' }}";

  /** The car's own time, as an attribute. */
  static final String TIMESTAMP = "{{ {'timestamp': value_json.timestamp} | tojson }}";

  /** The car's own time and the whole value, as attributes. */
  static final String EVERYTHING =
      "{{ {'timestamp': value_json.timestamp, 'data': value_json.value} | tojson }}";

  /** Whether the car has a value now. */
  static final String HAS_VALUE = "{{ 'offline' if value_json.value is none else 'online' }}";

  private Templates() {}

  /**
   * A template of this class over one part of the value in place of the whole; the same where it is
   * the whole.
   */
  static String of(ValuePart part, String template) {
    if (part.isWhole()) {
      return template;
    }
    String entry =
        "{% set l = value_json.value %}{% set l = [l] if l is mapping else l if l is iterable and l"
            + " is not string else [] %}{% set l = l | selectattr("
            + quoted(part.field())
            + ", 'eq', "
            + quoted(part.word())
            + ") | list | first | default({}) %}";
    String field =
        part.part() == null
            ? "{% set p = l or none %}"
            : "{% set p = l[" + quoted(part.part()) + "] | default(none) %}";
    return entry
        + field
        + "{% set p = p['value'] if p is mapping and p['value'] is defined else p %}"
        + template.replace("value_json.value", "p");
  }

  /** One of these words, compared without case. */
  static String oneOf(List<String> options) {
    return "{% set v = value_json.value | string | upper %}{{ {"
        + options.stream()
            .map(option -> quoted(option.toUpperCase(Locale.ROOT)) + ": " + quoted(option))
            .collect(Collectors.joining(", "))
        + "}.get(v, 'None') }}";
  }

  /** {@code ON} or {@code OFF}, by words compared without case. */
  static String onOrOff(List<String> on, List<String> off) {
    String is = "{% set v = value_json.value | string | upper %}{{ ";
    String unknown = "'None' if value_json.value is none else ";
    if (on.contains(EntityRow.ELSE)) {
      return is + unknown + "'OFF' if v in " + list(off) + " else 'ON' }}";
    }
    if (off.contains(EntityRow.ELSE)) {
      return is + unknown + "'ON' if v in " + list(on) + " else 'OFF' }}";
    }
    return is + "'ON' if v in " + list(on) + " else 'OFF' if v in " + list(off) + " else 'None' }}";
  }

  /** Whether each bracket that opens is closed. */
  static boolean isBalanced(String template) {
    return count(template, "{{") == count(template, "}}")
        && count(template, "{%") == count(template, "%}");
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length;
  }

  private static String list(List<String> words) {
    return words.stream()
        .map(word -> quoted(word.toUpperCase(Locale.ROOT)))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quoted(String word) {
    return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
