// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.mqtt;

/**
 * Turns names out of messages, which nobody here vouches for, into topic levels. The mapping is one
 * to one: two different names never give the same topic, and an ordinary name stays as it is.
 *
 * <p>What MQTT, or a program that reads the tree, cannot take ({@code + # $ /}, control and
 * non-characters, a lone surrogate, an empty level) is written {@code %2B} or, above U+00FF, {@code
 * %uD800}; {@code %} itself is {@code %25}, an empty level a single {@code %}.
 */
final class TopicNames {

  /** Levels that a topic may have; mosquitto hangs up on the publisher of more than 200. */
  static final int MAX_LEVELS = 100;

  /** Characters that a topic may have; no car's descriptor comes near. */
  static final int MAX_LENGTH = 2_000;

  private TopicNames() {}

  /** Whether a broker takes this as the topic of a publication. */
  static boolean isPublishable(String topic) {
    if (topic.isEmpty() || topic.length() > MAX_LENGTH) {
      return false;
    }
    int levels = 1;
    for (int i = 0; i < topic.length(); i++) {
      char c = topic.charAt(i);
      if (c > '/' && c < 0x7f) {
        continue; // nearly always
      }
      if (c == '/') {
        levels++;
      } else if (c == '+' || c == '#' || isForbidden(topic, i)) {
        return false;
      }
    }
    return levels <= MAX_LEVELS;
  }

  /** Whether it can be subscribed to: a topic, whose levels may be {@code +} for any. */
  static boolean isFilter(String filter) {
    return isPublishable(("/" + filter + "/").replace("/+/", "/x/").replace("/+/", "/x/"));
  }

  /** A name as exactly one level. */
  static String level(String name) {
    StringBuilder out = new StringBuilder(name.length());
    append(out, name);
    return out.toString();
  }

  /** A dotted key as a path, one level for each part. */
  static String path(String key) {
    return levels(key, '.');
  }

  /** The levels of what came as a topic, each made safe. */
  static String topic(String topic) {
    return levels(topic, '/');
  }

  /** The level with its first character escaped, for a name that the tree needs itself. */
  static String reserved(String level) {
    return escape(new StringBuilder(), level.charAt(0)) + level.substring(1);
  }

  private static String levels(String name, char separator) {
    StringBuilder out = new StringBuilder(name.length());
    int from = 0;
    for (int dot = name.indexOf(separator); dot >= 0; dot = name.indexOf(separator, from)) {
      append(out, name.substring(from, dot));
      out.append('/');
      from = dot + 1;
    }
    append(out, name.substring(from));
    return out.toString();
  }

  private static void append(StringBuilder out, String name) {
    if (name.isEmpty()) {
      out.append('%');
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '+' || c == '#' || c == '$' || c == '/' || c == '%' || isForbidden(name, i)) {
        escape(out, c);
      } else {
        out.append(c);
      }
    }
  }

  private static StringBuilder escape(StringBuilder out, char c) {
    return c <= 0xff
        ? out.append(String.format("%%%02X", (int) c))
        : out.append(String.format("%%u%04X", (int) c));
  }

  /** What MQTT forbids in a topic, or lets a broker hang up for. */
  private static boolean isForbidden(String s, int i) {
    char c = s.charAt(i);
    if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) {
      return true;
    }
    if (c < 0xd800) {
      return false;
    }
    if (Character.isHighSurrogate(c)) {
      return i + 1 == s.length()
          || !Character.isLowSurrogate(s.charAt(i + 1))
          || isNonCharacter(s.codePointAt(i));
    }
    if (Character.isLowSurrogate(c)) {
      return i == 0
          || !Character.isHighSurrogate(s.charAt(i - 1))
          || isNonCharacter(s.codePointAt(i - 1));
    }
    return isNonCharacter(c);
  }

  private static boolean isNonCharacter(int c) {
    return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
  }
}
